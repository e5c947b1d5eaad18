"""The bank holidays that are shipped: whole, and as others know them (C3)."""

import json
from datetime import date
from pathlib import Path

import holidays
import pytest

from commonhold.workdays import DIVISIONS, bank_holidays, division_of, years_covered


def test_substitute_days_and_one_off_days_are_listed() -> None:
    listed = bank_holidays("GB-ENG")
    assert listed[date(2021, 12, 27)] == "Christmas Day"
    assert listed[date(2021, 12, 28)] == "Boxing Day"
    assert listed[date(2022, 9, 19)] == "Bank Holiday for the State Funeral of Queen Elizabeth II"
    assert date(2021, 12, 25) not in listed


def test_nations_differ() -> None:
    new_year, battle = date(2026, 1, 2), date(2026, 7, 13)
    assert new_year in bank_holidays("GB-SCT")
    assert new_year not in bank_holidays("GB-ENG")
    assert battle in bank_holidays("GB-NIR")
    assert bank_holidays("GB-WLS") == bank_holidays("england-and-wales")


@pytest.mark.parametrize("nation", DIVISIONS)
def test_the_years_covered_are_whole(nation: str) -> None:
    assert years_covered(nation) == range(2012, 2029)
    per_year = [sum(day.year == year for day in bank_holidays(nation)) for year in years_covered(nation)]
    assert min(per_year) >= 8
    assert list(bank_holidays(nation)) == sorted(bank_holidays(nation))


def test_an_unknown_nation_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"'UK' has no list of bank holidays; use one of GB-ENG, .*"):
        division_of("UK")


@pytest.mark.parametrize(
    ("nation", "subdivision", "proclaimed_since"),
    [
        ("GB-ENG", "ENG", set()),
        ("GB-SCT", "SCT", {date(2026, 6, 15)}),
        ("GB-NIR", "NIR", set()),
    ],
)
def test_a_second_opinion_agrees_on_the_weekdays(nation: str, subdivision: str, proclaimed_since: set[date]) -> None:
    """It lists 25 December 2021 as well, a Saturday; GOV.UK lists the day that is off instead."""
    theirs = holidays.country_holidays("GB", subdiv=subdivision, years=years_covered(nation))
    assert {day for day in theirs if day.weekday() < 5} - proclaimed_since == set(bank_holidays(nation))


def test_it_is_what_gov_uk_published(shared: Path) -> None:
    published = json.loads((shared / "uk_bank_holidays.json").read_text(encoding="utf-8"))
    for division, listed in published.items():
        assert {day.isoformat(): title for day, title in bank_holidays(division).items()} == {
            event["date"]: event["title"] for event in listed["events"]
        }
