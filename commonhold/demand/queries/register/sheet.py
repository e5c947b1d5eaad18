"""The register of incidents as it is taken away: on pages, and by the command."""

from collections.abc import Iterable, Iterator
from typing import Final

from commonhold.demand.engine.incidents.account import party_in_words
from commonhold.demand.queries.register.listing import Line
from commonhold.govuk.tables import Cell

HEADINGS: Final = (
    "Incident", "Title", "Tickets", "Tickets of others", "Opened", "Detected", "Restored", "Minutes by the calendar",
    "Minutes on the clock", "Target (minutes)", "Result", "Responsible party", "Key incident", "Written up", "Cause",
    "Residents' services",
)  # fmt: skip
WRITTEN: Final = {"no": "not written up yet", "draft": "being written", "yes": "signed off"}


def rows(lines: Iterable[Line]) -> Iterator[tuple[Cell, ...]]:
    for line in lines:
        account = line.account
        yield (
            line.incident.pk if line.incident else None,
            account.title if account else None,
            ", ".join(row.ticket.reference for row in line.tickets),
            line.others,
            line.opened,
            account.detected if account else None,
            account.restored if account else None,
            line.minutes,
            line.used,
            line.target,
            line.result,
            party_in_words(line.party),
            line.is_key,
            WRITTEN[line.written],
            account.cause if account else None,
            ", ".join(line.services),
        )
