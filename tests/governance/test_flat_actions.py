"""Actions as a flat table: every action a row, as it stands on the day, in parts."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from commonhold.governance.acts import actions as acts
from commonhold.governance.queries.flat import COLUMNS
from tests import factories
from tests.flat import next_of, read, rows_of
from tests.universe import NOON, Committee, browser_of, somebody

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def asked(query: str = "", post: str = "", kind: str = "csv", **headers: str) -> Any:
    return read(browser_of(post).get(f"/tables/actions.{kind}{query}", headers=headers))


def test_a_row_says_what_was_asked_for_and_what_came_of_it(universe: Committee) -> None:
    acts.update(by=somebody("managing-director"), action=universe.action, words="Two posts are filled.")
    (row,) = rows_of(asked())

    assert list(row) == [column.name for column in COLUMNS]
    assert (row["body"], row["asked_on"], row["owner"]) == ("Joint Committee", "2026-07-21", "Managing Director")
    assert (row["measure"], row["partner"]) == ("within_target", "Northgate")
    assert (row["state"], row["update_due"], row["days_overdue"]) == ("open", "2026-11-24", "")
    assert (row["updates"], row["last_update_on"], row["last_update"]) == ("1", "2026-07-21", "Two posts are filled.")
    assert browser_of().get(row["address"]).status_code == 200


def test_one_that_is_overdue_says_for_how_long_without_an_entry(universe: Committee) -> None:
    tag = asked()["ETag"]
    with time_machine.travel("2026-11-28T12:00:00Z", tick=False):
        answer = asked(**{"If-None-Match": tag})
        (row,) = rows_of(answer)

        assert (row["state"], row["days_overdue"]) == ("overdue", "4")
        assert rows_of(asked("?state=open")) == []
        assert len(rows_of(asked("?state=overdue"))) == 1
        assert asked(**{"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("state", ["", "&state=open"])
def test_its_parts_put_together_are_the_whole(universe: Committee, state: str) -> None:
    made = [universe.action.pk]
    made += [factories.action(universe.resolution, text=f"Do {number}").pk for number in range(4)]
    found, address = [], f"?size=2{state}"
    while address:
        answer = asked(address)
        found += [int(row["action"]) for row in rows_of(answer)]
        address = next_of(answer)

    assert found == made


def test_it_is_narrowed_down_and_refuses_what_makes_no_sense(universe: Committee) -> None:
    for query in (
        "?from=2026-07-22",
        "?to=2026-07-20",
        "?body=other",
        "?owner=nobody",
        "?state=closed",
        "?state=error",
    ):
        assert rows_of(asked(query)) == []
    assert len(rows_of(asked("?from=2026-07-21&to=2026-07-21&body=joint-committee&owner=managing-director"))) == 1
    for query in ("?state=lost", "?after=x", "?colour=red", "?size=x", "?after=-1"):
        assert asked(query).status_code == 400
