"""A companion file of holds as it is brought: its rows beside their tickets, and what of them is new (F5)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from commonhold.databases.choosing import chosen
from commonhold.demand.engine.chunk import FIELDS, Chunk
from commonhold.demand.engine.holds import Hold, problems
from commonhold.demand.engine.intake import LISTED, too_many
from commonhold.demand.models import Batch, Desk, Event, Reckoning, Ticket
from commonhold.demand.queries.files import File
from commonhold.demand.queries.reading import Whole
from commonhold.demand.queries.told import Numbers
from commonhold.refusals import Refused

OPENINGS: Final = (
    f'select t.reference, r.opened_at from "{Ticket._meta.db_table}" t join "{Reckoning._meta.db_table}" r '
    "on r.ticket_id = t.id and r.known_until is null where {chosen} and t.desk_id = %s"
)
STORED: Final = (
    f'select ticket_id, content, batch, line from "{Event._meta.db_table}" where {{chosen}} and batch in '
    f'(select number from "{Batch._meta.db_table}" where known_until is null and number < %s and kind = %s) '
    "and state is not null"
)
"""The beginnings of holds that files told before."""


def sifted(file: File, whole: Whole) -> tuple[Whole, list[Chunk]]:
    """The file's report with the rows left out for what only all rows and tickets together show, and the good rows.

    Refused where these are more than is tolerated, or where the desk has no tickets.
    """
    desk = Desk.objects.filter(name=file.mapping.desk).first()
    if desk is None:
        raise Refused(
            f"There are no tickets of the desk '{file.mapping.desk}' yet, so nothing can be said of their holds. "
            "Import them first, or write the name of their desk in the mapping of the holds."
        )
    chunks = list(whole.chunks())
    opened = openings(desk.pk, {reference for chunk in chunks for reference in chunk.reference})
    bad = {one.line: one for one in problems(holds_of(chunks), opened.get, ZoneInfo(whole.report.time_zone or "UTC"))}
    about = whole.report
    refused = sorted([*about.refused, *bad.values()], key=lambda one: one.line)[:LISTED]
    left_out = about.refused_rows + len(bad)
    if left_out > file.tolerate * about.rows:
        raise too_many(left_out, about.rows, file.tolerate, refused)
    report = replace(about, kept=about.rows - left_out, refused_rows=left_out, refused=tuple(refused))
    return replace(whole, report=report), [without(chunk, bad) for chunk in chunks]


def openings(desk: int, references: Collection[str]) -> dict[str, int]:
    """When the tickets of a desk with these references were opened, as it is known."""
    rows = (row for rows in chosen(OPENINGS, "t.reference", sorted(references), desk) for row in rows)
    return dict(rows)


def holds_of(chunks: Iterable[Chunk]) -> Iterator[Hold]:
    for chunk in chunks:
        yield from map(Hold, chunk.line, chunk.reference, chunk.held_from, chunk.held_to)  # type: ignore[arg-type]


def without(chunk: Chunk, lines: Collection[int]) -> Chunk:
    """The chunk without these lines."""
    places = [place for place, line in enumerate(chunk.line) if line not in lines]
    if len(places) == len(chunk):
        return chunk
    return Chunk(**{name: [*map(getattr(chunk, name).__getitem__, places)] for name in FIELDS})


class ToldOfHolds:
    """The tickets of which a file of holds says something new: other holds than the last file that listed them, or the
    same at a later moment.
    """

    def __init__(
        self, chunks: Iterable[Chunk], numbers: Numbers, *, batch: int, moment: int, replaced: Collection[int] = ()
    ) -> None:
        said: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for chunk in chunks:
            for reference, digest in zip(chunk.reference, chunk.digest, strict=True):
                said[reference][digest] += 1
        tickets = dict(zip(said, numbers.of(list(said)), strict=True))
        stored = self._stored({ticket for ticket in tickets.values() if ticket}, batch, frozenset(replaced))
        earlier = Batch.objects.filter(kind=Batch.Kind.HOLDS, observed_at__lt=datetime.fromtimestamp(moment, UTC))
        before = frozenset(earlier.values_list("number", flat=True))
        self.changed, self.later = set(), set()
        for reference, ticket in tickets.items():
            told, last = stored.get(ticket or 0, (Counter[int](), 0))
            if told != said[reference]:
                self.changed.add(reference)
            elif last in before:
                self.later.add(reference)

    def fresh(self, chunk: Chunk) -> tuple[list[int], list[int]]:
        """The places of the chunk's lines about tickets that are told otherwise, and about those told again."""
        changed, later = (
            [place for place, reference in enumerate(chunk.reference) if reference in among]
            for among in (self.changed, self.later)
        )
        return changed, later

    @staticmethod
    def _stored(tickets: set[int], batch: int, replaced: frozenset[int]) -> dict[int, tuple[Counter[int], int]]:
        """What the last file that listed each ticket said of its holds, and the file's batch."""
        found: dict[int, dict[int, Counter[int]]] = {}
        for rows in chosen(STORED, "ticket_id", sorted(tickets), batch, str(Batch.Kind.HOLDS)) if tickets else ():
            for ticket, content, number, _ in rows:
                if number not in replaced:
                    found.setdefault(ticket, {}).setdefault(number, Counter())[content] += 1
        return {ticket: (told[max(told)], max(told)) for ticket, told in found.items()}
