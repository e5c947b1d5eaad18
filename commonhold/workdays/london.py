"""Days of Europe/London: those of periods, of the agreement's versions and of everything the partnership does."""

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")


def midnight(day: date) -> datetime:
    """The instant at which a day of Europe/London begins."""
    return datetime.combine(day, time(0), LONDON)
