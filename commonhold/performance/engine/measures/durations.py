"""How long it took: by the calendar, on the service-level clock, and in whose hands."""

from dataclasses import replace

from commonhold.performance.engine.counting import Aside, Point, Total, exact, whole
from commonhold.performance.engine.extract import Bit, Extract
from commonhold.performance.engine.measures.definition import Definition, Nature, Need

NOTHING = "no tickets were resolved in the period"
BETWEEN = "Where it falls between two tickets, it is taken on the straight line between them."
ROUNDED = "The result is rounded to a whole minute, half to even."


def resolution_hours_median_v1(extract: Extract) -> Point:
    return _resolution_hours(extract, tenths=5)


def resolution_hours_p90_v1(extract: Extract) -> Point:
    return _resolution_hours(extract, tenths=9)


def working_minutes_median_v1(extract: Extract) -> Point:
    return _working_minutes(extract, tenths=5)


def working_minutes_p90_v1(extract: Extract) -> Point:
    return _working_minutes(extract, tenths=9)


def minutes_used_v1(extract: Extract) -> Total:
    resolved, clocked = extract.has(Bit.RESOLVED), extract.has(Bit.CLOCKED)
    missing = None if extract.attributed else "who held the minutes was not read for this period"
    return Total(
        resolved & clocked,
        extract.shares["seconds"],
        per=60,
        among=resolved & clocked,
        of_shares=True,
        asides=(_unclocked(extract),),
        missing=missing,
    )


def minutes_used_v2(extract: Extract) -> Total:
    shares = extract.shares
    return replace(minutes_used_v1(extract), least=shares["least"], most=shares["most"])


def _resolution_hours(extract: Extract, tenths: int) -> Point:
    return Point(extract.has(Bit.RESOLVED), extract.records["resolution"], tenths, 3600, NOTHING, exact)


def _working_minutes(extract: Extract, tenths: int) -> Point:
    records = extract.records
    return Point(
        extract.has(Bit.RESOLVED | Bit.CLOCKED),
        records["used"],
        tenths,
        per=60,
        nothing=NOTHING,
        divided=whole,
        least=records["least"],
        most=records["most"],
        asides=(_unclocked(extract),),
    )


def _unclocked(extract: Extract) -> Aside:
    return Aside(
        extract.has(Bit.RESOLVED) & ~extract.has(Bit.CLOCKED),
        "{n} resolved {tickets} {have} no calendar in force and {are} left out",
        needed="no calendar is in force for {them}",
    )


RESOLUTION_SOURCE = (
    "The desk's opening and resolution times; where the mapping names no such column, the ticket's history."
)
CLOCK_SOURCE = (
    "The ticket's history read on the service-level clock, with the calendars in force. Where the source does not "
    "tell the holds, low and high say between which values the figure must lie."
)

DEFINITIONS = (
    Definition(
        name="resolution_hours_median",
        version=1,
        title="Hours to resolution, median",
        unit="hours",
        nature=Nature.TIME,
        better="lower",
        formula="Of the tickets whose last resolution lies in the period: the hours by the calendar, nights, weekends "
        f"and holds included, from opening to last resolution that half of them did not exceed. {BETWEEN}",
        leaves_out="Tickets without a resolution time of their own.",
        source=RESOLUTION_SOURCE,
        rule=resolution_hours_median_v1,
        denominator="tickets resolved in the period",
    ),
    Definition(
        name="resolution_hours_p90",
        version=1,
        title="Hours to resolution, nine in ten",
        unit="hours",
        nature=Nature.TIME,
        better="lower",
        formula="Of the tickets whose last resolution lies in the period: the hours by the calendar from opening to "
        f"last resolution that nine in ten of them did not exceed. {BETWEEN}",
        leaves_out="Tickets without a resolution time of their own.",
        source=RESOLUTION_SOURCE,
        rule=resolution_hours_p90_v1,
        denominator="tickets resolved in the period",
    ),
    Definition(
        name="working_minutes_median",
        version=1,
        title="Minutes on the clock to resolution, median",
        unit="minutes",
        nature=Nature.TIME,
        better="lower",
        formula="Of the tickets whose last resolution lies in the period: the minutes on the service-level clock, "
        "opening hours only and without holds that stop it, that half of them did not exceed. "
        f"{BETWEEN} {ROUNDED}",
        leaves_out="Tickets without a resolution time of their own, or without a calendar in force; the figure says "
        "how many of these.",
        source=CLOCK_SOURCE,
        rule=working_minutes_median_v1,
        denominator="tickets resolved in the period, with a calendar in force",
        needs=frozenset({Need.CALENDAR, Need.HOLDS}),
    ),
    Definition(
        name="working_minutes_p90",
        version=1,
        title="Minutes on the clock to resolution, nine in ten",
        unit="minutes",
        nature=Nature.TIME,
        better="lower",
        formula="Of the tickets whose last resolution lies in the period: the minutes on the service-level clock, "
        "opening hours only and without holds that stop it, that nine in ten of them did not exceed. "
        f"{BETWEEN} {ROUNDED}",
        leaves_out="As for working_minutes_median.",
        source=CLOCK_SOURCE,
        rule=working_minutes_p90_v1,
        denominator="tickets resolved in the period, with a calendar in force",
        needs=frozenset({Need.CALENDAR, Need.HOLDS}),
    ),
    Definition(
        name="minutes_used",
        version=1,
        title="Minutes used, by who held the ticket",
        unit="minutes",
        nature=Nature.FLOW,
        better="lower",
        formula="Every minute on the service-level clock of the tickets resolved in the period, counted for the team "
        "and the responsible party that held the ticket during that minute. Here, and only here, team and responsible "
        "are those of the minute, not of the ticket's last event. Each ticket brings whole minutes, rounded half to "
        "even, whose parts sum exactly to the whole.",
        leaves_out="Minutes outside opening hours, and on hold for a reason that pauses the clock. Tickets without a "
        "calendar in force; the figure says how many.",
        source="The ticket's history read on the service-level clock.",
        rule=minutes_used_v1,
        denominator="tickets resolved in the period on which a minute was used",
        needs=frozenset({Need.CALENDAR}),
    ),
    Definition(
        name="minutes_used",
        version=2,
        title="Minutes used, by who held the ticket",
        unit="minutes",
        nature=Nature.FLOW,
        better="lower",
        formula="Every minute on the service-level clock of the tickets resolved in the period, counted for the team "
        "and the responsible party that held the ticket during that minute. Here, and only here, team and responsible "
        "are those of the minute, not of the ticket's last event. Each ticket brings whole minutes, rounded half to "
        "even, whose parts sum exactly to the whole.",
        leaves_out="Minutes outside opening hours, and on hold for a reason that pauses the clock. Tickets without a "
        "calendar in force; the figure says how many.",
        source="The ticket's history read on the service-level clock. Where the source does not tell the holds, low "
        "and high say between which values the figure must lie; no more is in doubt of a holder's time than of the "
        "ticket's.",
        rule=minutes_used_v2,
        denominator="tickets resolved in the period on which a minute was used",
        needs=frozenset({Need.CALENDAR, Need.HOLDS}),
    ),
)
