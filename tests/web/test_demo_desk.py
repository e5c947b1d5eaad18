"""The fictional desk: nobody in it is real, it is the same every time, and it is shaped like a real one."""

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from commonhold.web.demo import desk
from commonhold.web.demo.cast import CAST
from commonhold.web.demo.desk import A_FEW, Drawn, draw, office_hours, start_of
from commonhold.web.demo.export import export
from commonhold.workdays import read_calendars

pytestmark = pytest.mark.long

MONTHS = [date(2023 + (6 + count) // 12, (6 + count) % 12 + 1, 1) for count in range(37)]


@pytest.fixture(scope="module")
def office() -> desk.OfficeHours:
    text = (resources.files("commonhold.web.demo") / "calendars.toml").read_text(encoding="utf-8")
    return office_hours(read_calendars(text, "calendars.toml")["office-hours"])


@pytest.fixture(scope="module")
def drawn(office: desk.OfficeHours) -> Drawn:
    return draw(office)


def by_month(instants: np.ndarray) -> list[int]:
    return [int(count) for count in np.histogram(instants, [start_of(month) for month in MONTHS])[0]]


def test_no_authority_is_a_real_one(shared: Path) -> None:
    with (shared / "uk_local_authorities.csv").open(encoding="utf-8", newline="") as file:
        real = [f"{row['name']} {row['slug'].replace('-', ' ')}".casefold() for row in csv.DictReader(file)]

    assert len(real) > 350
    for name in (*desk.PARTNERS, "Calldale"):
        assert [one for one in real if name.casefold() in one] == []


def test_nobody_can_be_written_to() -> None:
    """Addresses under .example are nobody's."""
    assert all(member.email.endswith(".example") for member in CAST)
    assert {member.partner for member in CAST} == {*desk.PARTNERS, None}


def test_all_teams_together_have_eleven_to_fourteen_thousand_tickets_in_every_month(drawn: Drawn) -> None:
    months = by_month(drawn.opened)

    assert len(months) == 36
    assert [month for month in months if not 11_000 <= month <= 14_000] == []


def test_decembers_are_quiet_and_each_year_busier_than_the_one_before(drawn: Drawn) -> None:
    months = by_month(drawn.opened)
    years = [months[first : first + 12] for first in (0, 12, 24)]

    assert all(year[5] < 0.95 * sum(year) / 12 for year in years)
    assert [sum(year) for year in years] == sorted(sum(year) for year in years)


def test_the_shared_service_s_own_queues_have_some_seven_thousand_in_every_month(drawn: Drawn) -> None:
    shared_teams = np.array([responsible == "service" for _, responsible in desk.TEAMS])
    months = by_month(drawn.opened[shared_teams[drawn.team]])

    assert [month for month in months if not 6_000 <= month <= 8_000] == []
    assert sum(months) / 36 == pytest.approx(7_000, rel=0.02)


def test_p1_incidents_come_by_the_dozen(drawn: Drawn) -> None:
    """In three or four months the real service had 8 to 16."""
    months = by_month(drawn.opened[drawn.priority == 1])

    assert all(8 <= sum(months[first : first + 3]) <= 16 for first in range(0, 36, 3))
    assert all(1 <= month <= 8 for month in months)


def test_what_is_most_urgent_is_a_fault(drawn: Drawn) -> None:
    words = np.array(desk.CATEGORIES)[drawn.category]

    assert set(words[drawn.priority == 1]) == {"Loss of service"}
    assert set(words[drawn.priority == 2]) == set(desk.FAULTS)


def test_tickets_wait_to_be_sorted_in_some_weeks_and_in_no_others(drawn: Drawn) -> None:
    waited = drawn.waited
    changes = np.concatenate([np.ones(waited.sum()), -np.ones(waited.sum())])
    instants = np.concatenate([drawn.opened[waited], drawn.sorted_at[waited]])
    waiting = np.cumsum(changes[np.argsort(instants, kind="stable")])

    assert 1_000 <= waiting.max() <= 1_600
    first, last = desk.UNTRIAGED
    assert start_of(first) <= drawn.opened[waited].min()
    assert drawn.opened[waited].max() < start_of(last + timedelta(days=1))
    assert drawn.sorted_at[waited].max() < start_of(last + timedelta(days=21))


def test_each_authority_has_its_share_and_the_host_the_most(drawn: Drawn) -> None:
    shares = np.bincount(drawn.partner) / len(drawn.partner)

    assert np.allclose(shares, desk.SHARES, atol=0.005)


def test_a_small_desk_is_a_twentieth_of_the_same(office: desk.OfficeHours, drawn: Drawn) -> None:
    small = draw(office, A_FEW)

    assert len(small.opened) == pytest.approx(len(drawn.opened) / 20, rel=0.05)
    assert np.mean(small.met) == pytest.approx(np.mean(drawn.met), abs=0.01)


def test_the_rows_are_the_same_every_time(office: desk.OfficeHours) -> None:
    first, last = date(2025, 10, 1), date(2025, 12, 31)

    assert export(draw(office, A_FEW), first, last) == export(draw(office, A_FEW), first, last)


def test_exports_of_adjoining_days_join_without_gap_or_overlap(office: desk.OfficeHours) -> None:
    few = draw(office, A_FEW)

    def rows(first: date, last: date) -> list[bytes]:
        return export(few, first, last).splitlines()[1:]

    assert rows(date(2025, 3, 1), date(2025, 3, 30)) + rows(date(2025, 3, 31), date(2025, 4, 30)) == rows(
        date(2025, 3, 1), date(2025, 4, 30)
    ), "the night on which the clocks go forward included"


def test_a_ticket_s_events_are_in_order_and_make_sense(office: desk.OfficeHours) -> None:
    lines = export(draw(office, A_FEW), desk.FIRST, desk.LAST).decode().splitlines()
    tickets: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(lines):
        tickets.setdefault(row["reference"], []).append(row)
    steps = Counter(pair for events in tickets.values() for pair in pairwise(event["state"] for event in events))

    for events in tickets.values():
        moments = [datetime.fromisoformat(event["event_at"]).astimezone(UTC) for event in events]
        assert moments == sorted(moments)
        assert events[0]["state"] == "open"
        assert all(bool(event["hold_reason"]) == (event["state"] == "on_hold") for event in events)
    assert not [step for step in steps if step[0] in ("closed", "cancelled")], "nothing follows the end"


def test_the_ticket_that_the_tour_follows_goes_as_the_tour_tells(drawn: Drawn) -> None:
    """docs/tour.md names its lines, and when it was opened, held and resolved."""
    lines = export(drawn, date(2025, 10, 1), date(2025, 12, 31)).decode().splitlines()
    told = [(number, line.split(",")) for number, line in enumerate(lines, start=1) if line.startswith("SD0352693,")]

    assert len(lines) == 170_253
    assert [number for number, _ in told][:3] == [55_470, 65_542, 89_677]
    assert [cells[2] for _, cells in told] == ["open", "in_progress", "on_hold", "in_progress", "resolved", "closed"]
    assert told[0][1][1].startswith("2025-10-30T13:57"), "in winter London's clocks show UTC"
    assert told[4][1][1].startswith("2025-12-01")
    assert told[0][1][4:10] == ["P4", "request", "Service Desk", "Northgate", "Network and Wi-Fi", "Loss of service"]
