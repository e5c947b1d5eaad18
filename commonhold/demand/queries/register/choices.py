"""What the register's forms and filters offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from commonhold.databases.prepared import prepared_together
from commonhold.databases.together import together
from commonhold.demand.engine.incidents.account import AUTHORITY, SERVICE, SUPPLIER, Account, party_in_words
from commonhold.demand.models import Incident, Party, ResidentServiceText, WriteUp
from commonhold.demand.queries.names import in_words, responsibilities
from commonhold.demand.queries.register.residents import last_of
from commonhold.governance.models import Action
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import that_may_be_named

Choices = list[tuple[str, str]]

OFFERED: Final = 50
"""Incidents and actions in one choice: the newest ones."""


def partners() -> Choices:
    """The partners by slug, as the list of tickets has them."""
    return [*Partner.objects.values_list("slug", "name"), ("none", "No partner")]


@dataclass(frozen=True, slots=True)
class Offered:
    """What narrows the register down, and who answers for each team; read at once."""

    partners: Choices
    parties: Choices
    party_of: dict[int, str]


def offered(known: int, *, public: bool) -> Offered:
    """The partners by slug, as the list of tickets has them; who was said to be responsible for an incident and, but
    for the public, who answers for a team.
    """
    read = _offered(known)
    party_of = in_words(read["responsibilities"])
    said = {row.account.party for row in read["accounts"]}
    return Offered(
        partners=[*((slug, name) for name, slug in sorted(read["partners"])), ("none", "No partner")],
        parties=_written(said if public else said | set(party_of.values())),
        party_of=party_of,
    )


@prepared_together
def _offered(known: int, /) -> dict[str, QuerySet[Any, Any]]:
    return {
        "partners": Partner.objects.values_list("name", "slug"),
        "accounts": WriteUp.objects.filter(strike=None, incident__strike=None),
        "responsibilities": responsibilities(known),
    }


@dataclass(frozen=True, slots=True)
class OfAccount:
    """What an account can name: partners, who may be responsible, residents' services, actions; what it names already
    included.
    """

    partners: Choices
    parties: Choices
    services: Choices
    actions: Choices


def of_account(account: Account) -> OfAccount:
    """The choices of an account's form, read at once.

    Responsible may be the shared service, every partner's own teams and every known supplier; of residents' services
    those that are listed are offered, of actions the newest that stand.
    """
    standing = Action.objects.filter(retraction=None, resolution__retraction=None).order_by("-pk")[:OFFERED]
    read = together(
        {
            "named": that_may_be_named().values_list("name", "pk"),
            "chosen": Partner.objects.filter(pk__in=account.partners).values_list("name", "pk"),
            "suppliers": Party.objects.filter(kind=SUPPLIER),
            "texts": ResidentServiceText.objects.all(),
            "actions": standing.select_related("retraction"),
            "given": Action.objects.filter(pk__in=account.actions).select_related("retraction"),
        }
    )
    own = {f"{AUTHORITY}: {name}" for name, _ in read["named"]}
    suppliers = {str(party) for party in read["suppliers"]}
    texts = [text for text in last_of(read["texts"]) if text.is_listed or text.service_id in account.services]
    actions = {row.pk: str(row) for row in (*read["actions"], *read["given"])}
    return OfAccount(
        partners=[(str(number), name) for name, number in sorted({*read["named"], *read["chosen"]})],
        parties=_written({SERVICE, *own, *suppliers, *([account.party] if account.party else [])}),
        services=[(str(text.service_id), text.name) for text in texts],
        actions=[(str(number), actions[number]) for number in sorted(actions, reverse=True)],
    )


def incidents() -> Choices:
    """The newest incidents that stand."""
    rows = Incident.objects.filter(strike=None).order_by("-pk")[:OFFERED]
    return [(str(row.pk), str(row)) for row in rows]


def _written(found: set[str]) -> Choices:
    ordered = sorted(found, key=lambda party: (party != SERVICE, party))
    return [(party, party_in_words(party)) for party in ordered]
