"""Actions as a flat table: one row for each that was asked for, in the order in which they were."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from commonhold.governance.models import Action
from commonhold.governance.queries.actions import ActionLine, action_lines, every
from commonhold.governance.queries.actions import Wanted as Listed
from commonhold.govuk.addresses import whole_number
from commonhold.govuk.flat import Asked, Column, Part
from commonhold.govuk.tables import Cell
from commonhold.govuk.taking import Sheet, Sheets
from commonhold.partnership.queries import day_of
from commonhold.refusals import Refused

COLUMNS: Final = (
    Column("key", "text", "where the row stands: the next part is asked for by after=KEY of the last row"),
    Column("action", "whole number", "the action's number"),
    Column("body", "text", "the body that asked for it"),
    Column("asked_on", "day", "the day of the meeting at which it did"),
    Column("item", "whole number", "the item of that meeting's agenda"),
    Column("text", "text", "what was asked for"),
    Column("owner", "text", "the post that owes it"),
    Column("measure", "text", "the measure by which its effect is read; empty where none is named"),
    Column("partner", "text", "the partner whose figure that is; empty where it is the whole service's"),
    Column("state", "text", "open, overdue, closed, or error where it was entered in error"),
    Column("update_due", "day", "when the next update is due; empty where none is"),
    Column("days_overdue", "whole number", "how long that has passed; empty where it has not", "days"),
    Column("updates", "whole number", "how many updates were given", "times"),
    Column("last_update_on", "day", "the day of the last one"),
    Column("last_update", "text", "what it says"),
    Column("closed_on", "day", "the day of the update that closed it"),
    Column("address", "text", "its page"),
)
WORDS: Final = ("from", "to", "state", "body", "owner")
"""What narrows the table down: the days of meetings, a state, and a body and a post as addresses write them."""
STATES: Final = ("open", "overdue", "closed", "error")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the table is narrowed to."""

    first: date | None = None
    last: date | None = None
    state: str = ""
    body: str = ""
    owner: str = ""


def flat_actions(wanted: Wanted, asked: Asked, *, at: datetime, site: str) -> Part:
    """A part of the table, as it is on the day of an instant."""
    if wanted.state and wanted.state not in STATES:
        raise Refused(f"There is no state '{wanted.state}'. Choose from: {', '.join(STATES)}.")
    rows = Action.objects.judged().order_by("pk")
    if wanted.first:
        rows = rows.filter(resolution__item__meeting__day__gte=wanted.first)
    if wanted.last:
        rows = rows.filter(resolution__item__meeting__day__lte=wanted.last)
    if wanted.body:
        rows = rows.filter(resolution__item__meeting__body__slug=wanted.body)
    if wanted.owner:
        rows = rows.filter(owner__slug=wanted.owner)
    if asked.after:
        number = whole_number(asked.after)
        if number is None:
            raise Refused(f"'{asked.after}' is no key of this table: the key of a row stands in its first column.")
        rows = rows.filter(pk__gt=number)
    if wanted.state in ("open", "overdue"):
        rows = rows.open()
    # Whether one is overdue is told of its meetings, not by a column: then all that are open are looked at.
    found = action_lines(rows if wanted.state else rows[: asked.size + 1], at, in_order=False)
    kept = [line for line in found if wanted.state in ("", line.state)]
    last = str(kept[asked.size - 1].action.pk) if len(kept) > asked.size else None
    return Part(_rows(kept[: asked.size], day_of(at), site), last)


def of_list(wanted: Listed, at: datetime, site: str) -> Sheets:
    """The list of actions as it is taken away: whole, in its own order, by the columns of the table."""

    def sheet() -> Sheet:
        found = every(wanted, at)
        about: dict[str, Cell] = {"As of": day_of(at), "State": wanted.state, "Who may see it": "everybody"}
        return Sheet("actions", [column.name for column in COLUMNS], _rows(found, day_of(at), site), about)

    return {"actions": sheet}


def _rows(found: Iterable[ActionLine], today: date, site: str) -> Iterator[tuple[Cell, ...]]:
    for line in found:
        action, meeting = line.action, line.action.resolution.meeting
        updates = [update for update in action.updates.all() if update.taken_back is None]
        closing = next((update for update in updates if update.closes), None)
        partner = action.scope.get("partner")
        yield (
            str(action.pk), action.pk, meeting.body.name, meeting.day, action.resolution.item.number, action.text,
            action.owner.title, action.measure or None, partner, line.state, line.due,
            (today - line.due).days if line.overdue and line.due else None, len(updates),
            day_of(line.last.at) if line.last else None, line.last.words if line.last else None,
            day_of(closing.at) if closing else None, site + action.get_absolute_url(),
        )  # fmt: skip
