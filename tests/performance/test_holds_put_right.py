"""Facts of random desks put right, holds among them: every figure against the oracle, and again from the kept files."""

from datetime import date
from random import Random

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commonhold.demand.acts import putting_right
from commonhold.demand.models import Party
from commonhold.figures import Figure, Span
from commonhold.performance.acts import computing
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.queries.periods import basis, the_period
from commonhold.performance.queries.recomputing import recomputed
from commonhold.refusals import Refused
from tests.demand.bringing import bring, events, known, operator, ticket
from tests.performance import claimed, desks, oracle_figures
from tests.performance.oracle_figures import Desk
from tests.performance.test_against_the_oracle import agree, same
from tests.universe import NOON

pytestmark = pytest.mark.django_db
WHOLE = (date(2024, 10, 1), date(2025, 5, 31))
WHY = "The desk chose wrong."
HOLDS = "reference,event_at,state,hold_reason,priority,kind,team,partner,service,category"


def figures(first: date, last: date, by: tuple[str, ...] = ()) -> list[Figure]:
    on = basis()
    return computing.figures(period=the_period(Span(first, last), on.known), on=on, measures=MEASURES, by=by)


@settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow],
)
@pytest.mark.long
@given(st.integers(0, 2**32))
def test_random_desks_put_right(seed: int) -> None:
    random = Random(seed)
    tickets = desks.desk(random, 10)
    with time_machine.travel(NOON, tick=False), transaction.atomic():
        agree()
        bring(desks.file(random, tickets), desks.MAPPING)
        said = tickets
        for reference in random.sample(sorted(tickets), 6):
            fact, value, spelt = claimed.claim(random)
            try:
                putting_right.correct(by=operator(), ticket=ticket(reference), fact=fact, value=spelt, reason=WHY)
            except Refused:
                continue
            said = claimed.told_as(said, {reference}, fact, value)
        desk = Desk(list(said.values()), claimed.COUNTING, desks.PARTIES)
        for by in ((), ("partner",), ("priority", "kind")):
            found = figures(*WHOLE, by)
            same(found, oracle_figures.figures(desk, *WHOLE, by, None), by)
            answers = {(one.answer, one.why) for one in recomputed(one.as_json() for one in found)}
            assert answers == {("same", "")}
        transaction.set_rollback(True)


@time_machine.travel(NOON, tick=False)
def test_another_party_answers_for_all_minutes() -> None:
    random = Random(7)
    agree()
    bring(desks.file(random, desks.desk(random, 40)), desks.MAPPING)
    rows = [one for one in figures(*WHOLE, ("responsible",)) if one.measure == "minutes_used" and one.value]
    supplier = Party.objects.get(kind="supplier")
    total = sum(one.value or 0 for one in rows)
    changed = 0
    for reference in (f"T{number}" for number in range(40)):
        try:
            putting_right.correct(
                by=operator(), ticket=ticket(reference), fact="responsible", value="Net Works Ltd, supplier", reason=WHY
            )
            changed += 1
        except Refused as refusal:
            assert "as it stands" in str(refusal)
    after = figures(*WHOLE, ("responsible",))
    left = {one.scope["responsible"]: one.value for one in after if one.measure == "minutes_used" and one.value}

    assert changed and left == {str(supplier): total}
    assert {(one.answer, one.why) for one in recomputed(one.as_json() for one in after)} == {("same", "")}


@pytest.fixture
def held(partnership: None) -> None:
    told = "P3,incident,Networks,Southmere,Email,Fault"
    bring(
        events(
            f"SD1,2026-06-01T07:00Z,open,,{told}",
            f"SD1,2026-06-01T08:00Z,on_hold,awaiting_supplier,{told}",
            f"SD1,2026-06-02T08:00Z,in_progress,,{told}",
            f"SD1,2026-06-03T08:00Z,on_hold,awaiting_customer,{told}",
            f"SD1,2026-06-04T16:00Z,resolved,,{told}",
            headings=HOLDS,
        )
    )


def minutes() -> int:
    return known("SD1").used // 60


def test_one_hold_counts_and_the_other_does_not(held: None) -> None:
    before, on_hold = minutes(), known("SD1").held // 60
    made = putting_right.correct(
        by=operator(), ticket=ticket("SD1"), fact="hold", value="2026-06-01T08:00:00+00:00", reason=WHY
    )
    first = minutes() - before

    assert 0 < first < on_hold and known("SD1").held // 60 == on_hold - first
    assert known("SD1").was_held
    putting_right.correct(by=operator(), ticket=ticket("SD1"), fact="hold", value="awaiting customer", reason=WHY)
    assert (minutes(), known("SD1").held) == (before + on_hold, 0)

    putting_right.undo(by=operator(), what=made)
    assert minutes() == before + on_hold - first


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("awaiting change", "SD1 has no such hold"),
        ("2026-06-01T08:00:01+00:00", "SD1 has no such hold"),
        ("yesterday", "says of no hold that its time counts"),
        ("2026-06-01T08:00:00", "says of no hold that its time counts"),
    ],
)
def test_a_hold_that_there_is_not_is_refused(held: None, value: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        putting_right.correct(by=operator(), ticket=ticket("SD1"), fact="hold", value=value, reason=WHY)


def test_the_same_hold_is_put_right_once(held: None) -> None:
    putting_right.correct(by=operator(), ticket=ticket("SD1"), fact="hold", value="every hold", reason=WHY)

    with pytest.raises(Refused, match="stands corrected already"):
        putting_right.correct(by=operator(), ticket=ticket("SD1"), fact="hold", value="every hold", reason=WHY)
    with pytest.raises(Refused, match="no such hold whose time does not count"):
        putting_right.correct(by=operator(), ticket=ticket("SD1"), fact="hold", value="awaiting supplier", reason=WHY)
