"""The rules of the clock, one by one, in examples that can be checked with a calendar and a pencil (C1-C11, R3)."""

import numpy as np
import pytest

from commonhold.demand.engine.clock import Compiled, Histories, Op, by_team, compile_rules, opened, reckon
from commonhold.demand.engine.clock.histories import STEP, Step
from commonhold.demand.engine.columns import NONE, Kind, State
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.hold_reasons import REASONS, HoldReasons
from commonhold.partnership.engine.rules.targets import Targets
from tests.demand.clock_examples import CALENDARS, RULES, SINCE, TARGETS, at, becomes, counted_by, read, utc

MINUTE = 60
LONGER_DAY = Calendars.from_toml(
    """
    time_zone = "Europe/London"
    holidays = "GB-ENG"
    [office]
    mon-fri = ["08:00-20:00"]
    observes_holidays = true
    """,
    "examples",
)


def test_c1_only_open_windows_count_and_the_closing_minute_is_out() -> None:
    steps = [opened(at("2024-06-11 12:00")), *counted_by("lunch", 60, since=0)]
    said = read([*steps, becomes("2024-06-11 14:00", State.RESOLVED)], "2024-06-12 10:00")
    assert said.used == 60 * MINUTE
    assert [stretch.windows for stretch in said.stretches if stretch.counted] == [
        ((at("2024-06-11 12:00"), at("2024-06-11 12:30")), (at("2024-06-11 13:30"), at("2024-06-11 14:00")))
    ]


def test_c2_the_repeated_hour_counts_twice() -> None:
    steps = [opened(at("2024-10-27 01:30")), *counted_by("24x7", 60, since=0)]
    said = read([*steps, becomes("2024-10-27 01:30+", State.RESOLVED)], "2024-10-28 00:00")
    assert (said.used, utc(said.due)) == (60 * MINUTE, "2024-10-27T01:30:00+00:00")


def test_c2_a_window_in_the_repeated_hour_opens_twice() -> None:
    said = read([opened(at("2024-10-27 00:00")), *counted_by("sundays", 90, since=0)], "2024-10-27 04:00")
    assert said.used == 120 * MINUTE
    assert utc(said.due) == "2024-10-27T01:30:00+00:00"


def test_c2_the_missing_hour_counts_not_at_all() -> None:
    said = read([opened(at("2024-03-30 22:00")), *counted_by("night", 480, since=0)], "2024-03-31 08:00")
    assert said.used == 7 * 60 * MINUTE
    sundays = read([opened(at("2024-03-30 22:00")), *counted_by("sundays", 60, since=0)], "2024-03-31 08:00")
    assert (sundays.used, utc(sundays.due)) == (0, "2024-04-07T01:00:00+00:00")


def test_c3_a_bank_holiday_closes_the_date_and_christmas_stays_closed() -> None:
    said = read([opened(at("2021-12-24 16:00")), *counted_by("office", 600, since=0)], "2021-12-29 17:00")
    assert said.used == (2 + 9) * 60 * MINUTE


@pytest.mark.parametrize("state", [State.OPEN, State.IN_PROGRESS, State.REOPENED])
def test_c4_states_that_run(state: State) -> None:
    steps = [opened(at("2024-06-11 09:00")), *counted_by("office", 600, since=0)]
    assert read([*steps, becomes("2024-06-11 10:00", state)], "2024-06-11 12:00").used == 180 * MINUTE


@pytest.mark.parametrize("state", [State.ON_HOLD, State.RESOLVED, State.CLOSED, State.CANCELLED])
def test_c4_states_that_do_not(state: State) -> None:
    steps = [opened(at("2024-06-11 09:00")), *counted_by("office", 600, since=0)]
    said = read([*steps, becomes("2024-06-11 10:00", state)], "2024-06-11 12:00")
    assert said.used == 60 * MINUTE
    assert said.held == (120 * MINUTE if state == State.ON_HOLD else 0)


CUSTOMER, SUPPLIER, CHANGE = (REASONS.index(f"awaiting_{whom}") for whom in ("customer", "supplier", "change"))
NOT_FOR_SUPPLIERS = HoldReasons.from_json(
    {
        "awaiting_customer": {"words": "We wait for the customer", "accepted": True},
        "awaiting_supplier": {"words": "We wait for a supplier", "accepted": False},
    }
)
ALL_PAUSE = HoldReasons.from_json({"awaiting_supplier": {"words": "We wait for a supplier", "accepted": True}})


def with_reasons(*versions: tuple[str, HoldReasons]) -> Compiled:
    """The rules of the examples with versions of hold reasons, each in force from an instant on."""
    holds = [(at(since), version) for since, version in versions]
    return compile_rules([(SINCE, CALENDARS)], [(SINCE, TARGETS)], SINCE, at("2026-01-01"), holds)


AGREED = with_reasons(("2015-01-01", NOT_FOR_SUPPLIERS))


def on_hold(local: str, reason: int | None = None) -> list[Step]:
    return [becomes(local, State.ON_HOLD), *([] if reason is None else [(at(local), Op.HOLD_REASON, reason)])]


def test_c4_a_hold_for_a_reason_that_is_not_accepted_does_not_pause_the_clock() -> None:
    steps = [opened(at("2024-06-11 09:00"), priority=2), *on_hold("2024-06-11 10:00", SUPPLIER)]
    said = read(steps, "2024-06-12 12:00", AGREED)
    assert (said.state, said.used, said.held) == (State.ON_HOLD, 13 * 60 * MINUTE, 0)
    assert (said.due, said.breached_at) == (at("2024-06-11 17:00"), at("2024-06-11 17:00"))


@pytest.mark.parametrize("reason", [CUSTOMER, CHANGE, None])
def test_c4_a_reason_that_is_accepted_or_not_named_or_not_given_pauses_it(reason: int | None) -> None:
    steps = [opened(at("2024-06-11 09:00"), priority=2), *on_hold("2024-06-11 10:00", reason)]
    said = read(steps, "2024-06-12 12:00", AGREED)
    assert (said.used, said.held, said.due) == (60 * MINUTE, 12 * 60 * MINUTE, None)


def test_c4_without_a_rule_every_hold_pauses_the_clock() -> None:
    steps = [opened(at("2024-06-11 09:00"), priority=2), *on_hold("2024-06-11 10:00", SUPPLIER)]
    assert read(steps, "2024-06-11 12:00").used == 60 * MINUTE


def test_c4_a_reason_that_changes_during_a_hold_takes_effect_from_then_on() -> None:
    steps = [
        opened(at("2024-06-11 09:00"), priority=2),
        *on_hold("2024-06-11 10:00", CUSTOMER),
        (at("2024-06-11 12:00"), Op.HOLD_REASON, SUPPLIER),
        (at("2024-06-11 15:00"), Op.HOLD_REASON, CUSTOMER),
    ]
    said = read(steps, "2024-06-11 18:00", AGREED)
    assert (said.used, said.held) == (4 * 60 * MINUTE, 5 * 60 * MINUTE)


def test_c4_a_hold_that_is_given_no_reason_does_not_have_that_of_the_hold_before() -> None:
    steps = [
        opened(at("2024-06-11 09:00"), priority=2),
        *on_hold("2024-06-11 10:00", SUPPLIER),
        becomes("2024-06-11 11:00", State.OPEN),
        *on_hold("2024-06-11 12:00", NONE),
    ]
    assert read(steps, "2024-06-11 18:00", AGREED).used == 3 * 60 * MINUTE


def test_c4_a_running_hold_is_due_as_if_the_ticket_were_open_and_says_why_it_counted() -> None:
    steps = [opened(at("2024-06-11 09:00"), priority=2), *on_hold("2024-06-11 10:00", SUPPLIER)]
    said = read(steps, "2024-06-11 20:00", AGREED)
    assert said.stretches[-1].why == "awaiting supplier does not pause the clock by the agreement"
    assert read(steps, "2024-06-11 12:00", AGREED).due == at("2024-06-11 17:00")
    at_night = [opened(at("2024-06-11 19:00"), priority=2), *on_hold("2024-06-11 20:00", SUPPLIER)]
    assert read(at_night, "2024-06-11 21:00", AGREED).stretches[-1].why_not == "outside the hours of office"


def test_c9_a_hold_that_ran_begins_the_stop_anew() -> None:
    """The second resolution stops a clock that ran since the first: it would have been due so much later."""
    steps = [
        opened(at("2024-06-11 09:00"), priority=2),
        becomes("2024-06-11 10:00", State.RESOLVED),
        *on_hold("2024-06-11 12:00", SUPPLIER),
        becomes("2024-06-11 13:00", State.RESOLVED),
    ]
    said = read(steps, "2024-06-12 00:00", AGREED)
    assert (said.used, said.stopped_at, said.due) == (
        120 * MINUTE,
        at("2024-06-11 13:00"),
        at("2024-06-12 09:00"),
    )
    paused = read(steps, "2024-06-12 00:00")
    assert (paused.used, paused.stopped_at, paused.due) == (60 * MINUTE, at("2024-06-11 10:00"), at("2024-06-11 17:00"))


def test_c11_the_minutes_of_such_a_hold_are_those_of_the_team_that_held_the_ticket() -> None:
    steps = [
        opened(at("2024-06-11 09:00"), priority=2, team=7),
        *on_hold("2024-06-11 10:00", SUPPLIER),
        (at("2024-06-11 11:00"), Op.TEAM, 8),
        becomes("2024-06-11 14:00", State.RESOLVED),
    ]
    histories = Histories.of(np.array(steps, STEP), [0, len(steps)])
    held = by_team(histories, reckon(histories, AGREED, at("2024-06-12 00:00")))
    assert dict(zip(held.team.tolist(), held.seconds.tolist(), strict=True)) == {7: 120 * MINUTE, 8: 180 * MINUTE}


def test_r3_the_hold_reasons_that_count_are_those_in_force_when_the_hold_began_or_its_reason_changed() -> None:
    rules = with_reasons(("2024-06-11 12:00", NOT_FOR_SUPPLIERS), ("2024-06-12 00:00", ALL_PAUSE))
    steps = [opened(at("2024-06-11 09:00"), priority=2), *on_hold("2024-06-11 10:00", SUPPLIER)]
    assert read(steps, "2024-06-11 18:00", rules).used == 60 * MINUTE, "no version was in force when it began"
    changed = [
        *steps,
        *((at(f"2024-06-11 {hour}:00"), Op.HOLD_REASON, r) for hour, r in ((13, CUSTOMER), (14, SUPPLIER))),
    ]
    assert read(changed, "2024-06-11 18:00", rules).used == (60 + 240) * MINUTE
    assert read(changed, "2024-06-12 18:00", rules).used == (60 + 240 + 600) * MINUTE, "a later version changes no hold"
    repeated = [*changed, (at("2024-06-12 09:00"), Op.HOLD_REASON, SUPPLIER)]
    assert read(repeated, "2024-06-12 18:00", rules).used == (60 + 240 + 600) * MINUTE, "the same reason is no change"


def test_c4_a_repeated_state_changes_nothing() -> None:
    steps = [
        opened(at("2024-06-11 09:00")),
        *counted_by("office", 600, since=0),
        becomes("2024-06-11 10:00", State.RESOLVED),
        becomes("2024-06-11 11:00", State.RESOLVED),
        becomes("2024-06-12 11:00", State.CLOSED),
    ]
    said = read(steps, "2024-06-13 00:00")
    assert said.resolved_at == said.stopped_at == at("2024-06-11 10:00")
    assert said.closed_at == at("2024-06-12 11:00")


def test_c5_the_gap_between_stop_and_reopening_never_counts() -> None:
    steps = [
        opened(at("2024-06-11 09:00")),
        *counted_by("office", 240, since=0),
        becomes("2024-06-11 12:00", State.RESOLVED),
        becomes("2024-06-12 09:00", State.REOPENED),
        becomes("2024-06-12 10:30", State.RESOLVED),
    ]
    said = read(steps, "2024-06-20 00:00")
    assert (said.used, said.reopenings, said.breached) == (270 * MINUTE, 1, True)
    assert said.due == at("2024-06-12 10:00")
    assert said.resolved_at == at("2024-06-12 10:30")


def test_c5_what_was_reopened_is_resolved_no_more() -> None:
    steps = [
        opened(at("2024-06-11 09:00"), priority=3),
        becomes("2024-06-11 12:00", State.RESOLVED),
        becomes("2024-06-12 12:00", State.CLOSED),
        becomes("2024-06-13 12:00", State.ON_HOLD),
    ]
    said = read(steps, "2024-06-14 00:00")
    assert (said.resolved_at, said.closed_at, said.stopped_at, said.reopenings) == (None, None, None, 1)


def test_c6_a_priority_change_replaces_the_target_from_the_opening() -> None:
    steps = [
        opened(at("2024-06-11 09:00"), priority=3),
        becomes("2024-06-11 10:00", State.ON_HOLD),
        (at("2024-06-11 12:00"), Op.PRIORITY, 2),
        becomes("2024-06-11 13:00", State.OPEN),
    ]
    said = read(steps, "2024-06-11 14:00")
    assert (said.target, said.used, said.held) == (480 * MINUTE, 120 * MINUTE, 180 * MINUTE)
    assert said.due == at("2024-06-12 10:00")


def test_c6_time_before_the_first_priority_counts_by_its_calendar() -> None:
    """Nobody gains time by leaving a ticket untriaged: its target holds from the opening."""
    steps = [opened(at("2024-06-11 09:00")), (at("2024-06-12 09:00"), Op.PRIORITY, 2)]
    before = read(steps, "2024-06-11 17:00")
    assert (before.used, before.target, before.calendar, before.why_no_due) == (0, None, None, "No target is in force.")
    assert before.stretches[0].why_not == "no target has named opening hours yet"
    said = read(steps, "2024-06-12 09:00")
    assert (said.used, said.due) == (10 * 60 * MINUTE, at("2024-06-11 17:00"))
    assert said.breached_at == at("2024-06-12 09:00")


def test_c7_a_calendar_change_counts_from_that_instant() -> None:
    steps = [opened(at("2024-06-11 15:00"), priority=3), (at("2024-06-11 19:00"), Op.PRIORITY, 1)]
    said = read(steps, "2024-06-11 20:00")
    assert (said.used, said.calendar) == ((180 + 60) * MINUTE, "24x7")
    assert said.due == at("2024-06-11 20:00")


def test_c7_new_opening_hours_count_from_the_day_they_are_in_force() -> None:
    """The office stays open until 20:00 from Wednesday noon: one calendar, two versions, nothing reopened."""
    rules = compile_rules(
        [(SINCE, CALENDARS), (at("2024-06-12 12:00"), LONGER_DAY)], [(SINCE, TARGETS)], SINCE, at("2025-01-01")
    )
    said = read([opened(at("2024-06-11 17:00"), priority=2)], "2024-06-12 21:00", rules)
    assert said.used == (1 + 12) * 60 * MINUTE
    assert said.due == at("2024-06-12 15:00")
    night = read([opened(at("2024-06-12 17:00"), priority=1)], "2024-06-12 21:00", rules)
    assert night.used == 240 * MINUTE, "a calendar that the new version leaves out stays as it was"


def test_c7_before_any_calendar_was_agreed_nothing_counts() -> None:
    rules = compile_rules([(at("2024-06-12 12:00"), CALENDARS)], [(SINCE, TARGETS)], SINCE, at("2025-01-01"))
    said = read([opened(at("2024-06-11 09:00"), priority=2)], "2024-06-12 18:00", rules)
    assert said.used == 6 * 60 * MINUTE


@pytest.mark.parametrize(
    ("resolved", "breached_at"), [("2024-06-12 09:00", None), ("2024-06-12 09:01", "2024-06-12 09:00")]
)
def test_c8_breached_is_strictly_more_than_the_target(resolved: str, breached_at: str | None) -> None:
    steps = [opened(at("2024-06-11 11:00"), priority=2), becomes(resolved, State.RESOLVED)]
    said = read(steps, "2024-07-01 00:00")
    assert said.breached_at == (at(breached_at) if breached_at else None)


def test_c8_beyond_closing_time_the_breach_begins_next_morning() -> None:
    said = read([opened(at("2024-06-11 10:00"), priority=2)], "2024-06-12 08:01")
    assert said.due == at("2024-06-11 18:00")
    assert said.breached_at == at("2024-06-12 08:00")


@pytest.mark.parametrize(
    "cure",
    [
        (at("2024-06-12 10:00"), Op.PRIORITY, 3),
        (at("2024-06-12 10:00"), Op.PRIORITY, 5),
        (at("2024-06-12 10:00"), Op.KIND, 1),
        (at("2024-06-12 10:00"), Op.STATE, State.CANCELLED),
    ],
    ids=["a lower priority", "one without a target", "another kind", "cancelled"],
)
def test_c8_a_breach_is_never_cured(cure: tuple[int, int, int]) -> None:
    steps = [opened(at("2024-06-11 09:00"), priority=2), cure]
    assert read(steps, "2024-06-12 09:30").breached
    assert read(steps, "2024-06-20 00:00").breached_at == at("2024-06-11 17:00")


def test_c8_a_target_lowered_below_what_is_used_is_breached_at_once() -> None:
    steps = [opened(at("2024-06-11 09:00"), priority=3), (at("2024-06-12 09:00"), Op.PRIORITY, 2)]
    assert not read(steps, "2024-06-12 08:59").breached
    said = read(steps, "2024-06-12 09:00")
    assert said.breached_at == at("2024-06-12 09:00")
    assert said.due == at("2024-06-11 17:00")


def test_c8_even_when_the_ticket_is_stopped_by_then() -> None:
    steps = [
        opened(at("2024-06-11 09:00"), priority=3),
        becomes("2024-06-12 09:00", State.RESOLVED),
        (at("2024-06-13 09:00"), Op.PRIORITY, 2),
    ]
    assert read(steps, "2024-06-20 00:00").breached_at == at("2024-06-13 09:00")


def test_c8_steps_of_one_instant_apply_together() -> None:
    """P3 to P2 and back in one row of the desk's log: no moment passed under P2."""
    noon = at("2024-06-12 12:00")
    steps = [opened(at("2024-06-11 09:00"), priority=3), (noon, Op.PRIORITY, 2), (noon, Op.PRIORITY, 3)]
    assert not read(steps, "2024-06-12 13:00").breached


def test_c8_no_target_is_in_force_of_a_priority_and_a_kind_that_were_never_together() -> None:
    # At noon a change of P5 becomes a request of P4. A change of P4 has a target and a calendar, the others have none.
    targets = Targets.from_form({"change": {"P4": {"resolve_minutes": 60, "calendar": "24x7"}}})
    rules = compile_rules([(SINCE, CALENDARS)], [(SINCE, targets)], SINCE, at("2026-01-01"))
    steps = [
        opened(at("2024-06-11 09:00"), priority=5, kind=Kind.CHANGE),
        (at("2024-06-11 12:00"), Op.PRIORITY, 4),
        (at("2024-06-11 12:00"), Op.KIND, Kind.REQUEST),
    ]
    said = read(steps, "2024-06-11 17:00", rules)
    assert (said.calendar, said.used, said.breached) == (None, 0, False)


def test_c9_due_is_closing_time_not_the_next_morning() -> None:
    said = read([opened(at("2024-06-11 08:00")), *counted_by("office", 600, since=0)], "2024-06-20 00:00")
    assert said.due == at("2024-06-11 18:00")


def test_c9_not_reached_it_is_projected_from_the_first_stop() -> None:
    steps = [
        opened(at("2024-06-11 17:30"), priority=2),
        becomes("2024-06-11 21:00", State.RESOLVED),
        becomes("2024-06-17 09:00", State.CLOSED),
    ]
    said = read(steps, "2024-07-01 00:00")
    assert (said.due, said.stopped_at) == (at("2024-06-12 15:30"), at("2024-06-11 21:00"))


def test_c9_after_a_reopening_from_the_first_stop_since() -> None:
    steps = [
        opened(at("2024-06-11 17:00"), priority=2),
        becomes("2024-06-11 18:00", State.RESOLVED),
        becomes("2024-06-13 09:00", State.REOPENED),
        becomes("2024-06-13 10:00", State.RESOLVED),
    ]
    assert read(steps, "2024-07-01 00:00").due == at("2024-06-13 16:00")


def test_c9_projected_from_the_stop_by_the_calendars_in_force_then() -> None:
    """Resolved on Tuesday evening, reclassified to 24x7 on Wednesday at nine: the hour until then is the office's."""
    steps = [
        opened(at("2024-06-11 17:00"), priority=2),
        becomes("2024-06-11 18:00", State.RESOLVED),
        (at("2024-06-12 09:00"), Op.PRIORITY, 1),
    ]
    assert read(steps, "2024-07-01 00:00").due == at("2024-06-12 11:00")


def test_c9_running_it_is_projected_from_the_reading() -> None:
    said = read([opened(at("2024-06-14 15:00"), priority=2)], "2024-06-14 17:00")
    assert said.due == at("2024-06-17 13:00")


def test_c9_on_hold_it_is_empty_unless_reached() -> None:
    steps = [opened(at("2024-06-11 09:00"), priority=2), becomes("2024-06-11 12:00", State.ON_HOLD)]
    said = read(steps, "2024-06-14 00:00")
    assert (said.due, said.why_no_due) == (None, "On hold, and the target is not reached.")
    late = [opened(at("2024-06-10 09:00"), priority=2), becomes("2024-06-11 12:00", State.ON_HOLD)]
    assert read(late, "2024-06-14 00:00").due == at("2024-06-10 17:00")


def test_c9_without_a_target_it_is_empty() -> None:
    said = read([opened(at("2024-06-11 09:00"), priority=5)], "2024-06-14 00:00")
    assert (said.due, said.why_no_due, said.breached) == (None, "No target is in force.", False)


def test_c9_a_calendar_that_never_opens_again_has_no_due() -> None:
    said = read([opened(at("2024-06-11 09:00")), *counted_by("never", 60, since=0)], "2024-06-14 00:00")
    assert (said.due, said.used) == (None, 0)
    assert said.why_no_due == "never has no opening hours left until the year 3000."


def test_c9_a_due_date_far_ahead_is_found() -> None:
    """One hour a week: 5,200 hours are the Sundays of a century. A hundred Octobers repeat one, 99 springs miss one."""
    said = read([opened(at("2024-06-11 09:00")), *counted_by("sundays", 5_200 * 60, since=0)], "2024-06-14 00:00")
    assert utc(said.due) == "2124-01-30T02:00:00+00:00"


def test_c9_a_target_of_no_minutes_is_due_at_the_opening() -> None:
    said = read([opened(at("2024-06-11 09:00")), *counted_by("office", 0, since=0)], "2024-06-11 09:01")
    assert said.due == said.breached_at == at("2024-06-11 09:00")


def test_c10_steps_apply_in_order_of_instant_and_then_as_given() -> None:
    eleven = at("2024-06-11 11:00")
    steps = [
        opened(at("2024-06-11 09:00"), priority=2),
        becomes("2024-06-11 12:00", State.RESOLVED),
        (eleven, Op.STATE, State.ON_HOLD),
        (eleven, Op.STATE, State.IN_PROGRESS),
        becomes("2024-06-11 10:00", State.ON_HOLD),
    ]
    assert read(steps, "2024-06-12 00:00").used == 120 * MINUTE


def test_c10_steps_before_the_opening_count_as_at_the_opening() -> None:
    steps = [
        opened(at("2024-06-11 09:00"), priority=3, team=1),
        (at("2024-06-11 08:50"), Op.STATE, State.ON_HOLD),
        (at("2024-06-11 08:40"), Op.STATE, State.IN_PROGRESS),
        (at("2024-06-11 08:30"), Op.PRIORITY, 2),
        (at("2024-06-11 08:30"), Op.TEAM, 4),
        becomes("2024-06-11 10:00", State.OPEN),
    ]
    said = read(steps, "2024-06-11 11:00")
    assert (said.priority, said.team, said.state) == (2, 4, State.OPEN)
    assert (said.used, said.held) == (60 * MINUTE, 60 * MINUTE)


def test_c11_every_used_minute_belongs_to_the_team_that_held_it() -> None:
    steps = [
        opened(at("2024-06-11 09:00"), priority=3, team=7),
        (at("2024-06-11 10:30"), Op.TEAM, 8),
        becomes("2024-06-11 11:00", State.ON_HOLD),
        (at("2024-06-11 12:00"), Op.TEAM, 7),
        becomes("2024-06-11 13:00", State.IN_PROGRESS),
        becomes("2024-06-11 13:45", State.RESOLVED),
        (at("2024-06-11 14:00"), Op.TEAM, 9),
    ]
    histories = Histories.of(np.array(steps, STEP), [0, len(steps)])
    reckoned = reckon(histories, RULES, at("2024-06-12 00:00"))
    held = by_team(histories, reckoned)
    assert dict(zip(held.team.tolist(), held.seconds.tolist(), strict=True)) == {7: 135 * MINUTE, 8: 30 * MINUTE}
    assert held.seconds.sum() == reckoned.used[0]
    said = read(steps, "2024-06-12 00:00")
    assert (said.team, said.reassignments) == (9, 3)
    assert [(stretch.team, stretch.counted // MINUTE) for stretch in said.stretches if stretch.counted] == [
        (7, 90),
        (8, 30),
        (7, 45),
    ]


def test_c11_a_first_assignment_is_no_reassignment() -> None:
    steps = [opened(at("2024-06-11 09:00"), priority=3), (at("2024-06-11 10:00"), Op.TEAM, 8)]
    assert read(steps, "2024-06-12 00:00").reassignments == 0


@pytest.mark.parametrize(
    ("teams", "times"),
    [((8, 0, 8), 0), ((8, 0, 9), 1), ((8, 0), 0), ((0, 8, 9, 0, 9, 8), 2), ((8, 9, 8), 2)],
)
def test_no_team_is_nobody_to_pass_a_ticket_to(teams: tuple[int, ...], times: int) -> None:
    first, *later = teams
    steps = [opened(at("2024-06-11 09:00"), priority=3, team=first)]
    steps += [(at(f"2024-06-11 1{hour}:00"), Op.TEAM, team) for hour, team in enumerate(later)]
    assert read(steps, "2024-06-12 00:00").reassignments == times


def test_the_minutes_of_nobody_s_are_nobody_s() -> None:
    steps = [
        opened(at("2024-06-11 09:00"), priority=3, team=8),
        (at("2024-06-11 10:00"), Op.TEAM, 0),
        (at("2024-06-11 10:30"), Op.TEAM, 8),
    ]
    histories = Histories.of(np.array(steps, STEP), [0, len(steps)])
    held = by_team(histories, reckon(histories, RULES, at("2024-06-11 11:00")))
    assert dict(zip(held.team.tolist(), held.seconds.tolist(), strict=True)) == {8: 90 * MINUTE, 0: 30 * MINUTE}


def test_r3_a_ticket_is_held_to_the_target_of_its_opening_until_its_priority_changes() -> None:
    stricter = Targets.from_form({"P2": {"resolve_minutes": 60, "calendar": "office"}})
    rules = compile_rules(
        [(SINCE, CALENDARS)], [(at("2024-06-12 00:00"), stricter), (SINCE, TARGETS)], SINCE, at("2025-01-01")
    )
    early = [opened(at("2024-06-11 17:00"), priority=2)]
    assert read(early, "2024-06-14 00:00", rules).target == 480 * MINUTE
    assert read([opened(at("2024-06-12 08:00"), priority=2)], "2024-06-14 00:00", rules).target == 60 * MINUTE
    repeated = [*early, (at("2024-06-12 09:00"), Op.PRIORITY, 2)]
    assert read(repeated, "2024-06-14 00:00", rules).target == 480 * MINUTE, "the same priority again is no change"
    changed = [*early, (at("2024-06-12 09:00"), Op.PRIORITY, 3), (at("2024-06-12 09:30"), Op.PRIORITY, 2)]
    said = read(changed, "2024-06-14 00:00", rules)
    assert said.target == 60 * MINUTE
    assert said.breached_at == at("2024-06-12 09:30")


def test_r3_before_the_first_version_no_target_is_in_force() -> None:
    rules = compile_rules([(SINCE, CALENDARS)], [(at("2024-06-12 00:00"), TARGETS)], SINCE, at("2025-01-01"))
    steps = [opened(at("2024-06-11 09:00"), priority=2)]
    assert read(steps, "2024-06-14 00:00", rules).target is None
    said = read([*steps, (at("2024-06-12 09:00"), Op.KIND, 1)], "2024-06-14 00:00", rules)
    assert (said.target, said.used) == (480 * MINUTE, 29 * 60 * MINUTE)


def test_a_kind_falls_back_to_the_general_target() -> None:
    assert read([opened(at("2024-06-11 09:00"), priority=3, kind=1)], "2024-06-12 00:00").target == 3000 * MINUTE
    assert read([opened(at("2024-06-11 09:00"), priority=2, kind=1)], "2024-06-12 00:00").target == 480 * MINUTE


def test_a_ticket_that_loses_its_target_runs_on_by_its_calendar() -> None:
    steps = [opened(at("2024-06-11 09:00"), priority=2), (at("2024-06-11 10:00"), Op.PRIORITY, 5)]
    said = read(steps, "2024-06-11 12:00")
    assert (said.target, said.calendar, said.used) == (None, "office", 180 * MINUTE)


def test_later_steps_do_not_exist_for_a_reading() -> None:
    steps = [opened(at("2024-06-11 09:00"), priority=2), becomes("2024-06-11 10:00", State.ON_HOLD)]
    assert read(steps, "2024-06-11 09:59").state == State.OPEN
    assert read(steps, "2024-06-11 10:00").state == State.ON_HOLD
    early = read(steps, "2024-06-11 08:59")
    assert (early.state, early.used, early.due, early.stretches) == (State.NOT_YET, 0, None, ())


def test_why_a_stretch_did_not_count() -> None:
    steps = [
        opened(at("2024-06-11 19:00"), priority=2),
        becomes("2024-06-11 20:00", State.ON_HOLD),
        becomes("2024-06-12 09:00", State.RESOLVED),
    ]
    said = read(steps, "2024-06-12 10:00")
    assert [stretch.why_not for stretch in said.stretches] == ["outside the hours of office", "on hold", "resolved"]
