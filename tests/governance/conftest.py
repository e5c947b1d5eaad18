"""What the tests of governance share."""

from collections.abc import Callable

import pytest
from django.test import Client

from commonhold.ledger.models import Entry
from commonhold.partnership.models import Appointment, Partner, Person, Post
from tests.factories import NOON


class Record:
    """What the record gained since this was made."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Count from here."""
        self.size = Entry.objects.count()

    def one(self) -> Entry:
        """The only entry since: an act leaves exactly one (L1)."""
        (entry,) = Entry.objects.order_by("number")[self.size :]
        return entry

    def none(self) -> bool:
        return Entry.objects.count() == self.size


@pytest.fixture
def record(db: None) -> Record:
    return Record()


@pytest.fixture
def acting(client: Client) -> Callable[..., Client]:
    """A browser in which somebody is signed in who holds a post of this role."""

    def sign_in(role: str, *, slug: str = "", partner: str | None = "Northgate") -> Client:
        of = Partner.objects.get_or_create(slug=partner.lower(), defaults={"name": partner})[0] if partner else None
        post, _ = Post.objects.get_or_create(
            slug=slug or f"{role}-post", defaults={"title": role.capitalize(), "role": role, "partner": of}
        )
        person = Person.objects.create(email=f"{post.slug}@example.org", name=f"Holder of {post.slug}")
        Appointment.objects.create(post=post, person=person, starts=NOON.date().replace(year=2020))
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
