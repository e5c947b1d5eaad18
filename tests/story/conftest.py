"""The story, told once for every test that asks about it, and undone when they have."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from tests.story.telling import Told, tell


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Told]:
    """The thread from the first file to the last update."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield tell()
        transaction.set_rollback(True)


@pytest.fixture
def told(story: Told, db: None, settings: Settings) -> Told:
    """The story for one test, which leaves it as it was."""
    settings.STATIC_ROOT = None
    return story
