"""Every page as a page: each address, as each of the cast, answers as it should, and what it shows can be read by all.

A page has a title of its own, one first heading, no name twice and nothing inline; its links and buttons say what they
do and lead to what their reader may see; each field has its label; the policy that guards it goes with it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from pytest_django.plugin import DjangoDbBlocker

from tests import world as worlds
from tests.house import markup
from tests.house.addresses import every_address
from tests.house.pages import BESIDE, PAGES, Page
from tests.universe import NOON
from tests.world import CAST, World

pytestmark = [pytest.mark.django_db, pytest.mark.long]
FOUND = (200, 302)
TAKEN_DOWN = (410,)
ENOUGH_OF_A_KIND = 2
MOST_QUERIES = 12
STEPS = ("SAVEPOINT", "RELEASE SAVEPOINT")
"""Within a test's own transaction what begins and ends others is asked as a query."""
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True)
class Shown:
    """What somebody was answered at an address."""

    name: str
    address: str
    wanted: Page
    status: int
    headers: dict[str, str]
    page: markup.Element | None
    queries: int


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The partnership with one of everything that has an address."""
    with time_machine.travel(NOON, tick=False), django_db_blocker.unblock(), transaction.atomic():
        yield worlds.everything()
        transaction.set_rollback(True)


@pytest.fixture(scope="module", params=CAST)
def walked(world: World, request: pytest.FixtureRequest) -> tuple[str, list[Shown]]:
    """Every address, as one of the cast finds it."""
    role, client = request.param, worlds.signed_in(request.param)
    return role, [looked(client, name, page, world) for name, page in (*PAGES.items(), *BESIDE)]


def looked(client: Client, name: str, page: Page, world: World) -> Shown:
    address = page.address(name, world)
    with CaptureQueriesContext(connection) as asked:
        answer: Any = client.get(address)
        content = answer.getvalue()
    queries = sum(not query["sql"].startswith(STEPS) for query in asked.captured_queries)
    is_page = answer.headers.get("Content-Type", "").startswith("text/html") and not page.is_file
    tree = markup.read(content.decode()) if is_page and answer.status_code != 302 else None
    return Shown(name, address, page, answer.status_code, dict(answer.headers), tree, queries)


def test_every_address_is_walked() -> None:
    assert {name for _, name in every_address()} == set(PAGES), "say in tests/house/pages.py who is answered what there"


def test_everybody_is_answered_as_they_should_be(walked: tuple[str, list[Shown]]) -> None:
    role, shown = walked
    wrong = [f"{each.name} {each.address}: {each.status}" for each in shown if each.status != each.wanted.answer(role)]

    assert not wrong, "\n".join(wrong)


def test_every_page_can_be_read_by_all(walked: tuple[str, list[Shown]]) -> None:
    wrong = [
        f"{each.address}: {problem}"
        for each in walked[1]
        if each.page is not None
        for problem in markup.problems(each.page)
    ]

    assert not wrong, "\n".join(wrong)


def test_every_page_asks_the_database_at_most_twelve_times(walked: tuple[str, list[Shown]]) -> None:
    """Besides what a process asks once. A page that joins much reads it together: databases/together.py."""
    role, shown = walked
    wrong = [f"{each.address} asks {each.queries} times" for each in shown if each.queries > MOST_QUERIES]

    assert not wrong, f"as {role}:\n" + "\n".join(wrong)


def test_every_page_has_a_title_of_its_own(walked: tuple[str, list[Shown]]) -> None:
    titles: dict[str, set[str]] = {}
    for each in walked[1]:
        if each.page is not None and each.status == 200:
            titles.setdefault(markup.title_of(each.page), set()).add(each.address)

    assert {title: places for title, places in titles.items() if len(places) > 1} == {}


def test_every_answer_is_guarded(walked: tuple[str, list[Shown]]) -> None:
    for each in walked[1]:
        assert {name: each.headers.get(name) for name in GUARDS} == GUARDS, each.address
        assert "default-src 'none'" in each.headers["Content-Security-Policy"], each.address
        if each.page is not None:
            assert "unsafe" not in each.headers["Content-Security-Policy"], each.address


def test_every_link_leads_to_what_its_reader_may_see(walked: tuple[str, list[Shown]], world: World) -> None:
    """Of each kind of address some are followed. The public may be led to where it is asked to sign in."""
    role, shown = walked
    client = worlds.signed_in(role)
    known = {urlsplit(each.address).path: each.status for each in shown}
    wrong, followed = [], Counter[str]()
    for each in shown:
        for href in markup.hrefs(each.page) if each.page is not None else ():
            address = urldefrag(href).url
            if not address.startswith("/"):
                continue
            path = urlsplit(address).path
            if path not in known:
                known[path] = answered(client, address, followed)
            if known[path] not in FOUND + TAKEN_DOWN and not (role == "public" and known[path] == 403):
                wrong.append(f"{each.address} has a link to {address}: {known[path]}")

    assert not wrong, "\n".join(wrong)


def answered(client: Client, address: str, followed: Counter[str]) -> int:
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return 404
    followed[name] += 1
    if followed[name] > ENOUGH_OF_A_KIND:
        return 200
    answer: Any = client.get(address)
    answer.getvalue()
    return int(answer.status_code)
