"""The names of what tickets hold as numbers."""

from dataclasses import dataclass

from commonhold.demand.models import Party, Service, Team
from commonhold.partnership.models import Partner


@dataclass(frozen=True, slots=True)
class Named:
    """Names by number; `party_of` gives the responsible party of each team."""

    partner: dict[int, str]
    team: dict[int, str]
    service: dict[int, str]
    party: dict[int, str]
    party_of: dict[int, int]


def names() -> Named:
    """All names, in four short queries."""
    teams = list(Team.objects.values_list("pk", "name", "party_id"))
    return Named(
        partner=dict(Partner.everyone.values_list("pk", "name")),
        team={pk: name for pk, name, _ in teams},
        service=dict(Service.objects.values_list("pk", "name")),
        party={party.pk: str(party) for party in Party.objects.all()},
        party_of={pk: party for pk, _, party in teams},
    )
