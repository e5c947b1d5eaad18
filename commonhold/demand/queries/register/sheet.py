"""The register of incidents, and the tables of one incident, as they are taken away: on pages, and by the command."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from commonhold.demand.engine.incidents.account import party_in_words
from commonhold.demand.queries.knowledge import Now, about_now
from commonhold.demand.queries.register.incident import Told
from commonhold.demand.queries.register.listing import Line
from commonhold.govuk.tables import Cell
from commonhold.govuk.taking import Sheet, Sheets

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


def of_incident(told: Told, known: Now, at: datetime) -> Sheets:
    """The tickets of an incident with their clocks, and who was told by when, in minutes."""

    def parts() -> Sheet:
        headings = (
            "Ticket", "Desk", "Partner", "Priority", "Opened", "Resolved", "By the calendar (minutes)",
            "On the clock (minutes)", "Target (minutes)", "Result",
        )  # fmt: skip
        about: dict[str, Cell] = {
            "Definition": "The tickets of the incident that you may see, and what their clocks counted (C8)",
            "Scope": f"{told.incident}; {told.others} of other partners besides",
            **about_now(known),
        }
        return Sheet(f"{told.incident} tickets", headings, _parts(told), about)

    def told_by() -> Sheet:
        headings = ("Who", "How", "To be told by", "Told", "After (minutes)", "Result", "Late by (minutes)")
        plan = told.cascade.plan if told.cascade else None
        rows: Iterator[tuple[Cell, ...]] = (
            (line.audience, line.channel, line.due, line.told, line.minutes, line.result, line.late or None)
            for line in (told.cascade.lines if told.cascade else ())
        )
        about: dict[str, Cell] = {
            "Definition": f"When each audience was told, against communication plan v{plan.number}" if plan else None,
            "Scope": str(told.incident),
            "Counted from": told.counted_from,
            "As of": at,
        }
        return Sheet(f"{told.incident} who was told", headings, rows, about)

    return {
        **({"parts": parts} if told.parts else {}),
        **({"cascade": told_by} if told.cascade and told.cascade.lines else {}),
    }


def _parts(told: Told) -> Iterator[tuple[Cell, ...]]:
    for part in told.parts:
        ticket, row, clock = part.member.ticket, part.row, part.clock
        yield (
            ticket.reference,
            ticket.desk.name,
            row.partner.name if row and row.partner else None,
            row.get_priority_display() if row else None,
            clock.opened if clock else None,
            clock.resolved if clock else None,
            clock.minutes if clock else None,
            clock.used if clock else None,
            clock.target if clock else None,
            clock.result if clock else "no file tells of it any longer",
        )
