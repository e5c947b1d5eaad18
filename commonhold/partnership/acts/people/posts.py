"""Posts, and who is appointed to them from when to when. Whatever gives a power is an entry that all read (D4)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify

from commonhold.govuk.formats import day
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.engine.marks import setting_up
from commonhold.partnership.models import Appointment, Partner, Person, Post, Role
from commonhold.partnership.permissions import (
    PARTNER_ROLES,
    SERVICE_ROLES,
    administers,
    appoints_to,
    is_the_command_line,
)
from commonhold.partnership.queries.agreeing import refuse_older
from commonhold.partnership.queries.people import administrators
from commonhold.partnership.queries.who import day_of
from commonhold.refusals import Refused, require

OPERATOR = "operator"
THE_SERVICE = "the-service"
LONGEST_TITLE = 80


@setting_up
@transaction.atomic
def make_first_posts(*, at: datetime) -> None:
    """Make the two posts that a database needs to act at all: the operator, and the service for what is done daily."""
    if Post.objects.filter(slug=OPERATOR).exists():
        return
    by = By(post=OPERATOR, at=at, roles=frozenset({Role.OPERATOR}))
    for slug, title, role in (
        (OPERATOR, "Operator", Role.OPERATOR),
        (THE_SERVICE, "The service", Role.SERVICE),
    ):
        post = Post.objects.create(slug=slug, title=title, role=role)
        record(by=by, kind="post.made", subject=post)


@transaction.atomic
def make_post(*, by: By, title: str, role: str, partner: Partner | None = None, may_consent: bool = False) -> Post:
    """Make a post of a partner or of the shared service; a power comes only from an appointment to it."""
    require(administers(by, partner) or is_the_command_line(by), "make this post")
    allowed = PARTNER_ROLES if partner else SERVICE_ROLES | {Role.HOST}
    if role not in allowed:
        raise Refused(f"A post of {partner or 'the shared service'} cannot have the role {Role(role).label}.")
    if may_consent and partner is None:
        raise Refused("Only a partner's post may consent: the shared service is not party to the agreement.")
    words = " ".join(title.split())
    if not words:
        raise Refused("Give the post a title.")
    if len(words) > LONGEST_TITLE:
        raise Refused(f"The title of a post has at most {LONGEST_TITLE} characters.")
    slug = slugify(f"{words} of {partner.slug}" if partner else words)[:100]
    if not slug or Post.objects.filter(slug=slug).exists():
        raise Refused(f"There is already a post {words}." if slug else "Give the post a title with letters.")
    post = Post.objects.create(
        slug=slug,
        title=f"{words}, {partner}" if partner else words,
        partner=partner,
        role=role,
        may_consent=may_consent,
    )
    record(by=by, kind="post.made", subject=post)
    return post


@transaction.atomic
def appoint(
    *,
    by: By,
    post: Post,
    person: Person | None = None,
    partner: Partner | None = None,
    kind: str = Appointment.Kind.SUBSTANTIVE,
    starts: date,
    ends: date | None = None,
) -> Appointment:
    """Appoint a person to a post, or a partner to be host: substantively, acting, or to cover, from a day to a day."""
    require(appoints_to(by, post) or _is_first_administrator(by, post), f"say who holds the post {post}")
    if (post.role == Role.HOST) != (partner is not None) or (person is None) == (partner is None):
        raise Refused("The host is a partner; every other post is held by a person.")
    if person is not None and not person.is_active:
        raise Refused(f"The account of {person} is closed. Open it again first.")
    if partner is not None and not partner.is_party(starts):
        raise Refused(f"{partner} is not party to the agreement on that day.")
    if ends is not None and ends <= starts:
        raise Refused("The appointment would end before it began. Give a later last day.")
    if kind != Appointment.Kind.SUBSTANTIVE and ends is None:
        raise Refused("Give the day until which somebody acts or covers.")
    _refuse_overlap(post, person, kind, starts, ends)
    made = Appointment.objects.create(post=post, person=person, partner=partner, kind=kind, starts=starts, ends=ends)
    told = [person] if person else []
    if post.partner is None or is_the_command_line(by):
        told += administrators(None, by.at)
    tell(by=by, people=told, subject=made, why=f"{made.get_kind_display()}: {post} from {day(starts)}.")
    facts = {
        "post": post.slug,
        "starts": starts.isoformat(),
        "ends": ends.isoformat() if ends else None,
        "kind": str(kind),
        "partner": partner.slug if partner else None,
    }
    record(by=by, kind="appointment.made", subject=made, because=post.entry, facts=facts)
    return made


@transaction.atomic
def end_appointment(*, by: By, appointment: Appointment, ends: date, edition: int) -> Appointment:
    """Record from which day an appointment is over; from its own first day where it was entered in error."""
    require(appoints_to(by, appointment.post), f"say who holds the post {appointment.post}")
    appointment = Appointment.shown().select_for_update(of=("self",)).get(pk=appointment.pk)
    refuse_older(edition, appointment.edition)
    if ends < appointment.starts:
        raise Refused("That is before the appointment began. Where it was entered in error, give its first day.")
    if appointment.was_an_error:
        raise Refused("This appointment was taken back as an error. Make a new one.")
    if appointment.post.role == Role.ADMINISTRATOR and ends <= day_of(by.at):
        _refuse_last_administrator(appointment, day_of(by.at))
    appointment.ends, appointment.edition = ends, edition + 1
    appointment.save(update_fields=("ends", "edition"))
    if appointment.person:
        words = f"Your appointment as {appointment.post} ends on {day(ends)}."
        tell(by=by, people=[appointment.person], subject=appointment, why=words)
    facts = {"post": appointment.post.slug, "ends": ends.isoformat(), "error": appointment.was_an_error}
    record(by=by, kind="appointment.ended", subject=appointment, because=appointment.entry, facts=facts)
    return appointment


def _is_first_administrator(by: By, post: Post) -> bool:
    """The command line may appoint an administrator where there is none: else nobody could begin, or begin again."""
    if not (is_the_command_line(by) and post.role == Role.ADMINISTRATOR and post.partner is not None):
        return False
    others = Appointment.objects.on(day_of(by.at)).filter(
        post__role=Role.ADMINISTRATOR, post__partner=post.partner, person__is_active=True
    )
    return not others.exists()


def _refuse_last_administrator(appointment: Appointment, today: date) -> None:
    others = Appointment.objects.on(today).filter(
        post__role=Role.ADMINISTRATOR, post__partner=appointment.post.partner, person__is_active=True
    )
    if appointment.is_in_force(today) and not others.exclude(pk=appointment.pk).exists():
        raise Refused("This is the last administrator. Appoint another first: nobody else could.")


def _refuse_overlap(post: Post, person: Person | None, kind: str, starts: date, ends: date | None) -> None:
    """One holder at a time; the same person not twice at once. Others may act or cover meanwhile."""
    for other in post.appointments.select_related("person", "partner"):
        if other.was_an_error or (ends and other.starts >= ends) or (other.ends and other.ends <= starts):
            continue
        both_hold = kind == other.kind == Appointment.Kind.SUBSTANTIVE
        if both_hold or (person is not None and other.person_id == person.pk):
            until = f" until {day(other.ends)}" if other.ends else ""
            raise Refused(f"{other.holder} holds this post{until}. End that first, or let somebody act or cover.")
