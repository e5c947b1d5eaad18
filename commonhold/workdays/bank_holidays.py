"""The bank holidays of the United Kingdom as GOV.UK lists them, substitute days and one-off days included (C3).

Contains public sector information licensed under the Open Government Licence v3.0; see README.md beside this file.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

ENGLAND_AND_WALES: Final = "england-and-wales"
SCOTLAND: Final = "scotland"
NORTHERN_IRELAND: Final = "northern-ireland"

DIVISIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "GB-ENG": ENGLAND_AND_WALES,
        "GB-WLS": ENGLAND_AND_WALES,
        "GB-SCT": SCOTLAND,
        "GB-NIR": NORTHERN_IRELAND,
        ENGLAND_AND_WALES: ENGLAND_AND_WALES,
        SCOTLAND: SCOTLAND,
        NORTHERN_IRELAND: NORTHERN_IRELAND,
    }
)
"""What a file may call a nation, and the division of GOV.UK's list that answers to it."""


def division_of(code: str) -> str:
    """The division of GOV.UK's list that `code` names."""
    try:
        return DIVISIONS[code]
    except KeyError:
        raise ValueError(f"{code!r} has no list of bank holidays; use one of {', '.join(DIVISIONS)}") from None


def bank_holidays(code: str) -> Mapping[date, str]:
    """The bank holidays of a nation with their titles, in order of date."""
    return _listed()[division_of(code)]


def years_covered(code: str) -> range:
    """The years that the list knows: nothing can be said of bank holidays outside them."""
    days = list(bank_holidays(code))
    return range(days[0].year, days[-1].year + 1)


@cache
def _listed() -> Mapping[str, Mapping[date, str]]:
    written = json.loads(files("commonhold.workdays").joinpath("bank_holidays.json").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            division: MappingProxyType({date.fromisoformat(day): title for day, title in days.items()})
            for division, days in written.items()
        }
    )
