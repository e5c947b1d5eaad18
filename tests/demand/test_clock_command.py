"""The command `commonhold clock`, as a script calls it."""

import json
from pathlib import Path

import pytest

from commonhold.__main__ import run
from tests.demand.conftest import Commonhold
from tests.demand.desk import bring_a_month

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


class TestTicket:
    """`--ticket`: the reading of a stored ticket, the same as on its page."""

    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]

    @pytest.fixture(autouse=True)
    def month(self, db: None) -> None:
        bring_a_month()

    def test_json_is_one_document_with_the_keys_of_a_case(self, commonhold: Commonhold) -> None:
        said = commonhold("clock", "--ticket", "SD2", "--json")

        answer = said.json
        keys = ["id", "elapsed_working_minutes", "due", "breached", "explanation"]
        assert (said.code, list(answer)[:5]) == (0, keys)
        assert (answer["id"], answer["elapsed_working_minutes"], answer["breached"]) == ("SD2", 720, True)
        assert answer["due"] == "2026-06-02T13:00:00+01:00"

    def test_without_json_it_is_a_table_of_its_intervals(self, commonhold: Commonhold) -> None:
        said = commonhold("clock", "--ticket", "SD5").out

        assert said.splitlines()[1].split() == ["SD5", "180", "no", "2026-07-03T15:00:00+01:00"]
        assert "2026-06-29T11:00:00+01:00 to 2026-06-30T16:00:00+01:00  on_hold, not counted" in said

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("SD99",), "There is no ticket 'SD99'."),
            (("SD1", "--desk", "nobody's"), "There is no ticket 'SD1' at the desk nobody's."),
            (("SD1", "--acting", "client-lead-of-northgate"), "it is another partner's"),
            (("SD1", "--acting", "emperor"), "emperor"),
            (("SD1", "--calendars", "calendars.toml"), "Name the cases and the calendars"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, commonhold: Commonhold, arguments: tuple[str, ...], words: str
    ) -> None:
        said = commonhold("clock", "--ticket", *arguments)

        assert (said.code, said.out) == (2, "")
        assert words in said.err

    def test_a_partner_s_post_reads_its_own(self, commonhold: Commonhold) -> None:
        assert commonhold("clock", "--ticket", "SD1", "--acting", "client-lead-of-southmere").code == 0
