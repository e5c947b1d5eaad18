"""Exceptions in a pack: counts by rule and partner against the period before, for the boards and each partner alone."""

import json
from typing import Any

import pytest

from commonhold.demand.acts.finding_exceptions import find_exceptions
from commonhold.demand.models import Batch
from commonhold.demand.queries.exceptions import TASK
from commonhold.jobs.models import Cursor
from commonhold.ledger.models import Entry
from commonhold.performance.acts.composing import Files, compose, profile_of
from commonhold.performance.queries.periods import basis, the_period
from tests.demand.bringing import bring, events
from tests.reading import words
from tests.universe import JUNE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june")]


@pytest.fixture(autouse=True)
def told(june: None) -> None:
    """Tickets closed and at work again: two of Northgate in June, one of Southmere in May and one in June."""
    lines = []
    for number, (partner, month) in enumerate((("Northgate", 6), ("Northgate", 6), ("Southmere", 6), ("Southmere", 5))):
        about = f"P3,incident,Networks,{partner},Network,Fault"
        lines += [
            f"X{number},2026-0{month}-0{number + 1}T08:00Z,open,{about}",
            f"X{number},2026-0{month}-0{number + 1}T09:00Z,closed,{about}",
            f"X{number},2026-0{month}-1{number + 1}T09:00Z,in_progress,{about}",
        ]
    bring(events(*lines))


def looked_through() -> None:
    for batch in Batch.objects.taken():
        find_exceptions(batch=batch.number)
    newest = Entry.objects.latest("number").number
    Cursor.objects.update_or_create(task=TASK, defaults={"number": newest})


def composed(profile: str = "board", known_at: int | None = None) -> Files:
    on = basis(known_at)
    return compose(period=the_period(JUNE, on.known), profile=profile_of(profile), on=on, known_at=known_at)


def text(files: Files) -> str:
    class Page:
        content = files.files["body.html"]

    page: Any = Page()
    return words(page)


def test_the_boards_read_every_kind_for_every_partner_beside_the_period_before() -> None:
    looked_through()
    said = text(composed())

    assert "Exceptions, June 2026 Kind Northgate Southmere All" in said
    assert "Closed and at work again 2 1 3" in said and "Put on hold near the target 0 0 0" in said
    assert "Exceptions, May 2026" in said and "Closed and at work again 0 1 1" in said
    assert "Tickets opened in the same days 5 4 11" in said
    assert (
        "/exceptions/?first=2026-06-01&amp;last=2026-06-30&amp;kind=reopened" in composed().files["body.html"].decode()
    )


def test_the_files_say_the_same_and_nothing_of_which_tickets() -> None:
    looked_through()
    said = json.loads(composed().files["figures.json"])["exceptions"]

    assert said["now"] == [
        {"kind": "reopened", "partner": None, "all": True, "count": 3},
        {"kind": "reopened", "partner": "Northgate", "all": False, "count": 2},
        {"kind": "reopened", "partner": "Southmere", "all": False, "count": 1},
    ]
    assert "X0" not in text(composed()).partition("Exceptions, June 2026")[2].partition("served alike")[0]
    assert composed().files == composed().files


def test_a_partner_reads_its_own_and_all_together() -> None:
    looked_through()
    said = text(composed("northgate"))

    assert "Exceptions, June 2026 Kind Northgate All" in said and "Closed and at work again 2 3" in said


def test_the_public_s_pack_has_none() -> None:
    looked_through()

    assert "Exceptions" not in text(composed("public"))
    assert "exceptions" not in json.loads(composed("public").files["figures.json"])


def test_what_was_not_looked_through_is_said_and_not_counted() -> None:
    assert "Not all that is known of tickets was looked through" in text(composed())
    assert json.loads(composed().files["figures.json"])["exceptions"] == {"now": []}


def test_as_known_at_an_entry_they_are_those_that_were_known_then() -> None:
    looked_through()
    then = Entry.objects.filter(kind="tickets.imported").latest("number").number
    before = composed(known_at=then).files["pack.html"]
    about = "P3,incident,Networks,Northgate,Network,Fault"
    bring(events(f"X9,2026-06-20T08:00Z,open,{about}", f"X9,2026-06-20T09:00Z,closed,{about}",
                 f"X9,2026-06-21T09:00Z,in_progress,{about}"))  # fmt: skip
    looked_through()

    assert composed(known_at=then).files["pack.html"] == before
    assert "Closed and at work again 3 1 4" in text(composed())
