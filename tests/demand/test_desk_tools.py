"""The built-in mappings of desk tools, each on rows in the tool's own columns, dates and words: exact results."""

import csv
import io
import json

import pytest

from commonhold.demand.engine import mapping
from commonhold.refusals import Refused
from tests.demand.reading import SAMPLES, Taken
from tests.demand.test_intake import at

SHOWN = (
    *("reference", "state", "hold_reason", "opened_at", "resolved_at", "closed_at", "partner", "priority", "kind"),
    *("source_verdict", "held_minutes", "grade"),
)


def sample(name: str) -> Taken:
    return Taken((SAMPLES / f"{name}.csv").read_bytes(), mapping.built_in(name))


def told(taken: Taken) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in SHOWN) for row in taken.rows]


def london(text: str) -> int:
    """A moment of British Summer Time."""
    return at(text) - 3600


def test_jira_service_management() -> None:
    """dd/MMM/yy h:mm AM, September with three letters and with four, time left with a minus where it was missed."""
    taken = sample("jira-sm")
    assert taken.report.refused == ()
    assert told(taken) == [
        (
            "ITH-101",
            "resolved",
            None,
            london("2024-05-01T08:02"),
            london("2024-05-01T16:40"),
            None,
            "Ashvale",
            "P3",
            "incident",
            True,
            None,
            "none",
        ),
        (
            "ITH-102",
            "on_hold",
            "awaiting_customer",
            london("2024-05-01T00:05"),
            None,
            None,
            "Brackmoor",
            "P2",
            "incident",
            True,
            None,
            "none",
        ),
        (
            "ITH-103",
            "closed",
            None,
            london("2024-05-02T12:30"),
            london("2024-05-03T09:00"),
            None,
            "Cardle",
            "P4",
            "request",
            False,
            None,
            "none",
        ),
        (
            "ITH-104",
            "in_progress",
            None,
            london("2024-05-03T09:15"),
            None,
            None,
            "Ashvale",
            "P1",
            "incident",
            False,
            None,
            "none",
        ),
        (
            "ITH-105",
            "cancelled",
            None,
            london("2024-05-03T10:00"),
            london("2024-05-03T10:30"),
            None,
            "Cardle",
            "P5",
            "change",
            None,
            None,
            "none",
        ),
        (
            "ITH-106",
            "open",
            None,
            london("2024-09-01T19:45"),
            None,
            None,
            "Brackmoor",
            "P3",
            "problem",
            True,
            None,
            "none",
        ),
        (
            "ITH-107",
            "on_hold",
            "other",
            london("2024-09-01T19:45"),
            None,
            None,
            None,
            "P3",
            "incident",
            False,
            None,
            "none",
        ),
        (
            "ITH-108",
            "in_progress",
            None,
            london("2024-09-02T23:59"),
            None,
            None,
            "Ashvale",
            "P4",
            "request",
            True,
            None,
            "none",
        ),
        (
            "ITH-109",
            "resolved",
            None,
            london("2024-10-27T01:30"),
            at("2024-10-28T08:00"),
            None,
            "Ashvale",
            "P3",
            "incident",
            True,
            None,
            "none",
        ),
        (
            "ITH-110",
            "reopened",
            None,
            at("2024-10-28T08:00"),
            at("2024-10-28T09:00"),
            None,
            "Ashvale",
            "P3",
            "incident",
            True,
            None,
            "none",
        ),
    ]
    assert "1 moment of 'Created' happened twice, when the clocks went back; each is taken as the first: line 10." in (
        taken.report.warnings
    )


def test_glpi() -> None:
    """Numbers for states, kinds and priorities; seconds of waiting, begun minutes left out; not what is in the bin."""
    taken = sample("glpi")
    assert taken.report.refused == ()
    assert told(taken) == [
        (
            "4101",
            "closed",
            None,
            london("2024-05-01T08:02:11"),
            london("2024-05-01T16:40"),
            london("2024-05-03T09:40"),
            "Root > Ashvale",
            "P3",
            "incident",
            None,
            10,
            "total",
        ),
        (
            "4102",
            "in_progress",
            None,
            london("2024-05-01T08:30"),
            None,
            None,
            "Root > Brackmoor",
            "P2",
            "incident",
            None,
            0,
            "total",
        ),
        (
            "4103",
            "on_hold",
            "other",
            london("2024-05-01T09:00"),
            None,
            None,
            "Root > Cardle",
            "P3",
            "incident",
            None,
            90,
            "total",
        ),
        (
            "4104",
            "resolved",
            None,
            london("2024-05-01T09:15"),
            london("2024-05-02T17:00"),
            None,
            "Root > Ashvale",
            "P4",
            "request",
            None,
            0,
            "total",
        ),
        (
            "4105",
            "open",
            None,
            london("2024-05-01T09:20"),
            None,
            None,
            "Root > Brackmoor",
            "P3",
            "request",
            None,
            0,
            "total",
        ),
        (
            "4106",
            "in_progress",
            None,
            london("2024-05-01T10:00"),
            None,
            None,
            "Root > Cardle",
            "P1",
            "incident",
            None,
            1703,
            "total",
        ),
        (
            "4107",
            "closed",
            None,
            london("2024-05-02T11:11:11"),
            london("2024-05-09T11:11:11"),
            london("2024-05-12T00:00"),
            "Root > Ashvale",
            "P5",
            "incident",
            None,
            1,
            "total",
        ),
        (
            "4108",
            "in_progress",
            None,
            london("2024-05-02T12:00"),
            None,
            None,
            "Root > Ashvale",
            "P1",
            "incident",
            None,
            0,
            "total",
        ),
        (
            "4110",
            "resolved",
            None,
            london("2024-05-03T13:00"),
            london("2024-05-20T20:00"),
            None,
            None,
            "P3",
            "incident",
            None,
            1,
            "total",
        ),
    ]
    assert "1 row says '1' under 'is_deleted', which the mapping leaves out." in taken.report.warnings
    assert taken.rows[4]["team"] is None, "0 stands for no group"


def test_zammad() -> None:
    """ISO with Z and milliseconds; minutes left; a merged ticket goes on in another."""
    taken = sample("zammad")
    assert taken.report.refused == ()
    assert told(taken) == [
        (
            "20244101",
            "closed",
            None,
            at("2024-05-01T07:02:11"),
            at("2024-05-01T15:40"),
            at("2024-05-01T15:40"),
            "Ashvale",
            "P3",
            "incident",
            True,
            None,
            "none",
        ),
        (
            "20244102",
            "in_progress",
            None,
            at("2024-05-01T07:30"),
            None,
            None,
            "Brackmoor",
            "P2",
            "incident",
            None,
            None,
            "none",
        ),
        (
            "20244103",
            "on_hold",
            "other",
            at("2024-05-01T08:00"),
            None,
            None,
            "Cardle",
            "P3",
            "incident",
            None,
            None,
            "none",
        ),
        ("20244104", "open", None, at("2024-05-01T08:15"), None, None, "Ashvale", "P4", "request", None, None, "none"),
        (
            "20244105",
            "in_progress",
            None,
            at("2024-05-01T08:20"),
            at("2024-05-02T08:20"),
            at("2024-05-02T08:20"),
            "Brackmoor",
            "P3",
            "incident",
            False,
            None,
            "none",
        ),
        (
            "20244107",
            "closed",
            None,
            at("2024-05-02T10:11:11"),
            at("2024-05-20T10:11:11"),
            at("2024-05-20T10:11:11"),
            "Ashvale",
            "P4",
            "change",
            False,
            None,
            "none",
        ),
        (
            "20244108",
            "on_hold",
            "awaiting_customer",
            at("2024-05-02T11:00"),
            None,
            None,
            None,
            "P2",
            "incident",
            None,
            None,
            "none",
        ),
        (
            "20244109",
            "closed",
            None,
            at("2024-05-02T11:30"),
            at("2024-05-03T11:30"),
            at("2024-05-03T11:30"),
            "Ashvale",
            "P3",
            "problem",
            True,
            None,
            "none",
        ),
        (
            "20244110",
            "cancelled",
            None,
            at("2024-05-03T12:00"),
            None,
            None,
            "Brackmoor",
            "P3",
            "incident",
            None,
            None,
            "none",
        ),
    ]
    assert taken.steps[4] == (
        (at("2024-05-01T08:20"), "open"),
        (at("2024-05-02T08:20"), "resolved"),
        (at("2024-05-02T08:20"), "closed"),
        (None, "in_progress"),
    )


def test_freshservice() -> None:
    taken = sample("freshservice")
    assert taken.report.refused == ()
    assert [(row[0], row[1], row[2], *row[7:10]) for row in told(taken)] == [
        ("INC-4101", "closed", None, "P3", "incident", True),
        ("INC-4102", "open", None, "P2", "incident", None),
        ("INC-4103", "on_hold", "other", "P3", "incident", None),
        ("SR-7001", "resolved", None, "P4", "request", False),
        ("SR-7002", "open", None, "P4", "request", None),
        ("INC-4106", "open", None, "P1", "incident", None),
        ("INC-4107", "closed", None, "P4", "incident", False),
        ("INC-4108", "resolved", None, "P3", "incident", True),
        ("PRB-31", "open", None, "P3", "problem", None),
        ("CHN-12", "on_hold", "other", "P3", "change", None),
    ]
    assert taken.column("opened_at")[0] == london("2024-05-01T08:02:11")
    assert taken.column("closed_at")[0] == london("2024-05-03T09:40")
    assert taken.column("team")[3:5] == ["Service desk", None]
    assert taken.column("assignee")[3:5] == [None, None]
    assert taken.column("service")[:3] == ["Email", "Wi-Fi", None]


def test_redmine() -> None:
    taken = sample("redmine")
    assert taken.report.refused == ()
    assert [(row[0], row[1], row[2], row[3], row[5], *row[6:9]) for row in told(taken)] == [
        ("4101", "closed", None, london("2024-05-01T08:02"), london("2024-05-03T09:40"), "Ashvale", "P4", "incident"),
        ("4102", "in_progress", None, london("2024-05-01T08:30"), None, "Brackmoor", "P3", "incident"),
        ("4103", "on_hold", "awaiting_customer", london("2024-05-01T09:00"), None, "Cardle", "P4", "incident"),
        ("4104", "resolved", None, london("2024-05-01T09:15"), None, "Ashvale", "P5", "request"),
        ("4105", "open", None, london("2024-05-01T09:20"), None, "Brackmoor", "P4", "request"),
        ("4106", "open", None, london("2024-05-01T22:00"), None, "Cardle", "P1", "incident"),
        ("4107", "closed", None, london("2024-05-02T11:11"), london("2024-05-12T00:00"), "Ashvale", "P5", "incident"),
        ("4108", "cancelled", None, london("2024-05-02T12:00"), london("2024-05-02T12:20"), "Ashvale", "P2", "change"),
        ("4109", "in_progress", None, london("2024-05-02T12:30"), None, "Ashvale", "P4", "incident"),
        ("4110", "closed", None, london("2024-10-27T01:30"), at("2024-10-28T09:00"), "Brackmoor", "P4", "request"),
    ]


def test_servicenows_clocks_of_a_ticket_are_one_row() -> None:
    """Clocks one after another add up, of clocks at once the largest counts; response and cancelled are left out."""
    taken = sample("servicenow-task-sla")
    assert taken.report.refused == ()
    assert [(row["line"], row["reference"], row["state"], row["source_verdict"], row["held_minutes"], row["grade"])
            for row in taken.rows] == [
        (4, "INC0000001", "closed", True, 70, "total"),
        (5, "INC0000002", "on_hold", True, 10, "total"),
        (6, "INC0000003", "closed", False, 2 * 60 + 24 * 60 + 30, "total"),
        (9, "INC0000004", "in_progress", True, None, "none"),
    ]  # fmt: skip
    assert "INC0000005" not in taken.column("reference"), "nothing but a clock for response is known of it"
    assert "2 rows say 'Response' under 'sla.target', which the mapping leaves out." in taken.report.warnings
    assert "1 row says 'Cancelled' under 'stage', which the mapping leaves out." in taken.report.warnings
    assert taken.reduced.count(b"INC0000001") == 3, "what is left out stays evidence"


def test_clocks_that_stand_apart_are_listed_and_said_to_be_sorted() -> None:
    lines = (SAMPLES / "servicenow-task-sla.csv").read_text(encoding="utf-8-sig").splitlines()
    taken = Taken("\n".join([*lines[:6], lines[8], lines[7]]), mapping.built_in("servicenow-task-sla"))
    (problem,) = taken.report.refused
    assert (problem.line, problem.column, problem.value) == (8, "task.number", "INC0000003")
    assert "sort the export by this column" in problem.problem
    assert taken.column("held_minutes")[2] == 120, "the clock that was read alone"


def test_a_file_of_clocks_must_say_what_each_is_for() -> None:
    given = (SAMPLES / "servicenow-task-sla.csv").read_text(encoding="utf-8-sig").replace("sla.target", "target", 1)
    with pytest.raises(Refused, match=r"The file has no column 'sla\.target'"):
        Taken(given, mapping.built_in("servicenow-task-sla"))


@pytest.mark.parametrize("name", ["zammad", "glpi", "servicenow-table", "servicenow-task-sla"])
def test_the_same_table_as_json_gives_the_same_rows_and_the_same_evidence(name: str) -> None:
    text = (SAMPLES / f"{name}.csv").read_text(encoding="utf-8-sig")
    table = list(csv.reader(io.StringIO(text), delimiter=max(",;", key=text.partition("\n")[0].count)))
    records = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    mapped = mapping.built_in(name)
    as_csv = Taken(text, mapped)
    for given in (json.dumps(records), json.dumps({"count": len(records), "result": records}, indent=1)):
        as_json = Taken(given, mapped)
        assert as_json.reduced == as_csv.reduced
        assert [row | {"line": 0} for row in as_json.rows] == [row | {"line": 0} for row in as_csv.rows]
        heading = mapped.columns["reference"]
        assert [records[row["line"] - 1][heading] for row in as_json.rows] == as_json.column("reference")


def test_servicenows_references_as_objects() -> None:
    """As the Table API gives them with display values, without, and with both."""
    mapped = mapping.built_in("servicenow-table")
    given = {
        "result": [
            {
                "number": "INC1", "state": "In Progress", "opened_at": "2024-05-01 08:00:00",
                "company": {"display_value": "Ashvale", "link": "https://desk.example.org/company/1"},
                "assigned_to": {"display_value": "Ivo Penn", "link": "https://desk.example.org/user/1"},
                "priority": "3 - Moderate", "reopen_count": "102,197", "made_sla": True,
            },
            {
                "number": {"display_value": "INC2", "value": "INC2"},
                "state": {"display_value": "Closed", "value": "7"},
                "opened_at": {"display_value": "2024-05-01 09:00:00", "value": "2024-05-01 08:00:00"},
                "company": {"display_value": "", "value": ""},
                "assigned_to": "", "priority": {"value": "1"}, "reopen_count": 0, "made_sla": None,
            },
        ]
    }  # fmt: skip
    taken = Taken(json.dumps(given), mapped)
    assert taken.column("partner") == ["Ashvale", None]
    assert taken.column("priority") == ["P3", "P1"]
    assert taken.column("reopen_count") == [102_197, 0]
    assert taken.column("source_verdict") == [True, None]
    assert taken.column("state") == ["in_progress", "closed"]
    assert "Ivo Penn" not in taken.reduced.decode()
    assert "desk.example.org" not in taken.reduced.decode()


FRENCH = """
kind = "tickets"
desk = "Desk of Ashvale"
dates = ["%d-%m-%Y %H:%M"]
time_zone = "Europe/Paris"
held_unit = "hours"
[columns]
reference = "ID"
state = "Statut"
opened_at = "Date d'ouverture"
resolved_at = "Date de résolution"
held_minutes = "Durée d'attente"
partner = "Entité"
[states]
"Nouveau" = "open"
"En attente" = "on_hold"
"Résolu" = "resolved"
[hold_reasons]
"En attente" = "awaiting_customer"
"""


def test_translated_headings_are_read_by_a_mapping_of_ones_own() -> None:
    given = (
        "\ufeffID;Statut;Date d'ouverture;Date de résolution;Durée d'attente;Entité;Entité\r\n"
        "12;Résolu;01-05-2024 08:00;02-05-2024 09:30;1.5;Ashvale;Ashvale\r\n"
        "13;En attente;01-05-2024 08:00;;0:45;Cardle;Cardle\r\n"
        "14;Nouveau;01-05-2024 08:00;;;Cardle;Brackmoor\r\n"
    )
    taken = Taken(given, mapping.parse(FRENCH.encode(), "ours"))
    assert [row[:5] + row[10:] for row in told(taken)] == [
        ("12", "resolved", None, london("2024-05-01T07:00"), london("2024-05-02T08:30"), 90, "total"),
        ("13", "on_hold", "awaiting_customer", london("2024-05-01T07:00"), None, 45, "total"),
    ]
    (problem,) = taken.report.refused
    assert (problem.line, problem.column) == (4, "Entité")
