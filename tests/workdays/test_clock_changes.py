"""Clock changes are the same on every machine: those of the package, not of the system that happens to run it."""

import zoneinfo

import pytest

import commonhold


def test_the_machine_s_own_time_zones_are_not_asked() -> None:
    assert commonhold.__version__
    assert zoneinfo.TZPATH == ()
    assert zoneinfo.ZoneInfo.no_cache("Europe/London").key == "Europe/London"


@pytest.mark.parametrize("name", ["localtime", "posixrules"])
def test_what_a_machine_calls_its_own_is_no_time_zone(name: str) -> None:
    with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
        zoneinfo.ZoneInfo.no_cache(name)
