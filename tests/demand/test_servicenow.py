"""The real ServiceNow log, from the file to figures: once, twice, and after a part of it was saved again by Excel."""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from commonhold.demand.models import Batch, Reckoning
from commonhold.ledger.models import Entry
from tests.conftest import SHARED

pytestmark = [pytest.mark.long, pytest.mark.django_db]

LOG, RESAVE = "servicenow_incident_event_log.csv.gz", "servicenow_excel_resave_first_5998_events.csv.gz"
FACTS = (
    "ticket__reference", "state", "priority", "kind", "partner__name", "team__name", "service__name", "category__name",
    "opened_at", "resolved_at", "closed_at", "last_event_at", "due_at", "missed_at", "used", "held", "was_held",
    "reopenings", "verdict", "grade",
)  # fmt: skip


def said(command: str, *arguments: object) -> Any:
    """The JSON document that a command prints."""
    out = io.StringIO()
    with redirect_stdout(out):
        call_command(command, *map(str, arguments), "--json")
    return json.loads(out.getvalue())


def imported(name: str, zone: str = "UTC", *options: str) -> dict[str, Any]:
    areas = SHARED / "servicenow_location_to_partner.csv"
    mapped = ("--mapping", "servicenow-audit", "--partners", areas, "--time-zone", zone)
    report: dict[str, Any] = said("import_tickets", SHARED / name, *mapped, *options)
    return report


def figures() -> list[tuple[str, Any, Any, Any]]:
    march = said("figures", "--from", "2016-03-01", "--to", "2016-03-31", "--by", "partner")
    whole = said("figures")
    return [(one["measure"], one["scope"], one["value"], one["numerator"]) for one in (*march, *whole)]


@dataclass(frozen=True)
class Known:
    """What a file or two left: their reports, all that is known of every ticket, and the figures."""

    reports: list[dict[str, Any]]
    tickets: list[tuple[Any, ...]]
    figures: list[tuple[str, Any, Any, Any]]


def known(*names: str) -> Known:
    reports = [imported(name) for name in names]
    rows = Reckoning.objects.known(Batch.objects.known()).order_by("ticket__reference").values_list(*FACTS)
    return Known(reports, list(rows), figures())


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Known, Known]]:
    """What the whole log leaves, and what it leaves after the part that Excel saved; the latter stays for the tests."""
    if not SHARED.is_dir():
        pytest.skip(f"The real data are not here ({SHARED}); this test compares with them.")
    with django_db_blocker.unblock(), transaction.atomic():
        with transaction.atomic():
            log = known(LOG)
            transaction.set_rollback(True)
        yield log, known(RESAVE, LOG)
        transaction.set_rollback(True)


def test_the_whole_log_is_24_918_tickets_from_141_712_events(both: tuple[Known, Known]) -> None:
    (report,) = both[0].reports

    assert report["tickets"] == {"new": 24_918, "changed": 0, "unchanged": 0}
    assert (report["rows"], report["events"], report["refused"]) == (141_712, 141_712, [])
    assert report["grades"] == {"intervals": 24_918, "observed": 0, "total": 0, "none": 0}


def test_after_the_part_that_excel_saved_the_log_adds_only_what_is_new(both: tuple[Known, Known]) -> None:
    part, whole = both[1].reports

    assert part["tickets"] == {"new": 890, "changed": 0, "unchanged": 0}
    assert whole["tickets"] == {"new": 24_918 - 890, "changed": 0, "unchanged": 890}
    assert (part["events"], whole["events"]) == (5_998, 141_712 - 5_998)


def test_and_leaves_the_same_tickets_and_the_same_figures(both: tuple[Known, Known]) -> None:
    log, after_excel = both

    assert len(log.tickets) == 24_918
    assert after_excel.tickets == log.tickets
    assert after_excel.figures == log.figures


def test_the_figures_are_those_that_were_counted_by_hand(both: tuple[Known, Known]) -> None:
    march = said("figures", "--from", "2016-03-01", "--to", "2016-03-31", "--measure", "open_at_end", "unclosed_at_end")
    of_all = ("resolution_hours_median", "resolution_hours_p90", "source_verdict_met")
    values = {one["measure"]: one for one in (*march, *said("figures", "--measure", *of_all))}

    assert (values["open_at_end"]["value"], values["unclosed_at_end"]["value"]) == (1_824, 3_350)
    assert round(values["resolution_hours_median"]["value"], 2) == 22.10
    assert round(values["resolution_hours_p90"]["value"], 2) == 381.55
    assert values["source_verdict_met"]["numerator"] == 15_803


def test_a_second_import_changes_nothing(both: tuple[Known, Known]) -> None:
    before = (Batch.objects.count(), Entry.objects.count(), Reckoning.objects.count())

    report = imported(LOG)

    assert report["tickets"] == {"new": 0, "changed": 0, "unchanged": 24_918}
    assert (report["events"], report["batch"]) == (0, both[1].reports[1]["batch"])
    assert (Batch.objects.count(), Entry.objects.count(), Reckoning.objects.count()) == before


def test_in_london_time_exactly_the_53_rows_that_name_a_moment_that_did_not_exist_are_listed(
    both: tuple[Known, Known], shared: Path
) -> None:
    report = imported(LOG, "Europe/London", "--dry-run")

    lines = [row["line"] for row in report["refused"]]
    assert len(lines) == len(set(lines)) == 53
    assert all("did not exist in Europe/London" in row["problem"] for row in report["refused"])
    assert {row["value"].split()[0] for row in report["refused"]} == {"27/3/2016"}
    assert {row["column"] for row in report["refused"]} <= {"opened_at", "resolved_at", "closed_at", "sys_updated_at"}
    assert report["rows"] == 141_712
