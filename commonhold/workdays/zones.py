"""Time zones of the pinned tzdata package, never the machine's own: the same clock changes on every machine."""

from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo


@cache
def zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name, such as Europe/London."""
    if name not in zone_names():
        raise ValueError(f"{name!r} is not a time zone; use an IANA name such as Europe/London")
    with files("tzdata.zoneinfo").joinpath(name).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)
