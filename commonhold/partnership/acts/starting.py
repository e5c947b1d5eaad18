"""Starting a partnership: one transaction of several acts, each with its own entry, so that each can be proved."""

import os
import secrets
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from commonhold.govuk.formats import day
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.partnership.acts import agreement, people
from commonhold.partnership.engine.starting import Plan
from commonhold.partnership.models import Appointment, Partner, Partnership, Person, Post, Role
from commonhold.partnership.permissions import is_the_command_line
from commonhold.partnership.queries.partners import has_started
from commonhold.partnership.queries.starting import token_file
from commonhold.partnership.queries.who import day_of
from commonhold.refusals import Refused, require


@dataclass(frozen=True, slots=True)
class Started:
    """What a start made: the keys of the administrators' links by partner, and what is still to be done."""

    partnership: Partnership
    keys: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@transaction.atomic
def start(*, by: By, plan: Plan, personas: bool = False) -> Started:
    """Found the partnership with first posts and administrators, and enter its agreement as found; all or nothing."""
    require(is_the_command_line(by), "start the partnership")
    today = day_of(by.at)
    if plan.since and plan.since > today:
        raise Refused(f"The agreement holds from {day(plan.since)}, which is yet to come. Start on that day.")
    founded = people.found(by=by, name=plan.name, partners=plan.partners, joined=plan.since or today)
    keys = {}
    for partner in Partner.objects.filter(joined__isnull=False):
        post = people.make_post(by=by, title="Administrator", role=Role.ADMINISTRATOR, partner=partner)
        people.make_post(by=by, title="Client lead", role=Role.CLIENT_LEAD, partner=partner, may_consent=True)
        if address := _address(plan, partner):
            keys[partner.name] = _first_administrator(by, post, partner, address, today, personas)
    people.make_post(by=by, title="Host authority", role=Role.HOST)
    people.make_post(by=by, title="Administrator of the shared service", role=Role.ADMINISTRATOR)
    _enter_rules(by, plan, today)
    token_file().unlink(missing_ok=True)
    return Started(founded, {name: key for name, key in keys.items() if key}, _warnings(plan))


@transaction.atomic
def name_administrator(*, by: By, partner: Partner, name: str, email: str) -> str:
    """Give a partner that has no administrator its first, or a current one another link; returns the link's key."""
    require(is_the_command_line(by), "name an administrator")
    if not partner.is_party(day_of(by.at)):
        raise Refused(f"{partner} is not party to the agreement.")
    known = Person.objects.filter(email__iexact=email.strip()).first()
    current = Appointment.objects.on(day_of(by.at)).filter(post__role=Role.ADMINISTRATOR, post__partner=partner)
    if known and current.filter(person=known).exists():
        return people.make_link(by=by, person=known)
    if current.filter(person__is_active=True).exists():
        raise Refused(f"{partner} has an administrator, who can appoint others. This is for a partner that has none.")
    post = Post.objects.filter(role=Role.ADMINISTRATOR, partner=partner).order_by("pk").first()
    if post is None:
        post = people.make_post(by=by, title="Administrator", role=Role.ADMINISTRATOR, partner=partner)
    if known is None:
        known = people.add_person(by=by, name=name, email=email, partner=partner)
    people.appoint(by=by, post=post, person=known, starts=day_of(by.at))
    return people.make_link(by=by, person=known)


@working
def show_token(*, by: By) -> str:
    """The token of the start page, made where there is none: whoever can run commands here may read it."""
    require(is_the_command_line(by), "start a partnership")
    if has_started():
        raise Refused("The partnership has been started already.")
    path = token_file()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").strip()


def _address(plan: Plan, partner: Partner) -> str:
    named = {name.casefold(): address for name, address in plan.administrators.items()}
    return named.get(partner.name.casefold(), "")


def _first_administrator(by: By, post: Post, partner: Partner, address: str, today: date, persona: bool) -> str:
    name = address.partition("@")[0].replace(".", " ").title()
    person = people.add_person(by=by, name=name, email=address, partner=partner, persona=persona)
    people.appoint(by=by, post=post, person=person, starts=today)
    return "" if persona else people.make_link(by=by, person=person)


def _enter_rules(by: By, plan: Plan, today: date) -> None:
    started = f"Starting of {plan.name} on {day(today)}"
    for rule, value in plan.rules.items():
        agreement.enter_as_found(
            by=by, rule=rule, value=value.to_json(), effective_from=plan.since or today, document=plan.found
        )
    agreement.enter_as_found(
        by=by, rule="consent", value=plan.consent.to_json(), effective_from=plan.since or today, document=started
    )


def _warnings(plan: Plan) -> tuple[str, ...]:
    said = [
        f'{name} has no administrator yet. Name one: commonhold name-administrator "{name}" EMAIL'
        for name in plan.partners
        if name not in plan.administrators
    ]
    parties = {name.casefold() for name in plan.partners}
    others = Partner.objects.filter(joined=None)
    said += [f"{p} is named by a file and is not yet a party." for p in others if p.name.casefold() not in parties]
    said += [f"The {rule} are not set; figures that need them say so." for rule in _not_set(plan)]
    return tuple(said)


def _not_set(plan: Plan) -> list[str]:
    return [rule for rule in ("calendars", "targets") if rule not in plan.rules]
