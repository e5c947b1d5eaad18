"""Which heading of a file is probably which column of ours, and which headings look like people or free text (D1)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import BUILT_IN, REQUIRED, Mapping
from commonhold.demand.engine.rows import tidy

ALIKE: Final = {
    "reference": (
        *("number", "reference", "ticket id", "ticket number", "ticket no", "issue key", "incident number"),
        *("key", "ref"),
        *("request number", "call number", "call ref", "case number", "ticket", "id", "#"),
    ),
    "event_at": ("updated at", "event at", "changed at", "sys updated at", "modified", "timestamp", "event time"),
    "state": ("state", "status", "incident state", "ticket status"),
    "hold_reason": ("hold reason", "on hold reason", "pending reason", "waiting for"),
    "opened_at": ("opened at", "opened", "created", "created at", "created time", "date logged", "logged", "open date"),
    "resolved_at": ("resolved at", "resolved", "resolved time", "solved", "resolution date", "date resolved", "fixed"),
    "closed_at": ("closed at", "closed", "closed time", "close date", "date closed"),
    "partner": ("company", "organisation", "organization", "customer", "council", "authority", "location", "entity"),
    "team": ("assignment group", "team", "group", "support group", "queue", "resolver group"),
    "assignee": ("assigned to", "assignee", "agent", "owner", "analyst"),
    "priority": ("priority",),
    "category": ("category", "closure category"),
    "service": ("service", "business service", "cmdb ci", "configuration item", "application"),
    "kind": ("type", "kind", "issue type", "ticket type", "request type", "tracker"),
    "channel": ("channel", "source", "contact type", "origin"),
    "reopen_count": ("reopen count", "reopenings", "times reopened"),
    "source_verdict": ("made sla", "within sla", "sla met", "resolution status", "sla status"),
    "updated_at": ("updated at", "updated", "last updated time", "last update", "last modified", "modified", "changed"),
    "held_minutes": ("hold minutes", "minutes on hold", "time on hold", "waiting duration", "hold time"),
}
"""What desks call our columns, the likeliest first."""

PEOPLE: Final = re.compile(
    r"\b(caller|requester|reporter|creator|assignee|assigned to|agent|owner|user|person|contact|customer name|author|"
    r"analyst|technician|name|e?-?mail|phone|opened by|closed by|created by|resolved by|updated by)\b"
)
FREE_TEXT: Final = re.compile(
    r"\b(description|summary|subject|title|comments?|notes?|text|resolution|symptoms?|details?|message|body)\b"
)
NOT_PEOPLE: Final = re.compile(r"\b(time|date|count|group|type|id|at|agent interactions|status|state)\b")


@dataclass(frozen=True, slots=True)
class Fit:
    """A built-in mapping that fits a file, and how many of its columns the file has."""

    mapping: Mapping
    there: int

    @property
    def of(self) -> int:
        return len(self.mapping.columns)


def best_fit(headings: Collection[str]) -> Fit | None:
    """The built-in mapping of which most columns are there, and all that it cannot do without; None where none fits."""
    there = set(map(tidy, headings))
    fits = []
    for name in BUILT_IN:
        found = mappings.built_in(name)
        needed = {found.columns[ours] for ours in REQUIRED[found.kind]}
        if found.several_rows:
            needed |= found.leave_out.keys()
        if needed <= there:
            fits.append(Fit(found, len(there.intersection(found.columns.values()))))
    return max(fits, key=lambda fit: (fit.there, fit.there / fit.of), default=None)


def proposed(headings: Sequence[str], base: Mapping | None) -> dict[str, str]:
    """Our columns with the heading that each is probably under: the mapping's own, else one that is called alike."""
    there = list(dict.fromkeys(map(tidy, headings)))
    found = {ours: theirs for ours, theirs in base.columns.items() if theirs in there} if base else {}
    alike: dict[str, str] = {}
    for heading in there:
        alike.setdefault(plain(heading), heading)
    taken = set(found.values())
    for ours, names in ALIKE.items():
        # One column can say both, in a history and in a table of tickets.
        free = set() if ours == "updated_at" else taken
        match = next((alike[name] for name in names if name in alike and alike[name] not in free), None)
        if ours not in found and match is not None:
            found[ours] = match
            taken.add(match)
    return found


def is_about_people(heading: str) -> bool:
    words = plain(heading)
    return bool(PEOPLE.search(words)) and not NOT_PEOPLE.search(words)


def is_free_text(heading: str) -> bool:
    words = plain(heading)
    return bool(FREE_TEXT.search(words)) and not NOT_PEOPLE.search(words)


def plain(heading: str) -> str:
    """A heading in small letters, its words apart, without what tools put before or around it."""
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", tidy(heading))
    words = re.sub(r"^custom field \((.*)\)$", r"\1", words.lower())
    words = re.sub(r"^(h_fk_|h_|u_)", "", words)
    return " ".join(re.split(r"[\s_.]+", words.strip()))
