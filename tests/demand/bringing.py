"""Files brought in by calling the act, and what readers see of them afterwards."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.apps import apps

from commonhold.demand.acts import imports
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.engine.partners import PartnerMap
from commonhold.demand.models import Batch, Reckoning, Ticket
from commonhold.demand.queries.files import File
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import acting
from tests.universe import NOON

SAMPLES = Path(__file__).parent / "samples"
CANONICAL = mappings.built_in("canonical")
HEADINGS = "reference,event_at,state,priority,kind,team,partner,service,category"

SNAPSHOTS = mappings.parse(
    b"""
kind = "tickets"
desk = "Council desk"
time_zone = "Europe/London"
dates = ["iso"]
optional = ["priority", "team", "held_minutes", "resolved_at"]
[columns]
reference = "ref"
state = "state"
opened_at = "opened"
resolved_at = "resolved"
priority = "priority"
team = "team"
held_minutes = "held"
[states]
"New" = "open"
"Waiting" = "on_hold"
"Done" = "resolved"
[priorities]
"3" = "P3"
""",
    "council",
)


HOLDS = """
kind = "holds"
desk = "canonical"
[columns]
reference = "reference"
held_from = "from"
held_to = "to"
"""
"""A mapping of a companion file of holds."""


def operator(at: datetime = NOON) -> By:
    return acting(None, at)


def bring(
    given: str | bytes | Path,
    mapping: Mapping | str = CANONICAL,
    *,
    by: By | None = None,
    at: datetime = NOON,
    partners: PartnerMap | None = None,
    time_zone: str | None = None,
    tolerate: float = 0.01,
    exported_at: datetime | None = None,
) -> dict[str, Any]:
    """Import a file, or a text that stands for one, and give its report."""
    if isinstance(given, Path):
        given = given.read_bytes()
    content = given.encode() if isinstance(given, str) else given
    file = File(
        stream=BytesIO(content),
        mapping=mappings.built_in(mapping) if isinstance(mapping, str) else mapping,
        partners=partners,
        time_zone=time_zone,
        tolerate=tolerate,
        exported_at=exported_at,
    )
    return imports.bring(by=by or operator(at), file=file, clock=lambda: at, progress=lambda share, words: None)


def events(*lines: str, headings: str = HEADINGS) -> str:
    """A file in our own form: "SD1,2026-06-01T09:00Z,open,P3", what is missing at the end is blank."""
    width = headings.count(",")
    return "\n".join((headings, *(line + "," * (width - line.count(",")) for line in lines))) + "\n"


def snapshots(*lines: str) -> str:
    """A desk's table of tickets as it stood at one moment."""
    return "\n".join(("ref,state,opened,resolved,priority,team,held", *lines)) + "\n"


def known(reference: str, batch: int | None = None) -> Reckoning:
    """What is known of a ticket, now or with that batch as the last one known."""
    rows = Reckoning.objects.known(Batch.objects.known() if batch is None else batch)
    return rows.get(ticket__reference=reference)


def references(batch: int | None = None) -> list[str]:
    """The tickets that are known."""
    rows = Reckoning.objects.known(Batch.objects.known() if batch is None else batch)
    return sorted(rows.values_list("ticket__reference", flat=True))


def ticket(reference: str) -> Ticket:
    return Ticket.objects.get(reference=reference)


def everything(leave_out: Sequence[str] = ()) -> dict[str, list[Any]]:
    """Every row of every table of the product, by table: what a file that is refused must leave as it was."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in leave_out and not table.startswith("procrastinate"):
            found[table] = list(model._default_manager.using("default").order_by("pk").values_list())
    return found
