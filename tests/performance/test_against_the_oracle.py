"""Every measure by every word, and parity, of random desks that were imported, against the slow oracle."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commonhold.demand.engine import partners
from commonhold.figures import Figure, Span
from commonhold.partnership.acts import agreement, starting
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.targets import Targets
from commonhold.performance.acts import computing
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.parity import parity
from commonhold.performance.queries.periods import basis, the_period
from commonhold.workdays import bank_holidays
from tests.demand.bringing import bring, operator
from tests.partnership.cast import plan
from tests.performance import desks, oracle, oracle_figures
from tests.performance.oracle import Agreement, Clock, Row, Told
from tests.performance.oracle_figures import Desk, Found
from tests.universe import NOON

WORDS = {"New": "open", "Active": "in_progress", "Resolved": "resolved", "Closed": "closed", "-100": None}
"""The states of the real log; all others are waits."""

WAITS = {
    "Awaiting User Info": "awaiting_customer", "Awaiting Vendor": "awaiting_supplier",
    "Awaiting Problem": "awaiting_problem", "Awaiting Evidence": "awaiting_evidence",
}  # fmt: skip

GROUPINGS: list[tuple[str, ...]] = [
    (), ("partner",), ("priority", "kind"), ("team",), ("service", "responsible"), ("category", "priority"),
    ("month", "partner"),
]  # fmt: skip
PERIODS = [
    (date(2024, 10, 25), date(2024, 10, 31), None),
    (date(2024, 12, 23), date(2025, 1, 4), None),
    (date(2024, 10, 1), date(2025, 5, 31), None),
    (date(2024, 12, 23), date(2025, 1, 4), "2024-12-28T10:30:00"),
    (date(2025, 3, 29), date(2025, 4, 20), "2025-05-01T00:00:00"),
]
"""Over each clock change, over Christmas, over everything; read within the period, and after it."""


THEIRS = Agreement.of(desks.CALENDARS, desks.TARGETS, set(bank_holidays("GB-ENG")), desks.HOLD_REASONS)
"""The agreement as the oracle reads it."""


def agree(*partners: str) -> None:
    """Found the partnership, with the same agreement; its partners are the cast's unless others are named."""
    rules = {
        "calendars": Calendars.from_toml(desks.CALENDARS, "calendars.toml"),
        "targets": Targets.from_form(desks.TARGETS),
    }
    named = {"partners": partners, "administrators": {}} if partners else {}
    starting.start(by=operator(), plan=plan(rules=rules, **named), personas=True)
    for day, reasons in desks.HOLD_REASONS:
        agreement.enter_as_found(
            by=operator(), rule="hold_reasons", value=reasons, effective_from=day, document="Schedule 3"
        )


def same(found: Sequence[Figure], told: Found, by: Sequence[str]) -> None:
    """The product's figures are the oracle's: each value, each count, each group."""
    seen = set()
    for figure in found:
        scope = tuple(figure.scope[word] for word in by)
        said = told[scope][figure.measure]
        about = (figure.measure, figure.scope, figure.period)
        value = None if said.value is None else float(said.value)
        assert figure.value == (None if value is None else pytest.approx(value, rel=1e-12)), about
        assert (figure.numerator, figure.denominator) == (said.numerator, said.denominator), about
        seen.add((scope, figure.measure))
    missing = {(scope, name) for scope, measures in told.items() for name, said in measures.items() if said.value}
    assert missing <= seen


def same_parity(found: dict[str | None, dict[str, object]], told: dict[str | None, dict[str, object]]) -> None:
    assert found.keys() == told.keys()
    for partner, said in told.items():
        for word, value in said.items():
            if partner is not None or not word.startswith("ratio"):
                assert found[partner][word] == pytest.approx(value, rel=1e-9), (partner, word)


@pytest.mark.django_db
@settings(
    max_examples=24,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow],
)
@pytest.mark.long
@given(st.integers(0, 2**32), st.sampled_from(PERIODS))
def test_random_desks(seed: int, told_of: tuple[date, date, str | None]) -> None:
    random = Random(seed)
    tickets = desks.desk(random, 12)
    with time_machine.travel(NOON, tick=False), transaction.atomic():
        desk = Desk(list(tickets.values()), THEIRS, desks.PARTIES)
        agree()
        assert bring(desks.file(random, tickets), desks.MAPPING)["refused"] == []
        compare(desk, *told_of)
        transaction.set_rollback(True)


def compare(desk: Desk, first: date, last: date, read_at: str | None) -> None:
    on = basis()
    as_of = None if read_at is None else oracle.instant(read_at)
    if (desk.last_event if as_of is None else as_of) < oracle.midnight(first):
        return
    if oracle.midnight(last + timedelta(days=1)) <= min(ticket.opened for ticket in desk.tickets):
        return
    period = the_period(Span(first, last), on.known, None if as_of is None else datetime.fromtimestamp(as_of, UTC))
    for by in GROUPINGS:
        found = computing.figures(period=period, on=on, measures=MEASURES, by=by)
        same(found, oracle_figures.figures(desk, first, last, by, as_of), by)
    for measure in ("within_target", "source_verdict_met") if as_of is None else ():
        standings = parity(computing.extract_of(period=period, on=on), measure, on.names).as_json()["partners"]
        told = oracle_figures.parity(desk, first, last, measure)
        same_parity({one["partner"]: one for one in standings}, told)


def real_tickets(log: Path, places: Path) -> list[Told]:
    """The real log as the oracle reads it."""
    with places.open(newline="") as file:
        sites = {row["location"]: row["partner"] or None for row in csv.DictReader(file)}
    rows: dict[str, list[Row]] = defaultdict(list)
    with gzip.open(log, "rt", newline="") as file:
        for told in csv.DictReader(file):
            facts = {
                **{word: real_instant(told[word]) for word in desks.COLUMNS},
                "partner": sites.get(told["location"]),
                "priority": f"P{told['priority'][0]}",
                "team": None if told["assignment_group"] == "?" else told["assignment_group"],
                "kind": "incident",
                "category": None if told["category"] == "?" else told["category"],
                "reason": WAITS.get(told["incident_state"]),
            }
            at = real_instant(told["sys_updated_at"])
            assert at is not None
            rows[told["number"]].append(Row(at, WORDS.get(told["incident_state"], "on_hold"), facts))
    return [Told(found, frozenset(desks.COLUMNS)) for found in rows.values()]


def real_instant(cell: str) -> int | None:
    """A cell such as 5/3/2016 12:00, day before month, of UTC."""
    if cell == "?":
        return None
    day, time = cell.split(" ")
    number, month, year = map(int, day.split("/"))
    return int(datetime(year, month, number, *map(int, time.split(":")), tzinfo=UTC).timestamp())


@pytest.mark.long
@pytest.mark.django_db
def test_the_real_log_by_partner_priority_and_month(shared: Path) -> None:
    log, places = shared / "servicenow_incident_event_log.csv.gz", shared / "servicenow_location_to_partner.csv"
    sites = partners.read(BytesIO(places.read_bytes()))
    with time_machine.travel(NOON, tick=False):
        agree("Partner A", "Partner B", "Partner C")
        report = bring(log, "servicenow-audit", partners=sites, time_zone="UTC")
        on = basis()
    assert report["tickets"]["new"] == 24_918
    tickets = real_tickets(log, places)
    last = max(ticket.last_event for ticket in tickets)
    period = the_period(Span(date(2016, 2, 29), date(2017, 2, 18)), on.known)
    for word in ("partner", "priority", "month"):
        told: dict[str | None, list[Clock]] = defaultdict(list)
        for ticket in tickets:
            resolved = ticket.last["resolved_at"]
            if resolved is None:
                continue
            day = datetime.fromtimestamp(resolved, oracle.LONDON).date()
            month_ends = oracle.midnight((day.replace(day=1) + timedelta(days=32)).replace(day=1)) - 1
            read_at = min(last, month_ends) if word == "month" else last
            clock = oracle.read(ticket, THEIRS, read_at, oracle.day_s_end(read_at))
            group = f"{day:%Y-%m}" if word == "month" else ticket.last[word]
            told[group].append(clock)
        found = computing.figures(period=period, on=on, measures=["within_target", "working_minutes_median"], by=[word])
        assert {figure.scope[word] for figure in found} == set(told)
        for figure in found:
            same_as_told(figure, told[figure.scope[word]])


def same_as_told(figure: Figure, told: list[Clock]) -> None:
    """The figure is that of the tickets with these clocks."""
    if figure.measure == "within_target":
        met = [not clock.breached for clock in told if clock.had_target]
        assert (figure.numerator, figure.denominator) == (sum(met), len(met))
    else:
        middle = oracle.percentile([Fraction(clock.used, 60) for clock in told if clock.calendar], Fraction(1, 2))
        assert figure.value == (None if middle is None else round(middle))
