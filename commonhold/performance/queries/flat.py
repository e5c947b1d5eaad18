"""Figures as a flat table: one row for each that is kept ready, or for the public that was published (F1, F8).

Nothing is computed for it: what is not ready is said to be so, with what to do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.utils.dateparse import parse_datetime

from commonhold.demand.models import Batch
from commonhold.demand.queries.knowledge import knowledge
from commonhold.figures import Figure, Span
from commonhold.govuk.flat import Asked, Column, Part
from commonhold.govuk.jinja import evidence_address
from commonhold.govuk.tables import Cell
from commonhold.jobs.models import Job, State
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner
from commonhold.performance.engine.brought.definition import WORDS as OF_READINGS
from commonhold.performance.engine.groups import GRADES, WORDS
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.periods import months, period
from commonhold.performance.models import Period, Table
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries import published, source_figures
from commonhold.performance.queries.fed import fed
from commonhold.performance.queries.periods import rules_known, told_from
from commonhold.performance.queries.readings import ALL_READY, Kept, ready
from commonhold.performance.queries.source_figures import Source
from commonhold.refusals import Refused

SCOPES: Final = (*WORDS, *(word for word in OF_READINGS if word not in WORDS))
"""What figures of tickets and of readings can be of."""
OF_READINGS_BY: Final = ((), *((word,) for word in OF_READINGS), ("service", "partner"), ("threshold", "partner"))
MONTHS: Final = 1_200
"""Months of readings that are looked for at most."""
GROUPINGS: Final = (
    *ALL_READY,
    *((word,) for word in OF_READINGS if (word,) not in ALL_READY),
    ("threshold", "partner"),
)
"""By what figures are given: those of tickets as they are kept ready, those of readings as their pages give them."""
COLUMNS: Final = (
    Column("key", "text", "where the row stands: the next part is asked for by after=KEY of the last row"),
    Column("measure", "text", "the measure's name, as the page of measures and the command line write it"),
    Column("title", "text", "the measure in words"),
    Column("by", "text", "what the figures beside it are grouped by; empty where it is of the whole service"),
    *(
        Column(word, "text", f"the group's {word}; empty for the group of none, and where by does not name it")
        for word in SCOPES
    ),
    Column("period_from", "day", "the first day that it is about"),
    Column("period_to", "day", "the last day, included"),
    Column("value", "number", "the value; empty where it cannot be known. A share is from 0 to 1", "as unit says"),
    Column("low", "number", "the least it can be, where the sources leave a doubt (F5)", "as unit says"),
    Column("high", "number", "the most it can be", "as unit says"),
    Column("unit", "text", "what value, low and high are in: share, tickets, hours, minutes and others"),
    Column("numerator", "whole number", "the count behind a share; empty where there is none", "tickets"),
    Column("denominator", "whole number", "of how many", "tickets"),
    Column("definition", "text", "the numbered definition that it was computed by"),
    Column("rule_version", "text", "the versions of rules that it is measured by; empty where none is"),
    Column("as_of", "instant", "when clocks were read (F7)"),
    Column("known_at", "whole number", "the entry of the record whose knowledge it rests on (F7)"),
    Column("program", "text", "the version of Commonhold that computed it"),
    *(
        Column(f"grade_{grade}", "whole number", f"how many of its tickets are of the grade {grade} (F5)", "tickets")
        for grade in GRADES
    ),
    Column("reason", "text", "why the value cannot be known or is not shown; else empty"),
    Column("notes", "text", "what was left out or treated apart"),
    Column("evidence", "text", "the reference of its evidence, by which it can be computed again"),
    Column("address", "text", "the page of its evidence"),
    Column("overtaken", "yes or no", "whether more is known since, and it is not computed anew yet"),
    Column("pack", "whole number", "the pack that published it, for readers of what was published; else empty"),
)
WORDS_OF_ADDRESS: Final = ("from", "to", "by", "measure", "partner", "known_at", "each")
WHOLE: Final = "whole"
"""What an address says for figures that are grouped by nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the table is narrowed to: days, groupings, measures, a partner, what was known, months or one period."""

    first: date | None = None
    last: date | None = None
    by: str = ""
    measure: str = ""
    partner: str = ""
    known_at: str = ""
    each: str = ""


class NotReady(Exception):
    """What was asked for is not computed; `is_coming` where a worker has been asked for it, or computes it."""

    def __init__(self, words: str, *, is_coming: bool) -> None:
        super().__init__(words)
        self.is_coming = is_coming


Row = tuple[str, str, Mapping[str, Any], bool | None, int | None]
"""A row before it is laid out: its key, its grouping, the figure as it is kept, whether it is overtaken, its pack."""


def figures(wanted: Wanted, asked: Asked, *, seen_by: By, site: str) -> Part:
    """A part of the table as this reader may see it."""
    wanted = _checked(wanted)
    if not reads_unpublished_figures(seen_by):
        if wanted.known_at:
            raise Refused("What was known at an entry is for those who hold a post: sign in, or send a token.")
        rows = _published(wanted, asked.after)
    else:
        on = source_figures.source(wanted.known_at or None)
        rows = _kept(wanted, _periods(wanted, on), on, asked.after)
    found = list(islice(rows, asked.size + 1))
    last = found[asked.size - 1][0] if len(found) > asked.size else None
    return Part(_laid_out(found[: asked.size], site), last)


def computed_last() -> int:
    """The last computation that is kept: with the record's size, all that the table is made from."""
    return Period.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _checked(wanted: Wanted) -> Wanted:
    """The same with its words understood. Refused where one means nothing."""
    if wanted.each not in ("", "month", "period"):
        raise Refused("The word 'each' is month, for the months within the days, or period, for the days as one.")
    if wanted.each == "period" and not (wanted.first and wanted.last):
        raise Refused("One period is named by its first and its last day: from=2026-04-01&to=2026-06-30&each=period")
    if wanted.first and wanted.last and wanted.last < wanted.first:
        raise Refused(f"The days cannot end on {wanted.last} before they begin on {wanted.first}.")
    if wanted.by and wanted.by != WHOLE and tuple(wanted.by.split(",")) not in GROUPINGS:
        known = ", or ".join([WHOLE, *(",".join(by) for by in GROUPINGS if by)])
        raise Refused(f"Figures are not given by '{wanted.by}', but by {known}.")
    asked = _measures(wanted)
    measures = [*MEASURES, *fed().newest] if asked else []
    for name in asked:
        if name not in measures:
            raise Refused(f"There is no measure called '{name}'. Choose from: {', '.join(measures)}.")
    if not wanted.partner or wanted.partner == "none":
        return wanted
    row = Partner.objects.filter(slug=wanted.partner).first() or Partner.objects.filter(name=wanted.partner).first()
    if row is None:
        raise Refused(f"There is no partner '{wanted.partner}'.")
    return replace(wanted, partner=row.name)


def _measures(wanted: Wanted) -> list[str]:
    return [word.strip() for word in wanted.measure.split(",") if word.strip()]


def _periods(wanted: Wanted, on: Source) -> list[tuple[Span, Kept | None]]:
    """The periods that are asked for, the oldest first, each as it is kept; None where only readings tell of it."""
    there = _known_then(wanted.known_at) if wanted.known_at else dict(ready().periods)
    of_tickets = not _measures(wanted) or any(name in MEASURES for name in _measures(wanted))
    if wanted.each == "period":
        assert wanted.first and wanted.last
        span = Span(wanted.first, wanted.last)
        if span not in there and of_tickets:
            raise _not_ready(span, wanted)
        return [(span, there.get(span))]
    if wanted.first and wanted.last and not wanted.known_at and of_tickets:
        for missing in _told_months(Span(wanted.first, wanted.last)):
            if missing not in there:
                raise _not_ready(missing, wanted)
    told = source_figures.months_told(on, None, MONTHS)
    found = {span for span in (*there, *told) if span.is_month and _is_within(span, wanted)}
    return [(span, there.get(span)) for span in sorted(found, key=lambda span: span.first)]


def _is_within(span: Span, wanted: Wanted) -> bool:
    return (wanted.first is None or wanted.first <= span.first) and (wanted.last is None or span.last <= wanted.last)


def _told_months(within: Span) -> Iterator[Span]:
    """The whole months of these days that the files tell of from beginning to end."""
    begins, through = told_from(Batch.objects.known()), Batch.objects.known_through()
    if begins is None or through is None or not 1900 < within.first.year <= within.last.year < 2200:
        return
    until = min(within.last, through.date())
    from_ = max(within.first, begins)
    if from_ <= until:
        yield from (month.span for month in months(period(Span(from_, until))) if month.span.is_month)


def _not_ready(span: Span, wanted: Wanted) -> NotReady:
    if wanted.known_at:
        words = (
            f"No figures from {span.first} to {span.last} are kept as they were known at {wanted.known_at}. Those "
            "of a published pack stand in its file; the command line computes others: commonhold figures --known-at."
        )
        return NotReady(words, is_coming=False)
    asked = Job.objects.filter(state__in=(State.ASKED, State.RUNNING))
    is_coming = asked.filter(key__startswith=f"period-{span.first}-{span.last}-").exists()
    words = (
        f"The figures from {span.first} to {span.last} are being computed. Ask again in a few minutes."
        if is_coming
        else f"The figures from {span.first} to {span.last} are not ready. Sign in, open "
        f"/figures/?first={span.first}&last={span.last} and have them computed; then ask again."
    )
    return NotReady(words, is_coming=is_coming)


def _known_then(known_at: str) -> dict[Span, Kept]:
    """The periods kept as they were known at an entry, read at the instant that is taken where none is named."""
    known = knowledge(known_at)
    ruled, _ = rules_known(known_at)
    newest = Batch.objects.known()
    printed = Table.objects.filter(period=OuterRef("pk"), by="")
    rows = Period.objects.filter(Exists(printed), batch=known.batch, ruled=ruled).order_by("-pk")
    found: dict[Span, Kept] = {}
    for number, first, last, as_of, opened in rows.values_list("pk", "first", "last", "as_of", "opened"):
        span = Span(first, last)
        if period(span, last_event=known.through).as_of == int(as_of.timestamp()):
            found.setdefault(span, Kept(number, span, as_of, opened, known.batch < newest))
    return found


def _kept(wanted: Wanted, periods: Iterable[tuple[Span, Kept | None]], on: Source, after: str) -> Iterator[Row]:
    """The figures of periods: by period, grouping, measure, and group."""
    begins = _place(after)
    groupings = {",".join(by): at for at, by in enumerate(GROUPINGS)}
    measures = {name: at for at, name in enumerate([*MEASURES, *on.fed.newest])}
    chosen = {"" if wanted.by == WHOLE else wanted.by} if wanted.by else set(groupings)
    for span, kept in periods:
        if begins and span.first < begins[0].first:
            continue
        tables = [*_of_tickets(kept, chosen, wanted), *_of_readings(span, chosen, wanted, on)]
        for by, name, figures in sorted(tables, key=lambda row: (groupings[row[0]], measures[row[1]])):
            for number, figure in enumerate(figures):
                place = (span, groupings[by], measures[name], number)
                if begins and span == begins[0] and place[1:] <= begins[1:]:
                    continue
                if _is_of(figure["scope"], wanted.partner):
                    yield _written(place), by, figure, kept.overtaken if kept and name in MEASURES else None, None


Group = tuple[str, str, Sequence[Mapping[str, Any]]]
"""The figures of one measure by one grouping."""


def _of_tickets(kept: Kept | None, chosen: Collection[str], wanted: Wanted) -> list[Group]:
    if kept is None:
        return []
    rows = Table.objects.filter(period=kept.number, by__in=chosen)
    if names := _measures(wanted):
        rows = rows.filter(measure__in=names)
    return [row for row in rows.values_list("by", "measure", "figures") if row[1] in MEASURES]


def _of_readings(span: Span, chosen: Collection[str], wanted: Wanted, on: Source) -> Iterator[Group]:
    """Those that readings give, added up now: there are a few in each period."""
    names = [name for name in source_figures.touching(on, span) if name in (_measures(wanted) or on.fed.newest)]
    asked = [by for by in OF_READINGS_BY if ",".join(by) in chosen] if names else []
    for by, counted in zip(asked, source_figures.grouped(on, span, names, asked) if asked else (), strict=True):
        by_measure: dict[str, list[Mapping[str, Any]]] = {}
        for one in counted:
            by_measure.setdefault(one.figure.measure, []).append(one.figure.as_json())
        yield from ((",".join(by), name, figures) for name, figures in by_measure.items())


def _published(wanted: Wanted, after: str) -> Iterator[Row]:
    """What standing public packs hold, as everybody may read it there."""
    begins = _numbers(after, 2) if after else None
    for pack in sorted(published.packs_for_everybody(), key=lambda pack: pack.pk):
        if begins and pack.pk < begins[0]:
            continue
        for number, figure in enumerate(published.of_pack(pack)):
            if begins and (pack.pk, number) <= begins:
                continue
            if _is_wanted(figure, wanted):
                yield f"{pack.pk}-{number}", ",".join(figure.scope), figure.as_json(), None, pack.pk


def _is_wanted(figure: Figure, wanted: Wanted) -> bool:
    names, by = _measures(wanted), ",".join(figure.scope)
    is_whole_period = figure.period == Span(wanted.first, wanted.last) if wanted.first and wanted.last else False
    within = is_whole_period if wanted.each == "period" else _is_within(figure.period, wanted)
    is_month = wanted.each != "month" or figure.period.is_month
    grouped = not wanted.by or by == ("" if wanted.by == WHOLE else wanted.by)
    measured = not names or figure.measure in names
    return within and is_month and grouped and measured and _is_of(figure.scope, wanted.partner)


def _is_of(scope: Mapping[str, str | None], partner: str) -> bool:
    if not partner:
        return True
    return "partner" in scope and (scope["partner"] or "none") == partner


def _laid_out(rows: Iterable[Row], site: str) -> Iterator[tuple[Cell, ...]]:
    titles = {name: one.title for name, one in MEASURES.items()}
    titles |= {name: one.title for name, one in fed().newest.items()}
    for key, by, figure, overtaken, pack in rows:
        scope, grades, span = figure["scope"], figure["grade_mix"], figure["period"]
        yield (
            key, figure["measure"], titles.get(figure["measure"], figure["measure"]), by,
            *(scope.get(word) for word in SCOPES),
            date.fromisoformat(span["from"]), date.fromisoformat(span["to"]),
            figure["value"], figure["low"], figure["high"], figure["unit"], figure["numerator"], figure["denominator"],
            figure["definition"], figure["rule_version"], parse_datetime(figure["as_of"]), figure["known_at"],
            figure["program"], *(grades.get(grade) for grade in GRADES), figure["reason"],
            "; ".join(figure["notes"]) or None, figure["evidence"], site + evidence_address(figure["evidence"]),
            overtaken, pack,
        )  # fmt: skip


def _written(place: tuple[Span, int, int, int]) -> str:
    span, *numbers = place
    return f"{span.first}..{span.last}-" + "-".join(map(str, numbers))


def _place(key: str) -> tuple[Span, int, int, int] | None:
    """Where a key of kept figures stands; None without one."""
    if not key:
        return None
    try:
        first, last = map(date.fromisoformat, key[:22].split(".."))
        by, measure, number = _numbers(key[23:], 3)
        return Span(first, last), by, measure, number
    except ValueError:
        raise Refused(f"'{key}' is no key of this table: the key of a row stands in its first column.") from None


def _numbers(key: str, count: int) -> tuple[int, ...]:
    parts = key.split("-")
    if len(parts) != count or not all(part.isascii() and part.isdecimal() and len(part) < 16 for part in parts):
        raise Refused(f"'{key}' is no key of this table: the key of a row stands in its first column.")
    return tuple(map(int, parts))
