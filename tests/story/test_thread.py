"""From a ticket file to the update at the next meeting: one thread, every figure of it open to its evidence."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from commonhold.ledger import queries as ledger
from commonhold.ledger.engine.by import public
from commonhold.ledger.models import Entry
from commonhold.partnership.models import RuleVersion
from commonhold.performance.models import Pack, Reading
from commonhold.performance.queries import recomputing
from tests import universe
from tests.story.reading import reader, words
from tests.story.telling import Told, at, bring

pytestmark = pytest.mark.long


def entry_of(subject: str) -> Entry:
    return Entry.objects.get(subject=subject)


def test_every_partner_confirmed_the_rules_as_they_were_found(told: Told) -> None:
    seen = words(reader(None), "/agreement/")

    assert RuleVersion.objects.exclude(rule="consent").count() == 2
    assert seen.count("Confirmed by 3 of 3 partners") == 2


def test_the_files_are_taken_over_whole(told: Told) -> None:
    assert told.first_file["tickets"] == {"new": 90, "changed": 0, "unchanged": 0}
    assert told.second_file["tickets"]["new"] == 90
    assert told.first_file["refused"] == told.second_file["refused"] == []


def test_a_file_brought_again_changes_nothing_and_leaves_no_entry(told: Told) -> None:
    before = Entry.objects.count()

    report = bring("january-to-march", at(4, 22))

    assert (report["tickets"]["new"], report["tickets"]["changed"]) == (0, 0)
    assert Entry.objects.count() == before


def test_parity_finds_who_was_served_worse_and_nobody_in_the_quarter_after(told: Told) -> None:
    first, second = (words(reader("client-lead-of-northgate"), pack[1].get_absolute_url()) for pack in packs(told))

    assert re.findall(r"(\w+): \d+ tickets missed[^;]*mix; that is more than chance", first) == [
        "Northgate",
        "Northgate",
    ]
    assert "Northgate: 15 tickets missed their target where 6.1 would be expected" in first
    assert "that is more than chance" not in second
    assert second.count("that is within what chance explains") == 3


def packs(told: Told) -> tuple[tuple[Pack, Pack], tuple[Pack, Pack]]:
    return told.first_packs, told.second_packs


def test_the_public_s_pack_says_nothing_of_single_partners(told: Told) -> None:
    public_pack, board_pack = told.first_packs

    assert "Northgate" not in words(reader(None), public_pack.get_absolute_url())
    assert "Northgate" in words(reader("client-lead-of-southmere"), board_pack.get_absolute_url())
    assert reader(None).get(board_pack.get_absolute_url()).status_code == 403, "its title is on the agenda"


def test_the_meeting_shows_the_pack_what_was_resolved_and_what_was_asked(told: Told) -> None:
    seen = words(reader("committee-member-of-northgate"), told.first_item.meeting.get_absolute_url())

    assert "Performance pack, October to December 2025, for the boards" in seen
    assert told.resolution.text in seen
    assert told.action.text in seen


def test_the_action_is_closed_by_the_pack_of_the_next_quarter(told: Told) -> None:
    seen = words(reader("committee-member-of-northgate"), told.action.get_absolute_url())

    assert "Two posts were filled in January." in seen
    assert "Performance pack, January to March 2026, for the boards" in seen
    assert "Closed" in seen


def test_the_thread_reads_as_one_story_from_the_first_entry_to_the_last(told: Told) -> None:
    last = Entry.objects.get(kind="action.closed")
    answer = reader("committee-member-of-northgate").get(f"/record/entries/{last.number}/thread/")

    assert re.findall(r"<strong>([^<]*)</strong>", answer.content.decode().partition("<main")[2]) == [
        "A body was entered",
        "A ticket file was imported",
        "A performance pack was published",
        "A meeting was called",
        "An item was put on an agenda",
        "A paper was put before a meeting",
        "A body resolved",
        "A body asked for an action",
        "A ticket file was imported",
        "A performance pack was published",
        "A meeting was called",
        "An item was put on an agenda",
        "A paper was put before a meeting",
        "An action was closed, with evidence",
    ]


def test_the_thread_of_the_resolution_holds_what_led_to_it_what_came_of_it_and_what_that_rests_on(told: Told) -> None:
    resolved = entry_of(told.resolution.ref)
    thread = ledger.thread(resolved.number, public(at(4, 22)))

    assert thread is not None
    assert (thread.before, thread.after, thread.beside) == (6, 2, 5)


def test_from_the_resolution_the_paper_that_closes_its_action_is_read_and_the_pack_behind_it(told: Told) -> None:
    resolved = entry_of(told.resolution.ref)
    answer = reader(None).get(f"/record/entries/{resolved.number}/thread/")
    _, _, came_of_it = answer.content.decode().partition("What came of it, and what that rests on")

    assert re.findall(r"<strong>([^<]*)</strong>", came_of_it) == [
        "A body asked for an action",
        "A ticket file was imported",
        "A performance pack was published",
        "A meeting was called",
        "An item was put on an agenda",
        "A paper was put before a meeting",
        "An action was closed, with evidence",
    ]
    assert "Performance pack, January to March 2026, for the boards" in came_of_it
    assert "outside this thread" not in answer.content.decode()


def test_every_published_figure_is_computed_again_to_the_same_value(told: Told) -> None:
    for pack in (*told.first_packs, *told.second_packs):
        figures = list(Reading.objects.filter(pack=pack).values_list("figure", flat=True))
        answers = list(recomputing.recomputed(figures))

        assert len(answers) == len(figures) > 20
        assert [answer for answer in answers if answer.answer != "same"] == []


@pytest.mark.parametrize("partner", [None, "northgate"])
def test_the_record_is_verified_by_the_one_file_that_comes_with_it(
    told: Told, partner: str | None, tmp_path: Path
) -> None:
    bundle = tmp_path / "record.zip"
    seen_by = public(at(4, 22)) if partner is None else universe.somebody(f"client-lead-of-{partner}", at(4, 22))
    bundle.write_bytes(b"".join(ledger.export(ledger.head(), seen_by)))
    with zipfile.ZipFile(bundle) as files:
        (tmp_path / "verify_commonhold.py").write_bytes(files.read("verify_commonhold.py"))

    checked = subprocess.run(
        [sys.executable, "-I", "verify_commonhold.py", "record.zip"],
        cwd=tmp_path, env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"{Entry.objects.count():,} entries" in checked.stdout


def test_one_altered_letter_is_found_without_the_service(told: Told, tmp_path: Path) -> None:
    bundle, forged = tmp_path / "record.zip", tmp_path / "forged.zip"
    bundle.write_bytes(b"".join(ledger.export(ledger.head(), public(at(4, 22)))))
    with zipfile.ZipFile(bundle) as files, zipfile.ZipFile(forged, "w") as forgery:
        for name in files.namelist():
            forgery.writestr(name, files.read(name).replace(b'"resolution.made"', b'"resolution.maid"'))
        (tmp_path / "verify_commonhold.py").write_bytes(files.read("verify_commonhold.py"))

    checked = subprocess.run(
        [sys.executable, "-I", "verify_commonhold.py", "forged.zip"],
        cwd=tmp_path, env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert checked.returncode == 1
    assert f"{entry_of(told.resolution.ref).number}" in checked.stdout
