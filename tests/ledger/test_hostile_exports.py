"""Whatever a zip holds, verification ends soon, in bounded memory, with a plain problem and never a traceback."""

import ast
import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from commonhold.ledger.engine import verify_commonhold as checker
from tests.ledger.logs import any_zip_of, log_of, verified, zip_of

FILES = log_of(5).files()
EXPORT = zip_of(FILES)
PROGRAM = Path(checker.__file__)


def first_problem(export: bytes) -> str:
    return verified(export).problems[0].problem


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"not a zip at all", b"\x00" * 70_000, EXPORT[:-30], EXPORT[: len(EXPORT) // 2], EXPORT[300:]]
)
def test_what_is_not_a_whole_zip_is_told(data: bytes) -> None:
    assert first_problem(data).startswith("The export cannot be read: ")


@given(some.integers(0, len(EXPORT) - 1), some.integers(1, 255))
def test_one_damaged_byte_never_breaks_it(place: int, change: int) -> None:
    damaged = bytearray(EXPORT)
    damaged[place] ^= change
    report = verified(bytes(damaged))

    assert report.ok or all(problem.problem for problem in report.problems)


@given(some.randoms(use_true_random=False))
def test_much_damage_never_breaks_it(chance: random.Random) -> None:
    damaged = bytearray(EXPORT)
    for _ in range(chance.randint(1, 40)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    start, end = sorted((chance.randrange(len(damaged)), chance.randrange(len(damaged))))
    del damaged[start : start + min(end - start, 50)]

    verified(bytes(damaged))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "a\\..\\b",
        "C:entries.jsonl",
        "checkpoints/../../x",
        "a\nb",
    ],
)
def test_dangerous_names_are_told_and_not_followed(name: str) -> None:
    assert "dangerous name" in first_problem(any_zip_of([(name, b"x"), *FILES.items()]))


def test_a_name_with_a_hidden_end_is_told() -> None:
    hidden = any_zip_of([("digests.txt+x", b"x"), ("entries.jsonl", b"")]).replace(b"txt+x", b"txt\x00x")
    assert "dangerous name ('digests.txt\\x00x')" in first_problem(hidden)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_told() -> None:
    assert first_problem(any_zip_of([*FILES.items(), ("entries.jsonl", b"")])) == ("The zip holds entries.jsonl twice.")


def test_folders_in_the_zip_are_no_files() -> None:
    assert verified(any_zip_of([("contents/", b""), *FILES.items()])).ok


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_to_compress_are_not_read(compression: int) -> None:
    assert "compressed in a way" in first_problem(any_zip_of(FILES.items(), compression))


def test_an_encrypted_file_is_told() -> None:
    encrypted = bytearray(any_zip_of([("entries.jsonl", b"x")], zipfile.ZIP_STORED))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert first_problem(bytes(encrypted)) == "In the zip, entries.jsonl is encrypted."


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        (b"\xff\xfe\n", "not UTF-8"),
        (b"[" * 200_000 + b"\n", "nested too deeply"),
        (b"9" * 200_000 + b"\n", "too large"),
        (b"\x00\n", "not JSON"),
        (b"\n" * 200_000, "not JSON"),
        (b"{}\n", "just what an entry holds"),
        (b"null\n", "just what an entry holds"),
    ],
)
def test_lines_that_are_no_entries_are_told(entries: bytes, why: str) -> None:
    assert why in first_problem(zip_of({**FILES, "entries.jsonl": entries}))


def test_a_line_without_end_is_not_gathered_in_memory() -> None:
    bomb = zip_of({**FILES, "entries.jsonl": b"0" * (checker.LONGEST_LINE + 2 * checker.CHUNK)})

    assert len(bomb) < 50_000
    assert "a line of entries.jsonl is too long" in first_problem(bomb)


def test_a_zip_that_unpacks_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "LARGEST_EXPORT", 2**20)
    bomb = zip_of({**FILES, "digests.txt": b"0\n" * 2**20})

    assert "unpacks to more than this program reads" in verified(bomb).problems[-1].problem


def test_a_checkpoint_without_end_is_left() -> None:
    bomb = zip_of({**FILES, "checkpoints/9.txt": b"0" * 10**7})

    assert "checkpoints/9.txt is too large" in first_problem(bomb)


def test_a_zip_of_very_many_files_is_not_listed() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("x", b"")
    start = made.getvalue().index(b"PK\x01\x02")
    local, entry, end = made.getvalue()[:start], made.getvalue()[start : start + 47], made.getvalue()[start + 47 :]
    count = checker.LARGEST_DIRECTORY // len(entry) + 1
    end = end[:8] + b"\xff\xff\xff\xff" + (count * len(entry)).to_bytes(4, "little") + end[16:]

    assert "the list of files in it is too large" in first_problem(local + entry * count + end)


def test_a_value_nested_as_deep_as_can_be_is_told_not_followed() -> None:
    deep = b"[" * 500 + b"]" * 500
    held = b'{"contents":{"title":{"salt":"' + b"0" * 32 + b'","value":' + deep + b'}},"entry":2}\n'

    assert "is not what was entered" in first_problem(zip_of({**FILES, "contents/000000001.jsonl": held}))


def test_the_program_is_one_file_of_the_standard_library_for_python_3_9() -> None:
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"), feature_version=(3, 9))
    names = {
        alias.name if isinstance(node, ast.Import) else node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_it_runs_alone(tmp_path: Path) -> None:
    program, export, kept = tmp_path / "verify_commonhold.py", tmp_path / "record.zip", tmp_path / "kept.txt"
    program.write_bytes(PROGRAM.read_bytes())
    export.write_bytes(EXPORT)
    kept.write_text(log_of(3).checkpoint())

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        alone = [sys.executable, "-I", "-S", str(program), *arguments]
        return subprocess.run(alone, capture_output=True, text=True, cwd=tmp_path, check=False)

    whole = run("record.zip", "--checkpoint", "kept.txt")
    assert (whole.returncode, whole.stdout.splitlines()[0]) == (0, "The record is whole.")
    export.write_bytes(
        zip_of({**FILES, "entries.jsonl": FILES["entries.jsonl"].replace(b"southmere", b"northmere", 1)})
    )
    altered = run("record.zip", "--json")
    assert altered.returncode == 1
    assert '"entry": 1' in altered.stdout
    missing = run("none.zip")
    assert (missing.returncode, missing.stderr) == (2, "none.zip cannot be read: No such file or directory.\n")
