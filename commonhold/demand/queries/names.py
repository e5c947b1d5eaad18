"""The names of what tickets hold as numbers, and who answers for each team."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from commonhold.demand.models import Batch, Category, Party, Responsibility, Service, Team
from commonhold.partnership.models import Partner


@dataclass(frozen=True, slots=True)
class Named:
    """Names by number; `party_of` gives the responsible party of each team."""

    partner: dict[int, str]
    team: dict[int, str]
    service: dict[int, str]
    category: dict[int, str]
    party: dict[int, str]
    party_of: dict[int, int]


def names(known: int | None = None) -> Named:
    """All names, and who answered for each team when batch `known` was the last one known; now, without one."""
    return Named(
        partner=dict(Partner.everyone.values_list("pk", "name")),
        team=dict(Team.objects.values_list("pk", "name")),
        service=dict(Service.objects.values_list("pk", "name")),
        category=dict(Category.objects.values_list("pk", "name")),
        party={party.pk: str(party) for party in Party.objects.all()},
        party_of=parties(Batch.objects.known() if known is None else known),
    )


def parties(known: int) -> dict[int, int]:
    """The number of the party that answers for each team, by the team's number (C11)."""
    rows = Responsibility.objects.filter(known_from__lte=known).order_by("known_from")
    return dict(rows.values_list("team_id", "party_id"))


def answering(known: int) -> dict[int, str]:
    """The same in the words of a mapping."""
    return in_words(responsibilities(known))


def responsibilities(known: int) -> QuerySet[Responsibility]:
    """Who was said to answer for which team until batch `known`, each with its party."""
    return Responsibility.objects.filter(known_from__lte=known).select_related("party")


def in_words(rows: Iterable[Responsibility]) -> dict[int, str]:
    """The party that answers for each team, of what was said of it in whatever order."""
    return {row.team_id: str(row.party) for row in sorted(rows, key=lambda row: row.known_from)}
