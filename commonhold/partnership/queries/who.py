"""Who acts and who reads; who holds which post on a day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from commonhold.ledger.engine.by import COMMAND_LINE, By, public
from commonhold.partnership.engine.consent import Holding
from commonhold.partnership.models import Appointment, Partner, Person, Post
from commonhold.partnership.permissions import CONSENTS
from commonhold.refusals import Refused
from commonhold.workdays import LONDON

OPERATOR: Final = "operator"


def day_of(at: datetime) -> date:
    """The day of Europe/London that an instant falls on."""
    return at.astimezone(LONDON).date()


def on_the_command_line(post: str | None, at: datetime) -> By:
    """Who acts on the command line: the post named by --acting, by default the operator, and the entry says so (D4)."""
    return replace(acting(post, at), through=COMMAND_LINE)


def acting(post: str | None, at: datetime) -> By:
    """Nobody in particular, acting in the post with this slug, by default the operator's."""
    slug = post or OPERATOR
    try:
        return by_of(Post.objects.select_related("partner").get(slug=slug), at)
    except Post.DoesNotExist:
        known = ", ".join(Post.objects.values_list("slug", flat=True))
        raise Refused(f"There is no post {slug!r}. Posts: {known}.") from None


def appointments_of(person: Person, at: datetime) -> list[Appointment]:
    """The appointments this person holds now, in the order in which they were given."""
    held = Appointment.objects.on(day_of(at)).filter(person=person)
    return list(held.select_related("post", "post__partner").order_by("starts", "pk"))


def reader(person: Person | None, at: datetime, post: str | None = None) -> By:
    """Who reads or acts on the web: the person in the post they chose, else the first they hold, else the public."""
    if person is None or not person.is_authenticated:
        return public(at)
    held = appointments_of(person, at)
    if not held:
        return By(post="", at=at, person=person.pk)
    chosen = next((a for a in held if a.post.slug == post), held[0])
    return by_of(chosen.post, at, person)


def by_of(post: Post, at: datetime, person: Person | None = None) -> By:
    """Somebody, or nobody in particular, acting in a post."""
    return By(
        post=post.slug,
        at=at,
        person=person.pk if person else None,
        partner=post.partner.slug if post.partner else None,
        roles=frozenset({post.role} | ({CONSENTS} if post.may_consent else set())),
    )


def holdings(partners: Iterable[Partner]) -> list[Holding]:
    """Who ever held a post that may consent for these partners, from when to when."""
    rows = Appointment.objects.filter(post__may_consent=True, post__partner__in=partners, person__is_active=True)
    return [
        Holding(
            person=row.person_id or 0,
            post=row.post.slug,
            partner=row.post.partner.slug if row.post.partner else "",
            may_consent=row.post.may_consent,
            starts=row.starts,
            ends=row.ends,
        )
        for row in rows.select_related("post__partner")
    ]


def consenters(partners: Iterable[Partner], on: date) -> list[Person]:
    """The people who may consent for these partners on a day."""
    held = Appointment.objects.on(on).filter(post__may_consent=True, post__partner__in=partners)
    return list(Person.objects.filter(appointments__in=held, is_active=True).distinct())
