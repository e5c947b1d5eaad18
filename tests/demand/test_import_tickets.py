"""The command `commonhold import-tickets`, as a script calls it: documents, exit codes, refusals, dry runs."""

import gzip
from pathlib import Path

import pytest

from commonhold.demand.models import Batch, Ticket
from commonhold.ledger import evidence
from commonhold.ledger.models import Entry
from tests.demand.bringing import SAMPLES, events, everything, references
from tests.demand.conftest import Commonhold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]

KEYS = [
    "batch", "replaces", "sha256", "original_sha256", "rows", "events", "tickets", "refused", "grades", "warnings",
    "ask_the_desk_for", "message_to_the_desk", "seconds",
]  # fmt: skip
"""Those of docs/guide/commands/import-tickets.md; scripts rely on them."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file that is good, a later one, and one that is not."""
    (tmp_path / "june.csv").write_text(events("SD1,2026-06-01T08:00Z,open,P3,incident,Desk,Southmere"))
    (tmp_path / "july.csv.gz").write_bytes(gzip.compress(events("SD2,2026-07-01T08:00Z,open").encode()))
    (tmp_path / "half.csv").write_text(events("SD3,2026-06-01T08:00Z,open", "SD4,never,open"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_json_is_one_document_with_the_keys_that_scripts_rely_on(commonhold: Commonhold) -> None:
    said = commonhold("import-tickets", "june.csv", "--mapping", "canonical", "--json")

    report = said.json
    assert (said.code, said.err) == (0, "")
    assert list(report) == KEYS
    assert list(report["tickets"]) == ["new", "changed", "unchanged"]
    assert list(report["grades"]) == ["intervals", "observed", "total", "none"]
    assert report["tickets"]["new"] == report["rows"] == report["events"] == 1
    with evidence.opened(report["sha256"]) as kept:
        assert evidence.digest_of(kept) == report["sha256"]


def test_the_same_file_again_has_the_same_keys_and_changes_nothing(commonhold: Commonhold) -> None:
    first = commonhold("import-tickets", "june.csv", "--mapping", "canonical", "--json").json
    before = everything()

    again = commonhold("import-tickets", "june.csv", "--mapping", "canonical", "--json").json

    assert sorted(again) == sorted(KEYS)
    assert (again["batch"], again["sha256"]) == (first["batch"], first["sha256"])
    assert again["tickets"] == {"new": 0, "changed": 0, "unchanged": 1}
    assert everything() == before


def test_rows_left_out_are_told_by_line_column_value_and_problem(commonhold: Commonhold) -> None:
    (row,) = commonhold("import-tickets", "half.csv", "--mapping", "canonical", "--tolerate", "0.5", "--json").json[
        "refused"
    ]

    assert list(row) == ["line", "column", "value", "problem"]
    assert (row["line"], row["column"], row["value"]) == (3, "event_at", "never")


def test_several_files_are_several_batches_in_order_and_print_a_list(commonhold: Commonhold) -> None:
    said = commonhold("import-tickets", "june.csv", "july.csv.gz", "--mapping", "canonical", "--json")

    assert [report["batch"] for report in said.json] == [1, 2]
    assert [report["tickets"]["new"] for report in said.json] == [1, 1]
    assert Entry.objects.filter(kind="tickets.imported").count() == 2


def test_a_refused_file_stops_those_after_it_and_what_came_before_stays(commonhold: Commonhold) -> None:
    said = commonhold("import-tickets", "june.csv", "half.csv", "july.csv.gz", "--mapping", "canonical", "--json")

    assert said.code == 2
    assert [report["batch"] for report in said.json] == [1, None], "a list, for several files were named"
    assert said.err.startswith("half.csv was refused: 1 of the 2 rows cannot be read")
    assert said.err.endswith("Not looked at, because they come after it: july.csv.gz.\n")
    assert "Line 3, event_at: 'never' is no date" in said.err
    assert references() == ["SD1"]


def test_a_dry_run_says_what_an_import_would_do_and_leaves_nothing(commonhold: Commonhold) -> None:
    before, kept = everything(), set(evidence.all_digests())

    said = commonhold("import-tickets", "june.csv", "half.csv", "--mapping", "canonical", "--tolerate", "0.5",
                      "--dry-run", "--json")  # fmt: skip

    assert said.code == 0
    assert [list(report) for report in said.json] == [KEYS, KEYS]
    assert [(report["batch"], report["tickets"]["new"]) for report in said.json] == [(None, 1), (None, 1)]
    assert (everything(), set(evidence.all_digests())) == (before, kept)
    told = commonhold("import-tickets", "june.csv", "--mapping", "canonical", "--dry-run")
    first = told.out.splitlines()[0]
    counts = "june.csv: 1 row, read by canonical. Tickets: 1 new, 0 changed, 0 as before."
    assert first == f"{counts} A dry run: nothing was imported."


def test_a_dry_run_foretells_the_import(commonhold: Commonhold) -> None:
    asked = ("import-tickets", "half.csv", "--mapping", "canonical", "--tolerate", "0.5", "--json")
    foretold, done = commonhold(*asked, "--dry-run").json, commonhold(*asked).json

    for name in set(KEYS) - {"batch", "seconds"}:
        assert foretold[name] == done[name], name


def test_without_json_it_is_a_line_for_each_file_with_what_was_left_out_on_standard_error(
    commonhold: Commonhold,
) -> None:
    said = commonhold("import-tickets", "june.csv", "half.csv", "--mapping", "canonical", "--tolerate", "0.5")

    told = [line for line in said.out.splitlines() if line and not line.startswith("  ")]
    assert [line.partition(":")[0] for line in told] == ["june.csv", "half.csv"]
    assert "left out line 3, event_at: 'never' is no date" in said.err
    assert "warning: " in said.err


WRONG = (*(f"SD{n},2026-06-01T08:00Z,pondering" for n in range(300)), *(f"SD{n},day {n},open" for n in range(150)))


@pytest.mark.parametrize(("tolerate", "code"), [("1", 0), ("0.01", 2)])
def test_each_cause_is_printed_once_and_never_more_than_a_screen_takes(
    commonhold: Commonhold, tmp_path: Path, tolerate: str, code: int
) -> None:
    (tmp_path / "wrong.csv").write_text(events(*WRONG, "SD9,2026-06-01T08:00Z,open"))

    said = commonhold("import-tickets", "wrong.csv", "--mapping", "canonical", "--tolerate", tolerate)

    assert said.code == code
    assert "300 rows (lines 2, 3, 4, 5, 6 and 295 more), state: 'pondering' is a state" in said.err
    assert said.err.count("pondering") == 1 and said.err.count("is no date") == 99
    assert "51 more causes: --json lists every line." in said.err


def test_with_json_a_refusal_names_every_line(commonhold: Commonhold, tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text(events(*WRONG))

    said = commonhold("import-tickets", "wrong.csv", "--mapping", "canonical", "--json")

    assert said.code == 2
    assert list(said.json) == [*KEYS, "problem"]
    assert [row["line"] for row in said.json["refused"]] == [*range(2, 452)]
    assert said.json["problem"].startswith("wrong.csv was refused: 450 of the 450 rows cannot be read")
    assert all(f"Line {line}, " in said.err for line in range(2, 452))


@pytest.mark.parametrize(
    ("mapping", "areas", "words"),
    [
        ('kind = "tickets"\n[columns]\nreference = \n', "value,partner\na,Southmere\n", "(at line 3, column 13)"),
        ('kind = "tickets"\ncolour = "red"\n', "value,partner\na,Southmere\n", "ours.toml, colour: is no key"),
        ("", "", "The map of partners m1.csv cannot be used: The file is empty."),
        ("", "value,partner\n", "The map of partners m1.csv cannot be used: The file has a heading line but no rows."),
        ("", "value\na\n", "The map of partners m1.csv cannot be used: No comma, semicolon or tab"),
        (
            "",
            "value,partner\na,A\n".encode("utf-16"),
            "The map of partners m1.csv cannot be used: The file is UTF-16",
        ),
        (
            "",
            "value,partner\n,A\n",
            "The map of partners m1.csv cannot be used: Put this line right.\nLine 2: there is",
        ),
    ],
)
def test_what_is_brought_beside_the_files_is_called_by_its_own_name(
    commonhold: Commonhold, tmp_path: Path, mapping: str, areas: str | bytes, words: str
) -> None:
    (tmp_path / "ours.toml").write_text(mapping)
    (tmp_path / "m1.csv").write_bytes(areas if isinstance(areas, bytes) else areas.encode())
    rules = "ours.toml" if mapping else "canonical"

    said = commonhold("import-tickets", "june.csv", "--mapping", rules, "--partners", "m1.csv", "--json")

    assert (said.code, said.json["refused"]) == (2, [])
    assert words in said.err and words in said.json["problem"]
    assert not mapping or "The mapping ours.toml " in said.err


@pytest.mark.parametrize(("share", "code"), [("0.5", 0), ("1", 0), ("0.49", 2), ("0", 2), ("1.5", 2), ("nan", 2)])
def test_so_large_a_share_of_bad_rows_is_tolerated(commonhold: Commonhold, share: str, code: int) -> None:
    assert commonhold("import-tickets", "half.csv", "--mapping", "canonical", "--tolerate", share).code == code
    assert references() == (["SD3"] if code == 0 else [])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("none.csv", "--mapping", "canonical"), "none.csv cannot be opened: No such file or directory."),
        ((".", "--mapping", "canonical"), ". cannot be opened: Is a directory."),
        (("june.csv",), "the following arguments are required: --mapping"),
        (("--mapping", "canonical"), "the following arguments are required: FILE"),
        (("june.csv", "--mapping", "crystal-ball"), "crystal-ball"),
        (("june.csv", "--mapping", "none.toml"), "The mapping none.toml cannot be opened: No such file or directory."),
        (("june.csv", "--mapping", "canonical", "--partners", "none.csv"), "The map of partners none.csv cannot be"),
        (("june.csv", "--mapping", "canonical", "--time-zone", "Atlantis/Sea"), "Atlantis/Sea"),
        (("june.csv", "--mapping", "canonical", "--tolerate", "few"), "invalid float value: 'few'"),
        (("june.csv", "--mapping", "canonical", "--acting", "emperor"), "emperor"),
        (("june.csv", "--mapping", "canonical", "--acting", "auditor-of-eastwell-vale"), "bring ticket files"),
        (("june.csv", "--mapping", "hornbill"), "h_pk_reference"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words_and_changes_nothing(
    commonhold: Commonhold, arguments: tuple[str, ...], words: str
) -> None:
    before = everything()

    said = commonhold("import-tickets", *arguments)

    assert (said.code, said.out) == (2, "")
    assert words in said.err and "Traceback" not in said.err
    assert everything() == before


def test_a_post_that_brings_files_is_named_on_the_entry(commonhold: Commonhold) -> None:
    commonhold("import-tickets", "june.csv", "--mapping", "canonical", "--acting", "service-analyst")
    commonhold("import-tickets", "july.csv.gz", "--mapping", "canonical")

    entries = Entry.objects.filter(kind="tickets.imported").order_by("number")
    assert [entry.post for entry in entries] == ["service-analyst", "operator"]


@pytest.mark.parametrize("name", ["servicenow-audit", "servicenow-table", "hornbill", "canonical"])
def test_each_built_in_mapping_reads_its_tool_s_export(commonhold: Commonhold, name: str, tmp_path: Path) -> None:
    areas = tmp_path / "nobody.csv"
    areas.write_text("value,partner\nnobody,Southmere\n")

    said = commonhold(
        "import-tickets", SAMPLES / f"{name}.csv", "--mapping", name, "--partners", areas, "--tolerate", "0.2", "--json"
    )

    assert said.code == 0, said.err
    assert said.json["tickets"]["new"] == Ticket.objects.count() > 0
    assert Batch.objects.get().mapping == name


def test_a_mapping_of_one_s_own_is_a_file(commonhold: Commonhold, tmp_path: Path) -> None:
    (tmp_path / "our-desk.toml").write_text(
        'kind = "tickets"\n[columns]\nreference = "ref"\nstate = "what"\nopened_at = "when"\n[states]\n"New" = "open"\n'
    )
    (tmp_path / "ours.csv").write_text("ref;what;when\nA1;New;2026-06-01T08:00Z\n")

    said = commonhold("import-tickets", "ours.csv", "--mapping", "our-desk.toml", "--json")

    assert (said.code, said.json["grades"]["none"]) == (0, 1)
    assert said.json["ask_the_desk_for"], "a table says nothing of holds"


def test_help_has_an_example(commonhold: Commonhold) -> None:
    said = commonhold("import-tickets", "--help")

    assert said.code == 0
    assert "commonhold import-tickets incidents.csv.gz --mapping servicenow-audit" in said.out
    assert said.out.startswith("usage: commonhold import-tickets ")
    assert commonhold("import_tickets").err.startswith("usage: commonhold import-tickets ")
    assert "import_tickets" not in said.out
