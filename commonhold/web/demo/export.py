"""The fictional desk's export of a stretch of days: an event log in Commonhold's own columns."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np

from commonhold.web.demo.desk import CATEGORIES, PARTNERS, SERVICES, TEAMS, Drawn, Longs, start_of

HEADINGS: Final = (
    "reference", "event_at", "state", "hold_reason", "priority", "kind", "team", "partner", "service", "category",
    "source_verdict",
)  # fmt: skip
OPEN, SORTED, PASSED, HELD, RESUMED, RESOLVED, REOPENED, RESOLVED_AGAIN, CLOSED = range(9)
WORDS: Final = (
    "open", "in_progress", "in_progress", "on_hold", "in_progress", "resolved", "reopened", "resolved", "closed",
)  # fmt: skip
REASONS: Final = ("awaiting_customer", "awaiting_supplier", "awaiting_change")


def export(drawn: Drawn, first: date, last: date) -> bytes:
    """Every event of these days, in order of time, as CSV."""
    since, until = start_of(first), start_of(last + timedelta(days=1))
    tickets, instants, steps = _events(drawn)
    within = (instants >= since) & (instants < until)
    tickets, instants, steps = tickets[within], instants[within], steps[within]
    order = np.lexsort((steps, tickets, instants))
    lines = [",".join(HEADINGS)]
    lines += _lines(drawn, tickets[order], instants[order], steps[order])
    return ("\n".join(lines) + "\n").encode()


def _events(drawn: Drawn) -> tuple[Longs, Longs, Longs]:
    """(ticket, instant, step) of everything that happened; a cancelled ticket ends where it would have been solved."""
    count = len(drawn.opened)
    everyone = np.arange(count)
    never = np.full(count, -1)
    steps = (
        (OPEN, drawn.opened),
        # Sorting shows in the log where it came late; most tickets are opened with their priority and team.
        (SORTED, np.where(drawn.waited, drawn.sorted_at, never)),
        (PASSED, drawn.passed_at),
        (HELD, drawn.held_from),
        (RESUMED, np.where(drawn.held_from > 0, np.minimum(drawn.held_until, drawn.resolved), never)),
        (RESOLVED, drawn.resolved),
        (REOPENED, np.where(drawn.cancelled, never, drawn.reopened)),
        (RESOLVED_AGAIN, np.where(drawn.cancelled, never, drawn.resolved_again)),
        (CLOSED, np.where(drawn.cancelled, never, drawn.closed)),
    )
    parts = [(everyone[at > 0], at[at > 0], np.full(int((at > 0).sum()), step)) for step, at in steps]
    tickets, instants, kinds = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return tickets, instants, kinds


def _lines(drawn: Drawn, tickets: Longs, instants: Longs, steps: Longs) -> list[str]:
    unsorted = drawn.waited[tickets] & (steps == OPEN)
    first_line = (steps == OPEN) | (steps == SORTED)
    columns = zip(
        tickets.tolist(),
        _written(instants),
        steps.tolist(),
        np.where(unsorted, 0, drawn.priority[tickets]).tolist(),
        drawn.kind[tickets].tolist(),
        np.where(first_line & (drawn.passed_at[tickets] > 0), 0, drawn.team[tickets]).tolist(),
        unsorted.tolist(),
        drawn.partner[tickets].tolist(),
        drawn.service[tickets].tolist(),
        drawn.category[tickets].tolist(),
        drawn.reason[tickets].tolist(),
        drawn.cancelled[tickets].tolist(),
        drawn.met[tickets].tolist(),
        strict=True,
    )
    kinds, names = ("incident", "request"), [name for name, _ in TEAMS]
    services, verdicts = [name for name, _, _ in SERVICES], ("false", "true")
    return [
        f"SD{ticket:07},{at},{'cancelled' if gone and step == RESOLVED else WORDS[step]},"
        f"{REASONS[reason] if step == HELD else ''},{f'P{priority}' if priority else ''},{kinds[kind]},"
        f"{'' if waiting else names[team]},{PARTNERS[partner]},{services[service]},{CATEGORIES[category]},"
        f"{verdicts[met] if step in (RESOLVED, CLOSED) else ''}"
        for ticket, at, step, priority, kind, team, waiting, partner, service, category, reason, gone, met in columns
    ]


def _written(instants: Longs) -> list[str]:
    return [datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for at in instants.tolist()]
