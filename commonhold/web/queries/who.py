"""Who reads, read once for a request: the posts held, the one acted in, and what the frame of every page says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, OuterRef, QuerySet, Subquery

from commonhold.databases.prepared import prepared
from commonhold.ledger.engine.by import By, public
from commonhold.ledger.models import Head
from commonhold.partnership.models import Appointment, Partnership, Person, Post, Told
from commonhold.partnership.queries import by_of, day_of, partnership


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader with the posts they hold; `partnership` is its name where it was read along, `news` what is unseen."""

    by: By
    posts: tuple[Post, ...] = ()
    partnership: str | None = None
    news: int = 0


def reading(person: Person | AnonymousUser, at: datetime, chosen: str | None) -> Reading:
    """Somebody in the post they chose, else the first they hold; the public where nobody is signed in."""
    if not isinstance(person, Person):
        return Reading(public(at))
    held = _held(person.pk, day_of(at))
    if not held:
        return Reading(By(post="", at=at, person=person.pk))
    acted_in = next((row.post for row in held if row.post.slug == chosen), held[0].post)
    first = held[0]
    return Reading(
        by_of(acted_in, at, person),
        tuple(row.post for row in held),
        partnership=first.partnership_name,  # type: ignore[attr-defined]
        news=first.news or 0,  # type: ignore[attr-defined]
    )


def name_of_partnership(known: Reading) -> str:
    """What the partnership is called, or the product's name while none is founded."""
    if known.partnership:
        return known.partnership
    founded = None if known.posts else partnership()
    return founded.name if founded else "Commonhold"


@prepared
def _held(person: int, day: date, /) -> QuerySet[Appointment]:
    # One query for every page: the partnership's name and the count of news come along with the posts.
    name = Partnership.objects.filter(pk=1).values("name")[:1]
    unseen = Told.objects.filter(person=OuterRef("person"), seen_at=None).order_by().values("person")
    rows = Appointment.objects.on(day).filter(person=person).select_related("post", "post__partner")
    counted = unseen.annotate(count=Count("pk")).values("count")
    return rows.annotate(partnership_name=Subquery(name), news=Subquery(counted)).order_by("starts", "pk")


_known: dict[str, bool] = {}


def is_a_demonstration() -> bool:
    """What the log's origin says for good: asked for until there is a log, then known to the process."""
    if "demonstration" not in _known:
        head = Head.objects.first()
        if head is None:
            return False
        _known["demonstration"] = head.is_demonstration
    return _known["demonstration"]


def forget() -> None:
    """Ask again: for a process that turns to another database, as tests do."""
    _known.clear()
