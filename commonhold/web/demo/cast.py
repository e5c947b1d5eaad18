"""The demonstration's people: some of each authority, of the shared service, and outsiders. All of them are made up."""

from dataclasses import dataclass
from typing import Final

from commonhold.partnership.models import Role

HOST: Final = "Southmere"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a post; `partner` is None for the shared service."""

    name: str
    email: str
    title: str
    role: str
    partner: str | None = None
    may_consent: bool = False


CAST: Final = (
    Member("Nadia Rahman", "nadia.rahman@southmere.example", "Client lead", Role.CLIENT_LEAD, "Southmere", True),
    Member("Tom Ashdown", "tom.ashdown@eastwellvale.example", "Client lead", Role.CLIENT_LEAD, "Eastwell Vale", True),
    Member("Grace Mbeki", "grace.mbeki@northgate.example", "Client lead", Role.CLIENT_LEAD, "Northgate", True),
    Member("Cllr Joan Fairweather", "joan.fairweather@southmere.example", "Committee member", Role.MEMBER, "Southmere"),
    Member("Cllr Idris Bowen", "idris.bowen@eastwellvale.example", "Committee member", Role.MEMBER, "Eastwell Vale"),
    Member("Cllr Mary Okafor", "mary.okafor@northgate.example", "Committee member", Role.MEMBER, "Northgate"),
    Member("Peter Lindqvist", "peter.lindqvist@northgate.example", "Governance officer", Role.CLERK, "Northgate"),
    Member("Helen Marsh", "helen.marsh@threeboroughs.example", "Managing Director", Role.MANAGING_DIRECTOR),
    Member("Samir Haddad", "samir.haddad@threeboroughs.example", "Service manager", Role.SERVICE_MANAGER),
    Member("Mei Tanaka", "mei.tanaka@threeboroughs.example", "Service analyst", Role.ANALYST),
    Member("Robert Quill", "robert.quill@eastwellvale.example", "Auditor", Role.AUDITOR, "Eastwell Vale"),
)
