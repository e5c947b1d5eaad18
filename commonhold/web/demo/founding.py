"""How the fictional partnership begins: its agreement, its people in their posts, and the body that meets."""

from datetime import date, datetime, time
from importlib import resources
from typing import Final

from django.db import transaction

from commonhold.governance.acts import meetings
from commonhold.governance.models import Body
from commonhold.ledger.engine.by import By
from commonhold.partnership.acts import agreement, people, starting
from commonhold.partnership.engine.starting import read_plan
from commonhold.partnership.models import Appointment, Partner, Post, Role, RuleVersion
from commonhold.partnership.queries import acting, by_of, has_started
from commonhold.web.demo import BEGINS
from commonhold.web.demo.cast import CAST, HOST
from commonhold.workdays import LONDON

CLERK: Final = "governance-officer-of-northgate"
LEADS: Final = ("client-lead-of-southmere", "client-lead-of-eastwell-vale", "client-lead-of-northgate")


def found() -> None:
    """Start the partnership with its rules confirmed, wholly or not at all; a second time changes nothing."""
    if has_started():
        return
    with transaction.atomic():
        start()
        for version in RuleVersion.objects.exclude(rule="consent"):
            for lead in LEADS:
                agreement.confirm(by=somebody(lead, at(date(2023, 7, 5))), version=version)
        meetings.form_body(
            by=somebody(CLERK, at(date(2023, 7, 6))), name="Joint Committee", kind=Body.Kind.JOINT_COMMITTEE
        )


def start() -> None:
    """Start the partnership and appoint everybody; its rules are as they were found."""
    starting.start(by=acting(None, BEGINS), plan=read_plan(text("start.toml"), "start.toml", text), personas=True)
    appoint_everybody()


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """An instant by London's clocks."""
    return datetime.combine(day, time(hour, minute), LONDON)


def somebody(slug: str, instant: datetime) -> By:
    """The holder of a post, acting in it at an instant."""
    post = Post.objects.select_related("partner").get(slug=slug)
    holder = Appointment.objects.filter(post=post, person__isnull=False).select_related("person").first()
    return by_of(post, instant, holder.person if holder else None)


def text(name: str) -> str:
    """A text that comes with the demonstration."""
    return (resources.files("commonhold.web.demo") / name).read_text(encoding="utf-8")


def appoint_everybody() -> None:
    """Each authority's administrator appoints its own people, and the shared service's its own."""
    today = BEGINS.date()
    shared = Post.objects.get(role=Role.ADMINISTRATOR, partner=None)
    southmere = somebody("administrator-of-southmere", BEGINS)
    keeper = people.add_person(
        by=acting(None, BEGINS), name="Lucy Tran", email="lucy.tran@threeboroughs.example", persona=True
    )
    people.appoint(by=southmere, post=shared, person=keeper, starts=today)
    for member in CAST:
        partner = Partner.objects.get(name=member.partner) if member.partner else None
        by = somebody(f"administrator-of-{partner.slug}" if partner else shared.slug, BEGINS)
        person = people.add_person(by=by, name=member.name, email=member.email, partner=partner, persona=True)
        post = Post.objects.filter(partner=partner, role=member.role).first() or people.make_post(
            by=by, title=member.title, role=member.role, partner=partner, may_consent=member.may_consent
        )
        people.appoint(by=by, post=post, person=person, starts=today)
    host = Post.objects.get(role=Role.HOST)
    people.appoint(by=southmere, post=host, partner=Partner.objects.get(name=HOST), starts=today)
