"""Each kind of rule as the tables that a page prints of it."""

from collections.abc import Mapping
from itertools import groupby
from typing import Final

from commonhold.partnership.engine.rules.aims import Aims
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.communication_plan import CommunicationPlan
from commonhold.partnership.engine.rules.consents import Consents
from commonhold.partnership.engine.rules.figure_basis import SOURCE, FigureBasis
from commonhold.partnership.engine.rules.hold_reasons import HoldReasons
from commonhold.partnership.engine.rules.priority_matrix import PriorityMatrix
from commonhold.partnership.engine.rules.provisional import Provisional
from commonhold.partnership.engine.rules.shown import Table
from commonhold.partnership.engine.rules.targets import KINDS, PRIORITIES, Target, Targets
from commonhold.workdays import DAYS, Calendar

DAY_NAMES: Final = dict(
    zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
KIND_NAMES: Final = {
    "incident": "Incidents",
    "request": "Service requests",
    "problem": "Problems",
    "change": "Changes",
}
HOURS_FROM: Final = 120
"""Minutes from which a whole number of hours is said as well."""


def calendars(value: Calendars) -> tuple[Table, ...]:
    rows = tuple(
        (name, _hours(calendar), _holidays(calendar), calendar.time_zone)
        for name, calendar in sorted(value.by_name.items())
    )
    return (Table("Opening hours", ("Calendar", "Hours", "Bank holidays", "Time zone"), rows),)


def _hours(calendar: Calendar) -> str:
    parts = []
    for windows, group in groupby(zip(DAYS, calendar.windows, strict=True), key=lambda day: day[1]):
        days = [DAY_NAMES[day] for day, _ in group]
        if windows:
            named = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
            parts.append(f"{named} {', '.join(map(str, windows))}")
    return "; ".join(parts) or "never open"


def _holidays(calendar: Calendar) -> str:
    if not calendar.observes_holidays:
        return "open"
    years = calendar.holiday_years
    return f"closed, by the list for {calendar.division or 'the agreement'}, {years.start} to {years.stop - 1}"


def targets(value: Targets) -> tuple[Table, ...]:
    tables = [_targets("Every kind of ticket" if not value.by_kind else "Every other kind of ticket", value.general)]
    tables += [_targets(KIND_NAMES[kind], value.by_kind[kind]) for kind in KINDS if kind in value.by_kind]
    return tuple(table for table in tables if table.rows)


def _targets(caption: str, by_priority: Mapping[str, Target]) -> Table:
    found = ((priority, by_priority.get(priority)) for priority in PRIORITIES)
    rows = tuple((priority, _minutes(target), target.calendar) for priority, target in found if target)
    return Table(caption, ("Priority", "To be resolved within", "Calendar"), rows)


def _minutes(target: Target) -> str:
    return _in_words(target.resolve_minutes)


def _in_words(minutes: int) -> str:
    if minutes >= HOURS_FROM and minutes % 60 == 0:
        return f"{minutes:,} minutes ({minutes // 60:,} hours)"
    return f"{minutes:,} minute{'' if minutes == 1 else 's'}"


def priority_matrix(value: PriorityMatrix) -> tuple[Table, ...]:
    rows = tuple(
        (impact, *(value.priorities[impact, urgency] for urgency in value.urgencies)) for impact in value.impacts
    )
    headings = ("Impact", *(f"Urgency {urgency}" for urgency in value.urgencies))
    return (Table("Priority by impact and urgency", headings, rows),)


def hold_reasons(value: HoldReasons) -> tuple[Table, ...]:
    rows = tuple(
        (reason.words, "pauses the clock" if reason.accepted else "does not pause the clock")
        for reason in value.reasons
    )
    return (Table("Reasons for a hold", ("Reason", "Effect"), rows),)


def figure_basis(value: FigureBasis) -> tuple[Table, ...]:
    words = (
        "The desk's own verdict, with ours beside it as the least it can be"
        if value.graded_none == SOURCE
        else "Ours, as the least it can be, with the desk's own verdict beside it"
    )
    return (Table("Headline", ("Tickets", "Verdict"), (("Nothing proves their holds", words),)),)


def communication_plan(value: CommunicationPlan) -> tuple[Table, ...]:
    rows = tuple(
        (audience.name, audience.channel, _asked(audience.in_hours), _asked(audience.out_of_hours))
        for audience in value.audiences
    )
    headings = ("Who", "How", f"In hours ({value.calendar}), within", "Out of hours, within")
    return (Table("Who is told of a grave incident", headings, rows),)


def _asked(minutes: int | None) -> str:
    return "not asked for" if minutes is None else _in_words(minutes)


def aims(value: Aims) -> tuple[Table, ...]:
    rows = []
    for measure in value.measures:
        name = measure.replace("_", " ").capitalize()
        if aim := value.find(measure):
            rows.append((name, "All", aim.words))
        found = ((priority, value.find(measure, priority)) for priority in PRIORITIES)
        rows += [(name, priority, aim.words) for priority, aim in found if aim]
    return (Table("What a measure is to reach", ("Measure", "Tickets", "Aim"), tuple(rows)),)


def provisional(value: Provisional) -> tuple[Table, ...]:
    days = f"{value.working_days} working day{'' if value.working_days == 1 else 's'}"
    return (Table("Open to queries", ("Figures of a period", "Bank holidays"), ((days, value.holidays),)),)


def consents(value: Consents) -> tuple[Table, ...]:
    words = "every partner" if value.number is None else f"{value.number} partner{'' if value.number == 1 else 's'}"
    return (Table("Needed", ("For", "Consent of"), (("A change of a shared rule", words),)),)
