"""How old each desk's file is, on every page that rests on it: what came, until when it tells, and what is missing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonhold.demand.engine import mapping
from commonhold.demand.queries.ages import ages
from commonhold.ledger.engine.by import public
from tests.demand.feeds import LEAD, file, put, set_up, token, work
from tests.universe import NOON, browser_of, somebody

pytestmark = pytest.mark.usefixtures("universe", "db")
LATER = NOON + timedelta(days=2)
PAGES = (
    "/", "/figures/", "/figures/within-target/", "/parity/", "/tickets/", "/week/", "/categories/", "/incidents/",
    "/exceptions/?first=2026-06-01&last=2026-06-30", "/completeness/",
)  # fmt: skip
MOST_QUERIES = 12
FOR_POSTS = ("/parity/", "/week/")
"""Pages that tell the public nothing of a desk."""


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def test_a_desk_without_a_feed_says_when_its_file_came_and_what_it_tells_of() -> None:
    (age,) = ages(seen_by=somebody("service-analyst"))

    assert (age.missing, age.feed, age.came) == (None, "", NOON)
    assert age.in_words.endswith("and tells of what happened until 2 July 2026 at 10am.")


def test_a_file_that_has_not_come_is_told_in_full() -> None:
    version = set_up()
    (age,) = ages(seen_by=somebody("service-analyst", LATER))

    assert age.missing == NOON + timedelta(hours=21)
    assert age.in_words.startswith(f"The file of {version.desk} was expected on 22 July 2026 at 9am and has not come; ")
    assert (age.feed, ages(seen_by=public(LATER))[0].feed) == ("service-desk", "")


def test_a_desk_of_which_none_ever_came_is_told_of() -> None:
    set_up(mapping=replace(mapping.built_in("canonical"), desk="North desk"))
    first = ages(seen_by=somebody("service-analyst", LATER))[0]

    assert "The file of North desk was expected" in first.in_words
    assert "none ever came." in first.in_words


@pytest.mark.parametrize("post", ["", "client-lead-of-eastwell-vale", "service-analyst"])
def test_every_page_that_rests_on_a_desk_says_so(post: str) -> None:
    set_up()
    with time_machine.travel(LATER, tick=False):
        browser = browser_of(post)
        for address in PAGES:
            if post or address not in FOR_POSTS:
                with CaptureQueriesContext(connection) as asked:
                    shown = browser.get(address).content.decode()
                assert len(asked) <= MOST_QUERIES, address
                assert "was expected on 22 July 2026 at 9am and has not come" in shown, address
                assert ("/feeds/service-desk/" in shown) is bool(post), address


def test_a_ticket_s_page_says_so_of_its_own_desk_alone() -> None:
    set_up()
    set_up("north", mapping=replace(mapping.built_in("canonical"), desk="North desk"))
    with time_machine.travel(LATER, tick=False):
        shown = browser_of("service-analyst").get("/tickets/1/", follow=True).content.decode()

    assert "was expected on 22 July 2026 at 9am and has not come" in shown and "North desk" not in shown


def test_a_file_that_comes_takes_the_words_away() -> None:
    version, text = set_up(), token()
    put(file("F1"), text=text)
    work(version.feed_id)

    assert "has not come" not in browser_of(LEAD).get("/figures/").content.decode()
    assert "How old the desks' files are" in browser_of(LEAD).get("/figures/").content.decode()


def test_any_number_of_feeds_is_read_by_one_query() -> None:
    counts = []
    for name in ("one", "two", "three"):
        set_up(name, mapping=replace(mapping.built_in("canonical"), desk=name))
        by = somebody("service-analyst", LATER)
        with CaptureQueriesContext(connection) as queries:
            ages(seen_by=by)
        counts.append(len(queries))

    assert counts == [1, 1, 1]
