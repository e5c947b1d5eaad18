"""Reconciliations as pages show them: those of a reader's partner, the bridge with its bars, the tickets of a cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from commonhold.demand.engine import mapping as ways_of_reading
from commonhold.demand.engine import partners as areas
from commonhold.demand.engine.mapping import BUILT_IN
from commonhold.demand.models import Batch, Reckoning
from commonhold.demand.models.batch import TAKEN_OVER
from commonhold.demand.queries.files import File
from commonhold.demand.queries.mappings import names_in_use
from commonhold.figures import Figure
from commonhold.govuk.formats import instant, period
from commonhold.govuk.printing import quantity
from commonhold.govuk.tables import Cell
from commonhold.govuk.taking import Sheet
from commonhold.jobs.models import ENDED, Job
from commonhold.jobs.queries import is_shown
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry, sentence
from commonhold.partnership.permissions import sees_all_rows
from commonhold.performance.engine import references
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Definition
from commonhold.performance.engine.reconciling.causes import CAUSES, Cause
from commonhold.performance.engine.references import Reference
from commonhold.performance.models import DifferingTicket, Reading, Reconciliation, TheirList
from commonhold.performance.queries.periods import CHANGED
from commonhold.performance.queries.reconciling import scope_in_words
from commonhold.performance.queries.sides import checked
from commonhold.refusals import Refused

PAGE: Final = 25
LARGEST: Final = 2**62
PLACES: Final = 50
"""Published figures that are offered to be explained beside one."""

ORDERS: Final = {"reference": "reference", "before": "before", "after": "after"}
"""The words of an address by which tickets under a cause are sorted, with a minus falling; else as they were found."""
IN_WORDS: Final = frozenset({"share", "tickets"})
"""Units of measures that a ticket brings words to, such as "counts, target missed", and no amount."""

COLUMNS: Final = ("Reference", "Before this cause", "After this cause", "Ours says", "The other side says")


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure of ours that another is held against."""

    reference: Reference
    definition: Definition

    @property
    def words(self) -> str:
        return f"{self.definition.title}, {period(self.reference.span)}{scope_in_words(self.reference)}"


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the bridge with its bar: where on a scale of 100 the figure was before and is after."""

    line: dict[str, Any]
    begins: float
    width: float
    listed: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A reconciliation on its page: while it is worked out its job, then the bridge."""

    row: Reconciliation
    asked: Asked
    job: Job | None
    steps: list[Step]
    may_see_all: bool

    @property
    def is_whole(self) -> bool:
        return self.row.result is not None and self.row.result["left_over"]["value"] == 0


@dataclass(frozen=True, slots=True)
class Listed:
    """The tickets under a cause that this reader may see, some of them, and how many there are in all."""

    row: Reconciliation
    cause: Cause
    line: dict[str, Any]
    rows: list[DifferingTicket]
    seen: int
    start: int
    order: str = ""

    @property
    def title(self) -> str:
        return CAUSES[self.cause].title

    @property
    def orders(self) -> list[str]:
        """The words by which these tickets can be sorted."""
        return orders_of(self.row)

    @property
    def shut(self) -> int:
        return int(self.line["tickets"]) - self.seen

    @property
    def older(self) -> int | None:
        return self.start + PAGE if self.start + PAGE < self.seen else None

    @property
    def newer(self) -> int | None:
        return max(0, self.start - PAGE) if self.start else None


def asked(text: str) -> Asked:
    """The figure that a reference stands for. Refused where tickets do not feed it."""
    reference = references.parse(text)
    checked(reference)
    return Asked(reference, definition(reference.definition))


def reconciliations(*, seen_by: By, before: int | None = None) -> tuple[list[tuple[Reconciliation, Asked]], int | None]:
    """Those that this reader may see, newest first, and from which number to go on."""
    rows = Reconciliation.objects.open_to(seen_by)
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    shown = [(row, asked(row.figure)) for row in found[:PAGE]]
    return shown, found[PAGE - 1].pk if len(found) > PAGE else None


def the_reconciliation(number: int, *, seen_by: By) -> Reconciliation:
    """One of them. Not found where there is none, or it is another partner's."""
    rows = Reconciliation.objects.open_to(seen_by).select_related("brought")
    found = rows.filter(pk=number).first() if number < LARGEST else None
    if found is None:
        raise Http404("There is no such reconciliation, or it is another partner's.")
    return found


def reconciliation(number: int, *, seen_by: By) -> Shown:
    row = the_reconciliation(number, seen_by=seen_by)
    waiting = row.job if row.result is None and not row.problem else None
    job = Job.objects.filter(pk=waiting).first() if waiting is not None else None
    return Shown(
        row=row,
        asked=asked(row.figure),
        job=job if job is not None and is_shown(job, seen_by=seen_by) else None,
        steps=list(_steps(row.result)) if row.result else [],
        may_see_all=sees_all_rows(seen_by),
    )


def is_waited_for(figure: str, by: By) -> bool:
    """Whether this post has asked about a figure and a worker has still to answer."""
    rows = Reconciliation.objects.filter(post=by.post, partner=by.partner or "", figure=figure)
    waiting = Job.objects.exclude(state__in=ENDED).values("pk")
    return rows.filter(result__isnull=True, problem="", job__in=waiting).exists()


def _steps(result: dict[str, Any]) -> Iterator[Step]:
    """The lines with their bars on one scale, which begins at nothing unless all of the bridge is far from it."""
    points = [result["ours"]["value"], result["theirs"]["value"], *(line["after"]["value"] for line in result["lines"])]
    least, most = min(points), max(points)
    room = (most - least) * 0.1 or 1.0
    low, scale = least - room, most - least + 2 * room
    before = result["ours"]["value"]
    for line in result["lines"]:
        after = line["after"]["value"]
        begins, ends = sorted(((before - low) / scale * 100, (after - low) / scale * 100))
        yield Step(line, round(begins, 2), round(max(ends - begins, 0.5), 2), bool(line["tickets"]))
        before = after


def orders_of(row: Reconciliation) -> list[str]:
    """By what its tickets can be sorted: amounts are kept as they are printed, and sort as no number does."""
    unit = asked(row.figure).definition.unit
    return [word for word in ORDERS if word == "reference" or unit in IN_WORDS]


def _sorted(rows: QuerySet[DifferingTicket], order: str) -> QuerySet[DifferingTicket]:
    column = ORDERS.get(order.removeprefix("-"))
    return rows.order_by(f"-{column}" if order.startswith("-") else column, "place") if column else rows


def under(number: int, cause: str, *, seen_by: By, start: int = 0, order: str = "") -> Listed:
    """The tickets of a reconciliation under one cause. Not found where it has no such cause."""
    row = the_reconciliation(number, seen_by=seen_by)
    lines = {line["cause"]: line for line in row.result["lines"]} if row.result else {}
    if cause not in lines:
        raise Http404("This reconciliation has no such cause.")
    order = order if order.removeprefix("-") in orders_of(row) else ""
    rows = _sorted(_open_to(row, seen_by).filter(cause=cause), order)
    count = rows.count()
    start = start if 0 <= start < count else 0
    return Listed(row, Cause(cause), lines[cause], list(rows[start : start + PAGE]), count, start, order)


def _open_to(row: Reconciliation, seen_by: By) -> QuerySet[DifferingTicket]:
    """Its tickets as this reader may see them: another partner's are counted and never listed (D2).

    Whose a ticket is, is what is known of it by now. What only a file knows, and gives to no partner, is of whoever
    brought the file.
    """
    rows = DifferingTicket.objects.filter(reconciliation=row)
    if sees_all_rows(seen_by):
        return rows
    if not seen_by.partner:
        return rows.none()
    of_nobody_else = Q(ticket=None, partner__in=("", seen_by.partner))
    known = Reckoning.objects.known(Batch.objects.known())
    now = known.filter(ticket=OuterRef("ticket"), partner__slug=seen_by.partner)
    return rows.filter(of_nobody_else | Exists(now))


def sheet(found: Listed, *, seen_by: By) -> Sheet:
    """All the tickets under a cause that this reader may see, to take away."""
    rows = _sorted(_open_to(found.row, seen_by).filter(cause=found.cause.value), found.order)
    result = found.row.result or {}
    about: dict[str, Cell] = {
        "Figure": result["what"],
        "Ours": result["shown"]["ours"],
        "The other figure": result["shown"]["theirs"],
        "Cause": f"{found.title}: {CAUSES[found.cause].words}",
        "Effect": found.line["effect_shown"],
        "Tickets under it": found.line["tickets"],
        "Rows in this file": found.seen,
        "Reference of our figure": found.row.figure,
    }
    told = rows.values_list("reference", "before", "after", "ours", "theirs").iterator()
    return Sheet(f"reconciliation {found.row.pk} {found.cause.value}", COLUMNS, told, about)


def sheet_of_bridge(found: Shown) -> Sheet:
    """The bridge to take away, its numbers exact."""
    result = found.row.result or {}
    share = result["unit"] == "share"
    headings = (
        "Cause",
        "What it is",
        "Tickets",
        f"Effect, {'share from 0 to 1' if share else result['unit']}",
        "Figure after it",
    )

    def rows() -> Iterator[Sequence[Cell]]:
        yield ("Ours", "", None, None, result["ours"]["value"])
        for line in result["lines"]:
            yield (line["title"], line["words"], line["tickets"], line["effect"]["value"], line["after"]["value"])
        if not found.is_whole:
            yield ("Left over", "Not told by any of this", None, result["left_over"]["value"], None)
        yield ("The other figure", result["other"], None, None, result["theirs"]["value"])

    about: dict[str, Cell] = {"Figure": result["what"], "Reference of our figure": found.row.figure}
    return Sheet(f"reconciliation {found.row.pk}", headings, rows(), about)


def published_as(reference: Reference) -> list[tuple[str, str]]:
    """Under which references this figure was published, each with the pack and what it said: the newest first."""
    name = reference.definition.partition(".")[0]
    begins = f"{references.PREFIX}/{reference.span.first}..{reference.span.last}/{name}.v"
    rows = Reading.objects.filter(reference__startswith=begins).select_related("pack", "pack__withdrawal")
    found: list[tuple[str, str]] = []
    for row in rows.order_by("-pk")[: PLACES * 10]:
        about = references.parse(row.reference)
        if dict(about.scope) == dict(reference.scope) and row.reference != str(reference) and not row.pack.is_withdrawn:
            found.append((row.reference, f"{_said(row.read)} in {row.pack.title}, known at entry {about.known_at}"))
    return found[:PLACES]


def _said(figure: Figure) -> str:
    return "no value" if figure.value is None else quantity(figure.value, figure.unit)


def known_before(reference: Reference) -> list[tuple[str, str]]:
    """What became known until a figure's own entry, newest first: each by the entry before it, so that the figure as it
    was known until then can be chosen.
    """
    kinds = (*TAKEN_OVER, *CHANGED)
    rows = Entry.objects.filter(kind__in=kinds, number__lte=reference.known_at).order_by("-number")[: PLACES + 1]
    found = list(rows)
    return [
        (str(before.number), f"{sentence(entry.kind)}, {instant(entry.at)}, entry {entry.number}")
        for entry, before in pairwise(found)
    ]


def versions(reference: Reference) -> list[tuple[str, str]]:
    """The other versions of a figure's measure."""
    name, _, own = reference.definition.partition(".v")
    found = []
    for number in range(1, 100):
        try:
            one = definition(f"{name}.v{number}")
        except Refused:
            break
        if str(number) != own:
            found.append((str(one), f"version {number}"))
    return found


def mappings() -> list[tuple[str, str]]:
    """The mappings that a file can be read by: those saved here first."""
    return [*((name, f"{name}, saved here") for name in names_in_use()), *((name, name) for name in BUILT_IN)]


@contextmanager
def opened(brought: TheirList) -> Iterator[File]:
    """A list as it is kept, to be read again in the way in which it was brought."""
    with evidence.opened(brought.sha256) as stream:
        yield replace(
            File(stream=stream, mapping=ways_of_reading.from_canonical(brought.mapping_text, brought.mapping)),
            partners=areas.from_canonical(brought.partners_text) if brought.partners_text else None,
            time_zone=brought.time_zone or None,
            exported_at=datetime.fromisoformat(brought.exported) if brought.exported else None,
            reduced_from=brought.original_sha256,
            tolerate=1.0,
        )
