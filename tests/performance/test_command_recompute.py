"""commonhold recompute: published figures again from kept files and rules alone: same, different or not possible."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from commonhold.demand.models import Batch, Reckoning
from commonhold.ledger.models import Entry
from commonhold.performance.models import Pack, Period, Table
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import Commonhold, Said

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(universe: cast.Committee, tmp_path: Path) -> Path:
    """The figures of the boards' pack, as they are published beside it."""
    path = tmp_path / "figures.json"
    with default_storage.open(_place(Pack.objects.get(profile="board").figures)) as kept:
        path.write_bytes(kept.read())
    return path


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def answers(said: Said) -> set[str]:
    return {one["answer"] for one in said.json}


def change(file: Path, measure: str, **parts: Any) -> str:
    """Alter a figure of the whole service in the file; its reference."""
    said = json.loads(file.read_text())
    (figure,) = (one for one in said["figures"] if one["measure"] == measure and not one["scope"])
    figure |= parts
    file.write_text(json.dumps(said))
    return str(figure["evidence"])


@contextmanager
def kept_as(digest: str, content: bytes | None) -> Iterator[None]:
    """Evidence altered, or gone, for a while."""
    path = Path(default_storage.path(_place(digest)))
    there = path.read_bytes()
    path.chmod(0o600)
    try:
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
        yield
    finally:
        path.write_bytes(there)


def test_every_figure_of_a_pack_comes_out_the_same(file: Path, commonhold: Commonhold) -> None:
    said = commonhold("recompute", file, "--json")

    assert said.code == 0
    assert len(said.json) == Pack.objects.get(profile="board").readings.count() > 60
    assert answers(said) == {"same"}
    assert list(said.json[0]) == ["figure", "answer", "why"]
    assert commonhold("recompute", file).out == f"{len(said.json)} of {len(said.json)} figures are the same.\n"


def test_no_stored_result_is_read_and_nothing_is_changed(file: Path, commonhold: Commonhold) -> None:
    before = Entry.objects.count()
    Table.objects.all().delete()
    Period.objects.all().delete()
    Reckoning.objects.all().delete()

    assert commonhold("recompute", file).code == 0
    assert (Entry.objects.count(), Period.objects.count(), Reckoning.objects.count()) == (before, 0, 0)


def test_a_published_figure_is_found_by_its_reference(file: Path, commonhold: Commonhold) -> None:
    reference = change(file, "within_target")
    said = commonhold("recompute", reference, "--json")

    assert (said.code, said.json) == (0, [{"figure": reference, "answer": "same", "why": ""}])


def test_what_became_known_since_makes_no_difference(file: Path, commonhold: Commonhold) -> None:
    bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=cast.NOON)

    assert commonhold("recompute", file).code == 0


def test_what_figures_printed_is_recomputed_too(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    printed = commonhold("figures", "--from", "2026-06-01", "--to", "2026-06-30", "--by", "partner,month", "--json")
    (tmp_path / "printed.json").write_text(printed.out)

    assert commonhold("recompute", tmp_path / "printed.json").code == 0


def test_so_is_what_was_read_after_all_that_the_files_tell_of(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    file = tmp_path / "figures.json"
    file.write_text(commonhold("figures", "--as-of", "2026-12-31T12:00:00+00:00", "--json").out)
    said = commonhold("recompute", file, "--json")

    assert (said.code, answers(said)) == (0, {"same"})


def test_an_altered_figure_is_different_and_said_to_be_altered_itself(file: Path, commonhold: Commonhold) -> None:
    altered = change(file, "within_target", value=1.0, numerator=6)
    said = commonhold("recompute", file, "--json")

    assert said.code == 1
    assert [one for one in said.json if one["answer"] != "same"] == [
        {
            "figure": altered,
            "answer": "different",
            "why": "value was 1.0 and is 0.8333333333333334, numerator was 6 and is 5; "
            "every input is what it was, so the figure itself was altered",
        }
    ]
    total = len(said.json)
    people = commonhold("recompute", file)
    assert people.out.startswith(f"different: {altered}: value was 1.0")
    assert people.out.endswith(f"{total - 1} of {total} figures are the same.\n")


def test_an_altered_evidence_file_is_named(file: Path, commonhold: Commonhold) -> None:
    batch = Batch.objects.get()
    with default_storage.open(_place(batch.sha256)) as kept:
        content = kept.read().replace(b"SD0006", b"SD0066")
    with kept_as(batch.sha256, content):
        said = commonhold("recompute", file, "--json")

    assert (said.code, answers(said)) == (1, {"different"})
    assert (
        f"the kept file of Batch {batch.number} was altered: its bytes had SHA-256 {batch.sha256} and have "
        in (said.json[0]["why"])
    )


def test_a_missing_evidence_file_makes_it_impossible(file: Path, commonhold: Commonhold) -> None:
    batch = Batch.objects.get()
    with kept_as(batch.sha256, None):
        said = commonhold("recompute", file, "--json")

    assert (said.code, answers(said)) == (1, {"not possible"})
    assert said.json[0]["why"] == (
        f"the file of Batch {batch.number}, SHA-256 {batch.sha256}, is missing from the evidence kept here"
    )


def test_a_missing_mapping_makes_it_impossible(file: Path, commonhold: Commonhold) -> None:
    batch = Batch.objects.get()
    with kept_as(batch.mapping_digest, None):
        said = commonhold("recompute", file, "--json")

    assert (said.code, answers(said)) == (1, {"not possible"})
    assert "the mapping of Batch" in said.json[0]["why"]


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("program", "0.0.1", "the program differs: 0.0.1 then, 0.1.0 now"),
        ("rule_version", None, "the rules differ: None then, calendars v1, targets v1 now"),
    ],
)
def test_another_program_or_no_rules_are_named(
    file: Path, commonhold: Commonhold, part: str, value: str | None, said: str
) -> None:
    change(file, "within_target", value=0.5, numerator=3, **{part: value})

    assert said in different(commonhold("recompute", file, "--json"))


@pytest.mark.parametrize(
    ("part", "said"),
    [("rules", f"the rules differ: SHA-256 {'0' * 64} then"), ("batches", "the file of batch 1 is another")],
)
def test_what_its_pack_was_made_from_tells_which_input_is_another_one(
    file: Path, commonhold: Commonhold, part: str, said: str
) -> None:
    change(file, "within_target", value=0.5, numerator=3)
    content = json.loads(file.read_text())
    content["made_from"][part] = "0" * 64 if part == "rules" else [{"batch": 1, "sha256": "0" * 64}]
    file.write_text(json.dumps(content))

    answers = commonhold("recompute", file, "--json").json
    assert {one["answer"] for one in answers} == {"different"}
    whys = [one["why"] for one in answers]
    assert all(said in why for why in whys)
    assert [why.partition(";")[0] for why in whys if "comes out the same" not in why] == [
        "value was 0.5 and is 0.8333333333333334, numerator was 3 and is 5"
    ]


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("scope", {"partner": "Northgate"}),
        ("period", {"from": "2026-06-02", "to": "2026-06-30"}),
        ("period", "x"),
        ("as_of", "2026-07-30T23:59:59+01:00"),
        ("known_at", 1),
        ("definition", "nope.v1"),
        ("unit", "hours"),
        ("grade_mix", {"none": 6}),
        ("notes", ["Every ticket is there."]),
        ("denominator", 7),
        ("high", 1.0),
    ],
)
def test_a_figure_that_says_it_is_another_one_is_different(
    file: Path, commonhold: Commonhold, part: str, value: object
) -> None:
    change(file, "within_target", **{part: value})

    why = different(commonhold("recompute", file, "--json"))
    assert why.startswith(f"{part} was {value} and is ")
    assert why.endswith("so the figure itself was altered")


def different(said: Said) -> str:
    """Why the only figure that is different is so."""
    (why,) = (one["why"] for one in said.json if one["answer"] == "different")
    return str(why)


def test_what_is_kept_back_from_the_public_has_no_value_to_compare(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    with default_storage.open(_place(Pack.objects.get(profile="public").figures)) as kept:
        (tmp_path / "public.json").write_bytes(kept.read())
    said = commonhold("recompute", tmp_path / "public.json", "--json")

    assert (said.code, answers(said)) == (0, {"same"})
    assert "kept back from this publication, so there is no value to compare" in {one["why"] for one in said.json}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"evidence": "performance/nonsense"}, "This is not the reference of a figure"),
        (
            {
                "evidence": "performance/2026-06-01..2026-06-30/happiness.v1"
                "?as_of=2026-06-30T23:59:59%2B01:00&known_at=61"
            },
            "There is no measure called 'happiness.v1'",
        ),
        (
            {
                "evidence": "performance/2026-06-01..2026-06-30/within_target.v1"
                "?as_of=2026-06-30T23:59:59%2B01:00&known_at=99999"
            },
            "the record has no entry 99999 yet",
        ),
    ],
)
def test_a_figure_that_there_cannot_be_is_not_possible(
    file: Path, commonhold: Commonhold, changes: dict[str, str], said: str
) -> None:
    change(file, "within_target", **changes)
    answer = commonhold("recompute", file, "--json")

    assert answer.code == 1
    assert [one["answer"] for one in answer.json if said in one["why"]] == ["not possible"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be opened: No such file or directory. Give the file figures.json of a pack"),
        (b"", "is not JSON. Give the file figures.json of a pack"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"{}", "holds no figures"),
        (b"[]", "holds no figures"),
        (b'{"figures": [{"evidence": "performance/x"}], "made_from": {"batches": [7]}}', "does not say by number"),
        (b'[{"value": 1}]', "holds no figures"),
        (b"[1, 2]", "holds no figures"),
        (b'[{"evidence": "capacity/x"}]', "Nobody here computes the figure capacity/x."),
    ],
)
def test_a_file_that_holds_no_figures_is_refused(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "given.json").write_bytes(content)
    answer = commonhold("recompute", tmp_path / "given.json")

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err and "Traceback" not in answer.err


def test_a_reference_that_was_never_published_is_refused(universe: cast.Committee, commonhold: Commonhold) -> None:
    answer = commonhold("recompute", "performance/2026-06-01..2026-06-30/within_target.v1?as_of=x&known_at=1")

    assert answer.code == 2
    assert "No published figure has this reference. Give the file figures.json that holds it." in answer.err
