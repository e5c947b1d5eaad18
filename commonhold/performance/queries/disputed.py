"""What disputes would mean for figures: read from the tickets for a worker, and as it is kept for pages."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from django.db.models import Case, Count, Exists, JSONField, OuterRef, Q, Subquery, Value, When

from commonhold.demand.engine.claims import Claim, read_as
from commonhold.demand.engine.clock import Histories
from commonhold.demand.engine.columns import Longs
from commonhold.demand.engine.disputed import FEWEST
from commonhold.demand.models import Dispute, DisputeState
from commonhold.demand.queries import columns, disputed_tickets, disputes
from commonhold.demand.queries.disputed_tickets import is_hidden, is_seen, number_told
from commonhold.figures import Span
from commonhold.ledger.engine.by import By
from commonhold.partnership.permissions import sees_all_rows
from commonhold.performance.engine import periods, reading
from commonhold.performance.engine.audiences import PUBLIC
from commonhold.performance.engine.disputed import GROUPINGS, HEADLINES, Beside, Disputed, Sentence, Touch
from commonhold.performance.engine.extract import Extract, from_bytes
from commonhold.performance.engine.groups import Scope
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Definition
from commonhold.performance.engine.pack.disputed import Disputes, InPack, may_be_told
from commonhold.performance.engine.pack.holding import Profile
from commonhold.performance.models import DisputedReading, DisputedTable, Pack
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries.periods import Basis
from commonhold.performance.queries.readings import Kept

TOGETHER = 0
"""The number that stands for all disputes together."""
TOLD = ("within_target", "tickets_opened", "tickets_resolved", "open_at_end")
"""The headline measures that everybody is told of beside disputes: those whose counts show what is small."""
ON_A_PAGE = 12
"""Disputes of one figure that its evidence shows, and of a period that a page does."""


def disputed(extract: Extract, period: periods.Period, on: Basis, standing: Sequence[Dispute]) -> Disputed:
    """A period three ways, with these disputes in mind; where two say otherwise of one fact, the later one prevails."""
    batch = on.known.batch
    touched = [sorted(disputed_tickets.touched(one, batch).values_list("pk", flat=True)) for one in standing]
    ids = np.array(sorted({number for numbers in touched for number in numbers}), np.int64)
    tickets, timelines = columns.tickets(batch, only=ids.tolist())
    claims = [
        Claim(one.fact, one.value, np.searchsorted(tickets.id, np.array(numbers, np.int64)))
        for one, numbers in zip(standing, touched, strict=True)
    ]
    tickets, histories = read_as(tickets, Histories.joined(timelines), claims)
    patch = reading.read(period, tickets, histories, on.rules.compiled, on.named.party_of)
    return Disputed(extract, ids, patch)


def packed(ids: Longs) -> bytes:
    return zlib.compress(ids.tobytes(), 6)


def opened(row: DisputedReading, extract: Extract) -> Disputed:
    """A kept reading beside the extract that it was made from."""
    ids = np.frombuffer(zlib.decompress(bytes(row.ids)), np.int64)
    return Disputed(extract, ids, from_bytes(bytes(row.patch)))


@dataclass(frozen=True, slots=True)
class OfFigure:
    """A dispute beside a figure that it touches."""

    dispute: Dispute
    beside: Beside


@dataclass(frozen=True, slots=True)
class Beneath:
    """The disputes that touch a figure, how many more do, and how many are not computed: for its period, which a worker
    does by itself, and for its grouping, which it does where somebody asks.
    """

    rows: list[OfFigure] = field(default_factory=list)
    more: int = 0
    waiting: int = 0
    unasked: int = 0
    hides: bool = False
    """Whether disputes of few tickets, or of none, are left out for this reader where others' may be among them."""


@dataclass(frozen=True, slots=True)
class _Light:
    """A reading of a period with a dispute in mind, without what it weighs most by."""

    dispute: int
    made_of: list[int]
    tickets: int
    touches: list[Touch]
    scopes: list[list[str | None]] | None
    """The groups that it touches of the grouping that was asked for; None where that is not computed."""
    figures: list[dict[str, Any]] | None
    sentences: list[dict[str, Any]] | None
    """Of all together alone."""
    conditions: dict[str, str] | None
    """Of a class."""


@dataclass(frozen=True, slots=True)
class _Readings:
    """The readings of a period with the disputes in mind that stand and that this reader may be told of, the newest
    first, with all together where every one is; and how many that stand are not computed.
    """

    rows: list[_Light]
    together: _Light | None
    waiting: int


def _conditions() -> Subquery:
    """The class of the dispute of a reading, as a part of another question."""
    return Subquery(Dispute.objects.filter(pk=OuterRef("dispute")).values("conditions"))


def _readings(period: int, seen_by: By, measure: str = "", grouped: str = "") -> _Readings:
    """In one query; `scopes` are of this measure by these words."""
    contested = Dispute.objects.contested().order_by()
    number = contested.annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number")
    tables = DisputedTable.objects.filter(reading=OuterRef("pk"), measure=measure, by=grouped)
    all_together = Q(dispute=TOGETHER)
    rows = (
        DisputedReading.objects.filter(Q(dispute__in=contested.values("pk")) | all_together, period=period)
        .annotate(
            standing=Subquery(number),
            scopes=Subquery(tables.values("touches")[:1]) if measure else Value(None, JSONField()),
            of_all=Case(When(all_together, then="figures"), default=None, output_field=JSONField()),
            said=Case(When(all_together, then="sentences"), default=None, output_field=JSONField()),
            conditions=_conditions(),
        )
        .order_by("-dispute")
        .values_list("standing", "dispute", "made_of", "tickets", "touches", "scopes", "of_all", "said", "conditions")
    )
    told = list(rows)
    standing = told[0][0] if told else contested.count()
    found = [_Light(*of_one) for _, *of_one in told]
    each = [row for row in found if row.dispute != TOGETHER]
    # What was read of all together before one came or ended is of others: a worker is at it.
    together = next((row for row in found if row.dispute == TOGETHER), None)
    if together and not (len(each) == standing and together.made_of == sorted(row.dispute for row in each)):
        together = None
    told_of = [row for row in each if not is_hidden(row.tickets, row.conditions, seen_by=seen_by)]
    # All together less those that are told of would be the others.
    sees_all = all(is_seen(row.conditions, seen_by=seen_by) for row in each)
    return _Readings(told_of, together if sees_all else None, standing - len(each))


def _with_figures(period: int, numbers: Sequence[int], *columns: str) -> list[Dispute]:
    """These disputes, the newest first, each with columns of what is kept of it beside this period."""
    kept = DisputedReading.objects.filter(period=period, dispute=OuterRef("pk"))
    found = Dispute.objects.filter(pk__in=numbers).select_related("partner").order_by("-pk")
    return list(found.annotate(**{f"its_{name}": Subquery(kept.values(name)[:1]) for name in columns}))


def of_figure(period: int, measure: Definition, scope: Scope, *, seen_by: By) -> Beneath:
    """The disputes that stand and touch a figure of a kept period by this very version of its measure, the newest
    first. Of a grouping that is not kept ready only what a worker was asked to compute.
    """
    if not reads_unpublished_figures(seen_by):
        return Beneath()
    ready = is_ready(measure, scope)
    found = _readings(period, seen_by, *(() if ready else (str(measure), ",".join(scope))))
    # A wide class may touch few tickets of a group, and what it means for that would tell of each (D2).
    touching = [row for row in found.rows if row.tickets and (not scope or is_seen(row.conditions, seen_by=seen_by))]
    about, group = (measure.name, scope.get("partner"), bool(scope)), list(scope.values())
    if ready:
        its = [row.dispute for row in touching if any((one[0], one[1], one[2]) == about for one in row.touches)]
    else:
        its = [row.dispute for row in touching if row.scopes is not None and group in row.scopes]
    unasked = 0 if ready else sum(row.scopes is None for row in touching)
    shown = its[:ON_A_PAGE]
    rows = _of_ready(period, shown, measure, scope) if ready else _of_asked(period, shown, measure, scope)
    return Beneath(rows, len(its) - len(shown), found.waiting, unasked, not sees_all_rows(seen_by))


def is_ready(measure: Definition, scope: Scope) -> bool:
    """Whether what disputes mean for a figure is kept without anybody asking."""
    return tuple(scope) in GROUPINGS and measure == definition(measure.name)


def _of_ready(period: int, numbers: Sequence[int], measure: Definition, scope: Scope) -> list[OfFigure]:
    return [
        OfFigure(dispute, one)
        for dispute in _with_figures(period, numbers, "figures")
        for one in _told(dispute.its_figures, measure, scope)  # type: ignore[attr-defined]  # annotated
    ]


def _of_asked(period: int, numbers: Sequence[int], measure: Definition, scope: Scope) -> list[OfFigure]:
    tables = DisputedTable.objects.filter(
        reading__period=period, reading__dispute=OuterRef("pk"), by=",".join(scope), measure=str(measure)
    )
    found = Dispute.objects.filter(pk__in=numbers).select_related("partner").order_by("-pk")
    return [
        OfFigure(dispute, one)
        for dispute in found.annotate(its_figures=Subquery(tables.values("figures")[:1]))
        for one in _told(dispute.its_figures, measure, scope)  # type: ignore[attr-defined]  # annotated
    ]


def _told(figures: Iterable[dict[str, Any]] | None, measure: Definition, scope: Scope) -> list[Beside]:
    return [
        Beside.from_json(one) for one in figures or () if one["measure"] == measure.name and one["scope"] == dict(scope)
    ]


def lacking(period: int, measure: str, grouped: str) -> list[int]:
    """The readings of a period that a dispute touches and that have no table of a measure by these words."""
    tables = DisputedTable.objects.filter(reading=OuterRef("pk"), measure=measure, by=grouped)
    rows = DisputedReading.objects.filter(~Exists(tables), period=period, tickets__gt=0).exclude(dispute=TOGETHER)
    return list(rows.order_by("-dispute").values_list("pk", flat=True))


Mark = frozenset[tuple[str, str | None, bool]]
"""By measure, partner, and whether they are of one: the figures that a dispute touches."""


def marks(period: int, *, seen_by: By) -> Mark:
    """Which figures of a kept period would be others as disputed, of the whole service and of each partner."""
    if not reads_unpublished_figures(seen_by):
        return frozenset()
    contested = Dispute.objects.contested().order_by().values("pk")
    rows = DisputedReading.objects.filter(period=period, dispute__in=contested).order_by()
    found = rows.annotate(conditions=_conditions()).values_list("tickets", "conditions", "touches")
    return frozenset(
        (measure, partner, is_of_one)
        for tickets, conditions, touches in found
        if not is_hidden(tickets, conditions, seen_by=seen_by)
        for measure, partner, is_of_one, changes in touches
        if changes and (not is_of_one or is_seen(conditions, seen_by=seen_by))
    )


@dataclass(frozen=True, slots=True)
class OfPeriod:
    """A dispute and what it would mean for a period: how many tickets, the headlines of the whole service, parity."""

    dispute: Dispute | None
    """None stands for all together."""
    tickets: int | str
    headlines: list[Beside]
    sentences: list[Sentence]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the disputes that touch a period, the newest first, and last all of them together where they are several;
    the last one's number where there are older.
    """

    rows: list[OfPeriod] = field(default_factory=list)
    older: int | None = None
    hides: bool = False
    """Whether disputes of few tickets, or of none, are left out for this reader where others' may be among them."""


def of_period(period: int, *, seen_by: By, asked: str = "", before: int | None = None, headlined: bool = False) -> Page:
    """The disputes that stand and touch a kept period, or its headline figures; sentences are those of one basis."""
    if not reads_unpublished_figures(seen_by):
        return Page()
    readings = _readings(period, seen_by)
    wanted = [row for row in readings.rows if row.tickets and (not headlined or _is_headlined(row))]
    rest = [row for row in wanted if before is None or row.dispute < before]
    shown = {row.dispute: row for row in rest[:ON_A_PAGE]}
    rows = [
        OfPeriod(
            one,
            number_told(shown[one.pk].tickets, one.conditions, seen_by=seen_by),
            _headlines_of(one.its_figures),  # type: ignore[attr-defined]  # annotated
            # They are of partners, and of others' a wide class may touch few tickets.
            _sentences_of(one.its_sentences, asked) if is_seen(one.conditions, seen_by=seen_by) else [],  # type: ignore[attr-defined]  # annotated
        )
        for one in (_with_figures(period, list(shown), "figures", "sentences") if shown else ())
    ]
    all_of_them = readings.together
    if all_of_them and all_of_them.tickets and wanted and (not headlined or _is_headlined(all_of_them)):
        of_all, said = _headlines_of(all_of_them.figures), _sentences_of(all_of_them.sentences, asked)
        rows.append(OfPeriod(None, all_of_them.tickets, of_all, said))
    return Page(rows, min(shown) if len(rest) > len(shown) else None, not sees_all_rows(seen_by))


def _is_headlined(row: _Light) -> bool:
    return any(measure in HEADLINES and not is_of_one for measure, _, is_of_one, _ in row.touches)


def _headlines_of(figures: Iterable[dict[str, Any]] | None) -> list[Beside]:
    return headlines(Beside.from_json(one) for one in figures or () if one["measure"] in HEADLINES)


def _sentences_of(sentences: Iterable[dict[str, Any]] | None, asked: str) -> list[Sentence]:
    return [Sentence(**one) for one in sentences or () if one["asked"] == asked]


def headlines(found: Iterable[Beside], scope: Scope | None = None) -> list[Beside]:
    """Those of the headline measures of one scope, in their order."""
    wanted = dict(scope or {})
    of_it = {one.measure: one for one in found if dict(one.scope) == wanted}
    return [of_it[name] for name in HEADLINES if name in of_it]


def none_shown(seen_by: By) -> Page:
    """No dispute, in the words by which those are told of it to whom some may not be shown."""
    return Page(hides=not sees_all_rows(seen_by))


def of_kept(kept: Kept | None, *, seen_by: By, before: int | None = None) -> Page:
    """The disputes that touch a headline figure of a period, where it is kept ready."""
    if kept is None or not reads_unpublished_figures(seen_by):
        return Page()
    if not kept.disputed:
        return none_shown(seen_by)
    return of_period(kept.number, seen_by=seen_by, before=before, headlined=True)


def for_pack(
    extract: Extract, period: periods.Period, on: Basis, profile: Profile, known_at: int | None = None
) -> Disputes:
    """The disputes that stood now, or at an entry, and touch the period, as this audience is told of them (F8). A class
    that reaches beyond the audience's own tickets and is of these days is named whether or not it touches any, and of
    fewer than five nothing is told but that, or a narrow class would tell of each ticket whether it is there.
    """
    standing = disputes.contested() if known_at is None else disputes.contested_at(known_at)
    found = [(one, disputed(extract, period, on, [one])) for one in standing]
    named = [(one, three) for one, three in found if _is_named(one, three.tickets, period.span, profile)]
    if not named:
        return Disputes()
    entries = disputes.entries_of([one for one, _ in named])
    stamp, by = on.stamp(period), tuple(profile.own)
    rows = [
        InPack(one.pk, one.partner.name, one.get_fact_display(), str(DisputeState(one.state).label), entries[one.pk])
        for one, _ in named
    ]
    if profile.splits:
        return Disputes(
            [
                replace(row, about=one.about, said=one.said)
                if _is_kept_back(one, three.tickets, profile)
                else replace(
                    row,
                    tickets=three.tickets,
                    about=one.about,
                    said=one.said,
                    besides=headlines(three.beside(HEADLINES, by, on.names, stamp), profile.own),
                )
                for row, (one, three) in zip(rows, named, strict=True)
            ]
        )
    all_of_them = disputed(extract, period, on, [one for one, three in named if three.tickets])
    besides = headlines(all_of_them.beside(TOLD, (), on.names, stamp))
    whose = np.bincount(extract.records["partner"][np.isin(extract.records["id"], all_of_them.ids)]).tolist()
    tells = may_be_told(whose, besides) and not _told_before(period.span, known_at)
    return Disputes(rows, besides if tells else (), splits=False)


def _is_kept_back(dispute: Dispute, tickets: int, profile: Profile) -> bool:
    """Whether of so many tickets of a class nothing is told to an audience that does not see all of them."""
    if dispute.conditions is None or tickets >= FEWEST:
        return False
    return profile.partner is None or dispute.conditions.get("partner") != profile.name


def _is_named(dispute: Dispute, tickets: int, span: Span, profile: Profile) -> bool:
    wanted = disputed_tickets.class_of(dispute)
    if wanted is None or not _is_kept_back(dispute, tickets, profile):
        return tickets > 0
    return wanted.opened_from <= span.last and wanted.opened_to >= span.first


def _told_before(span: Span, known_at: int | None) -> bool:
    """Whether everybody has read a pack of any of these days: what two packs tell of different disputes could be
    subtracted (F8).
    """
    packs = Pack.objects.filter(profile=PUBLIC, first__lte=span.last, last__gte=span.first)
    entries = (pack.entry for pack in packs)
    return any(entry is not None and (known_at is None or entry.number <= known_at) for entry in entries)
