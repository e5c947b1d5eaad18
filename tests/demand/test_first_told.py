"""What a history tells of new tickets stands aside while it is gathered, and is read as the database would give it."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.demand.acts import gathering
from commonhold.demand.models import Batch, Reckoning
from commonhold.demand.queries import reckoned
from commonhold.demand.queries.first_told import SAID, first_told
from commonhold.demand.queries.knowledge import last_told
from commonhold.demand.queries.rules import clock_rules
from tests.demand.bringing import bring, events

STATES = ("open", "in_progress", "on_hold", "reopened", "resolved", "closed", "cancelled")
FIRST = int(datetime(2026, 6, 1, 8, tzinfo=UTC).timestamp())


def columns(tickets: list[int], at: list[int]) -> dict[str, list[int | None]]:
    """Events of tickets at instants, told in this order: the state says the place."""
    said: dict[str, list[int | None]] = {name: [None] * len(tickets) for name in SAID}
    return said | {"ticket": [*tickets], "at": [*at], "state": [*range(len(tickets))]}


def test_events_come_back_by_ticket_and_instant_and_as_told_at_one() -> None:
    with first_told() as aside:
        aside.add(columns([7, 5, 7, 3], [20, 10, 10, 1]), after=3)
        aside.add(columns([5, 7], [10, 20]), after=3)
        assert aside.tickets.tolist() == [5, 7]
        parts = [(part["ticket"].tolist(), part["at"].tolist(), part["state"].tolist()) for part in aside.parts(1)]
        assert parts == [([5, 5], [10, 10], [1, 0]), ([7, 7, 7], [10, 20, 20], [2, 0, 1])]
        (whole,) = aside.parts(2)
        assert whole["ticket"].tolist() == [5, 5, 7, 7, 7]


def test_what_nobody_said_stands_for_itself() -> None:
    with first_told() as aside:
        aside.add(columns([1], [5]), after=0)
        (part,) = aside.parts(10)
    assert {name: part[name].tolist() for name in SAID if name not in ("ticket", "at", "state")} == {
        name: [nothing] for name, nothing in SAID.items() if name not in ("ticket", "at", "state")
    }


def test_columns_are_read_in_the_order_in_which_they_are_stored() -> None:
    assert tuple(column for column, _ in reckoned.READ.values()) == gathering.COLUMNS


def test_nothing_aside_is_no_part() -> None:
    with first_told() as aside:
        aside.add(columns([1, 2], [5, 6]), after=2)
        assert aside.tickets.tolist() == []
        assert list(aside.parts(10)) == []


lines = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.integers(0, 400).map(lambda hours: hours * 1800),
        st.sampled_from(STATES),
        st.sampled_from(("", "P1", "P3")),
        st.sampled_from(("incident", "request")),
        st.sampled_from(("", "Desk", "Networks")),
    ),
    min_size=1,
    max_size=40,
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(first=lines, second=lines)
def test_clocks_read_from_aside_are_those_read_from_the_database(
    first: list[tuple[object, ...]], second: list[tuple[object, ...]]
) -> None:
    """A file about new tickets, and another about them and others: every reading is what stored events give."""
    already = list(Reckoning.objects.values_list("ticket", flat=True))
    for number, told in enumerate((first, second)):
        rows = [
            f"SD{len(already)}-{ticket + number * 3},{datetime.fromtimestamp(FIRST + at, UTC):%Y-%m-%dT%H:%MZ},"
            f"{state},{priority},{kind},{team},Ashvale,Email,Fault"
            for ticket, at, state, priority, kind, team in told
            if isinstance(at, int) and isinstance(ticket, int)
        ]
        bring(events(*rows))
        _as_stored()


def _as_stored() -> None:
    as_of = last_told()
    known = Reckoning.objects.filter(known_until=None, known_from=Batch.objects.known()).order_by("ticket")
    tickets = list(known.values_list("ticket", flat=True))
    rules = clock_rules(as_of).compiled
    stored = [tuple(map(_plain, row)) for row in known.values_list(*reckoned.COLUMNS)]
    assert stored == [
        tuple(map(_plain, row)) for row in reckoned.reckoned(tickets, rules, np.full(len(tickets), as_of))
    ]


def _plain(value: object) -> object:
    """A value as it is loaded."""
    if isinstance(value, datetime):
        return int(value.timestamp())
    return bytes(value) if isinstance(value, memoryview) else value
