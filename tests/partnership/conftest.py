"""The partnership as most of these tests need it."""

import pytest
from pytest_django import Settings

from commonhold.ledger.models import Entry, Head
from tests.partnership.cast import Cast, gather


@pytest.fixture
def cast(db: None) -> Cast:
    """Three councils under an agreement that asks for one consent."""
    return gather()


@pytest.fixture
def strict_cast(db: None) -> Cast:
    """Three councils under an agreement that asks every partner."""
    return gather(needed=None)


@pytest.fixture
def real_log(real: None) -> Head:
    """The log of a real partnership."""
    return Head.objects.get()


class Record:
    """What the record gained since this was made."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Count from here."""
        self.size = Entry.objects.count()

    def new(self) -> list[Entry]:
        return list(Entry.objects.order_by("number")[self.size :])

    def one(self) -> Entry:
        """The only entry since: an act leaves exactly one (L1)."""
        (entry,) = self.new()
        return entry


@pytest.fixture
def record(db: None) -> Record:
    return Record()


@pytest.fixture(autouse=True)
def no_collected_files(settings: Settings) -> None:
    """Static files are not collected for tests."""
    settings.STATIC_ROOT = None
