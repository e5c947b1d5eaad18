"""A client lead asks why the authority's own count of June is another one: a list of tickets held against ours."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Final

import numpy as np

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.queries.files import File
from commonhold.figures import Span
from commonhold.performance.acts import reconciling
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.references import Reference
from commonhold.performance.models import Reconciliation
from commonhold.performance.queries.periods import basis, the_period
from commonhold.web.demo.desk import PARTNERS, TEAMS, Drawn, start_of
from commonhold.web.demo.founding import at, somebody, text
from commonhold.workdays import LONDON

LEAD, PARTNER = "client-lead-of-eastwell-vale", "Eastwell Vale"
JUNE: Final = Span(date(2026, 6, 1), date(2026, 6, 30))
LEFT_OUT: Final = "Calldale Telephony"
"""The team whose tickets the authority's own report does not have."""
HEADINGS: Final = ("Ticket", "Opened", "Resolved", "Closed", "State", "Met")


def explain(drawn: Drawn) -> None:
    """Bring the list that the authority counted, and ask why its figure is not ours."""
    if Reconciliation.objects.exists():
        return
    by = somebody(LEAD, at(date(2026, 7, 22), 14))
    content, met, counted = their_list(drawn)
    mapping = mappings.parse(text("list.toml").encode(), "eastwell-vale-report")
    brought = reconciling.bring_list(
        by=by, reduced=reconciling.reduce(by=by, file=File(stream=io.BytesIO(content), mapping=mapping))
    )
    on = basis()
    period = the_period(JUNE, on.known)
    measure = str(definition("within_target"))
    reconciling.ask(
        by=by,
        figure=str(Reference(measure, JUNE, {"partner": PARTNER}, period.read_at, on.entry)),
        kind=Reconciliation.Kind.LIST.value,
        written=f"{100 * met / counted:.1f}%",
        numerator=met,
        denominator=counted,
        brought=brought,
    )


def their_list(drawn: Drawn) -> tuple[bytes, int, int]:
    """What the authority's own report of June counts, as CSV, with how many of how many met their target.

    It counts a ticket in the month in which it was closed, goes by the desk's verdict, and has no telephones.
    """
    last = np.maximum(drawn.resolved, drawn.resolved_again)
    theirs = (drawn.partner == PARTNERS.index(PARTNER)) & ~drawn.cancelled
    theirs &= drawn.team != [name for name, _ in TEAMS].index(LEFT_OUT)
    theirs &= (drawn.closed >= start_of(JUNE.first)) & (drawn.closed < start_of(date(2026, 7, 1)))
    places = np.flatnonzero(theirs).tolist()
    written = io.StringIO(newline="")
    file = csv.writer(written, lineterminator="\n")
    file.writerow(HEADINGS)
    for place in places:
        instants = [_written(int(column[place])) for column in (drawn.opened, last, drawn.closed)]
        file.writerow([f"SD{place:07}", *instants, "Closed", "Yes" if drawn.met[place] else "No"])
    return written.getvalue().encode(), int(drawn.met[theirs].sum()), len(places)


def _written(instant: int) -> str:
    return f"{datetime.fromtimestamp(instant, UTC).astimezone(LONDON):%d/%m/%Y %H:%M:%S}"
