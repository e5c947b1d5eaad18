"""The bridge between two lists: effects that add up exactly, tickets under their causes, and nothing left over."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.performance.engine.reconciling.bridge import Bridge, Records, Weighing, bridge
from commonhold.performance.engine.reconciling.causes import ORDER, Cause
from commonhold.refusals import Refused

Ticket = tuple[bool, bool, int]
WEIGHINGS = [
    Weighing("count"),
    Weighing("share"),
    Weighing("total", 60),
    Weighing("point", 3_600, 5),
    Weighing("point", 60, 9, rounds=True),
]
TICKET = st.tuples(st.booleans(), st.booleans(), st.integers(0, 100_000))
APPLIED = [cause for cause in ORDER if cause not in (Cause.OWN, Cause.ROUNDING)]


@st.composite
def lists(draw: st.DrawFn) -> list[list[Ticket]]:
    """Ours, some lists between, and theirs: the same tickets, each bringing anything."""
    size = draw(st.integers(1, 12))
    count = draw(st.integers(2, 7))
    return [draw(st.lists(TICKET, min_size=size, max_size=size)) for _ in range(count)]


def records(tickets: list[Ticket]) -> Records:
    counted, met, amount = zip(*tickets, strict=True)
    return Records.of(np.array(counted), np.array(met), np.array(amount, np.int64))


def slowly(weighing: Weighing, tickets: list[Ticket]) -> Fraction | None:
    """The figure of a list, one ticket after another."""
    counting = [(met, amount) for counted, met, amount in tickets if counted]
    if weighing.kind == "count":
        return Fraction(len(counting))
    if weighing.kind == "total":
        return sum((Fraction(amount, weighing.per) for _, amount in counting), Fraction(0))
    if not counting:
        return None
    if weighing.kind == "share":
        return Fraction(len([met for met, _ in counting if met]), len(counting))
    ordered = sorted(amount for _, amount in counting)
    at = Fraction((len(ordered) - 1) * weighing.tenths, 10)
    below = at.numerator // at.denominator
    above = min(below + 1, len(ordered) - 1)
    found = (ordered[below] + (ordered[above] - ordered[below]) * (at - below)) / weighing.per
    return Fraction(round(found)) if weighing.rounds else found


def brings(ticket: Ticket) -> Ticket:
    counted, met, amount = ticket
    return (True, met, amount) if counted else (False, False, 0)


def built(weighing: Weighing, given_lists: list[list[Ticket]]) -> Bridge:
    ours, *between, theirs = map(records, given_lists)
    return bridge(weighing, ours, zip(APPLIED, between, strict=False), theirs)


@given(st.sampled_from(WEIGHINGS), lists())
def test_the_effects_are_the_difference_and_every_differing_ticket_is_under_its_causes(
    weighing: Weighing, given_lists: list[list[Ticket]]
) -> None:
    ours, theirs = given_lists[0], given_lists[-1]
    begins, ends = slowly(weighing, ours), slowly(weighing, theirs)
    if begins is None or ends is None:
        with pytest.raises(Refused, match="counts no ticket"):
            built(weighing, given_lists)
        return
    found = built(weighing, given_lists)

    assert (found.ours, found.theirs, found.left_over) == (begins, ends, 0)
    assert found.ours + sum(line.effect for line in found.lines) == found.theirs
    differing = {place for place in range(len(ours)) if brings(ours[place]) != brings(theirs[place])}
    assert found.differing == len(differing)
    causes = [*APPLIED[: len(given_lists) - 2], Cause.OWN]
    now, value, expected = ours, begins, []
    for cause, reached in zip(causes, given_lists[1:], strict=True):
        after = [reached[place] if place in differing else now[place] for place in range(len(ours))]
        moved = [place for place in range(len(ours)) if brings(after[place]) != brings(now[place])]
        reached_value = slowly(weighing, after)
        if moved:
            expected.append((cause, moved, (value if reached_value is None else reached_value) - value))
            value = value if reached_value is None else reached_value
        now = after
    assert [(line.cause, line.tickets.tolist(), line.effect) for line in found.lines] == expected
    assert {place for _, moved, _ in expected for place in moved} == differing


@given(st.sampled_from(WEIGHINGS), lists())
def test_the_way_back_has_the_same_effects_with_the_other_sign(
    weighing: Weighing, given_lists: list[list[Ticket]]
) -> None:
    # Between lists in which only tickets that differ at the end are apart, as worked.
    ours, theirs = given_lists[0], given_lists[-1]
    kept = [
        [
            reached if brings(mine) != brings(other) else mine
            for mine, other, reached in zip(ours, theirs, between, strict=True)
        ]
        for between in given_lists
    ]
    if any(slowly(weighing, one) is None for one in kept):
        return
    there, back = built(weighing, kept), built(weighing, kept[::-1])

    assert there.theirs - there.ours == -(back.theirs - back.ours)
    assert sorted(line.effect for line in there.lines) == sorted(-line.effect for line in back.lines)
    assert [line.tickets.tolist() for line in there.lines] == [line.tickets.tolist() for line in back.lines][::-1]


@given(st.sampled_from(WEIGHINGS), lists())
def test_equal_lists_have_no_causes_whatever_was_between(weighing: Weighing, given_lists: list[list[Ticket]]) -> None:
    if slowly(weighing, given_lists[0]) is None:
        return
    found = built(weighing, [*given_lists[:-1], given_lists[0]])

    assert (found.lines, found.differing, found.is_whole) == ((), 0, True)


def test_causes_out_of_their_order_are_refused() -> None:
    one = records([(True, True, 1)])
    other = records([(True, False, 1)])
    with pytest.raises(ValueError, match="order"):
        bridge(Weighing("share"), one, [(Cause.HOLDS, other), (Cause.KIND, one)], other)


def test_what_is_stated_is_rounding_within_its_last_place_and_left_over_beyond() -> None:
    tickets = [(True, place < 16, 0) for place in range(17)]
    found = bridge(Weighing("share"), records(tickets), [], records(tickets))
    written = found.stated(Fraction(941, 1000), Fraction(1, 2000))
    beyond = found.stated(Fraction(95, 100), Fraction(1, 2000))

    assert [line.cause for line in written.lines] == [Cause.ROUNDING] and written.is_whole
    assert written.theirs == Fraction(941, 1000)
    assert (beyond.is_whole, beyond.left_over, beyond.lines) == (False, Fraction(95, 100) - Fraction(16, 17), ())


def test_effects_that_do_not_add_up_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="not the difference"):
        Bridge(Fraction(1), Fraction(2), (), 1, 1)
