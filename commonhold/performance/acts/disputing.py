"""Keeping what disputes would mean for figures: workings, computed again whenever more is known or is disputed."""

from collections.abc import Callable, Sequence

from django.db import transaction

from commonhold.demand.acts import disputing as demand
from commonhold.demand.models import Dispute
from commonhold.demand.queries import disputes
from commonhold.ledger.workings import working
from commonhold.performance.engine.disputed import VERDICT, Beside
from commonhold.performance.engine.extract import Extract, from_bytes
from commonhold.performance.models import DisputedReading, Period
from commonhold.performance.queries import disputed as queries
from commonhold.performance.queries.periods import PROGRAM, Basis, basis_of
from commonhold.performance.queries.readings import ready


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
    for number in missing:
        assert extract is not None
        _keep(row, on, extract, number, wanted[number])


def _keep(row: Period, on: Basis, extract: Extract, number: int, standing: list[Dispute]) -> None:
    found = queries.disputed(extract, extract.period, on, standing)
    names, stamp = on.names, on.stamp(extract.period)
    made = DisputedReading(
        period=row,
        dispute=number,
        made_of=_numbers(standing),
        tickets=found.tickets,
        ids=queries.packed(found.ids),
        patch=found.patch.as_bytes(),
        figures=[one.as_json() for one in found.kept(names, stamp)],
        sentences=[one.as_json() for one in found.sentences(names)],
    )
    _beside_others(made)


@transaction.atomic
def _beside_others(made: DisputedReading) -> None:
    """Beside what another process keeps of the same meanwhile; nothing, where the period was forgotten meanwhile."""
    if Period.objects.select_for_update().filter(pk=made.period_id).values_list("pk").first() is not None:
        DisputedReading.objects.bulk_create([made], ignore_conflicts=True)


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
    for row in rows.defer("ids", "patch"):
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
