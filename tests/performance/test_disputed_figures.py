"""Figures with, without and as disputed of random desks, against the oracle; and what acceptance makes of them."""

from datetime import date
from random import Random

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commonhold.demand.acts import disputing as demand
from commonhold.demand.engine.disputed import NOT_GIVEN, Class
from commonhold.demand.models import Batch, Dispute, DisputeEffect
from commonhold.demand.queries import disputed_tickets
from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Role
from commonhold.performance.acts import computing, disputing
from commonhold.performance.engine import groups
from commonhold.performance.engine.disputed import Disputed
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.models import DisputedReading, Period
from commonhold.performance.queries import disputed as queries
from commonhold.performance.queries.periods import basis, basis_of, the_period
from commonhold.performance.queries.recomputing import recomputed
from commonhold.refusals import Refused
from tests.demand.bringing import bring
from tests.performance import claimed, desks, oracle_figures
from tests.performance.oracle import Told, midnight
from tests.performance.oracle_figures import Desk
from tests.performance.test_against_the_oracle import agree, same
from tests.universe import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.long]
WHOLE = Span(date(2024, 10, 1), date(2025, 5, 31))
PERIODS = (WHOLE, Span(date(2024, 10, 25), date(2024, 10, 31)), Span(date(2024, 12, 23), date(2025, 1, 4)))
GROUPINGS: tuple[tuple[str, ...], ...] = ((), ("partner",), ("priority", "kind"), ("team",), ("service", "responsible"))
LEAD = By(post="client-lead-of-southmere", at=NOON, partner="southmere", roles=frozenset({Role.CLIENT_LEAD}))
OFFICER = By(post="service-analyst", at=NOON, roles=frozenset({Role.ANALYST}))
WHY = "The desk chose wrong."


def a_class(random: Random) -> Class:
    """Tickets of random desks that are alike in something, or in nothing but their days."""
    narrower = random.choice(
        (
            {},
            {"partner": random.choice(("southmere", "thornley", "none"))},
            {"priority": random.choice(("p1", "p3", "none"))},
            {"kind": random.choice(("incident", "request"))},
            {"team": "Depot IT"},
            {"service": "Email", "opened_to": date(2024, 12, 31)},
        )
    )
    return Class(**{"opened_from": WHOLE.first, "opened_to": WHOLE.last, **narrower})


def disputed(random: Random, tickets: dict[str, Told]) -> tuple[Dispute, set[str], dict[str, Told]] | None:
    """A dispute of a random class, the tickets that it touches, and the desk as it says; None where it is of none."""
    fact, value, spelt = claimed.claim(random)
    wanted = a_class(random)
    if fact == "hold" and value != "every":
        given = {name: getattr(wanted, name) for name in wanted.__slots__}
        wanted = Class(**{**given, "reason": NOT_GIVEN if value is None else value})
    try:
        made = demand.raise_dispute(by=LEAD, fact=fact, value=spelt, reason=WHY, wanted=wanted)
    except Refused:
        return None
    rows = disputed_tickets.touched(made, Batch.objects.known())
    whose = set(rows.values_list("ticket__reference", flat=True))
    if not whose:
        demand.withdraw(by=LEAD, dispute=made)
        return None
    return made, whose, claimed.told_as(tickets, whose, fact, value)


def figures(extract: Extract, by: tuple[str, ...]) -> list[Figure]:
    on = basis()
    return groups.figures([extract], MEASURES, by, on.names, on.stamp(extract.period))


def check(extract: Extract, tickets: dict[str, Told], span: Span) -> None:
    desk = Desk(list(tickets.values()), claimed.COUNTING, desks.PARTIES)
    for by in GROUPINGS:
        same(figures(extract, by), oracle_figures.figures(desk, span.first, span.last, by, None), by)


def plain(found: list[Figure]) -> list[tuple[object, ...]]:
    return [(one.measure, tuple(one.scope.items()), one.value, one.numerator, one.denominator) for one in found]


@settings(
    max_examples=16,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.integers(0, 2**32), st.sampled_from(PERIODS))
def test_with_without_and_as_disputed_are_the_oracle_s(seed: int, span: Span) -> None:
    random = Random(seed)
    tickets = desks.desk(random, 14)
    with time_machine.travel(NOON, tick=False), transaction.atomic():
        agree()
        bring(desks.file(random, tickets), desks.MAPPING)
        last = max(ticket.last_event for ticket in tickets.values())
        on = basis()
        period = the_period(WHOLE if last < midnight(span.first) else span, on.known)
        span = period.span
        before = {by: figures(computing.extract_of(period=period, on=on), by) for by in GROUPINGS}
        found = disputed(random, tickets)
        if found is not None:
            dispute, whose, said = found
            on = basis()
            extract = computing.extract_of(period=period, on=on)
            three = queries.disputed(extract, period, on, [dispute])

            assert {by: plain(figures(extract, by)) for by in GROUPINGS} == {by: plain(before[by]) for by in GROUPINGS}
            left = {name: told for name, told in tickets.items() if name not in whose}
            if left:
                check(three.without, left, span)
            else:
                assert not len(three.without.records) and not len(three.without.shares)
            check(three.disputed, said, span)
            accepted(dispute, three, span)
        transaction.set_rollback(True)


def accepted(dispute: Dispute, three: Disputed, span: Span) -> None:
    """Once it is accepted figures are as they were disputed, and come out the same from the kept files alone."""
    told = {by: plain(figures(three.disputed, by)) for by in GROUPINGS}
    demand.accept(by=OFFICER, dispute=dispute, words="So it was.")
    on = basis()
    after = {
        by: computing.figures(period=the_period(span, on.known), on=on, measures=MEASURES, by=by) for by in GROUPINGS
    }
    assert {by: plain(found) for by, found in after.items()} == told
    answers = recomputed(one.as_json() for by in ((), ("service", "responsible")) for one in after[by])
    assert {(one.answer, one.why) for one in answers} == {("same", "")}


@time_machine.travel(NOON, tick=False)
def test_disputes_are_kept_beside_each_period_and_forgotten_with_their_end() -> None:
    random = Random(11)
    tickets = desks.desk(random, 30)
    agree()
    bring(desks.file(random, tickets), desks.MAPPING)
    on = basis()
    months = (Span(date(2024, 10, 1), date(2024, 10, 31)), Span(date(2024, 12, 1), date(2024, 12, 31)))
    wanted = Class(opened_from=WHOLE.first, opened_to=WHOLE.last)
    first = demand.raise_dispute(by=LEAD, fact="priority", value="P1", reason=WHY, wanted=wanted)
    computing.make_ready(period=the_period(months[0], on.known), on=on)
    assert list(DisputedReading.objects.values_list("dispute", flat=True)) == [first.pk]

    second = demand.raise_dispute(by=LEAD, fact="hold", value="every hold", reason=WHY, wanted=wanted)
    computing.make_ready(period=the_period(months[1], on.known), on=on)
    disputing.keep_all(progress=lambda *_: None)
    kept = list(DisputedReading.objects.order_by("period__first", "dispute").values_list("dispute", "made_of"))
    assert kept == [(0, [first.pk, second.pk]), (first.pk, [first.pk]), (second.pk, [second.pk])] * 2
    assert DisputeEffect.objects.filter(dispute=first).exists()

    demand.withdraw(by=LEAD, dispute=first)
    disputing.keep_all(progress=lambda *_: None)
    assert set(DisputedReading.objects.values_list("dispute", flat=True)) == {second.pk}
    assert not DisputeEffect.objects.filter(dispute=first).exists()
    demand.withdraw(by=LEAD, dispute=second)
    disputing.keep_all(progress=lambda *_: None)
    assert not DisputedReading.objects.exists() and not DisputeEffect.objects.exists()


@time_machine.travel(NOON, tick=False)
def test_a_period_that_is_known_better_since_is_read_as_it_was_known() -> None:
    random = Random(12)
    tickets = desks.desk(random, 20)
    agree()
    bring(desks.file(random, dict(list(tickets.items())[:10])), desks.MAPPING)
    on = basis()
    period = the_period(WHOLE, on.known)
    computing.make_ready(period=period, on=on)
    bring(desks.file(random, dict(list(tickets.items())[10:])), desks.MAPPING)
    wanted = Class(opened_from=WHOLE.first, opened_to=WHOLE.last)
    dispute = demand.raise_dispute(by=LEAD, fact="priority", value="P1", reason=WHY, wanted=wanted)
    disputing.keep_all(progress=lambda *_: None)

    row = Period.objects.get()
    assert (basis_of(row).known, basis_of(row).ruled) == (on.known, on.ruled)
    kept = DisputedReading.objects.get()
    now = queries.disputed(computing.extract_of(period=period, on=on), period, on, [dispute])
    assert kept.tickets == now.tickets <= 10 < dispute.tickets
