"""Small random desks, their agreement, and the file that tells of them: clock changes, holidays, all a desk may do."""

from datetime import UTC, date, datetime
from random import Random
from typing import Any

from commonhold.demand.engine import mapping as mappings
from tests.performance.oracle import Row, Told

CALENDARS = """
time_zone = "Europe/London"
holidays = "GB-ENG"
[office]
mon-fri = ["09:00-12:30", "13:30-17:30"]
sat = ["09:00-13:00"]
observes_holidays = true
[nights]
mon-sun = ["00:00-06:00", "22:00-24:00"]
observes_holidays = false
["24x7"]
mon-sun = ["00:00-24:00"]
observes_holidays = false
["24h-not-holidays"]
mon-sun = ["00:00-24:00"]
observes_holidays = true
"""
TARGETS: dict[str, Any] = {
    "P1": {"resolve_minutes": 240, "calendar": "24x7"},
    "P2": {"resolve_minutes": 480, "calendar": "nights"},
    "P3": {"resolve_minutes": 900, "calendar": "office"},
    "request": {"P1": {"resolve_minutes": 300, "calendar": "24h-not-holidays"}},
    "change": {"P4": {"resolve_minutes": 600, "calendar": "office"}},
}
HOLD_REASONS: list[tuple[date, dict[str, Any]]] = [
    (
        date(2016, 1, 1),
        {
            "awaiting_customer": {"words": "The customer has the word", "accepted": True},
            "awaiting_supplier": {"words": "A supplier is late", "accepted": False},
        },
    ),
    (
        date(2024, 12, 25),
        {
            "awaiting_supplier": {"words": "A supplier is late", "accepted": True},
            "other": {"words": "Nobody knows why", "accepted": False},
        },
    ),
]
"""The hold reasons as versions, each from a day on."""

PARTIES = {"Depot IT": "authority: Southmere", "Net Works": "supplier: Net Works Ltd"}
MAPPING = mappings.parse(
    b"""
kind = "events"
missing = [""]
dates = ["iso"]
time_zone = "Europe/London"
optional = ["opened_at", "resolved_at", "closed_at"]
[columns]
reference = "reference"
event_at = "event_at"
state = "state"
hold_reason = "reason"
opened_at = "opened_at"
resolved_at = "resolved_at"
closed_at = "closed_at"
partner = "partner"
team = "team"
priority = "priority"
service = "service"
category = "category"
kind = "kind"
source_verdict = "verdict"
source_verdict_true = ["yes"]
[states]
"open" = "open"
"in_progress" = "in_progress"
"on_hold" = "on_hold"
"reopened" = "reopened"
"resolved" = "resolved"
"closed" = "closed"
"cancelled" = "cancelled"
"broken" = "ignore"
[hold_reasons]
"customer" = "awaiting_customer"
"supplier" = "awaiting_supplier"
"something" = "other"
[teams]
"Desk" = "service"
"Depot IT" = "authority: Southmere"
"Net Works" = "supplier: Net Works Ltd"
""",
    "random",
)
STARTS = [datetime(*day, tzinfo=UTC) for day in ((2024, 10, 24), (2024, 12, 22), (2025, 3, 27), (2025, 4, 16))]
"""Before each clock change, before Christmas and before Easter."""

CHOICES: dict[str, tuple[str | None, ...]] = {
    "partner": ("Southmere", "Thornley", "Wexcombe", None),
    "team": ("Desk", "Depot IT", "Net Works", "Another", None),
    "priority": ("P1", "P2", "P3", "P3", "P4", None),
    "service": ("Email", "Housing", None),
    "category": ("Fault", "Access", None),
    "kind": ("incident", "request", "change"),
    "verdict": ("yes", "no", None),
    "reason": ("awaiting_customer", "awaiting_supplier", "awaiting_supplier", "other", None),
}
STATES = ("open", "in_progress", "in_progress", "on_hold", "on_hold", "reopened", "resolved", "resolved", "closed",
          "cancelled", "broken")  # fmt: skip
THEIRS = {"awaiting_customer": "customer", "awaiting_supplier": "supplier", "other": "something"}
PAUSES = (0, 1, 30, 90, 240, 600, 1440, 4000)
COLUMNS = ("opened_at", "resolved_at", "closed_at")


def desk(random: Random, tickets: int) -> dict[str, Told]:
    """Tickets by their references, as the oracle reads them."""
    columns = frozenset(column for column in COLUMNS if random.random() < 0.5)
    return {f"T{number}": Told(_rows(random), columns) for number in range(tickets)}


def _rows(random: Random) -> list[Row]:
    at = begins = int(random.choice(STARTS).timestamp()) + random.randrange(8 * 1440) * 60
    facts: dict[str, Any] = {word: random.choice(values) for word, values in CHOICES.items()}
    state: str = random.choice(STATES[:4])
    rows = []
    for _ in range(random.choice((1, 2, 3, 5, 8))):
        rows.append(Row(at, None if state == "broken" else state, {**facts, "verdict": _verdict(facts["verdict"])}))
        at += random.choice(PAUSES) * 60 + random.choice((0, 0, random.randrange(60)))
        state = random.choice(STATES)
        facts |= {word: random.choice(values) for word, values in CHOICES.items() if random.random() < 0.15}
    closed = random.choice((None, at + 1_800, at + 9_000))
    if closed is not None:
        rows.append(Row(closed, "closed", rows[-1].facts))
    own = {
        "opened_at": begins - random.choice((0, 0, 3_600, 90_000, -1_800)),
        "resolved_at": random.choice((None, at, max(rows[len(rows) // 2].at, begins + 1_800))),
        "closed_at": closed,
    }
    return [Row(row.at, row.state, {**row.facts, **own}) for row in rows]


def _verdict(word: str | None) -> bool | None:
    return None if word is None else word == "yes"


def file(random: Random, tickets: dict[str, Told]) -> str:
    """The desk's export: a row for each event, tickets in any order, events of one instant in theirs (C10)."""
    columns = next(iter(tickets.values())).columns
    headings = ["reference", "event_at", "state", *sorted(columns), *CHOICES]
    rows = [(reference, row) for reference, ticket in tickets.items() for row in ticket.rows]
    order = {number: random.random() for number in range(len(rows))}
    for place, (reference, row) in enumerate(rows):
        if place and rows[place - 1][0] == reference and rows[place - 1][1].at == row.at:
            order[place] = order[place - 1]
    lines = [",".join(headings)]
    for place in sorted(order, key=lambda number: (order[number], number)):
        reference, row = rows[place]
        told = {"reference": reference, "event_at": _iso(row.at), "state": row.state or "broken", **row.facts}
        told |= {column: _iso(row.facts[column]) for column in columns}
        told["reason"] = THEIRS.get(told["reason"], told["reason"])
        told["verdict"] = {True: "yes", False: "no", None: ""}[row.facts["verdict"]]
        lines.append(",".join(told[heading] or "" for heading in headings))
    return "\n".join(lines) + "\n"


def _iso(instant: int | None) -> str:
    return "" if instant is None else datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
