"""What a command finds in place of a database: an empty one, one of another version, one of the other kind."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from commonhold.ledger.models import Head
from commonhold.partnership.models import Post
from commonhold.refusals import Refused
from commonhold.web.preparing import prepare

pytestmark = pytest.mark.django_db


def test_a_database_that_is_ready_is_left_as_it_is() -> None:
    before = Head.objects.get().size
    prepare(demonstration=True)
    prepare(demonstration=False)

    assert Head.objects.get().size == before
    assert set(Post.objects.values_list("slug", flat=True)) == {"operator", "the-service"}


def test_a_database_of_an_earlier_version_is_named_and_not_touched() -> None:
    MigrationRecorder(connection).record_unapplied("governance", "0001_bodies_meetings_papers")

    with pytest.raises(Refused, match="commonhold migrate"):
        prepare(demonstration=False)


def test_a_database_of_a_later_version_is_named_and_not_touched() -> None:
    MigrationRecorder(connection).record_applied("governance", "9999_from_the_future")

    with pytest.raises(Refused, match="made by a later version"):
        prepare(demonstration=False)


def test_a_real_partnership_never_becomes_a_demonstration(real: None) -> None:
    with pytest.raises(Refused, match="holds a real partnership"):
        prepare(demonstration=True)
