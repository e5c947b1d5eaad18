"""Three authorities under an agreement, and the people who bring tickets in, put them right and read them."""

from dataclasses import dataclass
from datetime import date, datetime

from commonhold.ledger.engine.by import By, public
from commonhold.partnership.acts import people, starting
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.consents import Consents
from commonhold.partnership.engine.rules.targets import Targets
from commonhold.partnership.engine.starting import Plan
from commonhold.partnership.models import Appointment, Partner, Person, Post, Role
from commonhold.partnership.queries import acting, by_of

PARTNERS = ("Partner A", "Partner B", "Partner C")
CALENDARS = """
time_zone = "Europe/London"
holidays = "GB-ENG"
[office]
mon-fri = ["08:00-18:00"]
observes_holidays = true
["24x7"]
mon-sun = ["00:00-24:00"]
observes_holidays = false
"""
TARGETS = {
    "P1": {"resolve_minutes": 240, "calendar": "24x7"},
    "P2": {"resolve_minutes": 480, "calendar": "24x7"},
    "P3": {"resolve_minutes": 1800, "calendar": "office"},
    "P4": {"resolve_minutes": 3600, "calendar": "office"},
}


@dataclass(frozen=True)
class Cast:
    """Everybody at one instant: `analyst` and `manager` are the shared service's, `lead_a` is of Partner A."""

    at: datetime

    @property
    def operator(self) -> By:
        return acting(None, self.at)

    @property
    def nobody(self) -> By:
        return public(self.at)

    def __getattr__(self, name: str) -> By:
        posts = {
            "analyst": "service-analyst",
            "manager": "service-manager",
            "director": "managing-director",
            "auditor": "auditor",
            "lead_a": "client-lead-of-partner-a",
            "lead_b": "client-lead-of-partner-b",
            "member_a": "committee-member-of-partner-a",
            "clerk_b": "governance-officer-of-partner-b",
        }
        if name not in posts:
            raise AttributeError(name)
        post = Post.objects.select_related("partner").get(slug=posts[name])
        held = Appointment.objects.on(self.at.date()).select_related("person").get(post=post)
        assert held.person
        return by_of(post, self.at, held.person)


EVERYBODY = ("analyst", "manager", "director", "auditor", "lead_a", "lead_b", "member_a", "clerk_b", "nobody")


def gather(at: datetime, targets: bool = True) -> Cast:
    """Found the partnership as of this instant, under an agreement of 2016, and give everybody a post."""
    cast = Cast(at)
    rules = {"calendars": calendars()} | ({"targets": Targets.from_form(TARGETS)} if targets else {})
    plan = Plan(
        name="Shared ICT Service",
        partners=PARTNERS,
        administrators={name: f"administrator@{name[-1].lower()}.example" for name in PARTNERS},
        found="Inter Authority Agreement of 1 January 2016",
        since=date(2016, 1, 1),
        rules=rules,
        consent=Consents(1),
    )
    starting.start(by=cast.operator, plan=plan, personas=True)
    _appoint_the_service(cast)
    for letter in "ab":
        _appoint(cast, letter, "Client lead", Role.CLIENT_LEAD, f"Lead {letter.upper()}")
    _appoint(cast, "a", "Committee member", Role.MEMBER, "Member A")
    _appoint(cast, "b", "Governance officer", Role.CLERK, "Clerk B")
    return cast


def calendars() -> Calendars:
    return Calendars.from_toml(CALENDARS, "calendars.toml")


def _administrator(cast: Cast, post: str) -> By:
    row = Post.objects.select_related("partner").get(slug=post)
    held = Appointment.objects.on(cast.at.date()).select_related("person").get(post=row)
    assert held.person
    return by_of(row, cast.at, held.person)


def _appoint_the_service(cast: Cast) -> None:
    first = _administrator(cast, "administrator-of-partner-a")
    keeper = people.add_person(
        by=first, name="Keeper", email="keeper@a.example", partner=Partner.objects.get(slug="partner-a"), persona=True
    )
    post = Post.objects.get(slug="administrator-of-the-shared-service")
    people.appoint(by=first, post=post, person=keeper, starts=cast.at.date())
    own = _administrator(cast, post.slug)
    for title, role in (
        ("Service analyst", Role.ANALYST),
        ("Service manager", Role.SERVICE_MANAGER),
        ("Managing Director", Role.MANAGING_DIRECTOR),
        ("Auditor", Role.AUDITOR),
    ):
        made = people.make_post(by=own, title=title, role=role)
        person = people.add_person(by=own, name=title, email=f"{made.slug}@service.example", persona=True)
        people.appoint(by=own, post=made, person=person, starts=cast.at.date())


def _appoint(cast: Cast, letter: str, title: str, role: Role, name: str) -> Person:
    by = _administrator(cast, f"administrator-of-partner-{letter}")
    partner = Partner.objects.get(slug=f"partner-{letter}")
    post = Post.objects.filter(partner=partner, role=role).first() or people.make_post(
        by=by, title=title, role=role, partner=partner
    )
    email = f"{name.lower().replace(' ', '.')}@{letter}.example"
    person = people.add_person(by=by, name=name, email=email, partner=partner, persona=True)
    people.appoint(by=by, post=post, person=person, starts=cast.at.date())
    return person
