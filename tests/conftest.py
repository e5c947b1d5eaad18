"""The database that the suite runs on, the browser that some of it drives, and where the given data lie."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from tests import chromium

if TYPE_CHECKING:
    from tests.universe import Committee

# How long it takes to think of an example depends on what else the machine does.
settings.register_profile("on any machine", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("on any machine")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database as `commonhold` makes one: with the log begun and the first posts there."""
    from commonhold.ledger import acts as ledger
    from commonhold.partnership.acts import people

    with django_db_blocker.unblock():
        at = datetime(2020, 1, 1, tzinfo=UTC)
        ledger.begin(demonstration=True, at=at)
        people.make_first_posts(at=at)


@pytest.fixture(scope="module")
def universe(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator["Committee"]:
    """The partnership with a little of everything, made once for a module whose tests look at it; it is noon there."""
    from tests import universe

    with time_machine.travel(universe.NOON, tick=False), django_db_blocker.unblock(), transaction.atomic():
        yield universe.everything()
        transaction.set_rollback(True)


@pytest.fixture
def real(db: None) -> Iterator[None]:
    """A log whose origin does not say DEMONSTRATION, which a process that has asked otherwise knows for good."""
    from commonhold.ledger.models import Head
    from commonhold.web.queries import who

    Head.objects.update(origin="commonhold/0123456789abcdef")
    who.forget()
    yield
    who.forget()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: while one drives a browser, this thread has a running loop, and Django then reads nothing."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    chromium.needs_one(item)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return chromium.launching(browser_type_launch_args)


@pytest.fixture
def shared() -> Path:
    """The folder of real public data beside the checkout; a test that needs it is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"The real data are not here ({SHARED}); this test compares with them.")
    return SHARED
