"""Opening hours, bank holidays, working days and clear days (rules C1-C3). Nothing here asks what time it is."""

from commonhold.workdays.bank_holidays import DIVISIONS, bank_holidays, division_of, years_covered
from commonhold.workdays.calendar import DAYS, Calendar, Window
from commonhold.workdays.days import clear_days, is_working_day, last_day_to_give, nth_working_day, working_days
from commonhold.workdays.london import LONDON, midnight
from commonhold.workdays.written import calendars_as_json, calendars_from_json, has_long_keys, read_calendars, read_toml
from commonhold.workdays.zones import zone

__all__ = [
    "DAYS",
    "DIVISIONS",
    "LONDON",
    "Calendar",
    "Window",
    "bank_holidays",
    "calendars_as_json",
    "calendars_from_json",
    "clear_days",
    "division_of",
    "has_long_keys",
    "is_working_day",
    "last_day_to_give",
    "midnight",
    "nth_working_day",
    "read_calendars",
    "read_toml",
    "working_days",
    "years_covered",
    "zone",
]
