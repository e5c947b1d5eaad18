"""What people come for, on one page: how the service does, what comes next, what was published, what waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Subquery

from commonhold.databases.fields import InstantField
from commonhold.demand.models import Batch
from commonhold.figures import Figure, Span
from commonhold.governance import queries as governance
from commonhold.governance.models import Meeting
from commonhold.ledger.engine.by import By
from commonhold.performance.engine.measures import definition
from commonhold.performance.models import Pack, Table
from commonhold.performance.queries import packs
from commonhold.performance.queries.readings import of_measure
from commonhold.web.queries.waiting import Owed, owed

SHOWN: Final = ("within_target", "tickets_opened", "open_at_end", "resolution_hours_median")
"""The measures that a home page shows, in its order."""
LOOKED_AT: Final = 24
"""Periods among which the newest whole month is looked for."""
PACKS: Final = 3
OWED: Final = 5


@dataclass(frozen=True, slots=True)
class Score:
    """A measure's figure to be seen from afar."""

    title: str
    figure: Figure
    measure: str


@dataclass(frozen=True, slots=True)
class Home:
    """The service in a few figures of its newest whole month, and what comes next."""

    through: datetime | None
    month: Span | None
    scores: list[Score]
    meeting: Meeting | None
    packs: list[Pack]
    owed: list[Owed]


def home(by: By) -> Home:
    table, through = _newest()
    figures = [Figure.from_json(kept) for kept in table.figures] if table else []
    found = [(name, figure) for name in SHOWN for figure in of_measure(figures, name)[:1]]
    standing = packs.packs(seen_by=by).filter(withdrawal=None)
    return Home(
        through=through,
        month=table.period.span if table else None,
        scores=[Score(definition(name).title, figure, name) for name, figure in found],
        meeting=governance.next_meeting(by.at),
        packs=list(standing[:PACKS]),
        owed=owed(by)[:OWED],
    )


def _newest() -> tuple[Table | None, datetime | None]:
    """The figures of the last month that had ended when the newest file was written, and the instant of that file."""
    last = Batch.objects.taken().filter(known_until=None, observed_at__isnull=False).order_by("-observed_at")
    rows = Table.objects.filter(by="", period__first__day=1).select_related("period").defer("period__extract")
    # One query for both: what is known reaches to the same instant in every row.
    rows = rows.annotate(through=Subquery(last.values("observed_at")[:1], output_field=InstantField()))
    tables = list(rows.order_by("-period__last", "-period__batch", "-period__as_of")[:LOOKED_AT])
    if not tables:
        return None, Batch.objects.known_through()
    through: datetime | None = tables[0].through
    return _newest_month(tables, through), through


def _newest_month(tables: Sequence[Table], through: datetime | None) -> Table | None:
    months = [table for table in tables if table.period.span.is_month]
    day = (through - timedelta(minutes=1)).date() + timedelta(days=1) if through else date.max
    return next((table for table in months if table.period.last < day), months[0] if months else None)
