"""From histories to figures: the clock read around a period, who held the minutes, and what a source cannot prove."""

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.demand.engine.clock import SINCE_EVER, Compiled, Histories, Op, compile_rules, opened, reckon, timeline
from commonhold.demand.engine.columns import Grade, State
from commonhold.demand.engine.facts import as_proven, missed
from commonhold.figures import Figure, Span
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.targets import Target, Targets
from commonhold.performance.engine.bounds import whole_minutes
from commonhold.performance.engine.groups import figures
from commonhold.performance.engine.periods import Period, months, period
from commonhold.performance.engine.reading import read, reading
from tests.performance.engine_samples import MARCH, NAMES, STAMP, Sample, at, tickets

OFFICE = """
time_zone = "Europe/London"
holidays = "GB-ENG"
[office]
mon-fri = ["08:00-18:00"]
observes_holidays = true
"""
PARTIES = {1: 1, 2: 2, 3: 1}

# Opened on a Monday at nine, on hold for two hours on Tuesday morning, passed on at noon, resolved on Wednesday at ten.
STEPS = [
    opened(at("2016-03-07T09:00"), priority=3, team=1),
    (at("2016-03-08T09:00"), Op.STATE, State.ON_HOLD),
    (at("2016-03-08T11:00"), Op.STATE, State.IN_PROGRESS),
    (at("2016-03-08T12:00"), Op.TEAM, 2),
    (at("2016-03-09T10:00"), Op.STATE, State.RESOLVED),
]
TICKET = Sample(opened=STEPS[0][0], resolved=STEPS[-1][0], team=2, party=2, own_resolved=False, own_closed=False)


def rules() -> Compiled:
    targets = Targets({"P3": Target(600, "office")})
    first, last = at("2016-01-01T00:00"), at("2016-12-31T00:00")
    return compile_rules([(SINCE_EVER, Calendars.from_toml(OFFICE, "here"))], [(SINCE_EVER, targets)], first, last)


def found(
    *measures: str, by: tuple[str, ...] = (), of: Period = MARCH, grade: Grade = Grade.INTERVALS, held: int = -1
) -> list[Figure]:
    """The figures of one ticket, by its steps; with another grade its hold is not in the history."""
    known = replace(tickets([TICKET]), grade=np.array([grade], np.int8), held_minutes=np.array([held], np.int64))
    steps = STEPS if grade == Grade.INTERVALS else [step for step in STEPS if step[2] != State.ON_HOLD]
    histories = Histories.joined([timeline(steps)])
    return figures([read(of, known, histories, rules(), PARTIES)], measures, by, NAMES, STAMP)


def test_the_clock_runs_in_opening_hours_and_stops_on_hold() -> None:
    # Monday 9 hours, Tuesday 10 less 2 on hold, Wednesday 2: nineteen hours against a target of ten.
    minutes, held, within = found("working_minutes_median", "on_hold_minutes", "within_target")
    assert (minutes.value, held.value, within.numerator) == (19 * 60, 120, 0)


def test_the_minutes_are_told_apart_by_team_and_by_responsible_party() -> None:
    by_team = found("minutes_used", by=("team",))
    assert {f.scope["team"]: f.value for f in by_team} == {"Desk": 11 * 60, "Network": 8 * 60}
    by_party = found("minutes_used", by=("responsible",))
    assert {f.scope["responsible"]: f.value for f in by_party} == {"service": 660, "authority: Ashby": 480}


def test_a_reading_in_the_middle_knows_no_later_events() -> None:
    tuesday = period(MARCH.span, as_of=at("2016-03-08T10:00"))
    open_then, on_hold, held = found("open_at_end", "on_hold_tickets", "on_hold_minutes", of=tuesday)
    assert (open_then.value, on_hold.value, held.value) == (1, 1, 60)


def test_a_period_can_be_read_later_than_its_end() -> None:
    # On Tuesday evening the ticket was open; read on Wednesday, it was late by then.
    until_tuesday = period(Span(date(2016, 3, 7), date(2016, 3, 8)), as_of=at("2016-03-09T09:00"))
    open_then, late = found("open_at_end", "breached_open", of=until_tuesday)
    assert (open_then.value, late.value) == (1, 1)


def test_a_closing_stands_until_the_ticket_is_reopened() -> None:
    steps = [
        opened(at("2016-03-07T09:00"), priority=3, team=1),
        (at("2016-03-08T09:00"), Op.STATE, State.CLOSED),
        (at("2016-03-09T09:00"), Op.STATE, State.RESOLVED),
        (at("2016-03-29T09:00"), Op.STATE, State.REOPENED),
    ]
    known = replace(tickets([TICKET]), last_event=np.array([steps[-1][0]], np.int64))
    histories = Histories.joined([timeline(steps)])
    unclosed = [
        figures([read(of, known, histories, rules(), PARTIES)], ["unclosed_at_end"], (), NAMES, STAMP)[0].value
        for of in (period(MARCH.span, as_of=at("2016-03-20T09:00")), MARCH)
    ]
    assert unclosed == [0, 1]


def test_without_holds_the_minutes_are_at_most_all_open_hours() -> None:
    minutes, within = found("working_minutes_median", "within_target", grade=Grade.NONE)
    assert (minutes.low, minutes.value, minutes.high) == (0, 21 * 60, 21 * 60)
    assert (within.low, within.value, within.high) == (0, 0, 1)


def test_a_total_lies_in_opening_hours_as_far_as_it_can_or_outside_them() -> None:
    # 49 hours passed, 21 of them open. Of a total of 30, 28 may lie outside, so at least 2 were open; or all 21 were.
    (minutes,) = found("working_minutes_median", grade=Grade.TOTAL, held=30 * 60)
    assert (minutes.low, minutes.high) == (0, 19 * 60)
    (short,) = found("working_minutes_median", grade=Grade.TOTAL, held=120)
    assert (short.low, short.high) == (19 * 60, 21 * 60)


def test_what_a_total_proves_was_held_was_not_used() -> None:
    # A total of 45 hours leaves 28 outside opening hours and at least 17 within: at most 4 of a target of 10 were used.
    minutes, within = found("working_minutes_median", "within_target", grade=Grade.TOTAL, held=45 * 60)
    assert (minutes.low, minutes.value, minutes.high) == (0, 4 * 60, 4 * 60)
    assert (within.low, within.value, within.high) == (None, 1, None)
    by_team = found("minutes_used", by=("team",), grade=Grade.TOTAL, held=45 * 60)
    assert sum(f.value or 0 for f in by_team) == 4 * 60


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    first = draw(st.integers(at("2016-01-04T00:00"), at("2016-05-01T00:00")))
    steps = [opened(first, priority=draw(st.sampled_from((0, 3))), team=draw(st.integers(0, 3)))]
    when = first
    for _ in range(draw(st.integers(0, 8))):
        when += draw(st.integers(0, 10 * 86_400))
        if draw(st.booleans()):
            steps.append((when, Op.STATE, draw(st.integers(0, State.CLOSED))))
        else:
            steps.append((when, Op.TEAM, draw(st.integers(1, 3))))
    return steps


@settings(max_examples=60, deadline=None)
@given(st.lists(histories(), min_size=1, max_size=12))
def test_months_add_up_and_minutes_sum_to_the_whole(found: list[list[tuple[int, int, int]]]) -> None:
    joined = Histories.joined([timeline(steps) for steps in found])
    compiled = rules()
    at_last = reckon(joined, compiled, at("2016-12-01T00:00"))
    samples = [Sample(id=n, opened=steps[0][0], own_resolved=False, own_closed=False) for n, steps in enumerate(found)]
    known = replace(
        tickets(samples),
        resolved=at_last.resolved_at,
        closed=at_last.closed_at,
        last_event=np.array([steps[-1][0] for steps in found], np.int64),
    )
    whole = period(Span(date(2016, 1, 1), date(2016, 8, 31)))
    extracts = [read(month, known, joined, compiled, PARTIES) for month in months(whole)]
    over_all = read(whole, known, joined, compiled, PARTIES)
    for measure in ("tickets_opened", "tickets_resolved", "on_hold_minutes", "reopenings", "minutes_used"):
        monthly = figures(extracts, [measure], ("month",), NAMES, STAMP)
        (one,) = figures([over_all], [measure], (), NAMES, STAMP)
        assert (one.value or 0) == sum(m.value or 0 for m in monthly)
    used = reading(known, reckon(joined, compiled, whole.as_of, whole.as_of + 1), whole.as_of, whole.as_of + 1).used
    resolved = (known.resolved >= whole.start) & (known.resolved <= whole.until) & (used >= 0)
    by_team = figures([over_all], ["minutes_used"], ("team", "responsible"), NAMES, STAMP)
    assert sum(f.value or 0 for f in by_team) * 60 == whole_minutes(used[resolved]).sum()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(histories(), st.integers(0, 40_000)), min_size=1, max_size=12))
def test_when_a_target_counts_as_missed_is_known_before_of_totals_too(
    found: list[tuple[list[tuple[int, int, int]], int]],
) -> None:
    joined = Histories.joined([timeline(steps) for steps, _ in found])
    samples = [Sample(id=n, opened=steps[0][0]) for n, (steps, _) in enumerate(found)]
    known = replace(
        tickets(samples),
        grade=np.full(len(found), Grade.TOTAL, np.int8),
        held_minutes=np.array([total for _, total in found], np.int64),
    )
    last = at("2016-08-01T00:00")
    clock = reckon(joined, rules(), last)
    facts = {"grade": known.grade, "opened": known.opened, "held_minutes": known.held_minutes}
    missed_at = as_proven(missed(joined, clock, rules()), clock, **facts)

    for later in range(last, at("2016-11-01T00:00"), 5 * 86_400 + 12_345):
        read = reading(known, reckon(joined, rules(), later), later, later)
        assert (missed_at <= later).tolist() == read.breached.tolist()


def held_to_a_target(*steps: tuple[int, int, int]) -> Figure:
    """Whether a ticket, opened on a Monday at nine and resolved on Tuesday at ten, was within target."""
    resolved = at("2016-03-08T10:00")
    known = tickets([replace(TICKET, opened=STEPS[0][0], resolved=resolved)])
    story = [*steps, (resolved, Op.STATE, State.RESOLVED)]
    histories = Histories.joined([timeline(story)])
    (share,) = figures([read(MARCH, known, histories, rules(), PARTIES)], ["within_target"], (), NAMES, STAMP)
    return share


def test_a_ticket_that_lost_its_target_counts_as_met_or_missed_while_it_had_one() -> None:
    begun, early, late = opened(STEPS[0][0], priority=3), at("2016-03-07T12:00"), at("2016-03-08T09:30")
    met = held_to_a_target(begun, (early, Op.PRIORITY, 4))
    missed = held_to_a_target(begun, (late, Op.PRIORITY, 4))

    assert (met.numerator, met.denominator) == (1, 1), "three hours of ten were used when the target went"
    assert (missed.numerator, missed.denominator) == (0, 1), "ten hours and a half were used before it went"


def test_a_target_that_never_was_in_force_while_time_passed_is_none() -> None:
    never = held_to_a_target(opened(STEPS[0][0], priority=3), (STEPS[0][0], Op.PRIORITY, 4))

    assert never.value is None and never.reason == "no target is in force for these tickets"
