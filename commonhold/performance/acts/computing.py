"""Computing periods and keeping what was computed: workings that can be computed again at any time."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from commonhold.demand.queries.disputes import contested
from commonhold.demand.queries.knowledge import Knowledge, knowledge
from commonhold.figures import Figure, Span
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.performance.acts.disputing import keep_of_period
from commonhold.performance.engine import groups, periods, top
from commonhold.performance.engine.extract import Bit, Extract
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.models import Period, Table
from commonhold.performance.permissions import asks_for_figures
from commonhold.performance.queries.periods import Basis, beyond, computed, kept_extract, key, names_as_kept
from commonhold.performance.queries.readings import READY
from commonhold.performance.queries.resting import superseded
from commonhold.refusals import Refused, require


@working
def extract_of(*, period: periods.Period, on: Basis) -> Extract:
    """The extract of a period: the kept one, else computed now and kept."""
    return extracts_of(parts=[period], on=on)[0]


@working
def extracts_of(*, parts: Sequence[periods.Period], on: Basis) -> list[Extract]:
    """The extracts of several periods: those that are not kept are computed from one reading of the tickets."""
    found = [kept_extract(part, on) for part in parts]
    missing = [part for part, extract in zip(parts, found, strict=True) if extract is None]
    made = dict(zip(missing, computed(missing, on), strict=True)) if missing else {}
    for part, extract in made.items():
        keep(period=part, on=on, extract=extract)
    return [made[part] if extract is None else extract for part, extract in zip(parts, found, strict=True)]


@working
@transaction.atomic
def keep(*, period: periods.Period, on: Basis, extract: Extract) -> Period:
    """Keep what was computed of a period. What another process kept of the very same meanwhile stays, and is used."""
    row, _ = Period.objects.light().get_or_create(
        **key(period, on.known.batch, on.ruled),
        defaults={
            "extract": extract.as_bytes,
            "digest": extract.digest,
            "opened": int(extract.has(Bit.OPENED).sum()),
            "names": names_as_kept(on),
            "rule_version": on.rule_version(period),
        },
    )
    return row


@working
def make_ready(*, period: periods.Period, on: Basis) -> None:
    """Keep the groupings of a period that pages print."""
    extract = extract_of(period=period, on=on)
    row = keep(period=period, on=on, extract=extract)
    ready = set(row.tables.values_list("by", flat=True))
    for by in READY:
        name = ",".join(by)
        if name not in ready:
            figures = groups.figures([extract], MEASURES, by, on.names, on.stamp(period))
            _keep_tables(row, name, figures, MEASURES)
    if ",".join(top.BY) not in ready:
        figures = groups.figures([extract], top.MEASURES, top.BY, on.names, on.stamp(period))
        _keep_tables(row, ",".join(top.BY), top.trimmed(figures, top.ON_PAGES), top.MEASURES)
    keep_of_period(row=row, on=on, extract=extract, standing=contested())


@transaction.atomic
def _keep_tables(row: Period, by: str, figures: Sequence[Figure], measures: Iterable[str]) -> None:
    """Beside what another process keeps of the same meanwhile; nothing, where the period was forgotten meanwhile."""
    if Period.objects.select_for_update().filter(pk=row.pk).values_list("pk").first() is None:
        return
    tables: dict[str, list[dict[str, Any]]] = {measure: [] for measure in measures}
    for figure in figures:
        tables[figure.measure].append(figure.as_json())
    Table.objects.bulk_create(
        (Table(period=row, by=by, measure=measure, figures=table) for measure, table in tables.items()),
        ignore_conflicts=True,
    )


@working
def figures(*, period: periods.Period, on: Basis, measures: Iterable[str], by: Sequence[str]) -> list[Figure]:
    """Figures of a period by any grouping, computed now where they are not kept."""
    groups.check(by)
    parts = periods.months(period) if groups.MONTH in by else [period]
    extracts = extracts_of(parts=parts, on=on)
    return groups.figures(extracts, list(measures), by, on.names, [on.stamp(part) for part in parts])


@working
def ask_for_period(*, by: By, span: Span, as_of: datetime | None = None, known_at: int | None = None) -> Job:
    """Have a period computed by a worker; what is asked for twice while it waits is one job. Refused where clocks
    would be read after the last instant that any file tells of.
    """
    require(asks_for_figures(by), "have figures computed")
    problem = beyond(as_of, knowledge(known_at).through) if as_of else None
    if problem:
        raise Refused(f"{problem}. Figures cannot be computed of it.")
    return jobs.ask(
        "performance.compute",
        by=by,
        key=f"period-{span.first}-{span.last}-{as_of}-{known_at}",
        title=f"Figures from {span.first} to {span.last}",
        first=span.first.isoformat(),
        last=span.last.isoformat(),
        as_of=as_of.isoformat() if as_of else None,
        known_at=known_at,
    )


@working
def forget_superseded(*, known: Knowledge, at: datetime) -> int:
    """Remove what was computed from less than is known, unless something still needs it; returns how many periods."""
    found = superseded(known, at)
    Table.objects.filter(period__in=found.bare).delete()
    Period.objects.filter(pk__in=found.gone).delete()
    return len(found.gone)
