"""What a search finds, as every app knows it, group by group; each reader finds what they may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from commonhold.demand.queries import found as demand
from commonhold.governance import queries as governance
from commonhold.govuk.addresses import whole_number
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry, sentence
from commonhold.partnership import queries as partnership
from commonhold.partnership.queries import Found
from commonhold.performance.queries import found as performance

FEW: Final = 10
LONGEST: Final = 200
"""Letters of a search that are looked for; nothing here has a longer name."""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; `more` where not all of it is shown."""

    name: str
    title: str
    found: list[Found]
    more: bool


def entries(text: str, seen_by: By) -> list[Found]:
    """The entry of the number in "12" or "entry 12"."""
    number = whole_number(text.split()[-1])
    row = Entry.objects.filter(number=number).first() if number else None
    return [Found(f"Entry {row.number}: {sentence(row.kind)}", "Entry", row.get_absolute_url())] if row else []


GROUPS: Final[tuple[tuple[str, str, Callable[[str, By], list[Found]]], ...]] = (
    ("tickets", "Tickets", demand.tickets),
    ("incidents", "P1 and key incidents", demand.incidents),
    ("meetings", "Meetings, papers and resolutions", governance.found),
    ("partnership", "The partnership and its agreement", partnership.found),
    ("packs", "Performance packs and measures", performance.found),
    ("batches", "What was brought in", demand.batches),
    ("entries", "The record", entries),
)


def search(text: str, seen_by: By, only: str = "") -> list[Group]:
    """What is found for a text, in groups: the first few of each, or all of one."""
    if not text:
        return []
    groups = []
    for name, title, find in GROUPS:
        if only in ("", name) and (found := find(text, seen_by)):
            shown = found if only else found[:FEW]
            groups.append(Group(name, title, shown, more=len(found) > len(shown)))
    return groups
