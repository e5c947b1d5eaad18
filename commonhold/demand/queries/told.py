"""Which tickets of a file are known, and which lines say again what is stored: an export given twice, or longer."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from commonhold.databases.choosing import chosen
from commonhold.demand.engine.chunk import Chunk
from commonhold.demand.engine.marks import Marks
from commonhold.demand.models import Batch, Event, Ticket

REMEMBERED: Final = 200_000
"""References kept at hand: the lines of a history about one ticket mostly stand near each other."""

NUMBERS: Final = f'select reference, id from "{Ticket._meta.db_table}" where {{chosen}} and desk_id = %s'
STORED: Final = (
    f'select distinct ticket_id, content, batch, line from "{Event._meta.db_table}" where {{chosen}} '
    f'and batch in (select number from "{Batch._meta.db_table}" where known_until is null and number < %s '
    "and kind = %s and has_history = %s)"
)
"""Lines of the files of one kind that count; those of a file that was read in another way since no longer do."""


class Numbers(dict[str, int]):
    """The numbers of a desk's tickets by reference, as far as they were looked up."""

    def __init__(self, desk: int | None) -> None:
        super().__init__()
        self.desk = desk

    def of(self, references: Collection[str]) -> list[int | None]:
        """The numbers of these; None for one that is new."""
        if len(self) > REMEMBERED:
            self.clear()
        missing = sorted({reference for reference in references if reference not in self})
        if missing and self.desk is not None:
            for rows in chosen(NUMBERS, "reference", missing, self.desk):
                for reference, number in rows:
                    self[reference] = number
        return [self.get(reference) for reference in references]


class Told:
    """The stored lines that a file has told again so far: identical lines are told apart by how often they stand.

    Of a history every stored line counts; of a snapshot only what was last known of the ticket, for a state may return.
    The lines of batches that are `replaced` count no longer: the file is read anew. `moment` is that of which a
    snapshot tells last.
    """

    def __init__(self, *, is_history: bool, batch: int, moment: int, replaced: Collection[int] = ()) -> None:
        self._is_history = is_history
        self._batch = batch
        self._moment = moment
        self._replaced = frozenset(replaced)
        self._again: defaultdict[int, Marks] = defaultdict(Marks)

    @cached_property
    def _earlier(self) -> frozenset[int]:
        """Files of an earlier moment."""
        rows = Batch.objects.filter(kind=Batch.Kind.FILE, observed_at__lt=datetime.fromtimestamp(self._moment, UTC))
        return frozenset(rows.values_list("number", flat=True))

    def fresh(self, chunk: Chunk, tickets: Sequence[int | None]) -> tuple[list[int], list[int]]:
        """The places of the chunk's lines that say something not stored yet; a ticket that is None is new. And of those
        that say of a ticket not stopped, at a later moment, that it is still so (F5).
        """
        stored = self._stored({ticket for ticket in tickets if ticket is not None})
        if not stored:
            return [*range(len(chunk))], []
        fresh, again = [], []
        for place, said in enumerate(zip(tickets, chunk.digest, strict=True)):
            waiting = stored.get(said)
            if not waiting:
                fresh.append(place)
                continue
            batch, line = waiting.pop()
            self._again[batch].set((line,), (1,))
            if not self._is_history and batch in self._earlier and not chunk.is_settled(place):
                again.append(place)
        return fresh, again

    def _stored(self, tickets: set[int]) -> dict[tuple[int | None, int], list[tuple[int, int]]]:
        """The stored lines, by batch and number, that were not told again yet; by ticket and content."""
        if not tickets:
            return {}
        told = chosen(STORED, "ticket_id", sorted(tickets), self._batch, str(Batch.Kind.FILE), self._is_history)
        rows = [row for rows in told for row in rows if row[2] not in self._replaced]
        newest: dict[int, int] = {}
        for ticket, _, batch, _ in rows:
            newest[ticket] = max(newest.get(ticket, 0), batch)
        waiting: dict[tuple[int | None, int], list[tuple[int, int]]] = {}
        for ticket, content, batch, line in sorted(rows, reverse=True):
            if (self._is_history or batch == newest[ticket]) and line not in self._again[batch]:
                waiting.setdefault((ticket, content), []).append((batch, line))
        return waiting
