"""The people of a partner, or of the shared service, as those who administer them see them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Head
from commonhold.partnership.models import Appointment, Partner, Person, Post, Role
from commonhold.partnership.permissions import administers, appoints_to, sees_person
from commonhold.partnership.queries.partners import Held, posts_held
from commonhold.partnership.queries.who import day_of


@dataclass(frozen=True, slots=True)
class Account:
    """A person with the posts they hold now and whether they can sign in yet."""

    person: Person
    posts: tuple[Appointment, ...]
    has_second_factor: bool

    @property
    def state(self) -> str:
        if not self.person.is_active:
            return "closed"
        if self.person.persona:
            return "a persona of the demonstration"
        return "can sign in" if self.person.has_usable_password() else "has not chosen a password yet"


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The people of one partner, or of the shared service, and the posts their administrator fills."""

    partner: Partner | None
    people: tuple[Account, ...]
    posts: tuple[Held, ...]
    lacks: tuple[str, ...]


def people_of(partner: Partner | None, by: By) -> PeoplePage | None:
    """The people that this reader administers; None where they do not."""
    if not administers(by, partner):
        return None
    rows = list(Person.objects.filter(partner=partner))
    today = day_of(by.at)
    posts: dict[int | None, list[Appointment]] = defaultdict(list)
    held = Appointment.objects.on(today).filter(person__in=rows).select_related("post")
    for appointment in held.order_by("starts", "pk"):
        posts[appointment.person_id].append(appointment)
    factors = second_factors(rows)
    filled = [h for h in posts_held(today, _posts_of(partner)) if appoints_to(by, h.post)]
    return PeoplePage(
        partner=partner,
        people=tuple(Account(row, tuple(posts[row.pk]), row.pk in factors) for row in rows),
        posts=tuple(filled),
        lacks=tuple(lacking(filled)),
    )


def _posts_of(partner: Partner | None) -> QuerySet[Post]:
    return Post.objects.filter(partner=partner).select_related("partner")


def lacking(posts: list[Held]) -> list[str]:
    """Powers that nobody holds, in words, for the administrator who can give them."""
    to_be_held = [held for held in posts if held.post.role != Role.SERVICE]
    said = [f"Nobody holds the post {held.post.title}." for held in to_be_held if held.is_vacant]
    if posts and posts[0].post.partner and not any(h.post.may_consent and not h.is_vacant for h in posts):
        said.append(f"Nobody can consent for {posts[0].post.partner} to changes of the agreement.")
    return said


def second_factors(people: list[Person]) -> set[int]:
    """The keys of those among these people who have an authenticator app or a passkey."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return set(Authenticator.objects.filter(user__in=people, type__in=kinds).values_list("user", flat=True))


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person's account with every appointment they ever had."""

    account: Account
    appointments: tuple[Appointment, ...]


def person(number: int, by: By) -> PersonPage | None:
    """An account, for the person and for whoever administers it; None for everybody else."""
    row = Person.objects.filter(pk=number).select_related("partner").first()
    if row is None or not sees_person(by, row):
        return None
    held = list(row.appointments.select_related("post__partner", "person", "partner"))
    today = day_of(by.at)
    account = Account(row, tuple(a for a in held if a.is_in_force(today)), row.pk in second_factors([row]))
    return PersonPage(account, tuple(held))


def administrators(partners: QuerySet[Partner] | None, at: datetime) -> list[Person]:
    """Those who administer these partners' people on the day, or any partner's."""
    held = Appointment.objects.on(day_of(at)).filter(post__role=Role.ADMINISTRATOR)
    if partners is not None:
        held = held.filter(post__partner__in=partners)
    return list(Person.objects.filter(appointments__in=held, is_active=True).distinct())


def those_who_administer(partner: Partner | None, at: datetime) -> list[Person]:
    """Those who administer one partner's people on the day; None: the shared service's."""
    held = Appointment.objects.on(day_of(at)).filter(post__role=Role.ADMINISTRATOR, post__partner=partner)
    return list(Person.objects.filter(appointments__in=held, is_active=True).distinct())


def is_demonstration() -> bool:
    """What the log's origin says for good."""
    head = Head.objects.first()
    return head is not None and head.is_demonstration


def personas(at: datetime) -> list[Account]:
    """The people whom a demonstration lets anybody be, with the posts they hold. A real log has none."""
    if not is_demonstration():
        return []
    rows = list(Person.objects.filter(persona=True, is_active=True).select_related("partner"))
    posts: dict[int | None, list[Appointment]] = defaultdict(list)
    held = Appointment.objects.on(day_of(at)).filter(person__in=rows).select_related("post__partner")
    for appointment in held.order_by("starts", "pk"):
        posts[appointment.person_id].append(appointment)
    return [Account(row, tuple(posts[row.pk]), has_second_factor=False) for row in rows]
