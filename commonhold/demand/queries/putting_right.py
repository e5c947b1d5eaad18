"""What was put right in source data, and how its values are written."""

from collections.abc import Iterable
from typing import Final

from commonhold.demand.models import Kind, Priority, Service, Team
from commonhold.partnership.models import Partner
from commonhold.refusals import Refused

NONE: Final = "none"
"""How "no partner", "no team" is written."""

NAMED: Final = {"partner": Partner, "team": Team, "service": Service}
LISTED: Final = {"priority": Priority, "kind": Kind}


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
