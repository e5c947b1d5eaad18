"""What the forms of a dispute offer to choose, and what is said instead in words."""

from typing import Final

from commonhold.demand.engine.claims import EVERY, hold_in_words, holds, of_one, of_reason
from commonhold.demand.engine.clock import Histories
from commonhold.demand.engine.clock.histories import COUNTS
from commonhold.demand.engine.disputed import Class
from commonhold.demand.models import Dispute, Party, Reckoning
from commonhold.demand.queries.disputed_tickets import which_holds
from commonhold.demand.queries.putting_right import NONE as NOBODY
from commonhold.demand.queries.putting_right import hold_on_pages, named
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import that_may_be_named
from commonhold.refusals import Refused

HOLDS_OFFERED: Final = 40
"""Holds of one ticket of which a form offers each by itself."""


def holds_to_choose(row: Reckoning) -> list[tuple[str, str]]:
    """The holds of a ticket that can be disputed: every one, those of a reason, or one of them."""
    found = [one for one in holds(Histories.joined([bytes(row.timeline)]).one(0)) if one.reason != COUNTS]
    if not found and not row.held_minutes:
        return []
    reasons = dict.fromkeys(of_reason(one.reason) for one in found)
    several = list(reasons) if len(reasons) > 1 else []
    each = [of_one(one.begins) for one in found[:HOLDS_OFFERED]] if len(found) > 1 else []
    return [(hold_in_words(which), _capital(hold_on_pages(which))) for which in (EVERY, *several, *each)]


def holds_of_class(wanted: Class) -> list[tuple[str, str]]:
    """The holds that a class is of: there is one choice."""
    which = which_holds(wanted.reason)
    return [(hold_in_words(which), _capital(hold_on_pages(which)))]


def partners_to_choose() -> list[tuple[str, str]]:
    named = that_may_be_named().values_list("name", flat=True)
    return [*((name, name) for name in named), (NOBODY, "No partner")]


def parties_to_choose() -> list[tuple[str, str]]:
    """Who answers for a team, as far as files say."""
    return sorted(((str(party), named(party)) for party in Party.objects.all()), key=lambda one: one[1])


def said_of(fact: str, value: int, spelt: str) -> str:
    """What a partner says instead, in words: "Priority is P3"; "every hold awaiting supplier counts"."""
    if fact == Dispute.Fact.HOLD:
        return _capital(f"{hold_on_pages(value)} counts")
    spoken = named(Party.objects.get(pk=value)) if fact == Dispute.Fact.RESPONSIBLE else spelt
    return f"{Dispute.Fact(fact).label} is {spoken}"


def name_of(partner: str) -> str:
    """The name of the partner that a class names. Refused where there is none of that word."""
    if partner in ("", "none"):
        return ""
    found: str | None = Partner.objects.filter(slug=partner).values_list("name", flat=True).first()
    if found is None:
        raise Refused(f"There is no partner '{partner}'.")
    return found


def slug_of(partner: str) -> str:
    """The word that addresses use for a partner of this name; its name where there is none."""
    return Partner.everyone.filter(name=partner).values_list("slug", flat=True).first() or partner


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
