"""What the tests of the shell share: browsers in which somebody of the cast is signed in."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from commonhold.web.queries import who
from tests import universe as cast

SignIn = Callable[[str], Client]


@pytest.fixture
def as_post(universe: cast.Committee, db: None) -> SignIn:
    """A browser of the holder of a post; of the public, where none is named."""

    return cast.browser_of


@pytest.fixture
def noon() -> Iterator[None]:
    """Midday of the day on which the committee meets."""
    with time_machine.travel(cast.NOON, tick=False):
        yield


@pytest.fixture
def real(db: None) -> Iterator[None]:
    """A log whose origin does not say DEMONSTRATION."""
    from commonhold.ledger.models import Head

    Head.objects.update(origin="commonhold/0123456789abcdef")
    who.forget()
    yield
    who.forget()
