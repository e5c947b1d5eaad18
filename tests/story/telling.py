"""One thread from end to end, told by calling acts: from a ticket file to the update that closes what was asked for.

Run as a program it tells the same in the database that the environment names: `python -m tests.story.telling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from commonhold.figures import Span

if TYPE_CHECKING:
    from commonhold.governance.models import Action, Item, Resolution
    from commonhold.performance.models import Pack

SAMPLES: Final = Path(__file__).with_name("samples")
LONDON: Final = ZoneInfo("Europe/London")
AUTUMN: Final = Span(date(2025, 10, 1), date(2025, 12, 31))
WINTER: Final = Span(date(2026, 1, 1), date(2026, 3, 31))
CLERK: Final = "governance-officer-of-northgate"
ANALYST: Final = "service-analyst"
MANAGER: Final = "service-manager"
DIRECTOR: Final = "managing-director"


@dataclass(frozen=True)
class Told:
    """What the story left behind that its tests ask about."""

    first_file: dict[str, Any]
    second_file: dict[str, Any]
    first_packs: tuple[Pack, Pack]
    second_packs: tuple[Pack, Pack]
    first_item: Item
    resolution: Resolution
    action: Action


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=LONDON)


def tell() -> Told:
    """The whole thread, each act by somebody who may, at the instant at which it happened."""
    from commonhold.governance.acts import actions, meetings, minutes
    from commonhold.governance.models import Body, Item, Resolution
    from commonhold.partnership.models import Post
    from commonhold.performance.acts import publishing
    from commonhold.web.demo import founding
    from tests.universe import somebody

    # The partnership is started, its people are appointed, and every partner confirms the rules as they were found.
    founding.found()
    committee = Body.objects.get()

    def meeting(day: date, called: datetime) -> Item:
        by = somebody(CLERK, called)
        made = meetings.call_meeting(by=by, body=committee, day=day, starts=time(18), place="Northgate Civic Centre")
        return meetings.add_item(by=by, meeting=made, title="Update report", purpose=Item.Purpose.CONSIDER)

    first_file = bring("october-to-december", at(1, 6))
    first_packs = publish(AUTUMN, at(1, 9))
    first = meeting(date(2026, 1, 20), at(1, 9))
    publishing.attach(by=somebody(MANAGER, at(1, 12)), pack=first_packs[1], item=first)
    resolution = minutes.resolve(
        by=somebody(CLERK, at(1, 20, 19)),
        item=first,
        text="That the Managing Director find why Northgate was served worse, and report to the next meeting.",
        due=Resolution.Due.NEXT_MEETING,
    )
    action = actions.ask(
        by=somebody(CLERK, at(1, 20, 19)),
        resolution=resolution,
        text="Serve Northgate as its mix of work explains",
        owner=Post.objects.get(slug=DIRECTOR),
        measure="within_target",
        scope={"partner": "Northgate"},
    )
    second_file = bring("january-to-march", at(4, 2))
    second_packs = publish(WINTER, at(4, 8))
    second = meeting(date(2026, 4, 21), at(4, 9))
    paper = publishing.attach(by=somebody(MANAGER, at(4, 10)), pack=second_packs[1], item=second)
    actions.update(
        by=somebody(DIRECTOR, at(4, 13)),
        action=action,
        words="Two posts were filled in January. Northgate is served like the others.",
        paper=paper,
        closes=True,
    )
    return Told(first_file, second_file, first_packs, second_packs, first, resolution, action)


def bring(name: str, instant: datetime) -> dict[str, Any]:
    """The analyst brings a file of the desk; its report."""
    from commonhold.demand.acts import imports
    from commonhold.demand.engine import mapping
    from commonhold.demand.queries.files import File
    from tests.universe import somebody

    with (SAMPLES / f"{name}.csv").open("rb") as stream:
        file = File(stream=stream, mapping=mapping.built_in("canonical"))
        return imports.bring(by=somebody(ANALYST, instant), file=file, clock=lambda: instant, progress=lambda *_: None)


def publish(days: Span, instant: datetime) -> tuple[Pack, Pack]:
    """The figures of a quarter, and its packs for the public and for the boards."""
    from commonhold.performance.acts import computing, publishing
    from commonhold.performance.acts.composing import compose, profile_of
    from commonhold.performance.queries.periods import basis, the_period
    from tests.universe import somebody

    on = basis()
    period = the_period(days, on.known)
    computing.make_ready(period=period, on=on)
    public, board = (
        publishing.publish(
            by=somebody(MANAGER, instant), files=compose(period=period, profile=profile_of(profile), on=on)
        )
        for profile in ("public", "board")
    )
    return public, board


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonhold.web.settings")
    django.setup()

    from commonhold.web.preparing import prepare

    prepare(demonstration=True)
    tell()
