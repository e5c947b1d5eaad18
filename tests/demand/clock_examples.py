"""Opening hours, targets and short words for the examples that the clock's tests are made of."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from commonhold.demand.engine.clock import Compiled, Explanation, Histories, Op, compile_rules, explain, reckon
from commonhold.demand.engine.clock.histories import STEP, Step
from commonhold.demand.engine.columns import NEVER, NONE, Longs, State
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.targets import Targets

CALENDARS = Calendars.from_toml(
    """
    time_zone = "Europe/London"
    holidays = "GB-ENG"
    [office]
    mon-fri = ["08:00-18:00"]
    observes_holidays = true
    [lunch]
    mon-fri = ["09:00-12:30", "13:30-17:30"]
    observes_holidays = true
    [night]
    mon-sun = ["00:00-06:00", "22:00-24:00"]
    observes_holidays = false
    ["24x7"]
    mon-sun = ["00:00-24:00"]
    observes_holidays = false
    [sundays]
    sun = ["01:00-02:00"]
    observes_holidays = false
    [never]
    mon-sun = []
    observes_holidays = false
    """,
    "examples",
)
TARGETS = Targets.from_form(
    {
        "P1": {"resolve_minutes": 240, "calendar": "24x7"},
        "P2": {"resolve_minutes": 480, "calendar": "office"},
        "P3": {"resolve_minutes": 1800, "calendar": "office"},
        "request": {"P3": {"resolve_minutes": 3000, "calendar": "office"}},
    }
)


def at(local: str) -> int:
    """An instant as the clocks of London show it; `+` behind it means the second time that they show it."""
    wall = datetime.fromisoformat(local.rstrip("+")).replace(tzinfo=ZoneInfo("Europe/London"))
    return int(wall.replace(fold=1 if local.endswith("+") else 0).timestamp())


def utc(instant: int | None) -> str | None:
    return None if instant is None else datetime.fromtimestamp(instant, UTC).isoformat()


SINCE = at("2015-01-01")
RULES = compile_rules([(SINCE, CALENDARS)], [(SINCE, TARGETS)], at("2020-01-01"), at("2026-01-01"))


def becomes(local: str, state: State) -> Step:
    return at(local), Op.STATE, state


def counted_by(calendar: str, minutes: int, *, since: int, rules: Compiled = RULES) -> list[Step]:
    """Steps that name calendar and target outright."""
    return [(since, Op.CALENDAR, rules.names.index(calendar)), (since, Op.TARGET, minutes)]


def read(steps: list[Step], as_of: str, rules: Compiled = RULES) -> Explanation:
    """What the clock says at an instant: by the kernel and by the explanation, which must agree."""
    said = explain(steps, rules, at(as_of))
    histories = Histories.of(np.array(steps, STEP), [0, len(steps)])
    assert read_by_kernel(histories, rules, at(as_of)) == [results(said)]
    return said


def results(said: Explanation) -> dict[str, object]:
    """The result of an explanation without its stretches."""
    names = "state used held due breached_at stopped_at resolved_at closed_at target calendar priority kind team"
    names += " reopenings reassignments doubted_used doubted_held doubted_stop in_doubt could_be_breached"
    return {name: getattr(said, name) for name in names.split()}


def read_by_kernel(histories: Histories, rules: Compiled, as_of: int | Longs) -> list[dict[str, object]]:
    """The results of the kernel in the words of an explanation."""
    reckoned = reckon(histories, rules, as_of)

    def word(name: str, value: int) -> object:
        if name == "calendar":
            return None if value == NONE else rules.names[value]
        return None if value == NEVER or (name == "target" and value == NONE) else value

    names = list(results(Explanation()))
    columns = [getattr(reckoned, name).tolist() for name in names]
    return [
        {name: word(name, value) for name, value in zip(names, row, strict=True)} for row in zip(*columns, strict=True)
    ]
