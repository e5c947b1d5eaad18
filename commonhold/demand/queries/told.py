"""Which lines of a file say again what is stored already: the same export given twice, or a longer one later."""

from collections.abc import Sequence
from typing import Final

from commonhold.databases.choosing import chosen
from commonhold.demand.engine.intake import Chunk
from commonhold.demand.models import Event

STORED: Final = (
    f'select distinct ticket_id, content, batch, line from "{Event._meta.db_table}" where {{chosen}} and batch < %s'
)

Line = tuple[int, int]
"""A stored line: its batch, and its number there."""


class Told:
    """The stored lines that a file has told again so far: identical lines are told apart by how often they stand.

    Of a history every stored line counts; of a snapshot only what was last known of the ticket, for a state may return.
    """

    def __init__(self, *, is_history: bool) -> None:
        self._is_history = is_history
        self._again: set[Line] = set()

    def fresh(self, chunk: Chunk, tickets: Sequence[int], *, first_new: int, batch: int) -> list[int]:
        """The places of the chunk's lines that say something not stored yet; tickets from `first_new` on are new."""
        known = {ticket for ticket in tickets if ticket < first_new}
        stored = self._stored(known, batch) if known else {}
        fresh = []
        for place, said in enumerate(zip(tickets, chunk.digest, strict=True)):
            waiting = stored.get(said)
            if waiting:
                self._again.add(waiting.pop())
            else:
                fresh.append(place)
        return fresh

    def _stored(self, tickets: set[int], batch: int) -> dict[tuple[int, int], list[Line]]:
        """The stored lines of these tickets that were not told again yet, by ticket and content."""
        rows = [row for rows in chosen(STORED, "ticket_id", sorted(tickets), batch) for row in rows]
        newest: dict[int, int] = {}
        for ticket, _, stored_by, _ in rows:
            newest[ticket] = max(newest.get(ticket, 0), stored_by)
        found: dict[tuple[int, int], list[Line]] = {}
        for ticket, content, stored_by, line in sorted(rows, reverse=True):
            if (self._is_history or stored_by == newest[ticket]) and (stored_by, line) not in self._again:
                found.setdefault((ticket, content), []).append((stored_by, line))
        return found
