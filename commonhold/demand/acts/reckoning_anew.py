"""Reading all clocks again when one of their rules changed; what was measured before stays known (R3, F7)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from commonhold.demand.acts.importing import begin, give_up, importing
from commonhold.demand.acts.reckoning import keep
from commonhold.demand.models import Batch
from commonhold.demand.queries.knowledge import last_told
from commonhold.demand.queries.reading import Progress
from commonhold.demand.queries.reckoned import changed_by, tickets_known
from commonhold.demand.queries.rules import USED, clock_rules
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.ledger.workings import working
from commonhold.partnership.models import Role
from commonhold.refusals import require


@working
def read_by_changed_rules(
    *, by: By, because: Entry, clock: Callable[[], datetime], progress: Progress, waiting: Callable[[], None]
) -> int:
    """Read every clock by the rules as they stand now, and take over those that now say something else, if any do."""
    if because.facts.get("rule", USED[0]) not in USED:
        return 0
    with importing(waiting=waiting):
        rules = clock_rules(last_told()).compiled
        batch, count = None, 0
        try:
            for share, tickets in tickets_known():
                progress(share, "Reading the clocks by the changed rules")
                rows = changed_by(rules, tickets)
                if rows and batch is None:
                    batch = begin(kind=Batch.Kind.RULES, at=clock())
                if rows and batch is not None:
                    keep(batch=batch.number, tickets=[row[0] for row in rows], rows=rows)
                    count += len(rows)
            if batch is not None:
                take_over_reading(by=replace(by, at=clock()), batch=batch, because=because, tickets=count)
        except BaseException:
            if batch is not None:
                give_up(batch=batch)
            raise
    return count


@transaction.atomic
def take_over_reading(*, by: By, batch: Batch, because: Entry, tickets: int) -> None:
    """Make known what the clocks say by the changed rules."""
    require(bool({Role.SERVICE, Role.OPERATOR} & by.roles), "have the clocks read again")
    batch.state, batch.taken_at = Batch.State.TAKEN, by.at
    batch.report = {"tickets": {"new": 0, "changed": tickets, "unchanged": 0}}
    batch.save()
    record(
        by=by,
        kind="tickets.reckoned",
        subject=batch,
        because=because,
        facts={"batch": batch.number, "tickets": tickets},
    )
