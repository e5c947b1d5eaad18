"""The command `commonhold clock`, as a script calls it."""

import json
from pathlib import Path

import pytest

from commonhold.__main__ import run

CALENDARS = """
time_zone = "Europe/London"
holidays = "GB-ENG"
[office]
mon-fri = ["08:00-18:00"]
observes_holidays = true
"""
CASES = """id,description,calendar,opened,events,target_minutes
one,,office,2024-06-11T17:00:00+01:00,"[[""2024-06-12T09:00:00+01:00"", ""resolved""]]",60
far,,office,2040-06-11T17:00:00+01:00,[],60
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    (tmp_path / "calendars.toml").write_text(CALENDARS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def test_json_is_one_document_and_warnings_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clock", "cases.csv", "--calendars", "calendars.toml", "--json"]) == 0
    said = capsys.readouterr()
    first, far = json.loads(said.out)
    assert first["id"] == "one"
    assert (first["elapsed_working_minutes"], first["breached"]) == (120, True)
    assert first["due"] == "2024-06-11T18:00:00+01:00"
    assert far["elapsed_working_minutes"] == 0
    assert said.err.startswith("Warning: far: bank holidays are known from 2012 to 2028")


def test_without_json_it_is_a_table_that_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clock", "cases.csv", "--calendars", "calendars.toml"]) == 0
    assert capsys.readouterr().out.splitlines()[:4] == [
        "id   minutes  breached  due",
        "one      120  yes       2024-06-11T18:00:00+01:00",
        "    2024-06-11T17:00:00+01:00 to 2024-06-11T18:00:00+01:00  open, 60 min",
        "    2024-06-12T08:00:00+01:00 to 2024-06-12T09:00:00+01:00  open, 60 min",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Name the cases and the calendars"),
        (("cases.csv",), "Name the cases and the calendars"),
        (("cases.csv", "--calendars", "none.toml"), "none.toml cannot be read (No such file or directory)"),
        (("calendars.toml", "--calendars", "calendars.toml"), "calendars.toml, line 2: no column id"),
        (("cases.csv", "--calendars", "cases.csv"), "cases.csv is not TOML that can be read"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["clock", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert "Traceback" not in said.err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["clock", "--help"])
    assert left.value.code == 0
    assert "commonhold clock cases.csv --calendars calendars.toml --json" in capsys.readouterr().out
