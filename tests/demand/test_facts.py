"""When a target counts as missed is said once, of a running clock too, and is right at every later instant."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonhold.demand.engine.clock import Histories, Op, compile_rules, opened, reckon
from commonhold.demand.engine.clock.compiled import CalendarVersions
from commonhold.demand.engine.clock.histories import STEP, Step
from commonhold.demand.engine.columns import NEVER, State
from commonhold.demand.engine.facts import missed
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.targets import Targets
from tests.demand import clock_worlds

DAY = 86_400
LONDON = ZoneInfo("Europe/London")
CALENDARS = Calendars.from_toml(
    'time_zone = "Europe/London"\nholidays = "GB-ENG"\n[office]\nmon-fri = ["08:00-18:00"]\nobserves_holidays = true\n',
    "calendars.toml",
)
TARGETS = Targets.from_form({"P3": {"resolve_minutes": 600, "calendar": "office"}})
FRIDAY_EIGHT = 1_718_348_400
"""14 June 2024, 08:00 in London."""


def joined(histories: list[list[Step]]) -> Histories:
    offsets = np.cumsum([0, *map(len, histories)])
    return Histories.of(np.array([step for steps in histories for step in steps], STEP), offsets)


def missed_at(*steps: Step, as_of: int, calendars: CalendarVersions = ((0, CALENDARS),)) -> int:
    rules = compile_rules(calendars, [(0, TARGETS)], FRIDAY_EIGHT, as_of)
    histories = joined([[opened(FRIDAY_EIGHT, priority=3), *steps]])
    return int(missed(histories, reckon(histories, rules, as_of), rules)[0])


def test_a_target_reached_on_friday_evening_is_missed_on_monday_morning() -> None:
    monday_eight = FRIDAY_EIGHT + 3 * DAY

    assert missed_at(as_of=FRIDAY_EIGHT + 3_600) == monday_eight + 1


def closed_for(days: int) -> Calendars:
    """The office, closed for so many days after the Friday."""
    listed = [str(date(2024, 6, 15) + timedelta(days=n)) for n in range(days)]
    return Calendars.from_json({**CALENDARS.to_json(), "holidays": {"division": "england-and-wales", "days": listed}})


NEVER_OPEN = Calendars.from_toml(
    'time_zone = "Europe/London"\n[office]\nmon-sun = []\nobserves_holidays = false\n', "never.toml"
)


@pytest.mark.parametrize("weeks", [1, 9, 60, 300])
def test_a_target_reached_before_a_long_closure_is_missed_when_the_calendar_opens_again(weeks: int) -> None:
    opens = int(datetime.combine(date(2024, 6, 17) + timedelta(weeks=weeks), time(8), LONDON).timestamp())
    listed = ((0, closed_for(2 + 7 * weeks)),)
    between = ((0, CALENDARS), (FRIDAY_EIGHT + DAY, NEVER_OPEN), (opens, CALENDARS))

    for calendars in (listed, between):
        assert missed_at(as_of=FRIDAY_EIGHT + 3_600, calendars=calendars) == opens + 1


def test_a_target_reached_as_a_calendar_closes_for_ever_is_not_missed() -> None:
    calendars = ((0, CALENDARS), (FRIDAY_EIGHT + DAY, NEVER_OPEN))

    assert missed_at(as_of=FRIDAY_EIGHT + 3_600, calendars=calendars) == NEVER


def test_a_clock_that_stopped_in_time_or_waits_is_not_missed() -> None:
    for state in (State.RESOLVED, State.ON_HOLD):
        assert missed_at((FRIDAY_EIGHT + 3_600, Op.STATE, state), as_of=FRIDAY_EIGHT + DAY) == NEVER


def test_what_was_missed_stays_missed() -> None:
    late = (FRIDAY_EIGHT + 4 * DAY, Op.STATE, State.RESOLVED)

    assert missed_at(late, as_of=FRIDAY_EIGHT + 5 * DAY) == FRIDAY_EIGHT + 3 * DAY


@pytest.mark.long
@settings(max_examples=40, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_it_agrees_with_the_clock_read_at_any_later_instant(random: Random) -> None:
    begin = clock_worlds.start(random)
    world = clock_worlds.world(random, begin)
    cases = [clock_worlds.history(random, begin) for _ in range(20)]
    histories = joined([steps for steps, _ in cases])
    as_of = np.array([max(max(at for at, _, _ in steps), last) for steps, last in cases])
    rules = compile_rules(world.calendars, world.targets, int(as_of.min()), int(as_of.max()) + 60 * DAY, world.holds)
    known = missed(histories, reckon(histories, rules, as_of), rules)

    for later in (0, 1, 59, 60, 61, 3_600, DAY, 5 * DAY, random.randrange(40 * DAY)):
        read = reckon(histories, rules, as_of + later)
        assert (known <= as_of + later).tolist() == read.breached.tolist()


@pytest.mark.parametrize("priority", [0, 1])
def test_without_a_target_nothing_is_missed(priority: int) -> None:
    rules = compile_rules([(0, CALENDARS)], [(0, TARGETS)], FRIDAY_EIGHT, FRIDAY_EIGHT + DAY)
    histories = joined([[opened(FRIDAY_EIGHT, priority=priority)]])

    assert missed(histories, reckon(histories, rules, FRIDAY_EIGHT + DAY), rules).tolist() == [NEVER]
