"""Keeping what disputes would mean for figures: workings, computed again whenever more is known or is disputed."""

from collections.abc import Callable, Iterable, Sequence

from django.db import transaction

from commonhold.demand.acts import disputing as demand
from commonhold.demand.models import Dispute
from commonhold.demand.queries import disputes
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.performance.engine import groups
from commonhold.performance.engine.disputed import VERDICT, Beside, Disputed
from commonhold.performance.engine.extract import Extract, from_bytes
from commonhold.performance.engine.measures import definition
from commonhold.performance.models import DisputedReading, DisputedTable, Period
from commonhold.performance.permissions import asks_for_figures
from commonhold.performance.queries import disputed as queries
from commonhold.performance.queries.periods import PROGRAM, Basis, basis_of
from commonhold.performance.queries.readings import ready
from commonhold.refusals import require


@working
def keep_of_period(*, row: Period, on: Basis, extract: Extract | None, standing: Sequence[Dispute]) -> None:
    """Keep a period with each of these disputes in mind, and with all together; forget those that stand no longer."""
    wanted: dict[int, list[Dispute]] = {one.pk: [one] for one in standing}
    if len(standing) > 1:
        wanted[queries.TOGETHER] = list(standing)
    kept = dict(DisputedReading.objects.filter(period=row).values_list("dispute", "made_of"))
    gone = [number for number, made_of in kept.items() if made_of != _numbers(wanted.get(number, ()))]
    DisputedReading.objects.filter(period=row, dispute__in=gone).delete()
    missing = [number for number in wanted if number in gone or number not in kept]
    if missing and extract is None:
        extract = from_bytes(bytes(row.extract))
    asked = set(DisputedTable.objects.filter(reading__period=row).order_by().values_list("by", "measure").distinct())
    for number in missing:
        assert extract is not None
        _keep(row, on, extract, number, wanted[number], asked if number != queries.TOGETHER else ())


def _keep(
    row: Period, on: Basis, extract: Extract, number: int, standing: list[Dispute], asked: Iterable[tuple[str, str]]
) -> None:
    """A reading with a dispute in mind, and those of its tables that pages have asked for of others."""
    found = queries.disputed(extract, extract.period, on, standing)
    names, stamp = on.names, on.stamp(extract.period)
    figures = found.kept(names, stamp)
    made = DisputedReading(
        period=row,
        dispute=number,
        made_of=_numbers(standing),
        tickets=found.tickets,
        ids=queries.packed(found.ids),
        patch=found.patch.as_bytes(),
        touches=[one.touch for one in figures],
        figures=[one.as_json() for one in figures],
        sentences=[one.as_json() for one in found.sentences(names)],
    )
    tables = [_table(found, by, measure, on) for by, measure in asked] if found.tickets else []
    _beside_others(made, tables)


def _table(found: Disputed, by: str, measure: str, on: Basis) -> DisputedTable:
    told = found.beside([measure], by.split(",") if by else (), on.names, on.stamp(found.stands.period))
    return DisputedTable(
        by=by,
        measure=measure,
        touches=[list(one.scope.values()) for one in told],
        figures=[one.as_json() for one in told],
    )


@transaction.atomic
def _beside_others(made: DisputedReading, tables: Sequence[DisputedTable]) -> None:
    """Beside what another process keeps of the same meanwhile; nothing, where the period was forgotten meanwhile."""
    if Period.objects.select_for_update().filter(pk=made.period_id).values_list("pk").first() is None:
        return
    DisputedReading.objects.bulk_create([made], ignore_conflicts=True)
    kept = DisputedReading.objects.only("pk").get(period=made.period_id, dispute=made.dispute)
    for table in tables:
        table.reading = kept
    DisputedTable.objects.bulk_create(tables, ignore_conflicts=True)


@working
def ask_for_figures(*, by: By, period: int, measure: str, words: Sequence[str]) -> Job:
    """Have a worker compute what the disputes that stand would mean for a measure of a kept period by some words."""
    require(asks_for_figures(by), "have figures computed")
    groups.check(words)
    grouped, split = ",".join(words), f" by {' and '.join(words)}" if words else ""
    return jobs.ask(
        "performance.compute_disputed",
        by=by,
        key=f"disputed-{period}-{measure}-{grouped}",
        title=f"{definition(measure).title}{split}, as disputed",
        period=period,
        measure=measure,
        grouped=grouped,
    )


@working
def keep_tables(*, period: int, measure: str, grouped: str, progress: Callable[[int, int, str], None]) -> None:
    """Keep a measure of a period by some words with each dispute in mind that touches the period; nothing, where the
    period was forgotten meanwhile. How far it is says nothing of how many disputes these are: who asked may not be told
    of each.
    """
    row = Period.objects.filter(pk=period).first()
    if row is None:
        return
    on, extract = basis_of(row), from_bytes(bytes(row.extract))
    for pk in queries.lacking(period, measure, grouped):
        progress(0, 0, f"Disputes beside the figures of {row}")
        reading = DisputedReading.objects.filter(pk=pk).first()
        if reading is not None:
            _beside_reading(reading, _table(queries.opened(reading, extract), grouped, measure, on))


@transaction.atomic
def _beside_reading(reading: DisputedReading, table: DisputedTable) -> None:
    """Beside what another process keeps of the same meanwhile; nothing, where the reading was forgotten meanwhile."""
    if DisputedReading.objects.select_for_update().filter(pk=reading.pk).values_list("pk").first() is not None:
        table.reading = reading
        DisputedTable.objects.bulk_create([table], ignore_conflicts=True)


@working
def keep_all(*, progress: Callable[[int, int, str], None]) -> None:
    """Keep every period that is kept with the disputes in mind that stand now, and what they mean month by month."""
    standing = disputes.contested()
    rows = Period.objects.light().filter(program=PROGRAM).order_by("-batch", "-first")
    known: dict[tuple[int, int], Basis] = {}
    count = rows.count()
    for number, row in enumerate(rows.iterator()):
        progress(number, count, f"Disputes beside the figures of {row}")
        at = row.batch, row.ruled
        if standing and at not in known:
            known = {at: basis_of(row)}
        if standing:
            keep_of_period(row=row, on=known[at], extract=None, standing=standing)
        else:
            DisputedReading.objects.filter(period=row).delete()
    keep_effects()


@working
def keep_effects() -> None:
    """Hand over what each dispute means for the months that pages show; of those that ended, nothing."""
    standing = {one.pk for one in disputes.contested()}
    months = {kept.number: span for span, kept in ready().periods.items() if span.is_month}
    found: dict[int, list[dict[str, object]]] = {number: [] for number in standing}
    rows = DisputedReading.objects.filter(period__in=months, dispute__in=standing, tickets__gt=0)
    for row in rows.defer("ids", "patch", "touches", "sentences"):
        of_all = queries.headlines(Beside.from_json(one) for one in row.figures)
        if of_all:
            span = months[row.period_id]
            points = next((one.points for one in of_all if one.measure == VERDICT), None)
            effect = {"first": span.first, "last": span.last, "tickets": row.tickets, "points": points}
            found[row.dispute].append(effect | {"figures": [_plain(one) for one in of_all]})
    for number in {*disputes.with_effects(), *standing}:
        demand.keep_effects(dispute=number, effects=found.get(number, []))


def _plain(one: Beside) -> dict[str, object]:
    """A figure three ways as a page below prints it, which knows no measures."""
    return one.as_json() | {"title": one.title, "unit": one.unit}


def _numbers(standing: Sequence[Dispute]) -> list[int]:
    return [one.pk for one in standing]
