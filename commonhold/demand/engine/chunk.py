"""Plain mapped rows as they leave the reading of a desk's export: columns of one length, a chunk at a time.

What a source can prove about holds is the grade of its rows (F5): intervals from a history, only a total, or nothing.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any, Final, Self, cast

from commonhold.demand.engine import snapshots
from commonhold.demand.engine.mapping import HOLDS, KINDS, SERVICE


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of the file, in its order; row n of each column is the same row. Instants are seconds since 1970, UTC.

    `digest` is the same number whenever a desk says the same of an event, however its dates and words are written; rows
    that are identical have identical digests. A fact for which the file has no column is None, `kind` "incident".
    """

    line: list[int]
    digest: list[int]
    reference: list[str]
    event_at: list[int | None]
    state: list[str | None]
    hold_reason: list[str | None]
    opened_at: list[int | None]
    resolved_at: list[int | None]
    closed_at: list[int | None]
    partner: list[str | None]
    team: list[str | None]
    responsible: list[str]
    assignee: list[str | None]
    priority: list[str | None]
    category: list[str | None]
    service: list[str | None]
    kind: list[str]
    channel: list[str | None]
    reopen_count: list[int | None]
    source_verdict: list[bool | None]
    held_minutes: list[int | None]
    grade: list[str]
    updated_at: list[int | None]
    held_from: list[int | None]
    held_to: list[int | None]

    @classmethod
    def of(cls, kind: str, columns: dict[str, list[Any]]) -> Self:
        """A chunk of a file of this kind from the columns that the file has."""
        count = len(columns["line"])
        unknown: list[None] = [None] * count
        told: dict[str, list[Any]] = {"kind": [KINDS[0]] * count, "responsible": [SERVICE] * count, **columns}
        states, reasons = told.get("state", unknown), told.get("hold_reason", unknown)
        # Desks leave the last reason standing after a ticket comes off hold. An ignored state changes nothing.
        told["hold_reason"] = [
            reason if state in ("on_hold", None) else None for state, reason in zip(states, reasons, strict=True)
        ]
        held = told.get("held_minutes", unknown)
        told["grade"] = [_grade(minutes) for minutes in held] if kind == "tickets" else ["intervals"] * count
        return cls(**{name: told.get(name, unknown) for name in FIELDS})

    def __len__(self) -> int:
        return len(self.line)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """One tuple for each row, in the order of FIELDS."""
        return zip(*(getattr(self, name) for name in FIELDS), strict=True)

    def is_settled(self, place: int) -> bool:
        """Whether the ticket of this row had stopped: for files of tickets only."""
        state = self.state[place]
        ended = state is None and (self.resolved_at[place] is not None or self.closed_at[place] is not None)
        return ended or state in ("resolved", "closed", "cancelled")

    def events(self) -> list[int]:
        """How many events each row is of a history, or of holds: their beginning, and their end where it is known."""
        return [1 if end is None else 2 for end in self.held_to]

    def steps(self) -> Iterator[tuple[snapshots.Step, ...]]:
        """What each row implies about its ticket's history; for files of tickets only."""
        opened = cast(list[int], self.opened_at)
        return map(snapshots.steps, opened, self.resolved_at, self.closed_at, self.state)


FIELDS: Final = tuple(each.name for each in fields(Chunk))
SAID_OF_HOLDS: Final = ("reference", "held_from", "held_to", "hold_reason")
SAID: Final = tuple(
    name for name in FIELDS if name not in ("line", "digest", "responsible", "grade", "updated_at", *SAID_OF_HOLDS[1:3])
)
"""What the desk itself says of an event, and so what its digest covers. When it last changed a line is no part of that:
what it says may be as before.
"""

ENDING: Final = "\x1f\x1f"
"""How each text ends whose digest databases hold: with another, they would take every event told again for new."""


def digests(said: Sequence[list[str]]) -> list[int]:
    """A signed 64-bit number for each row, from the texts of its columns in the order of SAID."""
    texts = map("\x1f".join, zip(*said, strict=True))
    together = b"".join([blake2b((text + ENDING).encode(), digest_size=8).digest() for text in texts])
    return list(struct.unpack(f">{len(together) // 8}q", together))


def said_in(kind: str) -> tuple[str, ...]:
    """What the digest of a line of a file of this kind covers."""
    return SAID_OF_HOLDS if kind == HOLDS else SAID


def _grade(held_minutes: int | None) -> str:
    return "none" if held_minutes is None else "total"
