"""A table of tasks of the test's own, and a worker that reads the time from the test."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from commonhold.jobs.engine import TASKS, Task
from commonhold.jobs.management.runner.doing import Worker
from commonhold.jobs.management.runner.watching import learn_tasks
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Appointment, Person, Post

NOON = datetime(2026, 7, 21, 11, 0, tzinfo=UTC)
ANALYST = By(post="analyst-of-southmere", at=NOON, partner="southmere", roles=frozenset({"analyst"}))
OPERATOR = By(post="operator", at=NOON, roles=frozenset({"operator"}))


class Clock:
    """Tells the time that the test sets."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **length: float) -> None:
        self.now += timedelta(**length)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def worker(clock: Clock) -> Worker:
    return Worker("first", clock)


@pytest.fixture(scope="session")
def known() -> dict[str, Task]:
    """The tasks that a worker of the product knows."""
    learn_tasks()
    return dict(TASKS)


@pytest.fixture(autouse=True)
def tasks(known: dict[str, Task]) -> Iterator[dict[str, Any]]:
    """No task but the test's own."""
    TASKS.clear()
    yield TASKS
    TASKS.clear()
    TASKS.update(known)


@pytest.fixture
def client(client: Client, settings: Settings) -> Client:
    """Static files are not collected for tests."""
    settings.STATIC_ROOT = None
    return client


@pytest.fixture
def sign_in(client: Client) -> Callable[[str, str], Client]:
    """Sign in as somebody who holds that post; it is made where it is missing."""

    def sign_in(slug: str, role: str) -> Client:
        post, _ = Post.objects.get_or_create(slug=slug, defaults={"title": slug, "role": role})
        person = Person.objects.create(email=f"{slug}@example.org", name=slug)
        Appointment.objects.create(post=post, person=person, starts=NOON.date())
        client.force_login(person)
        return client

    return sign_in
