"""The accounts of people who sign in. Each partner's administrator looks after its own; nobody sees a password."""

from typing import Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.models import Appointment, Partner, Person, Role
from commonhold.partnership.permissions import administers, is_own, is_the_command_line
from commonhold.partnership.queries.agreeing import refuse_older
from commonhold.partnership.queries.people import administrators, is_demonstration
from commonhold.partnership.queries.who import day_of
from commonhold.partnership.signin import key_for
from commonhold.refusals import Refused, require

LONGEST_NAME: Final = 120
LONGEST_ADDRESS: Final = 254


@transaction.atomic
def add_person(*, by: By, name: str, email: str, partner: Partner | None = None, persona: bool = False) -> Person:
    """Give somebody an account without a password; a link to choose one is made apart."""
    require(administers(by, partner) or is_the_command_line(by), "give people accounts here")
    if persona and not is_demonstration():
        raise Refused("Personas are picked without a password, so a real partnership has none.")
    person = Person.objects.create_user(_free_address(email), name=_written(name), partner=partner, persona=persona)
    _vouch_for_address(person)
    facts = {"partner": partner.slug if partner else None}
    record(by=by, kind="person.added", subject=person, facts=facts)
    return person


@transaction.atomic
def correct_person(*, by: By, person: Person, name: str, email: str, edition: int) -> Person:
    """Put somebody's name or e-mail address right: themselves, or their administrator."""
    require(is_own(by, person) or administers(by, person.partner), "put this account right")
    person = Person.objects.select_for_update().get(pk=person.pk)
    refuse_older(edition, person.edition)
    changed = []
    if _written(name) != person.name:
        person.name = _written(name)
        changed.append("name")
    if email.strip().casefold() != person.email.casefold():
        person.email = _free_address(email)
        changed.append("email")
    if not changed:
        raise Refused("Nothing is different.")
    person.edition += 1
    person.save(update_fields=("name", "email", "edition"))
    _vouch_for_address(person)
    record(by=by, kind="person.corrected", subject=person, because=person.entry, facts={"changed": changed})
    return person


@transaction.atomic
def make_link(*, by: By, person: Person) -> str:
    """Make a link by which somebody chooses a password, once and for some days; whoever makes it hands it over."""
    require(administers(by, person.partner) or _helps_an_administrator(by, person), "make a link for this account")
    if not person.is_active:
        raise Refused("This account is closed. Open it again first.")
    if person.persona:
        raise Refused("A persona has no password.")
    if is_the_command_line(by):
        tell(by=by, people=administrators(None, by.at), subject=person, why="The operator made a link for an account.")
    key = key_for(person)
    record(by=by, kind="person.link-made", subject=person, because=person.entry)
    return key


@transaction.atomic
def remove_second_factors(*, by: By, person: Person) -> Person:
    """Remove somebody's authenticator app, passkeys and recovery codes, when they have lost them."""
    require(administers(by, person.partner) and by.person != person.pk, "remove this account's second factors")
    removed, _ = Authenticator.objects.filter(user=person).delete()
    if not removed:
        raise Refused("This account has no second factor.")
    record(by=by, kind="person.second-factors-removed", subject=person, because=person.entry)
    return person


@transaction.atomic
def close_account(*, by: By, person: Person) -> Person:
    """Close an account: its sessions end at once, and the posts it holds give nothing any more."""
    require(administers(by, person.partner) and by.person != person.pk, "close this account")
    return _set_open(by, person, is_open=False)


@transaction.atomic
def reopen_account(*, by: By, person: Person) -> Person:
    """Open a closed account again."""
    require(administers(by, person.partner), "open this account again")
    return _set_open(by, person, is_open=True)


@working
def pick_persona(*, by: By, person: Person) -> Person:
    """Be a persona without a password: only where the log's origin says DEMONSTRATION, and only a persona."""
    require(is_demonstration() and person.persona and person.is_active, "sign in without a password")
    return person


def _vouch_for_address(person: Person) -> None:
    """Sign-in keeps addresses of its own. An administrator answers for this one, so nobody is asked to confirm it."""
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)


def _set_open(by: By, person: Person, *, is_open: bool) -> Person:
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.is_active is is_open:
        raise Refused(f"This account is {'open' if is_open else 'closed'} already.")
    person.is_active = is_open
    person.save(update_fields=("is_active",))
    kind = "person.reactivated" if is_open else "person.deactivated"
    record(by=by, kind=kind, subject=person, because=person.entry)
    return person


def _helps_an_administrator(by: By, person: Person) -> bool:
    """The command line may make a link for an administrator, who could get one from nobody else."""
    held = Appointment.objects.on(day_of(by.at)).filter(person=person, post__role=Role.ADMINISTRATOR)
    return is_the_command_line(by) and held.exists()


def _free_address(email: str) -> str:
    address = email.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(f"{address or 'Nothing'} is not an e-mail address. Write it like name@example.org.") from None
    if len(address) > LONGEST_ADDRESS:
        raise Refused(f"An e-mail address has at most {LONGEST_ADDRESS} characters; this one has {len(address)}.")
    if Person.objects.filter(email__iexact=address).exists():
        raise Refused(f"There is already an account with the e-mail address {address}.")
    return address


def _written(name: str) -> str:
    words = " ".join(name.split())
    if not words:
        raise Refused("Give the person's name.")
    if len(words) > LONGEST_NAME:
        raise Refused(f"A name has at most {LONGEST_NAME} characters: {words[:40]}… has {len(words)}.")
    return words
