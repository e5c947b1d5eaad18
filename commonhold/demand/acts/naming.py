"""The numbers of what a file names: teams and who answers for them, services, categories, partners, tickets.

Each name is known from the file's batch, so nothing shows one before the file is taken over, and a stopped import
takes its names with it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.db.models import Max

from commonhold.databases.loading import load
from commonhold.demand.models import Category, Desk, Party, Responsibility, Service, Team, Ticket
from commonhold.demand.models.names import Named
from commonhold.demand.queries.names import answering
from commonhold.demand.queries.told import Numbers
from commonhold.ledger.workings import working
from commonhold.partnership.acts import people
from commonhold.partnership.models import Partner
from commonhold.refusals import Refused

MOST_PARTNERS: Final = 1_000


@dataclass(slots=True)
class Names:
    """The numbers of the names that a file has used so far, found once each."""

    desk: int
    batch: int
    teams: dict[str, int]
    services: dict[str, int]
    categories: dict[str, int]
    partners: dict[str, int]
    answering: dict[int, str]
    """Who answers for each team, by the team's number."""
    known_before: int
    """Tickets up to this number were there before the file."""
    next_ticket: int
    tickets: Numbers
    reserved: set[int] = field(default_factory=set)
    """Partners that the file named first."""


@working
def names_of(*, desk: Desk, batch: int) -> Names:
    """The names that are known before a file of this desk is read."""
    last = Ticket.objects.aggregate(last=Max("pk"))["last"] or 0
    return Names(
        desk=desk.pk,
        batch=batch,
        teams=dict(Team.objects.values_list("name", "pk")),
        services=dict(Service.objects.values_list("name", "pk")),
        categories=dict(Category.objects.values_list("name", "pk")),
        partners=dict(Partner.everyone.values_list("name", "pk")),
        answering=answering(batch),
        known_before=last,
        next_ticket=last + 1,
        tickets=Numbers(desk.pk),
    )


@working
@transaction.atomic
def learn(
    *, names: Names, teams: dict[str, str], services: set[str], categories: set[str], partners: set[str],
    named_teams: Collection[str],
) -> None:  # fmt: skip
    """Give numbers to names used for the first time, and note who answers for teams.

    Only a team among `named_teams`, those that the mapping itself gives to somebody, changes hands.
    """
    _number(Team, teams, names.teams, names.batch)
    _number(Service, services, names.services, names.batch)
    _number(Category, categories, names.categories, names.batch)
    for name in sorted(partners - names.partners.keys()):
        if len(names.reserved) == MOST_PARTNERS:
            raise Refused(
                f"The file names more than {MOST_PARTNERS} partners that nobody knows. "
                "Does the mapping name the right column, or is a map of partners missing?"
            )
        names.partners[name] = people.reserve_partner(name=name).pk
        names.reserved.add(names.partners[name])
    for name, party in sorted(teams.items()):
        number = names.teams[name]
        if number not in names.answering or (name in named_teams and names.answering[number] != party):
            Responsibility.objects.create(team_id=number, party=_party(party), known_from=names.batch)
            names.answering[number] = party


@working
def number_tickets(*, names: Names, references: Collection[str]) -> None:
    """Give numbers to references that are seen for the first time, and add their tickets."""
    new = sorted({reference for reference in references if reference not in names.tickets})
    numbered = list(enumerate(new, start=names.next_ticket))
    load(
        Ticket._meta.db_table,
        ("id", "desk_id", "reference", "known_from"),
        ((number, names.desk, reference, names.batch) for number, reference in numbered),
    )
    names.tickets.update((reference, number) for number, reference in numbered)
    names.next_ticket += len(numbered)


def _number(model: type[Named], told: Iterable[str], numbers: dict[str, int], batch: int) -> None:
    new = [model(name=name, known_from=batch) for name in sorted(set(told) - numbers.keys())]
    numbers.update((row.name, row.pk) for row in model._default_manager.bulk_create(new))


def _party(words: str) -> Party:
    kind, _, name = words.partition(":")
    return Party.objects.get_or_create(kind=kind.strip(), name=name.strip())[0]
