"""Who acts in the record's tests, and on what."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.text import slugify

from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By, public
from commonhold.ledger.models import Entry, Recorded
from commonhold.partnership.models import ClientBody, Partner, Person, Post, Role

NOON = datetime(2026, 7, 21, 11, 0, tzinfo=UTC)
CLERK = By(post="clerk-of-southmere", at=NOON, partner="southmere", roles=frozenset({"clerk"}))
PUBLIC = public(NOON)


def entry(
    kind: str = "meeting.called",
    *,
    because: Entry | Iterable[Entry | None] | None = None,
    minutes: int = 0,
    post: str = CLERK.post,
    subject: Recorded | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Entry:
    """One entry, some minutes after noon."""
    by = By(post=post, at=NOON + timedelta(minutes=minutes), roles=CLERK.roles)
    return record(by=by, kind=kind, because=because, subject=subject, facts=facts)


def body(name: str = "Crematorium Board") -> ClientBody:
    return ClientBody.objects.create(name=name, slug=name.lower().replace(" ", "-"), since=date(2020, 1, 1))


def partner(name: str = "Southmere") -> Partner:
    return Partner.objects.create(name=name, slug=name.lower(), joined=date(2016, 1, 1))


def post(title: str, of: Partner | None = None) -> Post:
    return Post.objects.create(slug=slugify(title), title=title, partner=of, role=Role.CLERK)


def person(name: str) -> Person:
    return Person.objects.create(email=f"{name.lower()}@example.org", name=name)
