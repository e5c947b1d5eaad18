"""The numbers of what a file names: teams and who answers for them, services, categories, partners, tickets.

Names are workings: nothing shows one before a batch that uses it is taken over.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max

from commonhold.databases.loading import load
from commonhold.demand.models import Category, Desk, Party, Service, Team, Ticket
from commonhold.ledger.workings import working
from commonhold.partnership.acts import people
from commonhold.partnership.models import Partner


@dataclass(slots=True)
class Names:
    """The numbers of the names that a file has used so far, found once each."""

    desk: Desk
    batch: int
    teams: dict[str, int] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    partners: dict[str, int] = field(default_factory=dict)
    tickets: dict[str, int] = field(default_factory=dict)
    next_ticket: int = 1
    known_before: int = 0
    """Tickets up to this number were there before the file."""


@working
def names_of(*, desk: Desk, batch: int) -> Names:
    """The names that are known before a file of this desk is read."""
    last = Ticket.objects.aggregate(last=Max("pk"))["last"] or 0
    return Names(
        desk=desk,
        batch=batch,
        teams=dict(Team.objects.values_list("name", "pk")),
        services=dict(Service.objects.values_list("name", "pk")),
        categories=dict(Category.objects.values_list("name", "pk")),
        partners=dict(Partner.everyone.values_list("name", "pk")),
        tickets=dict(desk.tickets.values_list("reference", "pk")),
        next_ticket=last + 1,
        known_before=last,
    )


@working
@transaction.atomic
def learn(*, names: Names, teams: dict[str, str], services: set[str], categories: set[str], partners: set[str]) -> None:
    """Give numbers to the names that a chunk uses for the first time."""
    for name in sorted(teams.keys() - names.teams.keys()):
        names.teams[name] = Team.objects.get_or_create(name=name, defaults={"party": _party(teams[name])})[0].pk
    for name in sorted(services - names.services.keys()):
        names.services[name] = Service.objects.get_or_create(name=name)[0].pk
    for name in sorted(categories - names.categories.keys()):
        names.categories[name] = Category.objects.get_or_create(name=name)[0].pk
    for name in sorted(partners - names.partners.keys()):
        names.partners[name] = people.reserve_partner(name=name).pk


@working
def number_tickets(*, names: Names, references: Iterable[str]) -> None:
    """Give numbers to references that are seen for the first time, and add their tickets."""
    new = sorted(set(references) - names.tickets.keys())
    numbered = list(enumerate(new, start=names.next_ticket))
    load(
        Ticket._meta.db_table,
        ("id", "desk_id", "reference", "known_from"),
        ((number, names.desk.pk, reference, names.batch) for number, reference in numbered),
    )
    names.tickets.update((reference, number) for number, reference in numbered)
    names.next_ticket += len(numbered)


def _party(words: str) -> Party:
    kind, _, name = words.partition(":")
    return Party.objects.get_or_create(kind=kind.strip(), name=name.strip())[0]
