"""The demonstration's story, told in chapters by calling acts, each at the instant at which it happened.

A chapter can be told again: what is there already is not done twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import Final

from commonhold.demand.acts import imports, saved_mappings
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import HOLD_REASONS, Mapping
from commonhold.demand.models import Batch, SavedMapping
from commonhold.demand.queries.files import File
from commonhold.figures import Span
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import State
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import acting
from commonhold.web.demo import differences, disputes, libraries, readings
from commonhold.web.demo.desk import A_DAY, Drawn, OfficeHours, draw, office_hours
from commonhold.web.demo.export import export
from commonhold.web.demo.feed import bring_by_feed
from commonhold.web.demo.founding import at, found, somebody, text
from commonhold.web.demo.reports import AUTUMN, SPRING, WINTER, Progress, first_report, second_report, third_report
from commonhold.web.demo.telling import CHAPTER, newest
from commonhold.workdays import read_calendars


@dataclass(frozen=True, slots=True)
class Quarter:
    """The joint desk's tickets of some days, brought on a day, and what followed from them."""

    tickets: Span
    brought: date
    by_feed: bool = False
    then: Callable[[Progress], None] | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """What is told at one go: the joint desk's tickets of some days, or something else."""

    words: str
    of: Quarter | Callable[[int, Progress], None]


def _libraries(tickets_a_day: int, progress: Progress) -> None:
    libraries.bring(_office(), tickets_a_day, progress)


def _differences(tickets_a_day: int, progress: Progress) -> None:
    progress(0.1, "Holding a partner's own list against our tickets")
    disputes.unanswered()
    differences.explain(_drawn(tickets_a_day))


CHAPTERS: Final = (
    Chapter("The first year's tickets", Quarter(Span(date(2023, 7, 1), date(2024, 6, 30)), date(2024, 7, 2))),
    Chapter("The second year's tickets", Quarter(Span(date(2024, 7, 1), date(2025, 6, 30)), date(2025, 7, 2))),
    Chapter("July to September 2025", Quarter(Span(date(2025, 7, 1), date(2025, 9, 30)), date(2025, 10, 2))),
    Chapter("October to December 2025", Quarter(AUTUMN, date(2026, 1, 6), then=first_report)),
    Chapter("January to March 2026", Quarter(WINTER, date(2026, 4, 2), then=second_report)),
    Chapter("The libraries of Eastwell Vale", _libraries),
    Chapter("April to June 2026", Quarter(SPRING, date(2026, 7, 2), by_feed=True, then=third_report)),
    Chapter("A partner's own figure", _differences),
)
ALL_REASONS: Final = {reason: reason for reason in HOLD_REASONS}


def begin(instant: datetime, tickets_a_day: int = A_DAY) -> None:
    """Found the partnership with its people and agreement, and have the chapters told by a worker.

    A story that was begun goes on where it stopped, with as many tickets a day as it began with.
    """
    found()
    by, last = acting(None, instant), newest()
    if last is None:
        ask_for(0, by, tickets_a_day)
    elif last.state in (State.FAILED, State.CANCELLED):
        ask_for(last.arguments["number"], by, last.arguments["tickets_a_day"])


def ask_for(number: int, by: By, tickets_a_day: int) -> None:
    """Have a chapter told."""
    title = CHAPTERS[number].words
    jobs.ask(CHAPTER, by=by, key=f"chapter-{number}", title=title, number=number, tickets_a_day=tickets_a_day)


def tell(number: int, tickets_a_day: int, progress: Progress) -> bool:
    """Tell a chapter; returns whether there is another after it."""
    chapter = CHAPTERS[number].of
    if isinstance(chapter, Quarter):
        _tell(chapter, tickets_a_day, progress)
    else:
        chapter(tickets_a_day, progress)
    return number + 1 < len(CHAPTERS)


def _tell(quarter: Quarter, tickets_a_day: int, progress: Progress) -> None:
    share = 0.5 if quarter.then else 1.0
    _bring(quarter, tickets_a_day, lambda part, words: progress(share * part, words))
    if quarter.then is not None:
        instant = at(quarter.brought, 10)
        readings.bring(quarter.tickets, instant)
        readings.enter(quarter.tickets, instant)
        if quarter.tickets == SPRING:
            readings.published_before(instant)
        quarter.then(progress)


def _bring(quarter: Quarter, tickets_a_day: int, progress: Progress) -> None:
    instant, days = at(quarter.brought, 9), quarter.tickets
    mapping = mappings.parse(text("desk.toml").encode(), "joint-service-desk")
    if Batch.objects.taken().filter(desk__name=mapping.desk, taken_at=instant).exists():
        return
    progress(0.02, f"Writing the desk's export from {days.first:%B %Y} to {days.last:%B %Y}")
    content = export(_drawn(tickets_a_day), days.first, days.last)
    analyst = somebody("service-analyst", instant)
    if quarter.by_feed:
        _save(analyst, mapping, "As the desk's exports were read from the first on.")

    def importing(done: float, words: str) -> None:
        progress(0.1 + 0.9 * done, words)

    if quarter.by_feed:
        bring_by_feed(content, mapping, instant, importing)
        changed = replace(mapping, kinds={**mapping.kinds, "change": "change"}, hold_reasons=ALL_REASONS)
        _save(analyst, changed, "The desk is to export changes as well, and holds for whatever reason.")
    else:
        file = File(stream=BytesIO(content), mapping=mapping)
        imports.bring(by=analyst, file=file, clock=lambda: instant, progress=importing)


def _save(by: By, mapping: Mapping, why: str) -> None:
    """Save a version of how the desk's exports are read, unless it is there already."""
    if not any(row.why == why for row in SavedMapping.objects.filter(name=mapping.name)):
        saved_mappings.save_mapping(by=by, name=mapping.name, mapping=mapping, why=why)


@cache
def _drawn(tickets_a_day: int) -> Drawn:
    return draw(_office(), tickets_a_day)


@cache
def _office() -> OfficeHours:
    calendars = read_calendars(text("calendars.toml"), "calendars.toml")
    return office_hours(calendars["office-hours"])
