"""Three councils, their people, and the agreement they found: made by calling acts, as the product makes them."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from commonhold.ledger.engine.by import By
from commonhold.partnership.acts import agreement, people, starting
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.consents import Consents
from commonhold.partnership.engine.rules.targets import Targets
from commonhold.partnership.engine.starting import Plan
from commonhold.partnership.models import Partner, Person, Post, Proposal, Role, RuleVersion
from commonhold.partnership.queries import acting, by_of

NOON = datetime(2026, 7, 21, 11, 0, tzinfo=UTC)
TODAY = date(2026, 7, 21)

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


def targets(p3: int = 1800) -> Targets:
    return Targets.from_form(
        {
            "P1": {"resolve_minutes": 240, "calendar": "24x7"},
            "P3": {"resolve_minutes": p3, "calendar": "office"},
        }
    )


def calendars() -> Calendars:
    return Calendars.from_toml(CALENDARS, "calendars.toml")


def plan(needed: int | None = 1, **changes: object) -> Plan:
    full = Plan(
        name="Shared ICT Service",
        partners=("Southmere", "Thornley", "Wexcombe"),
        administrators={
            "Southmere": "ada.king@southmere.example",
            "Thornley": "bel.marsh@thornley.example",
            "Wexcombe": "cyd.vane@wexcombe.example",
        },
        found="Inter Authority Agreement of 1 January 2016",
        since=date(2016, 1, 1),
        rules={"calendars": calendars(), "targets": targets()},
        consent=Consents(needed),
    )
    return replace(full, **changes)


@dataclass
class Cast:
    """The partnership's people. `by` gives somebody acting in a post; `lead` is each council's client lead."""

    at: datetime

    def operator(self) -> By:
        return acting(None, self.at)

    def by(self, post: str, at: datetime | None = None) -> By:
        """The person who holds a post, acting in it."""
        row = Post.objects.select_related("partner").get(slug=post)
        held = row.appointments.on((at or self.at).date()).select_related("person").first()
        assert held and held.person, f"nobody holds {post}"
        return by_of(row, at or self.at, held.person)

    def administrator(self, partner: str) -> By:
        return self.by(f"administrator-of-{partner}")

    def lead(self, partner: str, at: datetime | None = None) -> By:
        return self.by(f"client-lead-of-{partner}", at)

    def partner(self, slug: str) -> Partner:
        return Partner.objects.get(slug=slug)

    def version(self, rule: str, number: int = 1) -> RuleVersion:
        return RuleVersion.objects.get(rule=rule, number=number)

    def appointed(self, partner: str, title: str, role: str, name: str, *, may_consent: bool = False) -> By:
        """A new post of a partner with a new person in it."""
        by, own = self.administrator(partner), self.partner(partner)
        post = people.make_post(by=by, title=title, role=role, partner=own, may_consent=may_consent)
        email = f"{name.lower().replace(' ', '.')}@{partner}.example"
        person = people.add_person(by=by, name=name, email=email, partner=own, persona=True)
        people.appoint(by=by, post=post, person=person, starts=self.at.date())
        return by_of(post, self.at, person)

    def proposes(self, p3: int = 1500, on: date | None = None, by: By | None = None) -> Proposal:
        return agreement.propose(
            by=by or self.lead("southmere"),
            rule="targets",
            value=targets(p3).to_json(),
            reasons="Requests take too long.",
            effective_from=on or self.at.date() + timedelta(days=30),
            base=RuleVersion.objects.filter(rule="targets").count(),
        )


def gather(needed: int | None = 1, at: datetime = NOON) -> Cast:
    """Start the partnership and appoint a client lead for each council, and two people of the shared service."""
    cast = Cast(at)
    starting.start(by=cast.operator(), plan=plan(needed), personas=True)
    for slug, name in (("southmere", "Dora Lund"), ("thornley", "Ezra Holt"), ("wexcombe", "Fay Ricks")):
        by, partner = cast.administrator(slug), cast.partner(slug)
        email = f"{name.lower().replace(' ', '.')}@{slug}.example"
        person = people.add_person(by=by, name=name, email=email, partner=partner, persona=True)
        post = Post.objects.get(slug=f"client-lead-of-{slug}")
        people.appoint(by=by, post=post, person=person, starts=at.date())
    _fill_the_service(cast)
    return cast


def _fill_the_service(cast: Cast) -> None:
    ada = cast.administrator("southmere")
    own = people.add_person(
        by=ada, name="Gil Moor", email="gil.moor@service.example", partner=cast.partner("southmere"), persona=True
    )
    people.appoint(
        by=ada, post=Post.objects.get(slug="administrator-of-the-shared-service"), person=own, starts=cast.at.date()
    )
    gil = cast.by("administrator-of-the-shared-service")
    for title, role, name in (
        ("Managing Director", Role.MANAGING_DIRECTOR, "Hana Prior"),
        ("Service analyst", Role.ANALYST, "Ivo Tarn"),
    ):
        post = people.make_post(by=gil, title=title, role=role)
        email = f"{name.lower().replace(' ', '.')}@service.example"
        person = people.add_person(by=gil, name=name, email=email, persona=True)
        people.appoint(by=gil, post=post, person=person, starts=cast.at.date())


def person(name: str) -> Person:
    return Person.objects.get(name=name)
