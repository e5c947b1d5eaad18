"""Computing periods and keeping what was computed: workings that can be computed again at any time."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction

from commonhold.figures import Figure
from commonhold.ledger.workings import working
from commonhold.performance.engine import groups, periods
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.models import Period, Table
from commonhold.performance.queries.periods import Basis, computed, kept_extract, key

DIMENSIONS: Final = ("partner", "priority", "kind", "team", "service", "responsible")
READY: Final = ((), *((word,) for word in DIMENSIONS), *((word, "partner") for word in DIMENSIONS[1:]))
"""The groupings whose figures are kept ready for pages."""


@working
def extract_of(*, period: periods.Period, on: Basis) -> Extract:
    """The extract of a period: the kept one, else computed now and kept with the groupings that pages print."""
    extract = kept_extract(period, on)
    if extract is None:
        extract = computed(period, on)
        keep(period=period, on=on, extract=extract)
    return extract


@working
@transaction.atomic
def keep(*, period: periods.Period, on: Basis, extract: Extract) -> Period:
    """Keep what was computed of a period, in place of what was computed of it before."""
    found = key(period, on)
    tables = [(by, groups.figures([extract], MEASURES, by, on.names, on.stamp)) for by in READY]
    Period.objects.filter(first=found["first"], last=found["last"], as_of=found["as_of"], batch=on.known.batch).delete()
    made = Period.objects.create(**found, extract=extract.as_bytes(), digest=extract.digest)
    for by, figures in tables:
        Table.objects.create(period=made, by=",".join(by), figures=[figure.as_json() for figure in figures])
    return made


@working
def figures(*, period: periods.Period, on: Basis, measures: Iterable[str], by: Sequence[str]) -> list[Figure]:
    """Figures of a period by any grouping, computed now where they are not kept."""
    groups.check(by)
    parts = periods.months(period) if groups.MONTH in by else [period]
    extracts = [extract_of(period=part, on=on) for part in parts]
    return groups.figures(extracts, list(measures), by, on.names, on.stamp)


@working
def forget_superseded(*, on: Basis) -> int:
    """Remove computations of periods that rest on less than is known now; returns how many."""
    older = Period.objects.filter(batch__lt=on.known.batch)
    count = older.count()
    older.delete()
    return count
