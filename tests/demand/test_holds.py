"""Companion files of holds: from when to when tickets that are here already were on hold, and what that proves (F5)."""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.clock import Histories, Op
from commonhold.demand.engine.columns import Grade, State
from commonhold.demand.models import Batch, Event
from commonhold.demand.queries.files import File
from commonhold.demand.queries.rehearsal import rehearsal
from commonhold.ledger.models import Entry
from commonhold.refusals import Refused
from tests.demand.bringing import CANONICAL, HOLDS, bring, events, everything, known
from tests.demand.conftest import Commonhold
from tests.demand.test_sightings import SNAPSHOTS, moment, seen
from tests.universe import NOON

pytestmark = pytest.mark.django_db

COMPANION = mappings.of_holds(SNAPSHOTS)
EVERY = mappings.of_holds(SNAPSHOTS, complete=True)


def holds(*rows: str, by: mappings.Mapping = COMPANION, **given: Any) -> dict[str, Any]:
    """Bring holds: "C1,02T09:00,03T09:00,awaiting_customer", days of June 2026."""
    given.setdefault("tolerate", 0.6)
    return bring(text(*rows), by, **given)


def text(*rows: str) -> str:
    lines = [",".join(f"2026-06-{cell}" if "T" in cell else cell for cell in row.split(",")) for row in rows]
    return "\n".join(("reference,from,to,reason", *lines)) + "\n"


def states(reference: str = "C1") -> list[tuple[str, str, int]]:
    """States and doubts of a ticket's timeline behind its opening."""
    found = Histories.joined([bytes(known(reference).timeline)]).one(0)
    wanted = (Op.STATE, Op.DOUBT, Op.HOLD_REASON)
    return [
        (f"{datetime.fromtimestamp(at, UTC):%dT%H:%M}", Op(op).name, arg) for at, op, arg in found[1:] if op in wanted
    ]


@pytest.fixture
def three() -> None:
    """A desk's table of the 12th: one done, one waiting, one new."""
    seen(
        "12T12:00",
        "C1,Done,01T08:00,05T10:00,05T10:00",
        "C2,Waiting,01T08:00,,08T09:00",
        "C3,New,10T08:00,,10T08:00",
    )


def test_a_ticket_that_it_lists_is_on_hold_within_its_holds_and_not_outside(three: None) -> None:
    rows = ("C1,02T09:00,02T12:00,awaiting_customer", "C1,03T09:00,03T10:00,", "C2,04T09:00,05T09:00,no idea")
    said = holds(*rows, exported_at=moment("12T12:00"))

    assert said["tickets"] == {"new": 0, "changed": 2, "unchanged": 0}
    assert (said["rows"], said["events"], said["refused"]) == (3, 6, [])
    assert said["grades"] == {"intervals": 2, "observed": 0, "total": 0, "none": 0}
    assert states() == [
        ("01T08:00", "STATE", State.OPEN),
        ("02T09:00", "STATE", State.ON_HOLD),
        ("02T09:00", "HOLD_REASON", 0),
        ("02T12:00", "STATE", State.OPEN),
        ("03T09:00", "STATE", State.ON_HOLD),
        ("03T09:00", "HOLD_REASON", -1),
        ("03T10:00", "STATE", State.OPEN),
        ("05T10:00", "STATE", State.RESOLVED),
    ]
    assert [known(name).grade for name in ("C1", "C2", "C3")] == [Grade.INTERVALS, Grade.INTERVALS, Grade.NONE]


def test_after_the_last_instant_of_the_file_time_is_in_doubt_but_where_a_snapshot_saw_it(three: None) -> None:
    holds("C2,04T09:00,05T09:00,")
    assert states("C2") == [
        ("01T08:00", "STATE", State.OPEN),
        ("04T09:00", "STATE", State.ON_HOLD),
        ("05T09:00", "STATE", State.OPEN),
        ("05T09:00", "DOUBT", 1),
        ("08T09:00", "STATE", State.ON_HOLD),
        ("08T09:00", "DOUBT", 0),
        ("12T12:00", "DOUBT", 1),
    ]


def test_a_hold_without_an_end_is_still_on(three: None) -> None:
    holds("C2,04T09:00,,", exported_at=moment("12T12:00"))
    assert states("C2")[1:] == [("04T09:00", "STATE", State.ON_HOLD), ("12T12:00", "DOUBT", 1)]
    assert (known("C2").state, known("C2").was_held) == (State.ON_HOLD, True)


def test_a_file_that_tells_every_hold_speaks_of_the_tickets_too_that_it_does_not_list(three: None) -> None:
    said = holds("C2,04T09:00,,", by=EVERY, exported_at=moment("12T12:00"))

    assert [known(name).grade for name in ("C1", "C2", "C3")] == [Grade.INTERVALS] * 3
    assert said["tickets"] == {"new": 0, "changed": 1, "unchanged": 0}
    assert Batch.objects.get(number=said["batch"]).complete
    assert states("C3") == [("10T08:00", "STATE", State.OPEN), ("12T12:00", "DOUBT", 1)]
    assert ("08T09:00", "STATE", State.ON_HOLD) not in states("C2")


def test_told_of_later_than_such_a_file_a_ticket_at_work_keeps_its_own_grade(three: None) -> None:
    holds("C2,04T09:00,06T09:00,", by=EVERY)
    assert [known(name).grade for name in ("C1", "C2", "C3")] == [Grade.INTERVALS, Grade.INTERVALS, Grade.NONE]


def test_a_later_file_takes_the_place_of_what_an_earlier_one_said_of_a_ticket(three: None) -> None:
    holds("C1,02T09:00,02T12:00,", "C2,02T09:00,02T12:00,")
    said = holds("C1,02T09:00,02T11:00,")
    assert said["tickets"] == {"new": 0, "changed": 1, "unchanged": 0}
    assert ("02T11:00", "STATE", State.OPEN) in states() and ("02T12:00", "STATE", State.OPEN) not in states()
    assert ("02T12:00", "STATE", State.OPEN) in states("C2"), "it is not listed, so the earlier file counts"

    again = holds("C1,02T09:00,02T11:00,")
    assert again["tickets"] == {"new": 0, "changed": 0, "unchanged": 1} and again["batch"] == said["batch"]
    holds("C3,10T09:00,10T10:00,", by=EVERY, exported_at=moment("12T12:00"))
    assert known("C1").was_held is known("C2").was_held is False, "the file tells every hold, and none of these"


def test_the_same_holds_at_a_later_moment_prove_more(three: None) -> None:
    holds("C2,04T09:00,05T09:00,", exported_at=moment("06T12:00"))
    assert ("06T12:00", "DOUBT", 1) in states("C2")
    said = holds("C2,04T09:00,05T09:00,", "C1,02T09:00,02T12:00,", exported_at=moment("12T12:00"))
    assert said["tickets"] == {"new": 0, "changed": 1, "unchanged": 1}
    assert [step for step in states("C2") if step[1] == "DOUBT"] == [("12T12:00", "DOUBT", 1)]


WRONG = {
    "C9,02T09:00,02T12:00,": "'C9' has no ticket at this desk: import its tickets first",
    "C1,02T12:00,02T09:00,": "'2026-06-02T09:00' is before the hold began: put one of them right",
    "C1,,02T09:00,": "is blank: without this date the row says nothing",
    "C1,01T07:00,01T09:00,": "begins on 1 June 2026 at 07:00, before its ticket was opened on 1 June 2026 at 08:00.",
    "C2,02T10:00,02T11:00,": "on 2 June 2026 at 10:00, within the hold of line 2, which ends on 2 June 2026 at 12:00",
    "C2,02T09:00,02T12:00,": "within the hold of line 2",
    "C1,soon,02T09:00,": "soon",
}


@pytest.mark.parametrize("row", WRONG)
def test_a_row_that_makes_no_sense_is_left_out_by_its_line(three: None, row: str) -> None:
    said = holds("C2,02T09:00,02T12:00,", row)
    assert [line["line"] for line in said["refused"]] == [3]
    assert WRONG[row] in said["refused"][0]["problem"]
    assert known("C1").was_held is False and known("C2").was_held


def test_a_hold_after_one_that_is_not_said_to_end_is_left_out(three: None) -> None:
    said = holds("C1,02T09:00,,", "C1,03T09:00,03T10:00,")
    assert "within the hold of line 2, which is not said to end" in said["refused"][0]["problem"]


def test_too_many_rows_without_a_ticket_refuse_the_file_and_nothing_changes(three: None) -> None:
    before = everything()
    with pytest.raises(Refused, match="2 of the 3 rows cannot be read, more than the 1% that is tolerated"):
        holds("C2,02T09:00,02T12:00,", "C8,02T09:00,02T12:00,", "C9,02T09:00,02T12:00,", tolerate=0.01)
    assert everything() == before


def test_without_tickets_of_its_desk_a_file_of_holds_is_refused() -> None:
    before = everything()
    with pytest.raises(Refused, match="There are no tickets of the desk 'Council desk' yet"):
        holds("C2,02T09:00,02T12:00,")
    assert everything() == before


def test_a_history_that_tells_its_holds_is_read_from_itself_and_one_that_tells_none_is_completed() -> None:
    bring(
        events(
            "SD1,2026-06-01T08:00Z,open",
            "SD1,2026-06-02T08:00Z,on_hold",
            "SD1,2026-06-02T09:00Z,in_progress",
            "SD2,2026-06-01T08:00Z,open",
            "SD2,2026-06-01T12:00Z,in_progress",
            "SD2,2026-06-05T08:00Z,resolved",
        )
    )
    rows = "SD1,2026-06-03T08:00Z,2026-06-04T08:00Z\nSD2,2026-06-01T10:00Z,2026-06-02T08:00Z\n"
    bring(f"reference,from,to\n{rows}", mappings.parse(HOLDS.encode(), "holds"))

    assert states("SD1") == [
        ("01T08:00", "STATE", State.OPEN),
        ("02T08:00", "STATE", State.ON_HOLD),
        ("02T09:00", "STATE", State.IN_PROGRESS),
    ]
    assert states("SD2") == [
        ("01T08:00", "STATE", State.OPEN),
        ("01T10:00", "STATE", State.ON_HOLD),
        ("02T08:00", "STATE", State.IN_PROGRESS),
        ("05T08:00", "STATE", State.RESOLVED),
    ]


def test_it_leaves_one_entry_and_its_evidence(three: None) -> None:
    said = holds("C2,02T09:00,02T12:00,")
    entry = Entry.objects.order_by("-number")[0]
    batch = Batch.objects.get(number=said["batch"])
    assert (entry.kind, entry.facts["batch"], batch.kind) == ("tickets.imported", batch.number, Batch.Kind.HOLDS)
    assert batch.sha256 == said["sha256"] and batch.observed_at == moment("02T12:00")


def test_a_rehearsal_says_what_an_import_would(three: None) -> None:
    rows = ("C2,02T09:00,02T12:00,", "C9,02T09:00,02T12:00,")
    file = File(stream=BytesIO(text(*rows).encode()), mapping=COMPANION, tolerate=0.6)
    told = rehearsal(file, NOON)
    made = holds(*rows)
    assert {name: made[name] for name in told if name not in ("batch", "seconds")} == {
        name: told[name] for name in told if name not in ("batch", "seconds")
    }
    assert Event.objects.filter(batch=made["batch"]).count() == told["events"]


def test_a_mapping_of_holds_says_so_and_names_its_own_headings() -> None:
    odd = mappings.parse(
        b'kind = "holds"\ncomplete = true\ndates = ["%d/%m/%Y %H:%M"]\ntime_zone = "Europe/London"\n'
        b'[columns]\nreference = "No"\nheld_from = "Von"\nheld_to = "Bis"\n',
        "odd",
    )
    assert odd.complete and mappings.from_canonical(odd.canonical, "odd") == odd
    assert mappings.of_holds(odd) is not CANONICAL and mappings.of_holds(odd).columns == odd.columns
    columns = '[columns]\nreference = "a"\nheld_from = "b"\n'
    for wrong, words in {
        f'kind = "holds"\n{columns}': r"held_to: is missing; kind = .holds. needs it",
        'kind = "tickets"\ncomplete = true\n[columns]\nreference = "a"\nopened_at = "b"\n': "complete: is only for",
        f'kind = "holds"\ncomplete = 1\n{columns}held_to = "c"\n': "complete: must be true or false",
    }.items():
        with pytest.raises(Refused) as refused:
            mappings.parse(wrong.encode(), "odd")
        assert refused.match("cannot be used") and any(re.search(words, one) for one in refused.value.problems)


def test_the_command_brings_them_for_the_desk_of_a_mapping(commonhold: Commonhold, tmp_path: Path) -> None:
    (tmp_path / "june.csv").write_text(events("SD1,2026-06-01T09:00Z,open,P3"))
    june = ("import-tickets", tmp_path / "june.csv", "--mapping", "canonical")
    assert commonhold(*june).code == 0
    (tmp_path / "holds.csv").write_text("reference,from,to\nSD1,2026-06-01T09:30Z,2026-06-01T10:00Z\n")
    (tmp_path / "ours.toml").write_text(HOLDS)

    by_kind = commonhold(
        *("import-tickets", tmp_path / "holds.csv", "--mapping", "canonical", "--kind", "holds", "--every-hold"),
        *("--exported-at", "2026-06-30T12:00:00+01:00", "--json"),
    )
    assert by_kind.code == 0, by_kind.err
    assert by_kind.json["tickets"] == {"new": 0, "changed": 1, "unchanged": 0}
    assert Batch.objects.get(number=by_kind.json["batch"]).exported_at == datetime(2026, 6, 30, 11, tzinfo=UTC)
    assert (
        commonhold("import-tickets", tmp_path / "holds.csv", "--mapping", tmp_path / "ours.toml", "--dry-run").code == 0
    )
    for options, words in {
        ("--every-hold",): "--every-hold speaks of a file of holds",
        ("--exported-at", "noon"): "--exported-at: 'noon' is no instant such as",
        ("--exported-at", "0001-01-01T00:00+14:00"): "is no instant such as",
        ("--exported-at", "2099-01-01T00:00Z"): "which has not come yet",
    }.items():
        said = commonhold(*june, *options)
        assert (said.code, words in said.err) == (2, True), said.err
