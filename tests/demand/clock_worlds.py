"""Random rules and histories for the clock: odd hours, clock changes, holidays, changed rules, steps in any order."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from commonhold.demand.engine.clock import SINCE_EVER, Op, opened
from commonhold.demand.engine.clock.histories import Step
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.hold_reasons import REASONS, HoldReason, HoldReasons
from commonhold.partnership.engine.rules.targets import KINDS, PRIORITIES, Target, Targets
from commonhold.workdays import Calendar, Window
from tests.demand.clock_oracle import World

DAY = 86_400
ZONES = (
    "Europe/London",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "UTC",
)
STARTS = (
    datetime(2024, 3, 30, 12, tzinfo=UTC),
    datetime(2024, 10, 26, 12, tzinfo=UTC),
    datetime(2025, 3, 8, 12, tzinfo=UTC),
    datetime(2025, 10, 4, 6, tzinfo=UTC),
    datetime(2025, 11, 1, 12, tzinfo=UTC),
    datetime(2021, 12, 23, 12, tzinfo=UTC),
    datetime(2024, 6, 11, 7, tzinfo=UTC),
)
"""Just before clock changes in some of the zones, before a Christmas at a weekend, and in an ordinary week."""

EDGES = (
    0,
    30,
    60,
    90,
    120,
    150,
    180,
    360,
    420,
    8 * 60,
    9 * 60,
    10 * 60 + 7,
    12 * 60,
    13 * 60,
    17 * 60,
    18 * 60,
    22 * 60,
    1440,
)


def start(random: Random) -> int:
    return int(random.choice(STARTS).timestamp())


def world(random: Random, begin: int) -> World:
    """Two calendars under one or two versions of the rule, and up to two versions of targets and of hold reasons."""
    changes = [begin - 40 * DAY, begin + random.randrange(0, 5 * 1440) * 60][: random.choice((1, 2))]
    calendars = [(since, _calendars(random, begin)) for since in changes]
    changes = [begin - 30 * DAY, begin + random.randrange(0, 4 * 1440) * 60]
    first = random.choice((0, 0, 1))
    targets = [(since, _targets(random)) for since in changes[first : first + random.choice((0, 1, 2))]]
    changes = [begin - 20 * DAY, begin + random.randrange(0, 4 * 1440) * 60]
    first = random.choice((0, 0, 1))
    holds = [(since, _hold_reasons(random)) for since in changes[first : first + random.choice((0, 1, 2, 2))]]
    return World(calendars, targets, holds)


def _hold_reasons(random: Random) -> HoldReasons:
    named = random.sample(REASONS, random.choice((1, 3, len(REASONS))))
    return HoldReasons(tuple(HoldReason(reason, "As agreed", random.random() < 0.3) for reason in named))


def _calendars(random: Random, begin: int) -> Calendars:
    zone = random.choice(ZONES)
    day = datetime.fromtimestamp(begin, UTC).date()
    holidays = frozenset({date(2020, 1, 1), *(day + timedelta(days=random.randrange(8)) for _ in range(2))})
    names = ("desk", "major")
    return Calendars({name: Calendar(name, zone, _week(random), random.random() < 0.5, holidays) for name in names})


def _week(random: Random) -> tuple[tuple[Window, ...], ...]:
    if random.random() < 0.2:
        return ((Window(0, 1440),),) * 7
    usual = _day(random)
    return tuple(usual if random.random() < 0.7 else _day(random) for _ in range(7))


def _day(random: Random) -> tuple[Window, ...]:
    edges = sorted(random.sample(EDGES, 2 * random.choice((0, 1, 1, 2, 3))))
    return tuple(Window(*edges[n : n + 2]) for n in range(0, len(edges), 2))


def _targets(random: Random) -> Targets:
    def some() -> dict[str, Target]:
        return {
            priority: Target(random.choice((1, 30, 60, 90, 240, 600, 1200, 5000)), random.choice(("desk", "major")))
            for priority in PRIORITIES[:3]
            if random.random() < 0.8
        }

    return Targets(some(), {random.choice(KINDS): some()})


def history(random: Random, begin: int, *, unit: int = 60, span: int = 5 * DAY) -> tuple[list[Step], int]:
    """A ticket's steps, in any order behind its opening, and an instant to read its clock at."""
    instants = [begin + random.randrange(0, span // unit) * unit for _ in range(random.choice((1, 3, 6, 10)))]
    at = min(instants) if random.random() < 0.7 else random.choice(instants)
    steps = [
        opened(at, priority=random.randrange(4), kind=random.randrange(4), team=random.randrange(3)),
        *([(SINCE_EVER, Op.CALENDAR, random.randrange(2))] if random.random() < 0.3 else []),
        *([(SINCE_EVER, Op.TARGET, _minutes(random))] if random.random() < 0.3 else []),
        *((random.choice(instants), *_step(random)) for _ in range(random.choice((0, 2, 4, 8)))),
    ]
    as_of = random.choice((max(instants), random.choice(instants), begin + span, begin + span))
    return steps, max(at, as_of)


def _step(random: Random) -> tuple[int, int]:
    ops = ("state", "priority", "kind", "team", "reason", "target", "calendar", "doubt")
    match random.choices(ops, (8, 2, 1, 2, 4, 2, 2, 4))[0]:
        case "state":
            return Op.STATE, random.choice((0, 1, 1, 2, 2, 3, 4, 4, 5, 6))
        case "priority":
            return Op.PRIORITY, random.randrange(5)
        case "kind":
            return Op.KIND, random.randrange(4)
        case "team":
            return Op.TEAM, random.randrange(3)
        case "target":
            return Op.TARGET, _minutes(random)
        case "calendar":
            return Op.CALENDAR, random.randrange(2)
        case "doubt":
            return Op.DOUBT, random.randrange(2)
        case _:
            return Op.HOLD_REASON, random.randrange(-1, len(REASONS))


def _minutes(random: Random) -> int:
    return random.choice((-1, 0, 1, 60, 240, 600, 1200, 3000))
