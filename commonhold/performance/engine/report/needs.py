"""What each part of a report needs beside words: its figures, the readings that are expected, incidents written up,
disputes answered.

Readings of a measure are expected where it has an aim, or where some were brought within a year before (F2).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from commonhold.govuk.formats import listed, plural
from commonhold.performance.engine.report.about import PART_OF, About, part_of_own
from commonhold.performance.engine.report.readiness import Needed, Piece

YEAR: Final = timedelta(days=365)

OF_TICKETS: Final = (
    "volumes",
    "targets",
    "verdicts",
    "urgent",
    "services",
    "categories",
    "backlog",
    "exceptions",
    "parity",
    "partners",
    "holders",
)
"""The parts whose figures are counted from tickets."""


@dataclass(frozen=True, slots=True)
class OfTickets:
    """How far the figures of a period's tickets are: whether they are kept, whether more is known since, and the desks
    whose files end before its days do.
    """

    kept: bool
    overtaken: bool = False
    short: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OfReadings:
    """A measure that readings feed and that is expected: whether its figure is known, of whom nothing was brought in
    these days though readings tell of them at other times, and whether those that are there tell of all of the days.
    """

    name: str
    title: str
    known: bool
    absent: Sequence[str] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class OfIncidents:
    """How many P1 tickets of a period are in no incident of the register, and its incidents by how far they are."""

    in_none: int = 0
    unwritten: int = 0
    drafted: int = 0
    signed: int = 0


@dataclass(frozen=True, slots=True)
class Needs:
    """All of it; `disputes` is how many of the period's tickets, or of classes of its days, wait for the officers."""

    tickets: OfTickets
    readings: Sequence[OfReadings] = ()
    incidents: OfIncidents = field(default_factory=OfIncidents)
    disputes: int = 0
    register: str = ""
    """Where the incidents of these days are listed."""


def pieces(needs: Needs) -> Iterator[Piece]:
    """What it comes to, piece by piece; several things of a kind are one piece that counts as many."""
    yield from _of_tickets(needs.tickets)
    yield from _of_incidents(needs.incidents, needs.register)
    if needs.disputes:
        what = f"{plural(needs.disputes, 'dispute')} answered"
        yield Piece(About("disputed"), what, False, "the officers' answer", Needed.DISPUTES, count=needs.disputes)
    for one in needs.readings:
        yield from _of_readings(one)


def short(told: Mapping[str, date], first: date, last: date) -> list[str]:
    """The desks, by name, whose files end before these days do, from the last day that each one's files tell of.

    A desk whose files end more than a year before is no longer waited for, unless all do.
    """
    lately = {desk: day for desk, day in told.items() if day >= first - YEAR} or told
    return sorted(desk for desk, day in lately.items() if day < last)


def expected(aimed: Iterable[str], lately: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    """The measures of which readings are expected, by name, in the order of pages: those that have an aim, and those
    that were fed lately.
    """
    wanted = {*aimed, *lately}
    return [name for name in titles if name in wanted]


def _of_tickets(tickets: OfTickets) -> Iterator[Piece]:
    for part in OF_TICKETS:
        yield Piece(About(part), "the figures", tickets.kept, "somebody to have them computed")
    if not tickets.kept:
        return
    if tickets.overtaken:
        what = "the figures, with what has become known since"
        yield Piece(About("volumes"), what, False, "the worker that computes them again", Needed.NEWER)
    for desk in tickets.short:
        what = f"files of {desk} that tell of its days to the end"
        yield Piece(About("volumes"), what, False, "the desk's files", Needed.FILES)


def _of_incidents(found: OfIncidents, register: str) -> Iterator[Piece]:
    kinds = (
        (found.signed, "signed off", True, ""),
        (found.in_none, f"{plural(found.in_none, 'P1 ticket')} entered in the register", False, "the officers"),
        (found.unwritten, f"{plural(found.unwritten, 'incident')} written up", False, "the officers' account"),
        (found.drafted, f"{plural(found.drafted, 'account')} in draft to be signed off", False, "a signature"),
    )
    for count, what, there, waits in kinds:
        if count:
            yield Piece(About("incidents"), what, there, waits, Needed.ACCOUNTS, count=count, address=register)


def _of_readings(one: OfReadings) -> Iterator[Piece]:
    about = About(PART_OF[one.name]) if one.name in PART_OF else About(part_of_own(one.name), called=one.title)
    waits = "whoever brings its readings"
    if not one.known:
        yield Piece(about, f"{one.title}: readings of these days", False, waits, Needed.READINGS)
        return
    yield Piece(about, f"{one.title}: its readings", True, needed=Needed.READINGS)
    if one.absent:
        what = f"{one.title}: readings of {listed(one.absent)}"
        yield Piece(about, what, False, waits, Needed.READINGS, count=len(one.absent))
    elif not one.is_whole:
        what = f"{one.title}: readings of these days without gaps, to the end"
        yield Piece(about, what, False, waits, Needed.READINGS)
