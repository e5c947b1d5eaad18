"""Mappings: everything that one says is checked before a row is read, and all that is wrong is said at once."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.demand.engine import cells, mapping
from commonhold.demand.engine.mapping import BUILT_IN, HOLD_REASONS, KINDS, PRIORITIES, STATES
from commonhold.refusals import Refused
from tests.demand.reading import SAMPLES
from tests.house.documents import FENCE

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "mappings.md"
GOOD = """
kind = "events"
missing = ["?", ""]
dates = ["%d/%m/%Y %H:%M", "iso"]
time_zone = "Europe/London"
[columns]
reference = "number"
event_at = "sys_updated_at"
state = "incident_state"
source_verdict = "made_sla"
source_verdict_true = ["true", "TRUE"]
[states]
"New" = "open"
"Awaiting User Info" = "on_hold"
"-100" = "ignore"
[hold_reasons]
"Awaiting User Info" = "awaiting_customer"
[priorities]
"1 - Critical" = "P1"
[kinds]
"Inc" = "incident"
[teams]
"Group 70" = "service"
"Group 71" = "authority:  Ashvale"
"Group 72" = "supplier: Net Works Ltd"
"""


def parse(text: str) -> mapping.Mapping:
    return mapping.parse(text.encode(), "mine")


def test_a_mapping_says_what_its_file_says() -> None:
    found = parse(GOOD)
    assert (found.name, found.desk, found.kind, found.version) == ("mine", "mine", "events", 1)
    assert found.missing == {"?", ""}
    assert found.dates == ("%d/%m/%Y %H:%M", "iso")
    assert found.time_zone == "Europe/London"
    assert found.columns["event_at"] == "sys_updated_at"
    assert found.verdict_true == {"true", "TRUE"}
    assert found.states == {"New": "open", "Awaiting User Info": "on_hold", "-100": "ignore"}
    assert found.teams == {
        "Group 70": "service",
        "Group 71": "authority: Ashvale",
        "Group 72": "supplier: Net Works Ltd",
    }


def test_a_desk_may_be_named_and_a_version_counted() -> None:
    found = parse('desk = "North desk"\nversion = 3\n' + GOOD)
    assert (found.desk, found.version) == ("North desk", 3)


def test_the_digest_is_of_what_is_said_not_of_how() -> None:
    written_otherwise = "# a note\n" + GOOD.replace('missing = ["?", ""]', 'missing = ["", "?"]').replace(
        '"New"', '" New "'
    )
    assert parse(written_otherwise).digest == parse(GOOD).digest
    assert parse(GOOD.replace('"New" = "open"', '"New" = "in_progress"')).digest != parse(GOOD).digest


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_built_in_mappings_are_good_and_kept_as_text_that_gives_them_again(name: str) -> None:
    found = mapping.built_in(name)
    assert mapping.from_canonical(found.canonical, name) == found
    assert set(found.states.values()) <= {*STATES, "ignore"}
    assert found.desk == name


def test_every_built_in_mapping_has_its_file_and_its_sample_and_is_in_the_guide() -> None:
    files = Path(mapping.__file__).parent / "mappings"
    assert sorted(BUILT_IN) == sorted(file.stem for file in files.glob("*.toml"))
    guide = GUIDE.read_text(encoding="utf-8")
    for name in BUILT_IN:
        assert (SAMPLES / f"{name}.csv").is_file()
        assert f"| `{name}` |" in guide


def test_the_guide_explains_every_key_column_and_word() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for key in mapping.KEYS:
        assert f"\n{key} = " in guide or f"\n[{key}]" in guide, key
    ours = {column for kind in mapping.COLUMNS for column in mapping.COLUMNS[kind]}
    for word in (*ours, *STATES, *HOLD_REASONS, *KINDS, mapping.IGNORE, mapping.VERDICT_WORDS):
        assert f"`{word}`" in guide, word


def test_the_guides_commands_find_the_key_of_a_person(tmp_path: Path) -> None:
    lines = next(block for language, block in FENCE.findall(GUIDE.read_text()) if language == "python")
    (tmp_path / "people.key").write_text(bytes(range(32)).hex())

    done = subprocess.run([sys.executable, "-c", lines], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == cells.Person(frozenset({""}), bytes(range(32)))["  Jo Bloggs "]


def test_what_a_mapping_does_not_say_leaves_its_digest_as_it_stands_on_the_record() -> None:
    """Mappings written before these keys were thought of are named by digest in entries and packs."""
    assert parse(GOOD).digest == "59b8d60b55fbc06134a85e677cab6b02ac36f09280476c48195a0aaf493e8761"


def test_the_canonical_text_says_unit_clocks_and_what_is_left_out() -> None:
    found = mapping.built_in("servicenow-task-sla")
    again = mapping.from_canonical(found.canonical, found.name)
    assert again == found
    assert (again.held_unit, again.several_rows) == ("seconds", True)
    assert again.leave_out["stage"] == {"cancelled", "Cancelled", "canceled", "Canceled"}
    assert mapping.from_canonical(mapping.built_in("zammad").canonical, "zammad").verdict_left


def test_the_guides_example_is_a_good_mapping() -> None:
    example = GUIDE.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    assert parse(example).desk == "North desk"


def without(line: str) -> str:
    return "".join(f"{kept}\n" for kept in GOOD.splitlines() if not kept.startswith(line))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("spam = 1\n" + GOOD, "mine, spam: is no key of a mapping; allowed are kind, desk, version, missing, dates,"),
        (without("kind"), "kind: is missing; allowed are events, tickets, holds."),
        (GOOD.replace('"events"', '"event"'), "kind: 'event' is not known; allowed are events, tickets, holds."),
        (GOOD.replace('"events"', "7"), "kind: '7' is not known"),
        (without("reference"), '[columns] reference: is missing; kind = "events" needs it'),
        (without("event_at"), '[columns] event_at: is missing; kind = "events" needs it'),
        (without("state"), '[columns] state: is missing; kind = "events" needs it'),
        (GOOD.replace("[columns]", '[columns]\nheld_minutes = "h"'), 'held_minutes: is only for kind = "tickets"'),
        (GOOD.replace("[columns]", '[columns]\ncaller = "caller_id"'), "[columns] caller: is no column of ours"),
        (GOOD.replace("[columns]", "[columns]\nteam = 3"), "[columns] team: must be a heading of the file"),
        (GOOD.replace("[columns]", '[columns]\nassignee = "number"'), "'number' holds people, so no other column may"),
        (without("source_verdict_true"), "source_verdict and source_verdict_true, or source_verdict_is: go together"),
        ('source_verdict_true = ["x"]\n' + GOOD, "source_verdict_true: belongs under [columns]"),
        (GOOD.replace('"open"', '"opened"'), "[states] 'New': 'opened' is not known; allowed are open, in_progress,"),
        (GOOD.replace('"awaiting_customer"', '"lunch"'), "[hold_reasons] 'Awaiting User Info': 'lunch' is not known"),
        (
            GOOD.replace('"P1"', '"P0"'),
            "[priorities] '1 - Critical': 'P0' is not known; allowed are P1, P2, P3, P4, P5",
        ),
        (
            GOOD.replace('"incident"', '["incident"]'),
            "[kinds] 'Inc': '['incident']' is not known; allowed are incident",
        ),
        (GOOD.replace('"service"', '"us"'), "[teams] 'Group 70': 'us' is nobody; allowed are \"service\", \"authority"),
        (GOOD.replace('"supplier: Net Works Ltd"', '"supplier:"'), "[teams] 'Group 72': 'supplier:' is nobody"),
        (GOOD.replace("Net Works Ltd", "N" * 121), "[teams] 'Group 72': 'supplier: NNN"),
        (GOOD.replace('"-100"', '" New"'), "[states] ' New': stands twice and means two things"),
        (GOOD.replace("[states]", "[states.more]"), "[states] 'more'"),
        (
            GOOD.replace('"iso"]', '"%Q"]'),
            "dates: '%Q' is no form of date: it may be iso or epoch-ms, or made of %d %m",
        ),
        (GOOD.replace('dates = ["%d/%m/%Y %H:%M", "iso"]', "dates = []"), "dates: names no form of date"),
        (GOOD.replace('["?", ""]', '"?"'), 'missing: must be a list of words in quotation marks, as in ["a", "b"]'),
        (GOOD.replace("Europe/London", "Europe/Camelot"), "time_zone: 'Europe/Camelot' is no time zone"),
        ("version = 0\n" + GOOD, "version: must be a whole number from 1"),
        ('desk = ""\n' + GOOD, "desk: must be a name"),
        ('optional = ["state"]\n' + GOOD, 'optional: state cannot be; kind = "events" needs it'),
        ('optional = ["team"]\n' + GOOD, "optional: 'team' is not named under [columns]"),
        (
            'kind = "tickets"\n[columns]\nreference = "n"\n',
            '[columns] opened_at: is missing; kind = "tickets" needs it',
        ),
        (
            GOOD.replace("source_verdict_true", "source_verdict_is"),
            "source_verdict_is: '['true', 'TRUE']' is not known",
        ),
        (
            GOOD.replace("[states]", 'source_verdict_is = "time-left"\n[states]'),
            "source_verdict_true and source_verdict_is: say two things",
        ),
        ('held_unit = "seconds"\n' + GOOD, "held_unit: says the unit of [columns] held_minutes, which is missing"),
        ('held_unit = "weeks"\n' + GOOD, "held_unit: 'weeks' is not known; allowed are minutes, seconds, hours."),
        ('several_rows = "yes"\n' + GOOD, "several_rows: must be true or false, without quotation marks"),
        (
            "several_rows = true\n" + GOOD,
            'several_rows: is for kind = "tickets" with [columns] clock_from and clock_to',
        ),
        (GOOD + "[leave_out]\nstage = 'x'\n", "[leave_out] 'stage': must be a list of words"),
        (GOOD[: GOOD.index("[states]")], "[states]: names no state, but the column 'incident_state' is the state"),
    ],
    ids=lambda value: value if value.startswith(("mine", "[", "kind")) else "",
)
def test_what_is_wrong_is_named_with_its_key_and_what_is_allowed(text: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(text)
    assert refusal.value.message == "The mapping mine cannot be used."
    assert any(words in problem and problem.startswith("mine, ") for problem in refusal.value.problems)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Refused) as refusal:
        parse('kind = "events"\nspam = 1\n[columns]\n[states]\nNew = "odd"\n')
    assert len(refusal.value.problems) == 5


@pytest.mark.parametrize(
    "toml",
    [
        b'kind = "events',
        b"\xff",
        b"a = " + b"[" * 100_000,
        b"a = 1" + b"0" * 5000,
        b"#" * (1 << 18) + b"#",
        b"kind = 'x\x00'",
        b"a" + b".a" * 50_000 + b"=1",
        b"a = " + b"[" * 490,
        b"a = " + b"[\n" * 1_500,
        b"a" * 501 + b" = 1",
        b"[a" + b".a" * 11 + b"]",
        b"[a" + b".a" * 240 + b"]\n" + b"\n".join(b"'k%d'%s = 1" % (n, b' . "a"' * 80) for n in range(480)),
    ],
    ids=[
        *("open", "not UTF-8", "deep", "a number of 5,000 digits", "large", "NUL", "dotted", "deep and short"),
        *("deep and long", "a line too long", "a key of many parts", "dense"),
    ],
)
def test_what_is_no_toml_is_refused_in_words(toml: bytes) -> None:
    began = time.process_time()
    with pytest.raises(Refused, match="The mapping mine"):
        mapping.parse(toml, "mine")
    assert time.process_time() - began < 1


def test_long_lists_and_many_words_are_read_where_they_run_over_lines() -> None:
    words = "".join(
        f'  "e.g. a.n.y. o.t.h.e.r. missing word number {n:,} of a desk that has many",\n' for n in range(2_000)
    )
    states = "".join(f'"A state of the desk with a longer name, {n}" = "in_progress"\n' for n in range(1_000))
    remark = "# e.g. https://desk.example.gov.uk/a.b.c.d.e.f.g.h.i.j.k: 'a.b'\n"
    found = parse(remark + GOOD.replace('["?", ""]', f'["?",\n{words}]').replace("[states]\n", f"[states]\n{states}"))

    assert (len(found.missing), len(found.states)) == (2_002, 1_003)


def test_a_name_that_is_not_built_in_says_which_are() -> None:
    with pytest.raises(Refused, match=r"There is no mapping '\.\./secret'\. Built in are servicenow-audit, "):
        mapping.built_in("../secret")


WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), min_size=1, max_size=12)


def words(ours: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(WORD.map(mapping.tidy), st.sampled_from(ours), max_size=4)


@given(states=words((*STATES, "ignore")), reasons=words(HOLD_REASONS), priorities=words(PRIORITIES), kinds=words(KINDS))
def test_the_canonical_text_gives_any_mapping_again(
    states: dict[str, str], reasons: dict[str, str], priorities: dict[str, str], kinds: dict[str, str]
) -> None:
    found = parse(GOOD)
    changed = replace(found, states=states | {"New": "open"}, hold_reasons=reasons, priorities=priorities, kinds=kinds)
    assert mapping.from_canonical(changed.canonical, "mine") == changed


def test_whoever_answers_for_a_team_may_have_as_long_a_name_as_a_partner() -> None:
    named = "N" * 120
    assert mapping.parse(GOOD.replace("Net Works Ltd", named).encode(), "a").teams["Group 72"] == f"supplier: {named}"
