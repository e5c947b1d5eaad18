"""What the tests of the shell share: browsers in which somebody of the cast is signed in."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

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
