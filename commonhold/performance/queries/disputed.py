"""What disputes would mean for figures: read from the tickets for a worker, and as it is kept for pages."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Case, Count, Q, QuerySet, When, Window

from commonhold.demand.engine.claims import Claim, read_as
from commonhold.demand.engine.clock import Histories
from commonhold.demand.engine.columns import Longs
from commonhold.demand.models import Dispute, DisputeState
from commonhold.demand.queries import columns, disputed_tickets, disputes
from commonhold.figures import Span
from commonhold.ledger.engine.by import By
from commonhold.performance.engine import periods, reading
from commonhold.performance.engine.audiences import PUBLIC
from commonhold.performance.engine.disputed import GROUPINGS, HEADLINES, Beside, Disputed, Sentence
from commonhold.performance.engine.extract import Extract, from_bytes
from commonhold.performance.engine.groups import Names, Scope, Stamp
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Definition
from commonhold.performance.engine.pack.disputed import Disputes, InPack, may_be_told
from commonhold.performance.engine.pack.holding import Profile
from commonhold.performance.models import DisputedReading, Pack
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries.periods import Basis
from commonhold.performance.queries.readings import Kept

TOGETHER = 0
"""The number that stands for all disputes together."""
TOLD = ("within_target", "tickets_opened", "tickets_resolved", "open_at_end")
"""The headline measures that everybody is told of beside disputes: those whose counts show what is small."""
ON_A_PAGE = 12
"""Disputes of one figure that its evidence shows."""
COMPUTED = 4
"""So many of those that touch its period, where the figure is of a grouping that is not kept ready."""


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
    """The disputes that touch a figure, how many more do or may, and how many are not computed yet for its period."""

    rows: list[OfFigure] = field(default_factory=list)
    more: int = 0
    waiting: int = 0


def of_figure(
    period: int, extract: Extract, names: Names, stamp: Stamp, measure: Definition, scope: Scope, *, seen_by: By
) -> Beneath:
    """The disputes that stand and touch a figure of a kept period by this very version of its measure, the newest
    first.
    """
    standing = _standing(seen_by)
    if not standing:
        return Beneath()
    ready = tuple(scope) in GROUPINGS and measure == definition(measure.name)
    readings = _readings(period, standing)
    rows = list(readings.defer("ids", "patch") if ready else readings[:COMPUTED])
    computed, touching = (rows[0].computed, rows[0].touching) if rows else (0, 0)  # type: ignore[attr-defined]
    unread = touching - sum(row.tickets > 0 for row in rows)
    found: list[OfFigure] = []
    for row in filter(lambda row: row.tickets, rows):
        told = _kept(row) if ready else opened(row, extract).beside([str(measure)], tuple(scope), names, stamp)
        is_it = (one for one in told if one.measure == measure.name and dict(one.scope) == dict(scope))
        found += [OfFigure(standing[row.dispute], one) for one in is_it]
    return Beneath(found[:ON_A_PAGE], max(0, len(found) - ON_A_PAGE) + unread, len(standing) - computed)


def _readings(period: int, standing: Iterable[int]) -> QuerySet[DisputedReading]:
    """The readings of a period with these disputes in mind, first those that touch it; each says how many are
    `computed`, and how many of these are `touching`.
    """
    rows = DisputedReading.objects.filter(period=period, dispute__in=standing)
    rows = rows.annotate(computed=Window(Count("pk")), touching=Window(Count("pk", filter=Q(tickets__gt=0))))
    return rows.order_by(Case(When(tickets=0, then=1), default=0), "-dispute")


Mark = dict[tuple[str, str | None, bool], list[int]]
"""By measure, partner, and whether it is of one: the numbers of the disputes that touch a figure."""


def marks(period: int, *, seen_by: By) -> Mark:
    """Which figures of a kept period would be others as disputed, of the whole service and of each partner."""
    found: Mark = {}
    for row, _ in _of_period(period, seen_by):
        for one in _kept(row):
            if one.changes:
                found.setdefault((one.measure, one.scope.get("partner"), bool(one.scope)), []).append(row.dispute)
    return found


@dataclass(frozen=True, slots=True)
class OfPeriod:
    """A dispute and what it would mean for a period: how many tickets, the headlines of the whole service, parity."""

    dispute: Dispute | None
    """None stands for all together."""
    tickets: int
    headlines: list[Beside]
    sentences: list[Sentence]


def of_period(period: int, *, seen_by: By, asked: str = "") -> list[OfPeriod]:
    """The disputes that stand and touch a kept period, and last all of them together where they are several; sentences
    are those of one basis.
    """
    return [
        OfPeriod(
            dispute,
            row.tickets,
            headlines(_kept(row)),
            [Sentence(**one) for one in row.sentences if one["asked"] == asked],
        )
        for row, dispute in _of_period(period, seen_by, together=True)
        if row.tickets
    ]


def headlines(found: Iterable[Beside], scope: Scope | None = None) -> list[Beside]:
    """Those of the headline measures of one scope, in their order."""
    wanted = dict(scope or {})
    of_it = {one.measure: one for one in found if dict(one.scope) == wanted}
    return [of_it[name] for name in HEADLINES if name in of_it]


def _of_period(period: int, seen_by: By, *, together: bool = False) -> list[tuple[DisputedReading, Dispute | None]]:
    standing = _standing(seen_by)
    if not standing:
        return []
    numbers = {*standing, *({TOGETHER} if together else ())}
    rows = DisputedReading.objects.filter(period=period, dispute__in=numbers).defer("ids", "patch")
    # What was read of all together before one came or ended is of others: a worker is at it.
    found = [row for row in rows if row.dispute != TOGETHER or row.made_of == list(standing)]
    return [(row, standing.get(row.dispute)) for row in sorted(found, key=lambda row: row.dispute == TOGETHER)]


def _standing(seen_by: By) -> dict[int, Dispute]:
    return {one.pk: one for one in disputes.contested()} if reads_unpublished_figures(seen_by) else {}


def _kept(row: DisputedReading) -> list[Beside]:
    return [Beside.from_json(one) for one in row.figures]


def of_kept(kept: Kept | None, *, seen_by: By) -> list[OfPeriod]:
    """The disputes that touch a headline figure of a period, where it is kept ready."""
    found = of_period(kept.number, seen_by=seen_by) if kept and kept.disputed else []
    return [one for one in found if one.headlines]


def for_pack(
    extract: Extract, period: periods.Period, on: Basis, profile: Profile, known_at: int | None = None
) -> Disputes:
    """The disputes that stood now, or at an entry, and touch the period, as this audience is told of them (F8)."""
    standing = disputes.contested() if known_at is None else disputes.contested_at(known_at)
    found = [(one, disputed(extract, period, on, [one])) for one in standing]
    touching = [(one, three) for one, three in found if three.tickets]
    if not touching:
        return Disputes()
    entries = disputes.entries_of([one for one, _ in touching])
    stamp, by = on.stamp(period), tuple(profile.own)
    if profile.splits:
        return Disputes(
            [
                InPack(
                    number=one.pk,
                    partner=one.partner.name,
                    fact=one.get_fact_display(),
                    state=str(DisputeState(one.state).label),
                    entry=entries[one.pk],
                    tickets=three.tickets,
                    about=one.about,
                    said=one.said,
                    besides=headlines(three.beside(HEADLINES, by, on.names, stamp), profile.own),
                )
                for one, three in touching
            ]
        )
    rows = [
        InPack(one.pk, one.partner.name, one.get_fact_display(), str(DisputeState(one.state).label), entries[one.pk])
        for one, _ in touching
    ]
    all_of_them = disputed(extract, period, on, [one for one, _ in touching])
    besides = headlines(all_of_them.beside(TOLD, (), on.names, stamp))
    whose = np.bincount(extract.records["partner"][np.isin(extract.records["id"], all_of_them.ids)]).tolist()
    tells = may_be_told(whose, besides) and not _told_before(period.span, known_at)
    return Disputes(rows, besides if tells else (), splits=False)


def _told_before(span: Span, known_at: int | None) -> bool:
    """Whether everybody has read a pack of any of these days: what two packs tell of different disputes could be
    subtracted (F8).
    """
    packs = Pack.objects.filter(profile=PUBLIC, first__lte=span.last, last__gte=span.first)
    entries = (pack.entry for pack in packs)
    return any(entry is not None and (known_at is None or entry.number <= known_at) for entry in entries)
