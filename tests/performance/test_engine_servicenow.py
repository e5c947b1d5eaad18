"""The public ServiceNow log, read here by a few lines of our own: the figures that whoever counts it must find."""

import csv
import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from commonhold.demand.engine.columns import Grade, State
from commonhold.figures import Span
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.groups import figures
from commonhold.performance.engine.parity import parity
from commonhold.performance.engine.periods import Period, period
from tests.performance.engine_samples import NAMES, STAMP, Sample, extracted

PARTNERS = {"Partner A": 1, "Partner B": 2, "Partner C": 3}


@pytest.fixture(scope="module")
def log() -> list[Sample]:
    """The last line of each ticket, opened and resolved and closed as its own columns say."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"The real data are not here ({folder}); this test compares with them.")
    with (folder / "servicenow_location_to_partner.csv").open(newline="") as file:
        partner = {row["location"]: PARTNERS.get(row["partner"], 0) for row in csv.DictReader(file)}
    with gzip.open(folder / "servicenow_incident_event_log.csv.gz", "rt", newline="") as file:
        last = {row["number"]: row for row in csv.DictReader(file)}
    return [
        Sample(
            id=int(number.removeprefix("INC")),
            partner=partner.get(row["location"], 0),
            priority=int(row["priority"][0]),
            opened=_instant(row["opened_at"]) or 0,
            resolved=_instant(row["resolved_at"]),
            closed=_instant(row["closed_at"]),
            verdict=row["made_sla"] == "true",
            grade=Grade.INTERVALS,
            state=State.CLOSED,
            target=None,
        )
        for number, row in last.items()
    ]


def _instant(text: str) -> int | None:
    if text == "?":
        return None
    return int(datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC).timestamp())


def _whole(log: list[Sample]) -> Period:
    last_event = max(sample.closed or 0 for sample in log)
    return period(Span(date(2016, 2, 29), date(2017, 2, 18)), last_event=last_event)


def _value(extract: Extract, measure: str) -> float:
    (found,) = figures([extract], [measure], (), NAMES, STAMP)
    assert found.value is not None
    return found.value


def test_what_was_open_at_the_end_of_march_by_the_days_of_london(log: list[Sample]) -> None:
    march = extracted(log, period(Span(date(2016, 3, 1), date(2016, 3, 31))))
    assert _value(march, "open_at_end") == 1_824
    assert _value(march, "unclosed_at_end") == 3_350


def test_the_whole_log(log: list[Sample]) -> None:
    whole = extracted(log, _whole(log))
    assert _value(whole, "tickets_opened") == 24_918
    assert _value(whole, "tickets_resolved") == 24_918 - 1_556
    assert _value(whole, "closed_without_resolution") == 1_556
    assert _value(whole, "open_at_end") == 0
    assert round(_value(whole, "resolution_hours_median"), 2) == 22.10
    assert round(_value(whole, "resolution_hours_p90"), 2) == 381.55


def test_the_desks_own_verdict(log: list[Sample]) -> None:
    (met,) = figures([extracted(log, _whole(log))], ["source_verdict_met"], (), NAMES, STAMP)
    assert (met.numerator, met.denominator) == (15_803, 24_918)
    within = figures([extracted(log, _whole(log))], ["within_target"], ("priority",), NAMES, STAMP)
    assert {f.reason for f in within} == {f"no target is in force for P{n} tickets" for n in (1, 2, 3, 4)}


def test_parity_by_the_desks_own_verdict_adds_up(log: list[Sample]) -> None:
    found = parity(extracted(log, _whole(log)), "source_verdict_met", NAMES)
    assert [(one.partner, one.denominator) for one in found.partners] == [
        ("Ashby", 13_007),
        ("Brook", 1_962),
        ("Coombe", 9_943),
        (None, 6),
    ]
    assert sum(one.observed for one in found.partners) == 24_918 - 15_803
    assert sum(one.expected for one in found.partners) == pytest.approx(24_918 - 15_803)
