"""What a figure came from: its definition, period, scope, rules, files, and for those entitled its rows (D2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from commonhold.demand.models import Batch, Reckoning
from commonhold.demand.queries.tickets import RELATED
from commonhold.figures import Figure
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner
from commonhold.partnership.permissions import sees_all_rows
from commonhold.performance.engine import references
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.groups import Members, members, one_figure
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Definition
from commonhold.performance.engine.references import Reference
from commonhold.performance.models import Reading
from commonhold.performance.queries.periods import Basis, basis, kept_extract, the_period
from commonhold.refusals import Refused

PAGE: Final = 25
FILES: Final = 12


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind a figure; `figure` is None while its period waits to be computed."""

    reference: Reference
    definition: Definition
    figure: Figure | None
    published: list[Reading]
    files: list[Batch]
    more_files: int
    remarks: tuple[str, ...]
    rows: int
    seen: int
    counted: int


def evidence(text: str, *, seen_by: By) -> Evidence:
    """The evidence of the figure that a reference stands for. Refused where it is not one."""
    reference = references.parse(text)
    defined = definition(reference.definition)
    on = basis(reference.known_at)
    extract = _extract(reference, on)
    published = list(Reading.objects.filter(reference=text).select_related("pack", "pack__withdrawal"))
    files = Batch.objects.taken().filter(number__lte=on.known.batch).exclude(sha256="").order_by("-number")
    behind = None if extract is None else members(extract, str(defined), reference.scope, on.names)
    seen = None if behind is None or extract is None else _seen(behind, extract, reference, on, seen_by)
    return Evidence(
        reference=reference,
        definition=defined,
        figure=None if extract is None else one_figure(extract, reference, on.names, on.stamp(extract.period)),
        published=published,
        files=list(files[:FILES]),
        more_files=max(0, files.count() - FILES),
        remarks=on.rules.remarks if defined.ruled else (),
        rows=0 if behind is None else len(behind.tickets),
        seen=0 if seen is None else len(seen.tickets),
        counted=0 if behind is None else int(behind.counted.sum()),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket behind a figure, whether its numerator counts it, and what it brings."""

    reckoning: Reckoning
    counted: bool
    amount: int | None


def rows(text: str, *, seen_by: By, start: int = 0, count: int = PAGE) -> list[Row]:
    """Some of the tickets behind a figure that this reader may see, in the order of their numbers."""
    reference = references.parse(text)
    on = basis(reference.known_at)
    extract = _extract(reference, on)
    if extract is None:
        return []
    behind = members(extract, reference.definition, reference.scope, on.names)
    return list(_rows(_seen(behind, extract, reference, on, seen_by), start, start + count))


def every_row(text: str, *, seen_by: By) -> Iterator[Row]:
    """All of the tickets behind a figure that this reader may see, a few at a time, for a download."""
    reference = references.parse(text)
    on = basis(reference.known_at)
    extract = _extract(reference, on)
    if extract is None:
        raise Refused("This period is being computed. Ask for its rows again in a minute.")
    behind = _seen(members(extract, reference.definition, reference.scope, on.names), extract, reference, on, seen_by)
    for start in range(0, len(behind.tickets), 1_000):
        yield from _rows(behind, start, start + 1_000)


def _extract(reference: Reference, on: Basis) -> Extract | None:
    return kept_extract(the_period(reference.span, on.known, reference.as_of), on)


def _seen(behind: Members, extract: Extract, reference: Reference, on: Basis, seen_by: By) -> Members:
    """Those that this reader may see: all for who runs the tickets, else those of the reader's partner, else none."""
    if sees_all_rows(seen_by):
        return behind
    own = Partner.objects.filter(slug=seen_by.partner).values_list("name", flat=True).first()
    if own is None or reference.scope.get("partner", own) != own:
        return Members(behind.tickets[:0], behind.counted[:0], None)
    return members(extract, reference.definition, {**reference.scope, "partner": own}, on.names)


def _rows(behind: Members, start: int, stop: int) -> Iterator[Row]:
    numbers: Sequence[int] = behind.tickets[start:stop].tolist()
    found = Reckoning.objects.filter(pk__in=numbers).select_related(*RELATED).defer("timeline").in_bulk()
    for place, number in enumerate(numbers, start=start):
        amount = None if behind.amounts is None else int(behind.amounts[place])
        yield Row(found[number], bool(behind.counted[place]), amount)
