"""What the register's forms and filters offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from commonhold.demand.engine.incidents.account import AUTHORITY, SERVICE, SUPPLIER, party_in_words
from commonhold.demand.models import Incident, Party, WriteUp
from commonhold.demand.queries.names import answering
from commonhold.demand.queries.register.residents import last_texts
from commonhold.governance.models import Action
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import that_may_be_named

Choices = list[tuple[str, str]]

OFFERED: Final = 50
"""Incidents and actions in one choice: the newest ones."""


def partners() -> Choices:
    """The partners by slug, as the list of tickets has them."""
    return [*Partner.objects.values_list("slug", "name"), ("none", "No partner")]


def partner_numbers(chosen: Sequence[int]) -> Choices:
    """The partners that an account may name, and those that it does name."""
    rows = that_may_be_named() | Partner.objects.filter(pk__in=chosen)
    return [(str(number), name) for number, name in rows.distinct().order_by("name").values_list("pk", "name")]


def parties(known: int, *, public: bool) -> Choices:
    """Who was said to be responsible for an incident and, but for the public, who answers for a team."""
    said = {row.account.party for row in WriteUp.objects.filter(strike=None, incident__strike=None)}
    return _written(said if public else said | set(answering(known).values()))


def parties_to_blame(chosen: str) -> Choices:
    """Who may be named as responsible: the shared service, every partner's own teams, and every known supplier."""
    own = {f"{AUTHORITY}: {name}" for name in that_may_be_named().values_list("name", flat=True)}
    suppliers = {str(party) for party in Party.objects.filter(kind=SUPPLIER)}
    return _written({SERVICE, *own, *suppliers, *([chosen] if chosen else [])})


def services(chosen: Sequence[int]) -> Choices:
    """The residents' services that are listed, and those that an account names already."""
    return [(str(text.service_id), text.name) for text in last_texts() if text.is_listed or text.service_id in chosen]


def actions(chosen: Sequence[int]) -> Choices:
    """The newest actions that stand, and those that an account names already."""
    rows = (
        Action.objects.filter(retraction=None, resolution__retraction=None)
        .select_related("retraction")
        .order_by("-pk")[:OFFERED]
    )
    named = Action.objects.filter(pk__in=chosen).select_related("retraction")
    found = {row.pk: str(row) for row in (*rows, *named)}
    return [(str(number), found[number]) for number in sorted(found, reverse=True)]


def incidents() -> Choices:
    """The newest incidents that stand."""
    rows = Incident.objects.filter(strike=None).order_by("-pk")[:OFFERED]
    return [(str(row.pk), str(row)) for row in rows]


def _written(found: set[str]) -> Choices:
    ordered = sorted(found, key=lambda party: (party != SERVICE, party))
    return [(party, party_in_words(party)) for party in ordered]
