"""What the tests of performance share: the record's gains, browsers in which somebody is signed in, the command."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from commonhold.web.demo import founding
from tests import universe as cast
from tests.demand.conftest import commonhold, partnership, sign_in
from tests.governance.conftest import record

__all__ = ["commonhold", "partnership", "record", "sign_in"]


@pytest.fixture(scope="module")
def june(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The partnership and its tickets of June, and no figure of them yet; it is noon there."""
    with time_machine.travel(cast.NOON, tick=False), django_db_blocker.unblock(), transaction.atomic():
        founding.found()
        cast.bring_tickets()
        yield
        transaction.set_rollback(True)


def queries_of(client: Client, address: str) -> int:
    """How many queries a page takes that was asked for once before."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)
