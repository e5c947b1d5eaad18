"""What was put right in source data, and how its values are written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import IntegerChoices

from commonhold.demand.models import Correction, Exclusion, Kind, Priority, Service, Team, Ticket
from commonhold.partnership.models import Partner
from commonhold.refusals import Refused

NONE: Final = "none"
"""How "no partner", "no team" is written."""

MOST: Final = 500
"""Rows that the list of what was put right shows of each kind."""

NAMED: Final = {"partner": Partner, "team": Team, "service": Service}
LISTED: Final[dict[str, type[IntegerChoices]]] = {"priority": Priority, "kind": Kind}


def code_of(fact: str, value: str) -> int:
    """The number that stands for a value of a fact: `P2` of a priority, a partner's name. Refused where unknown."""
    word = value.strip()
    if fact in LISTED:
        for choice in LISTED[fact]:
            if word.lower() in (choice.name.lower(), str(choice.label).lower()):
                return int(choice)
        raise Refused(f"{value} is no {fact}. It is one of {_listed(choice.name for choice in LISTED[fact])}.")
    if fact not in NAMED:
        raise Refused(f"{fact} cannot be corrected. What can is {_listed([*NAMED, *LISTED])}.")
    if word.lower() == NONE:
        return 0
    found = NAMED[fact]._default_manager.filter(name=word).values_list("pk", flat=True).first()
    if found is None:
        raise Refused(f"There is no {fact} called {value}. Write its name as the list of tickets does, or {NONE}.")
    return int(found)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(word.lower() if word.islower() else word for word in words)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction with its value in words."""

    row: Correction
    value: str


def corrections() -> list[Corrected]:
    """Every correction, newest first, those undone included."""
    return _in_words(list(Correction.objects.select_related("ticket__desk")[:MOST]))


def corrections_of(ticket: Ticket) -> list[Corrected]:
    """The corrections of a ticket, newest first, those undone included."""
    return _in_words(list(ticket.corrections.select_related("ticket__desk")))


def _in_words(rows: list[Correction]) -> list[Corrected]:
    names = {}
    for fact, model in NAMED.items():
        if used := [row.value for row in rows if row.fact == fact]:
            names[fact] = dict(model._default_manager.filter(pk__in=used).values_list("pk", "name"))
    return [Corrected(row, _written(row, names)) for row in rows]


def exclusions() -> list[Exclusion]:
    """Every exclusion, newest first, those undone included."""
    return list(Exclusion.objects.select_related("ticket__desk")[:MOST])


def _written(row: Correction, names: Mapping[str, Mapping[int, str]]) -> str:
    if row.fact in LISTED:
        return str(LISTED[row.fact](row.value).label)
    return names.get(row.fact, {}).get(row.value, NONE)


def value_in_words(row: Correction) -> str | None:
    """The value of a correction by its name, such as P2 or a partner's; None for none."""
    if row.fact in LISTED:
        name = LISTED[row.fact](row.value).name
        return name.lower() if row.fact == "kind" else name if row.value else None
    return NAMED[row.fact]._default_manager.filter(pk=row.value).values_list("name", flat=True).first()
