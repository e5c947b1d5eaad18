"""The extract of a period: one record per ticket that matters to it, from which every measure by any grouping comes.

A ticket matters that was opened, resolved or closed in the period, was open or not closed at its end, or was held,
reopened or reassigned within it. What a record says of the ticket is decided here once; measures only count.
"""

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import date
from enum import IntFlag
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from commonhold.demand.engine.columns import (
    NEVER,
    NONE,
    Bools,
    Bytes,
    Credits,
    Longs,
    Reading,
    Readings,
    State,
    Tickets,
    Verdict,
)
from commonhold.figures import Span
from commonhold.performance.engine.bounds import Instead, bounds_of, held_within, whole_minutes
from commonhold.performance.engine.periods import Period, through

FORMAT: Final = 6
AGED_AFTER: Final = 30 * 86_400
"""A ticket open for longer is aged (aged_open.v1)."""
LONG_AGED_AFTER: Final = 90 * 86_400
"""And very much so (aged_open_90.v1)."""

Structured: TypeAlias = NDArray[np.void]


class Bit(IntFlag):
    """What is true of a ticket in the period."""

    OPENED = 1 << 0
    RESOLVED = 1 << 1
    CLOSED = 1 << 2
    HAS_RESOLUTION = 1 << 3
    OPEN = 1 << 4
    UNCLOSED = 1 << 5
    AGED = 1 << 6
    ON_HOLD = 1 << 7
    TARGETED = 1 << 8
    BREACHED = 1 << 9
    DOUBTED = 1 << 10
    CLOCKED = 1 << 11
    REASSIGNED = 1 << 12
    HISTORY = 1 << 13
    VERDICT = 1 << 14
    VERDICT_MET = 1 << 15
    EXCLUDED = 1 << 16
    CORRECTED = 1 << 17
    HELD = 1 << 18
    HOLD_DOUBTED = 1 << 19
    LONG_AGED = 1 << 20


RECORD: Final = np.dtype(
    [
        ("id", "<i8"),
        ("partner", "<i4"),
        ("team", "<i4"),
        ("service", "<i4"),
        ("category", "<i4"),
        ("party", "<i4"),
        ("priority", "i1"),
        ("kind", "i1"),
        ("grade", "i1"),
        ("bits", "<u4"),
        ("resolution", "<i8"),
        ("used", "<i8"),
        ("least", "<i8"),
        ("most", "<i8"),
        ("held", "<i8"),
        ("least_held", "<i8"),
        ("most_held", "<i8"),
        ("reopenings", "<i4"),
    ]
)
"""`resolution` is seconds from opening to resolution by the calendar; `used`, `least`, `most` on the clock at the as-of
instant; `held`, `least_held`, `most_held` on hold within the period, in whole minutes of 60 seconds; `reopenings`
within the period."""

SHARE: Final = np.dtype(
    [("record", "<i4"), ("team", "<i4"), ("party", "<i4"), ("seconds", "<i8"), ("least", "<i8"), ("most", "<i8")]
)
"""Who used the time of a ticket resolved in the period, in whole minutes of 60 seconds; `record` is the place of the
ticket's record (C11). `least` and `most` are what it can have been (F5): no more is in doubt of a holder's time than of
the ticket's."""


@dataclass(frozen=True, slots=True)
class Extract:
    """The records of a period and the shares of their used time; `attributed` says whether shares were read."""

    period: Period
    records: Structured
    shares: Structured
    attributed: bool

    def has(self, bits: Bit) -> Bools:
        """Which records bear all these bits."""
        bearing: Bools = (self.records["bits"] & np.uint32(bits)) == np.uint32(bits)
        return bearing

    def as_bytes(self) -> bytes:
        """The extract as kept: a length, a JSON header, and its columns compressed."""
        header = json.dumps(self._header(), sort_keys=True, separators=(",", ":")).encode()
        return len(header).to_bytes(4, "little") + header + zlib.compress(self._body(), 6)

    @property
    def digest(self) -> str:
        """SHA-256 of header and columns before compression, the same whatever library compressed them."""
        header = json.dumps(self._header(), sort_keys=True, separators=(",", ":")).encode()
        return hashlib.sha256(header + self._body()).hexdigest()

    def _header(self) -> dict[str, Any]:
        span = self.period.span
        return {
            "format": FORMAT,
            "from": span.first.isoformat(),
            "to": span.last.isoformat(),
            "start": self.period.start,
            "end": self.period.end,
            "as_of": self.period.as_of,
            "attributed": self.attributed,
            "records": [len(self.records), RECORD.descr],
            "shares": [len(self.shares), SHARE.descr],
        }

    def _body(self) -> bytes:
        # Column by column: like values stand together and compress to a fraction.
        return b"".join(rows[name].tobytes() for rows in (self.records, self.shares) for name in rows.dtype.names or ())


def from_bytes(kept: bytes) -> Extract:
    """The extract that `as_bytes` kept."""
    length = int.from_bytes(kept[:4], "little")
    header = json.loads(kept[4 : 4 + length])
    if header["format"] != FORMAT:
        raise ValueError(f"This extract is of format {header['format']}; this version reads format {FORMAT}.")
    body = memoryview(zlib.decompress(kept[4 + length :]))
    tables = []
    for rows, descr in (header["records"], header["shares"]):
        table = np.empty(rows, np.dtype([(name, kind) for name, kind in descr]))
        for name in table.dtype.names or ():
            size = rows * table.dtype[name].itemsize
            table[name] = np.frombuffer(body[:size], table.dtype[name])
            body = body[size:]
        tables.append(table)
    span = Span(date.fromisoformat(header["from"]), date.fromisoformat(header["to"]))
    period = Period(span, header["start"], header["end"], header["as_of"])
    return Extract(period, tables[0], tables[1], header["attributed"])


def extract(
    period: Period,
    tickets: Tickets,
    readings: Readings,
    attribution: Credits | None = None,
    instead: Instead | None = None,
) -> Extract:
    """The extract of a period, from tickets read at `period.before`, `period.until` and `period.as_of`."""
    if len(tickets) != len(readings):
        raise ValueError(f"{len(tickets)} tickets with {len(readings)} readings")
    bounds = bounds_of(readings, instead)
    reopenings = _reopenings(period, tickets, readings)
    bits = _bits(period, tickets, readings, bounds.doubted)
    any_of = Bit.OPENED | Bit.RESOLVED | Bit.CLOSED | Bit.OPEN | Bit.UNCLOSED | Bit.REASSIGNED | Bit.HELD
    matter = np.flatnonzero(((bits & np.uint32(any_of)) != 0) | (reopenings > 0) | (bounds.most_held > 0))
    order = matter[np.argsort(tickets.id[matter], kind="stable")]
    records = np.empty(len(order), RECORD)
    for name in ("id", "partner", "team", "service", "category", "party", "priority", "kind", "grade"):
        records[name] = getattr(tickets, name)[order]
    resolved = tickets.resolved != NEVER
    columns = {
        "bits": bits,
        "resolution": np.where(resolved, tickets.resolved - tickets.opened, NONE),
        "used": readings.as_of.used,
        "held": held_within(readings, "held"),
        "reopenings": reopenings,
        **{name: getattr(bounds, name) for name in ("least", "most", "least_held", "most_held")},
    }
    for name, column in columns.items():
        records[name] = column[order]
    shares = np.empty(0, SHARE) if attribution is None else _shares(records, attribution)
    return Extract(period, records, shares, attribution is not None)


def _bits(period: Period, tickets: Tickets, readings: Readings, doubted: Bools) -> NDArray[np.uint32]:
    begun = tickets.opened <= period.until
    unclosed = begun & ~_closed_by_the_end(period, tickets, readings.at_end)
    is_open = unclosed & ~_resolved_by_the_end(period, tickets, readings.at_end)
    breached = readings.as_of.breached
    facts = {
        Bit.OPENED: _inside(period, tickets.opened),
        Bit.RESOLVED: _inside(period, tickets.resolved),
        Bit.CLOSED: _inside(period, tickets.closed),
        Bit.HAS_RESOLUTION: tickets.resolved != NEVER,
        Bit.OPEN: is_open,
        Bit.UNCLOSED: unclosed,
        Bit.AGED: is_open & (through(period.until) - tickets.opened > AGED_AFTER),
        Bit.LONG_AGED: is_open & (through(period.until) - tickets.opened > LONG_AGED_AFTER),
        Bit.ON_HOLD: is_open & (readings.at_end.state == State.ON_HOLD),
        # A breach stands even where a later reclassification took the target away (C8), and so does its absence.
        Bit.TARGETED: readings.as_of.had_target,
        Bit.BREACHED: breached,
        Bit.DOUBTED: doubted,
        Bit.CLOCKED: readings.as_of.used != NONE,
        Bit.REASSIGNED: readings.at_end.reassignments > readings.before.reassignments,
        Bit.HISTORY: tickets.has_history,
        Bit.VERDICT: tickets.verdict != Verdict.UNKNOWN,
        Bit.VERDICT_MET: tickets.verdict == Verdict.MET,
        Bit.EXCLUDED: tickets.excluded,
        Bit.CORRECTED: tickets.corrected,
        Bit.HELD: readings.at_end.held > readings.before.held,
        Bit.HOLD_DOUBTED: is_open & readings.at_end.in_doubt,
    }
    bits = np.zeros(len(tickets), np.uint32)
    for bit, holds in facts.items():
        bits |= np.where(holds, np.uint32(bit), np.uint32(0))
    return bits


def _inside(period: Period, instants: Longs) -> Bools:
    return (instants >= period.start) & (instants <= period.until)


def _closed_by_the_end(period: Period, tickets: Tickets, at_end: Reading) -> Bools:
    """By the source's own column where it has one, else by the history; a cancelled ticket is closed in either case."""
    told = np.where(tickets.own_closed, tickets.closed <= period.until, at_end.closed)
    closed: Bools = told | (at_end.state == State.CANCELLED)
    return closed


def _resolved_by_the_end(period: Period, tickets: Tickets, at_end: Reading) -> Bools:
    by_state = _among(at_end.state, State.RESOLVED, State.CLOSED, State.CANCELLED)
    return np.where(tickets.own_resolved, tickets.resolved <= period.until, by_state)


def _among(states: Bytes, *wanted: State) -> Bools:
    return np.isin(states, np.array(wanted, np.int8))


def _reopenings(period: Period, tickets: Tickets, readings: Readings) -> NDArray[np.int32]:
    """From the history by their instants; without one the source's count, dated on the last that the source dates."""
    from_history = readings.at_end.reopenings - readings.before.reopenings
    dated = np.where(tickets.resolved != NEVER, tickets.resolved, tickets.closed)
    dated = np.where(dated != NEVER, dated, tickets.opened)
    stated = np.where(_inside(period, dated), np.maximum(tickets.source_reopens, 0), 0)
    return np.where(tickets.has_history, from_history, stated).astype(np.int32)


def _shares(records: Structured, attribution: Credits) -> Structured:
    """The attribution of tickets resolved in the period, checked to sum to the time each used (C11).

    Minutes are made whole along the way from holder to holder, so that those of a ticket add up to its own.
    """
    wanted = (records["bits"] & np.uint32(Bit.RESOLVED)) != 0
    ids = records["id"][wanted]
    place = np.searchsorted(ids, attribution.ticket)
    found = place < len(ids)
    found[found] = ids[place[found]] == attribution.ticket[found]
    kept = attribution.take(found)
    of = np.flatnonzero(wanted)[place[found]]
    order = np.argsort(of, kind="stable")
    kept, of = kept.take(order), of[order]
    sums = np.zeros(len(records), np.int64)
    np.add.at(sums, of, kept.seconds)
    astray = wanted & (records["used"] != NONE) & (sums != records["used"])
    if astray.any():
        ticket = int(records["id"][astray][0])
        raise ValueError(f"The minutes of ticket {ticket} do not add up over those who held it.")
    so_far = np.cumsum(kept.seconds) - (np.cumsum(sums) - sums)[of]
    shares = np.empty(len(kept), SHARE)
    shares["record"], shares["team"], shares["party"] = of, kept.team, kept.party
    shares["seconds"] = whole_minutes(so_far) - whole_minutes(so_far - kept.seconds)
    used, least, most = (whole_minutes(records[name])[of] for name in ("used", "least", "most"))
    shares["least"] = np.maximum(shares["seconds"] - (used - least), 0)
    shares["most"] = shares["seconds"] + (most - used)
    return shares[np.lexsort((shares["party"], shares["team"], shares["record"]))]
