"""A log altered anywhere fails verification, and the problem names the entry (L1, L3)."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from commonhold.ledger.engine.verify_commonhold import FIELDS, Report, canonical, checkpoint_text, hash_of_leaf
from tests.ledger.logs import Log, log_of, root_of, verified, written, zip_of

SIZE = 12
LOG = log_of(SIZE)


def entries_of(report: Report) -> set[int | None]:
    return {problem.entry for problem in report.problems}


def export_with(entries: list[dict[str, Any]], log: Log = LOG) -> bytes:
    """The log's export in which only the entries were altered."""
    return log.export(**{"entries.jsonl": written(map(canonical, entries))})


@pytest.mark.parametrize("size", [0, 1, 2, 3, 12, 100])
def test_a_whole_log_verifies(size: int) -> None:
    log = log_of(size)
    report = verified(log.export(), {"kept.txt": log.kept(size // 2)})

    assert report.ok, report.problems
    assert report.entries == size
    assert report.root == root_of(log.lines)
    assert report.origin == log.origin


def test_it_says_what_it_did_not_check() -> None:
    report = verified(LOG.export(**{"notes.docx": b"?"}))

    assert report.ok
    assert report.notes == [
        "the export's checkpoint is not signed; compare it with one you kept.",
        "the entries hold 24 salted digests; this export holds the values of 24.",
        "not part of the record and not looked at: notes.docx.",
    ]


VALUES = {
    "v": some.integers(2, 9),
    "number": some.integers(1, 10**6),
    "at": some.sampled_from(["2026-07-21T11:00:00.000001Z", "2031-01-01T00:00:00.000000Z", "yesterday", ""]),
    "post": some.text("abc-", max_size=9),
    "kind": some.sampled_from(["paper.withdrawn", "", "x"]),
    "subject": some.sampled_from(["paper/99", "meeting/1", ""]),
    "facts": some.dictionaries(some.sampled_from("ab"), some.integers() | some.floats() | some.none()),
    "because": some.lists(some.integers(-1, 20) | some.none(), max_size=3),
}


@given(some.integers(1, SIZE), some.sampled_from(FIELDS), some.data())
def test_an_edited_field_is_found_and_its_entry_named(number: int, name: str, data: some.DataObject) -> None:
    entries = copy.deepcopy(LOG.entries)
    value = data.draw(VALUES[name].filter(lambda value: value != entries[number - 1][name]))
    entries[number - 1][name] = value
    try:
        lines = [canonical(entry) for entry in entries]
    except ValueError:
        return  # a fraction or a number too large: not what an export can hold
    report = verified(LOG.export(**{"entries.jsonl": written(lines)}))

    assert report.problems[0].entry == number


@given(some.integers(1, SIZE), some.data())
def test_a_flipped_bit_is_found_and_its_entry_named(number: int, data: some.DataObject) -> None:
    lines = LOG.lines
    place, bit = data.draw(some.integers(0, len(lines[number - 1]) - 1)), data.draw(some.integers(0, 7))
    altered = bytearray(lines[number - 1])
    altered[place] ^= 1 << bit
    if 10 in altered:
        return  # a line end: the same as an inserted entry
    lines[number - 1] = bytes(altered)
    report = verified(LOG.export(**{"entries.jsonl": written(lines)}))

    assert number in entries_of(report)


@given(some.integers(1, SIZE))
def test_a_dropped_entry_is_named(number: int) -> None:
    report = verified(export_with(LOG.entries[: number - 1] + LOG.entries[number:]))

    assert report.problems[0].entry == number
    assert "missing" in report.problems[0].problem


@given(some.integers(1, SIZE - 1), some.data())
def test_two_swapped_entries_are_named(first: int, data: some.DataObject) -> None:
    second = data.draw(some.integers(first + 1, SIZE))
    entries = list(LOG.entries)
    entries[first - 1], entries[second - 1] = entries[second - 1], entries[first - 1]
    report = verified(export_with(entries))

    assert report.problems[0].entry == first
    assert first in entries_of(report)


@given(some.integers(1, SIZE), some.booleans())
def test_an_inserted_entry_is_named(number: int, renumbered: bool) -> None:
    forged = {**LOG.entries[number - 1], "kind": "paper.withdrawn", "because": []}
    entries = [*LOG.entries[: number - 1], forged, *LOG.entries[number - 1 :]]
    if renumbered:
        entries = [{**entry, "number": place} for place, entry in enumerate(entries, start=1)]
    report = verified(export_with(entries))

    assert number in entries_of(report)


@given(some.integers(0, SIZE - 1))
def test_a_truncated_log_names_the_first_entry_that_is_missing(left: int) -> None:
    report = verified(export_with(LOG.entries[:left]))

    assert report.problems[0].entry == left + 1
    assert "missing" in report.problems[0].problem
    # Cut with its digests, contents and checkpoint, it is a whole shorter log: only a kept checkpoint tells.
    shorter = log_of(left).export()
    assert verified(shorter).ok
    report = verified(shorter, {"kept.txt": LOG.kept(SIZE)})
    assert report.problems[0].entry == left + 1
    assert "kept.txt" in report.problems[0].problem


@given(some.integers(1, SIZE), some.booleans())
def test_a_replayed_entry_is_named(number: int, renumbered: bool) -> None:
    again = {**LOG.entries[number - 1], "number": SIZE + 1} if renumbered else LOG.entries[number - 1]
    report = verified(export_with([*LOG.entries, again]))

    assert {number, SIZE + 1} & entries_of(report)


@given(some.integers(1, SIZE), some.sampled_from(["title", "files"]), some.sampled_from(["salt", "value"]))
def test_an_altered_content_is_named(number: int, name: str, part: str) -> None:
    log = copy.deepcopy(LOG)
    log.contents[number][name][part] = "0" * 32
    report = verified(log.export())

    assert [problem.entry for problem in report.problems] == [number]
    assert repr(name) in report.problems[0].problem


@given(some.integers(1, SIZE - 1), some.integers(1, SIZE))
def test_a_rewritten_log_is_found_by_a_checkpoint_kept_before(number: int, kept: int) -> None:
    """The host rewrites an entry and everything after it: hashes, digests, checkpoint. The log is whole in itself."""
    rewritten = copy.deepcopy(LOG)
    rewritten.entries[number - 1]["post"] = "host"
    assert verified(rewritten.export()).ok

    report = verified(rewritten.export(), {"kept.txt": LOG.kept(kept)})
    assert report.ok is (kept < number)
    if not report.ok:
        assert f"The first {kept} entries are not those" in report.problems[0].problem


def test_two_kept_checkpoints_say_between_which_entries_it_was_rewritten() -> None:
    rewritten = copy.deepcopy(LOG)
    rewritten.entries[6]["post"] = "host"

    report = verified(rewritten.export(), {"may.txt": LOG.kept(5), "july.txt": LOG.kept(9)})
    assert "among the entries from 6 to 9" in report.problems[0].problem


@pytest.mark.parametrize(
    ("kept", "where"),
    [
        ((SIZE,), f"among the entries from 1 to {SIZE} something"),
        ((4, SIZE), f"among the entries from 5 to {SIZE} some"),
    ],
)
def test_the_checkpoint_that_was_made_anew_with_the_record_narrows_nothing(kept: tuple[int, ...], where: str) -> None:
    rewritten = copy.deepcopy(LOG)
    rewritten.entries[5]["post"] = "host"

    report = verified(rewritten.export(), {f"{size}.txt": LOG.kept(size) for size in kept})
    assert where in report.problems[0].problem


def test_one_entry_that_was_rewritten_is_told_as_one() -> None:
    rewritten = copy.deepcopy(LOG)
    rewritten.entries[6]["post"] = "host"

    report = verified(rewritten.export(), {"may.txt": LOG.kept(6), "july.txt": LOG.kept(7)})
    assert "stands for: entry 7 was changed, added or removed." in report.problems[0].problem


@pytest.mark.parametrize(
    ("contents", "why"),
    [
        (b'{"contents":{},"entry":99}\n', "an entry that is not there"),
        (b'{"contents":{"colour":{"salt":"00","value":1}},"entry":3}\n', "of which the entry knows nothing"),
        (b'{"contents":{"title":{"salt":"00","value":1}},"entry":3}\n', "is not one"),
        (b'{"contents":{"title":{"value":1}},"entry":3}\n', "no value and salt"),
        (b'{"contents":{},"entry":3}\n{"contents":{},"entry":3}\n', "stand twice"),
        (b'{"contents":[],"entry":3}\n', "does not hold an entry's number"),
        (b"[]\n", "does not hold an entry's number"),
        (b"?\n", "is not JSON"),
        (b'{"contents":{},"entry":3}', "ends in the middle of a line"),
    ],
)
def test_contents_that_are_not_an_entry_s_are_told(contents: bytes, why: str) -> None:
    report = verified(LOG.export(**{"contents/000000001.jsonl": contents}))

    assert why in report.problems[0].problem
    assert report.root == root_of(LOG.lines)


def test_an_altered_list_of_digests_is_told_from_altered_entries() -> None:
    digests = LOG.files()["digests.txt"].replace(b"a", b"b", 1)
    report = verified(LOG.export(**{"digests.txt": digests}))

    assert len(report.problems) == 1
    assert "the entry itself agrees with the checkpoint" in report.problems[0].problem


@pytest.mark.parametrize("digests", [b"zz\n", b"\xff\n", b"abc"])
def test_unreadable_digests_are_told(digests: bytes) -> None:
    report = verified(LOG.export(**{"digests.txt": digests}))

    assert any("digests.txt" in problem.problem for problem in report.problems)
    assert report.root == root_of(LOG.lines)


def test_an_export_without_its_checkpoint_or_entries_says_so() -> None:
    files = LOG.files()
    without = verified(zip_of({"entries.jsonl": files["entries.jsonl"]}))
    assert "holds no checkpoint" in without.problems[0].problem
    del files["entries.jsonl"]
    assert "holds no entries.jsonl" in verified(zip_of(files)).problems[0].problem


def test_an_export_without_digests_or_contents_verifies_all_the_same() -> None:
    report = verified(LOG.export(**{"digests.txt": None, "contents/000000001.jsonl": None}))

    assert report.ok
    altered = copy.deepcopy(LOG.entries)
    altered[4]["post"] = "host"
    files = {**LOG.files(), "digests.txt": None, "entries.jsonl": written(map(canonical, altered))}
    assert "The first 12 entries are not those" in verified(zip_of(files)).problems[0].problem


def test_a_checkpoint_of_another_log_is_named_as_such() -> None:
    other = log_of(4)
    other.origin = "commonhold/ffffffffffffffff"
    report = verified(LOG.export(), {"kept.txt": other.kept(4)})

    assert len(report.problems) == 1
    assert report.problems[0].problem == (
        "This checkpoint belongs to another log: kept.txt is of commonhold/ffffffffffffffff, the export of"
        " commonhold/0123456789abcdef."
    )


def test_many_problems_are_counted_not_listed() -> None:
    log = log_of(300)
    report = verified(log.export(**{"entries.jsonl": b"?\n" * 300}))

    assert len(report.problems) == 100
    assert report.unlisted > 200
    assert "more problems are not listed" in report.words()


@settings(max_examples=30)
@given(some.integers(0, 2 * SIZE), some.integers(0, 2 * SIZE))
def test_every_kept_state_of_a_log_is_an_earlier_state_of_it(size: int, kept: int) -> None:
    log = log_of(2 * SIZE)
    report = verified(log_of(size).export(), {"kept.txt": log.kept(kept)})

    assert report.ok is (kept <= size)


def test_an_export_may_hold_earlier_checkpoints_too() -> None:
    earlier = LOG.checkpoint(5).encode()
    assert verified(LOG.export(**{"checkpoints/5.txt": earlier})).ok

    wrong = checkpoint_text(LOG.origin, 5, hash_of_leaf(b"")).encode()
    assert not verified(LOG.export(**{"checkpoints/5.txt": wrong})).ok


def test_the_report_reads_as_words_and_as_one_document() -> None:
    report = verified(export_with(LOG.entries[:-1]))

    assert report.words().startswith("The record is NOT whole.\nEntry 12: it is missing")
    assert report.plain()["ok"] is False
    assert report.plain()["problems"][0]["entry"] == 12
