"""What the tests of demand share: a partnership with its people, and browsers in which one of them is signed in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import django
import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import ConnectionHandler
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from commonhold.__main__ import run
from commonhold.web.demo import founding
from tests import universe as cast

SignIn = Callable[[str], Client]


@pytest.fixture(scope="module")
def partnership(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The partnership with its people and no ticket yet, made once for a module; it is noon there."""
    with time_machine.travel(cast.NOON, tick=False), django_db_blocker.unblock(), transaction.atomic():
        founding.found()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """A browser of the holder of a post; of the public, where none is named."""

    return cast.browser_of


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it printed on both ways out."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Commonhold = Callable[..., Said]


@pytest.fixture
def commonhold(db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commonhold:
    """The command `commonhold` on the database of the test, whose connection and logs it leaves as they are."""
    monkeypatch.setattr(ConnectionHandler, "close_all", lambda self: None)
    monkeypatch.setattr(django, "setup", lambda: None)

    def commonhold(*arguments: object) -> Said:
        capsys.readouterr()
        try:
            code = run([str(argument) for argument in arguments])
        except SystemExit as left:  # what argparse does with options that it does not know
            code = int(left.code or 0)
        return Said(code, *capsys.readouterr())

    return commonhold


@pytest.fixture
def queries_of(db: None) -> Callable[[Client, str], int]:
    """How many queries a page takes that was read before."""

    def queries_of(client: Client, address: str) -> int:
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    return queries_of
