"""What would make figures better: ranked by the tickets it helps, in the tool's own words, ready to be sent (F5)."""

import pytest

from commonhold.demand.engine import asking
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import BUILT_IN
from tests.demand.bringing import SNAPSHOTS, bring, snapshots
from tests.demand.conftest import SignIn
from tests.demand.test_sightings import seen
from tests.reading import words

KNOWN = ("reference", "state", "opened_at", "resolved_at", "priority", "team", "partner", "source_verdict")
GRADES = {"intervals": 5, "observed": 20, "total": 0, "none": 75}


def test_what_helps_most_stands_first_and_what_helps_none_is_not_asked_for() -> None:
    found = asking.ranked("tickets", set(KNOWN) - {"team"}, GRADES)
    assert [(one.ours, one.tickets) for one in found] == [("team", 100), ("history", 95), ("updated_at", 95)]
    proven = {"intervals": 100, "observed": 0, "total": 0, "none": 0}
    assert asking.ranked("tickets", KNOWN, proven) == []
    assert asking.message(SNAPSHOTS, [], 100) == ""


def test_of_events_only_columns_are_asked_for_and_of_holds_nothing() -> None:
    assert [one.ours for one in asking.ranked("events", set(KNOWN) - {"partner"}, GRADES)] == ["partner"]
    assert asking.ranked("holds", {"reference"}, GRADES) == []


@pytest.mark.parametrize("name", [name for name in BUILT_IN if mappings.built_in(name).kind == "tickets"])
def test_every_built_in_table_is_asked_in_its_tools_own_words(name: str) -> None:
    mapping = mappings.built_in(name)
    text = asking.message(mapping, asking.ranked("tickets", {"reference", "opened_at"}, GRADES), 100)
    assert asking.TOOLS[name] in text and " ".join(asking.CHANGES[name].split()) in text
    for ours in ("partner", "updated_at"):
        if ours in mapping.columns:
            assert f"that is the column '{mapping.columns[ours]}'" in text
    assert "  " not in text and max(map(len, text.splitlines())) < 500


def test_another_desk_is_asked_for_rows_of_changes_or_holds() -> None:
    text = asking.message(SNAPSHOTS, asking.ranked("tickets", KNOWN, GRADES), 1)
    assert text.startswith("To whoever looks after the reports of Council desk\n\n")
    assert "the last one has 1 ticket." in text and "1. When tickets changed their state: a row for each change" in text


@pytest.mark.django_db
@pytest.mark.usefixtures("partnership")
def test_the_report_and_the_page_say_it(sign_in: SignIn) -> None:
    said = bring(snapshots("C1,Waiting,2026-06-01T10:00:00,,3,Desk,"), SNAPSHOTS)
    assert said["ask_the_desk_for"][0].endswith("It would help 1 ticket.")
    assert said["message_to_the_desk"].startswith("To whoever looks after the reports of Council desk")
    page = words(sign_in("service-analyst").get(f"/imports/{said['batch']}/"))
    assert "A text to send to the desk's administrator" in page
    assert "When tickets changed their state: a row for each change" in page
    assert "A text to send" not in words(sign_in("").get(f"/imports/{said['batch']}/"))


@pytest.mark.django_db
def test_a_second_export_helps_less_to_ask_for() -> None:
    seen("05T12:00", "C1,New,01T08:00,,01T08:00", "C2,Done,01T08:00,02T08:00,02T08:00")
    second = seen("12T12:00", "C1,Waiting,01T08:00,,08T09:00")
    assert second["grades"]["observed"] == 1
    assert "Council desk" in second["message_to_the_desk"]
