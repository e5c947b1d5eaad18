"""What every test of the record stands on."""

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def no_collected_files(settings: Settings) -> None:
    """Static files are not collected for tests."""
    settings.STATIC_ROOT = None
