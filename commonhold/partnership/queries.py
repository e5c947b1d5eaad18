"""Who acts, who is party, who holds which post."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from commonhold.ledger.engine.by import By, public
from commonhold.partnership.models import Appointment, Person, Post
from commonhold.refusals import Refused

LONDON = ZoneInfo("Europe/London")


def day_of(at: datetime) -> date:
    """The day of Europe/London that an instant falls on."""
    return at.astimezone(LONDON).date()


def acting(post: str | None, at: datetime) -> By:
    """Who acts on the command line: the post named by --acting, by default the operator."""
    slug = post or "operator"
    try:
        return _by(Post.objects.select_related("partner").get(slug=slug), at)
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
    return _by(chosen.post, at, person)


def _by(post: Post, at: datetime, person: Person | None = None) -> By:
    return By(
        post=post.slug,
        at=at,
        person=person.pk if person else None,
        partner=post.partner.slug if post.partner else None,
        roles=frozenset({post.role} | ({"consents"} if post.may_consent else set())),
    )
