"""What repeated snapshots prove of holds: the states as seen, and all that the gaps between them could hide (F5)."""

from datetime import UTC, datetime
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.clock import Histories, Op, reckon
from commonhold.demand.engine.columns import NONE, Grade, State
from commonhold.demand.engine.facts import Counted, bounds, bounds_of_holds
from commonhold.demand.models import Event
from commonhold.refusals import Refused
from tests.demand.bringing import bring, known
from tests.demand.clock_examples import RULES
from tests.demand.conftest import Commonhold, SignIn
from tests.demand.lives import HOUR, life, told_by_snapshots
from tests.reading import words

pytestmark = pytest.mark.django_db

SNAPSHOTS = mappings.parse(
    b"""
kind = "tickets"
desk = "Council desk"
time_zone = "UTC"
optional = ["updated_at", "held_minutes"]
[columns]
reference = "ref"
state = "state"
opened_at = "opened"
resolved_at = "resolved"
updated_at = "updated"
held_minutes = "held"
[states]
"New" = "open"
"Waiting" = "on_hold"
"Done" = "resolved"
""",
    "council",
)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-06-{text}+00:00")


def seen(day: str, *rows: str, headings: str = "ref,state,opened,resolved,updated", **given: Any) -> dict[str, Any]:
    """Bring what the desk showed at a moment: "C1,New,01T08:00,,01T08:00", days of June 2026."""
    lines = [",".join(f"2026-06-{cell}" if "T" in cell else cell for cell in row.split(",")) for row in rows]
    return bring("\n".join((headings, *lines)) + "\n", SNAPSHOTS, exported_at=moment(day), **given)


def steps(reference: str = "C1") -> list[tuple[str, str, int]]:
    """The timeline of a ticket behind its opening: "01T10:00 STATE 2"."""
    found = Histories.joined([bytes(known(reference).timeline)]).one(0)
    return [(f"{datetime.fromtimestamp(at, UTC):%dT%H:%M:%S}", Op(op).name, arg) for at, op, arg in found[1:]]


def test_a_state_lasts_until_the_next_change_seen_and_between_export_and_change_nothing_is_known() -> None:
    seen("05T12:00", "C1,New,01T08:00,,01T08:00")
    assert known("C1").grade == Grade.NONE
    seen("12T12:00", "C1,Waiting,01T08:00,,08T09:00")
    assert known("C1").grade == Grade.OBSERVED
    seen("19T12:00", "C1,Done,01T08:00,17T10:00,17T10:00")

    assert steps() == [
        ("01T08:00:00", "STATE", State.OPEN),
        ("05T12:00:01", "DOUBT", 1),
        ("08T09:00:00", "STATE", State.ON_HOLD),
        ("08T09:00:00", "DOUBT", 0),
        ("12T12:00:01", "DOUBT", 1),
        ("17T10:00:00", "STATE", State.RESOLVED),
        ("17T10:00:00", "DOUBT", 0),
    ]
    assert (known("C1").grade, known("C1").resolved_at) == (Grade.OBSERVED, moment("17T10:00"))


def test_without_the_change_only_the_moments_are_known() -> None:
    headings = "ref,state,opened,resolved"
    seen("05T12:00", "C1,New,01T08:00,", headings=headings)
    seen("12T12:00", "C1,Waiting,01T08:00,", headings=headings)

    assert steps() == [
        ("01T08:00:00", "STATE", State.OPEN),
        ("01T08:00:00", "DOUBT", 1),
        ("05T12:00:00", "DOUBT", 0),
        ("05T12:00:01", "DOUBT", 1),
        ("12T12:00:00", "STATE", State.ON_HOLD),
        ("12T12:00:00", "DOUBT", 0),
        ("12T12:00:01", "DOUBT", 1),
    ]


def test_what_did_not_change_between_two_exports_is_known_throughout() -> None:
    seen("05T12:00", "C1,Waiting,01T08:00,,04T09:00")
    again = seen("12T12:00", "C1,Waiting,01T08:00,,04T09:00", "C2,New,11T08:00,,11T08:00")

    assert again["tickets"] == {"new": 1, "changed": 0, "unchanged": 1}, "it says the same of it"
    assert steps() == [
        ("01T08:00:00", "STATE", State.OPEN),
        ("01T08:00:00", "DOUBT", 1),
        ("04T09:00:00", "STATE", State.ON_HOLD),
        ("04T09:00:00", "DOUBT", 0),
        ("12T12:00:01", "DOUBT", 1),
    ]
    assert known("C1").grade == Grade.OBSERVED


def test_a_file_in_which_nothing_but_the_moment_is_new_is_taken_over() -> None:
    seen("05T12:00", "C1,Waiting,01T08:00,,04T09:00", "C2,Done,01T08:00,02T08:00,02T08:00")
    again = seen("12T12:00", "C2,Done,01T08:00,02T08:00,02T08:00", "C1,Waiting,01T08:00,,04T09:00")
    assert (again["batch"], again["events"]) == (2, 1), "of a ticket that had stopped nothing more can be known"
    assert again["tickets"] == {"new": 0, "changed": 0, "unchanged": 2}
    assert again["grades"] == {"intervals": 0, "observed": 1, "total": 0, "none": 1}

    other = seen("12T12:00", "C1,Waiting,01T08:00,,04T09:00")
    assert (other["batch"], other["tickets"]["unchanged"]) == (None, 1), "no later moment, so nothing is known better"


def test_an_export_that_is_read_in_another_way_keeps_its_place() -> None:
    seen("05T12:00", "C1,New,01T08:00,,01T08:00", "C2,New,02T08:00,,02T08:00")
    seen("12T12:00", "C1,Waiting,01T08:00,,08T09:00")
    other = mappings.from_canonical(SNAPSHOTS.canonical.replace('"version":1', '"version":2'), "council")
    rows = "C1,New,2026-06-01T08:00,,2026-06-01T08:00", "C2,New,2026-06-02T08:00,,2026-06-02T08:00"
    text = "\n".join(("ref,state,opened,resolved,updated", *rows)) + "\n"
    again = bring(text, other, exported_at=moment("05T12:00"))

    assert again["replaces"] == [1]
    assert (known("C1").state, known("C1").grade) == (State.ON_HOLD, Grade.OBSERVED)


def test_the_same_file_said_to_be_of_another_moment_is_read_in_its_place() -> None:
    seen("05T12:00", "C1,Waiting,01T08:00,,04T09:00")
    again = seen("12T12:00", "C1,Waiting,01T08:00,,04T09:00")
    assert (again["replaces"], known("C1").grade) == ([1], Grade.NONE)


def test_a_ticket_seen_only_after_it_was_resolved_is_not_observed() -> None:
    seen("19T12:00", "C1,Done,01T08:00,17T10:00,17T10:00")
    seen("26T12:00", "C1,Done,01T08:00,17T10:00,20T10:00")
    assert known("C1").grade == Grade.NONE
    assert [op for _, op, _ in steps()] == ["STATE", "STATE"]


def test_a_reopening_is_in_doubt_from_the_export_before_it() -> None:
    seen("05T12:00", "C1,Done,01T08:00,03T10:00,03T10:00")
    seen("12T12:00", "C1,New,01T08:00,,10T09:00")
    assert steps()[2:] == [
        ("03T10:00:00", "STATE", State.RESOLVED),
        ("03T10:00:00", "DOUBT", 0),
        ("05T12:00:01", "DOUBT", 1),
        ("10T09:00:00", "STATE", State.OPEN),
        ("10T09:00:00", "DOUBT", 0),
        ("12T12:00:01", "DOUBT", 1),
    ]
    assert known("C1").reopenings == 1


def test_a_date_that_an_earlier_export_gives_the_lie_does_not_stop_the_clock_then() -> None:
    seen("05T12:00", "C1,New,01T08:00,,01T08:00")
    seen("12T12:00", "C1,Done,01T08:00,02T10:00,10T09:00")
    assert ("10T09:00:00", "STATE", State.RESOLVED) in steps()
    assert not any(at == "02T10:00:00" for at, _, _ in steps())
    assert known("C1").resolved_at == moment("02T10:00"), "the desk's own word stands as a fact"


def test_an_older_export_brought_later_takes_the_place_of_the_newer_one() -> None:
    seen("12T12:00", "C1,Waiting,01T08:00,,08T09:00")
    seen("05T12:00", "C1,New,01T08:00,,01T08:00")
    assert (known("C1").state, known("C1").grade) == (State.OPEN, Grade.NONE)


@pytest.mark.parametrize(
    ("at", "words"),
    [("09T12:00", "after 9 June 2026 at 12:00 UTC when it is said to have been exported"), ("30T12:00", None)],
)
def test_the_moment_of_an_export_is_not_before_what_it_tells(at: str, words: str | None) -> None:
    if words is None:
        seen(at, "C1,New,01T08:00,,10T08:00")
        return
    with pytest.raises(Refused, match=words):
        seen(at, "C1,New,01T08:00,,10T08:00")
    assert not Event.objects.exists()


@settings(max_examples=400, derandomize=True, deadline=None, database=None)
@given(st.randoms(use_true_random=False))
def test_the_bounds_hold_whatever_happened_between_the_exports(random: Random) -> None:
    """A true life, seen at some moments, with or without the last change: what was used and held lies within."""
    true, exports = life(random), sorted(random.sample(range(1, 260), random.randrange(2, 7)))
    told = told_by_snapshots(true, exports, random.random() < 0.5)
    as_of = true.begin + (exports[-1] + random.choice((0, 0, 30))) * HOUR
    truth, said = reckon(true.histories, RULES, as_of), reckon(told.histories, RULES, as_of)
    counted = Counted(
        grade=told.grade,
        opened=told.opened,
        stopped=said.stopped_at,
        used=said.used,
        held=said.held,
        doubted_used=said.doubted_used,
        doubted_held=said.doubted_held,
        doubted_stop=said.doubted_stop,
        held_minutes=np.array([NONE]),
    )
    if told.grade[0] == Grade.NONE or (as_of > true.begin + exports[-1] * HOUR and said.state[0] >= State.RESOLVED):
        return
    for (least, most), name in ((bounds(counted, as_of), "used"), (bounds_of_holds(counted), "held")):
        for clock in (truth, said):
            assert least[0] <= getattr(clock, name)[0] <= most[0], name
    if not said.in_doubt[0]:
        assert (said.state[0] == State.ON_HOLD) == (truth.state[0] == State.ON_HOLD)


@pytest.mark.usefixtures("partnership")
def test_the_tickets_page_and_the_command_say_what_no_source_tells(sign_in: SignIn, commonhold: Commonhold) -> None:
    said = SNAPSHOTS.canonical.replace('"held_minutes":"held",', '"held_minutes":"held","priority":"priority",')
    desk = mappings.from_canonical(said, "council")
    for day, rows in {
        "02T12:00": ("C1,New,01T08:00,,01T08:00,P3", "C2,Waiting,01T08:00,,01T08:00,P3"),
        "05T12:00": ("C1,Waiting,01T08:00,,04T09:00,P3", "C2,New,01T08:00,,04T09:00,P3"),
    }.items():
        lines = [",".join(f"2026-06-{cell}" if "T" in cell else cell for cell in row.split(",")) for row in rows]
        text = "\n".join(("ref,state,opened,resolved,updated,priority", *lines)) + "\n"
        bring(text, desk, exported_at=moment(day))
    client = sign_in("service-analyst")
    first, second = (words(client.get(known(name).ticket.get_absolute_url())) for name in ("C1", "C2"))

    assert "Open: as last seen, and it may have been on hold" in first
    assert "On hold: as last seen, and it may have been at work" in second
    assert "No source tells of all that time whether it was on hold, so" in first
    told = commonhold("clock", "--ticket", "C1")
    assert told.code == 0 and "no source tells of all that time whether it was on hold" in told.err


@pytest.mark.usefixtures("partnership")
def test_the_page_and_the_command_say_that_a_priority_may_have_changed_earlier(
    sign_in: SignIn, commonhold: Commonhold
) -> None:
    said = SNAPSHOTS.canonical.replace('"held_minutes":"held",', '"held_minutes":"held","priority":"priority",')
    desk = mappings.from_canonical(said, "council")
    for day, row in {"02T12:00": "C1,New,01T08:00,,01T08:00,P4", "05T12:00": "C1,New,01T08:00,,04T09:00,P3"}.items():
        line = ",".join(f"2026-06-{cell}" if "T" in cell else cell for cell in row.split(","))
        bring(f"ref,state,opened,resolved,updated,priority\n{line}\n", desk, exported_at=moment(day))
    page = words(sign_in("service-analyst").get(known("C1").ticket.get_absolute_url()))

    assert "Its priority or kind changed between two exports: the change counts from when it was seen" in page
    told = commonhold("clock", "--ticket", "C1")
    assert told.code == 0 and "nor when its priority or kind changed, so it used" in told.err
