"""What waits for a post, and what it waits for from others, as every app knows it, soonest due first.

However many sources there are, they are read in one query: a further one is added to `OWED` or `AWAITED`, and no more.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from commonhold.databases.prepared import prepared_together
from commonhold.demand.queries import disputes
from commonhold.demand.queries.owed import owed as incidents
from commonhold.governance import queries as governance
from commonhold.ledger.engine.by import By
from commonhold.partnership import queries as partnership
from commonhold.partnership.queries import Owed, Rows, Waiting, day_of
from commonhold.performance.queries import reporting
from commonhold.workdays import midnight

__all__ = ["AWAITED", "OWED", "Owed", "asked", "owed", "said"]

OWED: Final = (incidents, disputes.owed, governance.owed, partnership.owed, reporting.owed)
"""What a post owes."""
AWAITED: Final = (disputes.awaited, partnership.awaited, reporting.awaited)
"""What a post waits for from others."""


def owed(by: By) -> list[Owed]:
    """What the post acted in owes; the public owes nothing."""
    return said(OWED, by, _asked(by=of_the_day(by)))


@prepared_together
def _asked(*, by: By) -> dict[str, QuerySet[Any, Any]]:
    return asked(OWED, by)


def of_the_day(by: By) -> By:
    """The same reader at the beginning of the day: all that changes what is asked of the database."""
    return replace(by, at=midnight(day_of(by.at)))


def asked(sources: tuple[Waiting, ...], by: By) -> dict[str, QuerySet[Any, Any]]:
    """What these sources ask the database, for a page that reads it along with other things."""
    if not by.post:
        return {}
    return {f"{source.name}/{name}": rows for source in sources for name, rows in source.asks(by).items()}


def said(sources: tuple[Waiting, ...], by: By, read: Mapping[str, Any]) -> list[Owed]:
    """What they say of what was read, whatever else was read along."""
    if not by.post:
        return []
    found = [one for source in sources for one in source.says(by, _of(source, read))]
    return sorted(found, key=lambda one: one.due or date.max)


def _of(source: Waiting, read: Mapping[str, Any]) -> Rows:
    own = f"{source.name}/"
    return {name.removeprefix(own): rows for name, rows in read.items() if name.startswith(own)}
