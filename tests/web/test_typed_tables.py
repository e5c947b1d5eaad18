"""Tables of figures as they are taken away: each number is a number, and the first sheet says what they are of."""

from datetime import datetime
from typing import Any

import pytest

from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.reading import sheets_of
from tests.universe import NOON
from tests.web.conftest import SignIn
from tests.web.test_week import DIRECTOR, LEAD, held, kept

pytestmark = pytest.mark.django_db

JUNE = "first=2026-06-01&last=2026-06-30"
FIGURES = {"Period", "As of", "Known at entry", "Definition", "Scope", "Who may see it", "Address", "Taken"}


def numbers(rows: list[dict[str, Any]], *headings: str) -> bool:
    """Whether these columns hold numbers or nothing, and at least one number each."""
    columns = [[row[heading] for row in rows if row[heading] is not None] for heading in headings]
    return all(column and all(isinstance(cell, int | float) for cell in column) for column in columns)


def test_the_week_is_taken_with_each_figure_and_its_own_a_year_before(
    universe: cast.Committee, as_post: SignIn
) -> None:
    rows = ("SY1,2025-07-01T09:00:00Z,open,P3,incident,Service Desk,Southmere",
            "SY2,2025-07-02T09:00:00Z,open,P3,incident,Service Desk,Southmere")  # fmt: skip
    bring(events(*rows), at=NOON)
    held()
    kept()
    about, table = sheets_of(as_post(DIRECTOR).get("/week/?first=2026-06-29&take=week.xlsx"))

    assert set(about) >= FIGURES and about["Period"] == "2026-06-29 to 2026-07-05"
    assert about["Compared with"] == "2025-06-30 to 2025-07-06" and isinstance(about["As of"], datetime)
    assert numbers(table, "Value", "Known at entry", "A year before", "More than a year before")
    own = next(row for row in table if (row["What"], row["Of"]) == ("Tickets opened", "Southmere"))
    assert (own["A year before"], own["More than a year before"]) == (2, own["Value"] - 2)
    assert own["More, as a part of a year before"] == own["Value"] / 2 - 1
    assert own["Evidence"].startswith("performance/2026-06-29..2026-07-05/tickets_opened")


def test_what_is_to_come_and_what_is_on_hold_say_as_of_when(universe: cast.Committee, as_post: SignIn) -> None:
    held()
    kept()
    about, table = sheets_of(as_post(DIRECTOR).get("/week/?take=on-hold.xlsx"))
    assert isinstance(about["As of"], datetime) and isinstance(about["Known at entry"], int)
    assert {row["Reason"]: row["All"] for row in table} == {"Awaiting supplier": 1, "No reason given": 1}

    about, table = sheets_of(as_post(DIRECTOR).get("/week/?take=due.xlsx"))
    assert isinstance(about["Until"], datetime) and numbers(table, "All", "Northgate")


def test_what_was_asked_and_got_is_counted_by_what_became_of_it(universe: cast.Committee, as_post: SignIn) -> None:
    kept()
    about, table = sheets_of(as_post(LEAD).get("/week/?take=got.xlsx"))

    assert about["As of"] and numbers(table, "Asked", "How many") and len(table) == 11


def test_top_categories_are_taken_with_their_figures(universe: cast.Committee, as_post: SignIn) -> None:
    about, table = sheets_of(as_post(DIRECTOR).get(f"/categories/?{JUNE}&take=p3.xlsx"))

    assert set(about) >= FIGURES and about["Period"] == "2026-06-01 to 2026-06-30"
    assert numbers(table, "Value", "Numerator", "Denominator")
    assert {row["Measure"] for row in table} >= {"Tickets opened"} and table[0]["Definition"].startswith(
        "tickets_opened"
    )
