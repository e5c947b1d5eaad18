"""Of tickets whose desk states only how long they were on hold, the list of tickets says what the figures say."""

from datetime import date
from random import Random

import pytest

from commonhold.demand.models import State
from commonhold.demand.queries import tickets as queries
from commonhold.demand.queries.knowledge import now
from commonhold.figures import Span
from commonhold.performance.acts import computing
from commonhold.performance.queries.periods import basis, the_period
from tests.demand.bringing import SNAPSHOTS, bring, snapshots
from tests.universe import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
STOPPED = (State.RESOLVED, State.CLOSED, State.CANCELLED)


def test_the_list_and_the_figures_agree_on_who_missed_a_target() -> None:
    """Twenty tickets of June, some resolved, each with a total between nothing and all the time there was."""
    random = Random(7)
    lines = []
    for n in range(20):
        first, days = random.randrange(1, 15), random.randrange(1, 14)
        ended = f"2026-06-{first + days:02}T10:00:00" if n % 3 else ""
        held = random.randrange(days * 24 * 60)
        lines.append(f"C{n},{'Done' if ended else 'New'},2026-06-{first:02}T10:00:00,{ended},3,Desk,{held}")
    bring(snapshots(*lines, "D1,New,2026-06-30T10:00:00,,3,Desk,0"), SNAPSHOTS)
    on = basis()
    period = the_period(Span(date(2026, 6, 1), date(2026, 6, 30)), on.known)
    within, late = computing.figures(period=period, on=on, measures=("within_target", "breached_open"), by=())
    by = somebody("service-analyst")
    seen = queries.tickets(queries.Filters(), seen_by=by, known=now()).rows
    taken = [dict(zip(queries.READ, row, strict=True)) for row in queries.every(queries.Filters(), seen_by=by)]

    assert sum(line.target == "met" for line in seen) == within.numerator
    ended = [line.target == "missed" for line in seen if line.row.state in STOPPED]
    assert sum(ended) == within.denominator - within.numerator
    assert sum(line.target == "missed" for line in seen if line.row.state not in STOPPED) == late.value
    missed = {line.row.pk for line in seen if line.target == "missed"}
    assert {row.pk for row in filtered("yes")} == missed and not missed & {row.pk for row in filtered("no")}
    assert [(row["ticket__reference"], row["missed_at"]) for row in taken] == [
        (line.row.ticket.reference, None if line.row.target is None else line.target == "missed") for line in seen
    ]


def filtered(breached: str) -> list[queries.Reckoning]:
    found = queries.tickets(queries.Filters(breached=breached), seen_by=somebody("service-analyst"), known=now())
    return [line.row for line in found.rows]
