"""Completeness of what each desk's files tell of some days; read from the tickets opened in them alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Max

from commonhold.demand.engine.completeness import Complete, Numbered, Series, gaps, quiet, series, split
from commonhold.demand.models import Batch, DaysComplete, Desk, Reckoning, Ticket
from commonhold.demand.permissions import reads_incidents
from commonhold.demand.queries.batches import last_job
from commonhold.demand.queries.tickets import opened_within
from commonhold.figures import Span
from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import By
from commonhold.refusals import Refused
from commonhold.workdays import LONDON, bank_holidays, working_days

MOST_DAYS: Final = 92
"""Days that are looked at at once: a quarter."""
MONTHS: Final = 13
DIVISION: Final = "GB-ENG"


@dataclass(frozen=True, slots=True)
class Found:
    """What is kept of some days, None where nobody has looked at them; `overtaken` where files were brought since; and
    the job that was asked to look at them last.
    """

    desks: list[Complete] | None
    overtaken: bool
    job: Job | None

    @property
    def goes_on(self) -> bool:
        """Whether a worker is at it, or is to be."""
        return self.job is not None and not self.job.has_ended


def complete(
    first: date, last: date, *, known: int, progress: Callable[[int, int, str], None] = lambda *_: None
) -> list[Complete]:
    """What can be told of every desk with a ticket that is known, by name. Refused for more than a quarter."""
    refuse_too_many(first, last)
    desks = [desk for desk in Desk.objects.filter(known_from__lte=known).order_by("name") if isinstance(desk, Desk)]
    found = []
    for done, desk in enumerate(desks):
        progress(done, len(desks), f"Looking at {desk.name}")
        found.append(_of(desk, first, last, known))
    return found


def refuse_too_many(first: date, last: date) -> None:
    """Refuse days that make no sense, or are more than a quarter."""
    if last < first:
        raise Refused("The last day must not be before the first.")
    if (last - first).days >= MOST_DAYS:
        raise Refused(f"Completeness is looked at for {MOST_DAYS} days at once at most. Choose fewer days.")


def is_month(first: date, last: date) -> bool:
    """Whether days are those of one calendar month."""
    return (
        first.day == 1
        and (first.year, first.month) == (last.year, last.month)
        and ((last + timedelta(days=1)).day == 1)
    )


def job_key(first: date, last: date) -> str:
    """What the job is asked for under: one at a time for the same days."""
    return f"completeness-{first}-{last}"


def seen(first: date, last: date, *, seen_by: By) -> Found | None:
    """What is kept of these days, for whoever holds a post; nothing for the public. Refused for more than a quarter."""
    if not reads_incidents(seen_by):
        return None
    refuse_too_many(first, last)
    kept = DaysComplete.objects.filter(first=first, last=last).order_by("-batch").first()
    return Found(
        desks=kept.desks if kept else None,
        overtaken=kept is not None and kept.batch != newest_file(),
        job=last_job(job_key(first, last)),
    )


def newest_file() -> int:
    """The last file that was taken over: what was put right since changes neither references nor openings."""
    files = Batch.objects.taken().filter(kind=Batch.Kind.FILE)
    return files.aggregate(last=Max("number"))["last"] or 0


def last_month(known: int) -> tuple[date, date] | None:
    """The last calendar month in which a ticket was opened; None without any ticket."""
    rows = Reckoning.objects.known(known).order_by("-opened_at").values_list("opened_at", flat=True)
    newest = rows.first()
    if newest is None:
        return None
    day = newest.astimezone(LONDON).date()
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day.replace(day=1), following - timedelta(days=1)


def months_before(newest: tuple[date, date]) -> list[Span]:
    """The newest month and those of the year before it."""
    found = [Span(*newest)]
    while len(found) < MONTHS:
        last = found[-1].first - timedelta(days=1)
        found.append(Span(last.replace(day=1), last))
    return found


def _of(desk: Desk, first: date, last: date, known: int) -> Complete:
    rows = Reckoning.objects.known(known).filter(desk=desk).filter(opened_within(first, last))
    told = list(rows.order_by().values_list("ticket__reference", "opened_at"))
    references = [reference for reference, _ in told]
    working = _working(desk, first, last, known)
    # London's days begin on the hour, so one ticket of each hour says on which days there were any.
    hours = {opened.replace(minute=0, second=0) for _, opened in told}
    return Complete(
        desk=desk.name,
        tickets=len(told),
        numbered=tuple(_numbered(desk, one, known) for one in series(references)),
        working=len(working),
        quiet=tuple(quiet(map(_day, hours), working)),
    )


def _numbered(desk: Desk, of: Series, known: int) -> Numbered:
    """A series with its gaps: a number that a ticket of other days has is none."""
    rows = Ticket.objects.filter(
        desk=desk, known_from__lte=known, reference__gte=of.reference(of.low), reference__lte=of.reference(of.high)
    )
    parts = map(split, rows.order_by().values_list("reference", flat=True))
    there = {part[2] for part in parts if part is not None and part[:2] == (of.prefix, of.digits)}
    return Numbered(of, tuple(gaps(of, there)))


def _working(desk: Desk, first: date, last: date, known: int) -> list[date]:
    """The working days of a period of which the desk's files tell: none before its first ticket, none after its last
    file of tickets. A file of holds tells of no new ones.
    """
    files = Batch.objects.telling(known).filter(desk=desk, kind=Batch.Kind.FILE)
    through: datetime | None = files.aggregate(last=Max("observed_at"))["last"]
    openings = Reckoning.objects.known(known).filter(desk=desk).order_by("opened_at")
    begins = openings.values_list("opened_at", flat=True).first()
    if through is None or begins is None:
        return []
    ends = min(last, _day(through) - timedelta(days=1))
    begin = max(first, _day(begins))
    return list(working_days(begin, ends, bank_holidays(DIVISION)))


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()
