"""The command `commonhold import-readings`, and what `figures` and `recompute` make of what it brought."""

import json
from pathlib import Path
from typing import Any

import pytest

from commonhold.ledger import evidence
from commonhold.ledger.models import Entry
from commonhold.performance.models import Delivery, SourceReading
from tests import readings
from tests.demand.conftest import Commonhold
from tests.readings import file, line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
SPRING = ("--from", "2026-04-01", "--to", "2026-06-30")


@pytest.fixture
def phones(tmp_path: Path) -> Path:
    path = tmp_path / "phones.csv"
    path.write_bytes(
        file(
            line(first="2026-04-01", last="2026-04-30", value="1,000"),
            line(value="1200"),
            line(measure="calls_answered", value="", numerator="900", denominator="1000", grade="stated"),
            line(measure="calls_abandoned", value="", numerator="60", denominator="1000", threshold="30"),
        )
    )
    return path


def test_a_file_is_brought_and_again_changes_nothing(commonhold: Commonhold, phones: Path) -> None:
    dry = commonhold("import-readings", phones, "--dry-run")
    assert (dry.code, dry.out) == (
        0,
        f"{phones}: 4 readings: 4 new, 0 corrected, 0 as before. A dry run: nothing was brought.\n",
    )
    assert not Delivery.objects.exists()

    done = commonhold("import-readings", phones, "--json")
    assert done.code == 0
    assert done.json["readings"] == {"new": 4, "corrected": 0, "unchanged": 0}
    assert done.json["delivery"] == Delivery.objects.get().pk
    entry = Entry.objects.latest("number")
    assert (entry.kind, entry.post, entry.through) == ("readings.imported", "operator", "the command line")

    again = commonhold("import-readings", phones)
    assert again.out == f"{phones}: 4 readings: 0 new, 0 corrected, 4 as before.\n"
    assert Entry.objects.latest("number") == entry


def test_bad_rows_are_listed_and_nothing_is_brought(commonhold: Commonhold, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(file(line(), line(partner="Westover", value="12%")))
    said = commonhold("import-readings", path)

    assert (said.code, said.out) == (2, "")
    assert "Line 3, partner: 'Westover' is no partner of this partnership." in said.err
    assert "Line 3, value: '12%' is not a number" in said.err
    assert "1 of its rows cannot be taken, so nothing was brought." in said.err
    assert not SourceReading.objects.exists()
    listed = commonhold("import-readings", path, "--json")
    assert (listed.code, [one["line"] for one in listed.json["refused"]]) == (2, [3, 3])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere.csv",), "nowhere.csv cannot be opened: No such file or directory."),
        ((".",), ". cannot be opened: Is a directory."),
        (("--acting", "managing-director"), "You may not bring readings."),
    ],
)
def test_what_makes_no_sense_is_refused(
    commonhold: Commonhold, phones: Path, arguments: tuple[str, ...], words: str
) -> None:
    said = commonhold("import-readings", *(arguments if arguments[0][0] != "-" else (phones, *arguments)))

    assert said.code == 2
    assert words in said.err


def test_figures_say_what_is_told_and_who_counted(commonhold: Commonhold, phones: Path) -> None:
    commonhold("import-readings", phones)
    said = commonhold("figures", *SPRING)

    assert said.code == 0
    assert "2,200 calls - counted by the source, told in part" in said.out
    assert "90.0% (900 of 1,000) - stated, told in part" in said.out
    months = commonhold("figures", *SPRING, "--measure", "calls_offered", "--by", "month", "--json").json
    assert [(one["scope"]["month"], one["value"], one["reason"]) for one in months] == [
        ("2026-04", 1_000, None), ("2026-05", None, "no readings were brought"), ("2026-06", 1_200, None),
    ]  # fmt: skip


def test_recompute_derives_figures_from_the_kept_files_alone(
    commonhold: Commonhold, phones: Path, tmp_path: Path
) -> None:
    commonhold("import-readings", phones)
    figures = tmp_path / "figures.json"
    figures.write_text(commonhold("figures", *SPRING, "--json").out)
    then = json.loads(figures.read_text())
    phones.write_bytes(file(line(value="1100")))
    assert commonhold("import-readings", phones, "--reason", "A test line was counted").code == 0

    assert commonhold("recompute", figures).out == "3 of 3 figures are the same.\n"
    now = commonhold("figures", *SPRING, "--json").json
    assert [one["value"] for one in now if one["measure"] == "calls_offered"] == [2_100]
    old = commonhold("figures", *SPRING, "--known-at", then[0]["known_at"], "--json").json
    assert old == then


def test_recompute_says_what_is_other_than_it_was(commonhold: Commonhold, phones: Path, tmp_path: Path) -> None:
    commonhold("import-readings", phones)
    figures = tmp_path / "figures.json"
    found: list[dict[str, Any]] = commonhold("figures", *SPRING, "--measure", "calls_offered", "--json").json
    figures.write_text(json.dumps([{**found[0], "value": 2_201}]))
    said = commonhold("recompute", figures)
    assert (said.code, "value was 2201 and is 2200; every input is what it was" in said.out) == (1, True)

    figures.write_text(json.dumps({"figures": found, "made_from": {"batches": [], "readings": [
        {"delivery": Delivery.objects.get().pk, "sha256": "0" * 64}]}}))  # fmt: skip
    assert "it comes out the same, but the file of delivery" in commonhold("recompute", figures).out

    evidence.remove(Delivery.objects.get().sha256)
    figures.write_text(json.dumps(found))
    gone = commonhold("recompute", figures)
    assert (gone.code, "is missing from the evidence kept here" in gone.out) == (1, True)


def test_what_was_taken_back_is_left_out_again(commonhold: Commonhold, tmp_path: Path) -> None:
    from commonhold.performance.acts import bringing

    made = readings.enter()
    right = bringing.correct(
        by=readings.somebody("service-analyst"), reading=made, reason="Swapped",
        given=readings.given(
            measure="site_visits", partner="Southmere", site="Town Hall", value=421, unit="visits"
        ),
    )  # fmt: skip
    corrected = commonhold("figures", *SPRING, "--measure", "site_visits", "--json").out
    bringing.take_back(by=readings.somebody("service-analyst"), reading=right, reason="They were right")
    back = commonhold("figures", *SPRING, "--measure", "site_visits", "--json").out

    assert [json.loads(text)[0]["value"] for text in (corrected, back)] == [421, 412]
    for text in (corrected, back):
        path = tmp_path / "figures.json"
        path.write_text(text)
        assert commonhold("recompute", path).out == "1 of 1 figures are the same.\n"


def test_a_measure_that_there_is_not_names_those_that_there_are(commonhold: Commonhold) -> None:
    said = commonhold("figures", *SPRING, "--measure", "happiness")

    assert said.code == 2
    assert "There is no measure called 'happiness'. Choose from: tickets_opened" in said.err
    assert "satisfaction" in said.err
    assert commonhold("figures", *SPRING, "--measure", "satisfaction", "--by", "team").code == 2
