"""commonhold reconcile: a number, a file, ours at another time: explained to the last ticket, or said not to be."""

from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from commonhold.demand.acts import putting_right
from commonhold.demand.models import Ticket
from commonhold.ledger.models import Entry
from commonhold.performance.models import TheirList
from commonhold.performance.queries.periods import basis
from tests import universe as cast
from tests.demand.conftest import Commonhold
from tests.universe import HEADINGS, WORKED, somebody

pytestmark = pytest.mark.django_db

JUNE = ("--from", "2026-06-01", "--to", "2026-06-30")
WITHIN = ("--measure", "within_target")


def told(commonhold: Commonhold, *arguments: object) -> tuple[int, dict[str, Any]]:
    answer = commonhold("reconcile", *JUNE, *arguments, "--json")
    assert answer.code in (0, 1), answer.err
    return answer.code, answer.json


def causes(said: dict[str, Any]) -> dict[str, int]:
    return {line["cause"]: line["tickets"] for line in said["lines"]}


def add_up(said: dict[str, Any]) -> bool:
    """Whether the exact effects are the exact difference."""
    effects = [Fraction(line["effect"]["exact"]) for line in said["lines"]] + [Fraction(said["left_over"]["exact"])]
    return Fraction(said["ours"]["exact"]) + sum(effects) == Fraction(said["theirs"]["exact"])


def test_our_own_number_needs_no_cause(universe: cast.Committee, commonhold: Commonhold) -> None:
    code, said = told(commonhold, "--measure", "tickets_opened", "--value", "8")

    assert (code, said["lines"], said["left_over"]["value"]) == (0, [], 0)
    assert said["counts"] == {
        "ours": {"numerator": None, "denominator": 8},
        "theirs": {"numerator": None, "denominator": 8},
    }


def test_a_number_is_explained_by_the_desk_s_own_verdict_to_within_its_rounding(
    universe: cast.Committee, commonhold: Commonhold
) -> None:
    code, said = told(commonhold, *WITHIN, "--value", "66.7%", "--tickets")

    assert (code, list(causes(said))[1:]) == (0, ["rounding"])
    assert (said["shown"], add_up(said)) == ({"ours": "83.3%", "theirs": "66.7%"}, True)
    (ticket,) = said["tickets"]
    assert (ticket["before"], ticket["after"]) == ("counts, target kept", "counts, target missed")
    assert [one["ways"] for one in said["tries"] if one["fits"]] == [["round-the-clock"], ["by-verdict"]]
    assert "possible explanation and no proof" in said["paragraph"]


def test_a_number_that_nothing_comes_to_is_left_over(universe: cast.Committee, commonhold: Commonhold) -> None:
    code, said = told(commonhold, *WITHIN, "--value", "12.3%")

    assert (code, add_up(said)) == (1, True)
    assert said["left_over"]["value"] != 0 and "Not told by any of this" in said["paragraph"]


def test_counts_that_do_not_make_the_number_are_refused(universe: cast.Committee, commonhold: Commonhold) -> None:
    said = commonhold("reconcile", *JUNE, *WITHIN, "--value", "94.1%", "--numerator", "1", "--denominator", "2")
    assert (said.code, said.out) == (2, "")
    assert "1 of 2 is not 94.1%" in said.err


@pytest.mark.parametrize("value", ["", "many", "1e5", "94,1", "-3", "nan", "101%", "9" * 40])
def test_nonsense_is_refused_in_words(universe: cast.Committee, commonhold: Commonhold, value: str) -> None:
    said = commonhold("reconcile", *JUNE, *WITHIN, f"--value={value}")
    assert said.code == 2, said.out
    assert value[:5] in said.err and "Traceback" not in said.err


def export(tmp_path: Path, lines: list[str], headings: str = HEADINGS) -> Path:
    path = tmp_path / "theirs.csv"
    path.write_text("\n".join([headings, *lines]) + "\n")
    return path


def june(**instead: str) -> list[str]:
    """The tickets of June as their desk tells them, with other cells for some: SD0003="P4"."""
    lines = []
    for reference, opened, priority, partner, hours, verdict in WORKED:
        facts = f"{instead.get(reference, priority)},incident,Service Desk,{partner},Email and calendar,Fault"
        lines.append(f"{reference},{opened},open,{facts},")
        if hours is not None:
            ends = datetime.fromisoformat(opened) + timedelta(hours=hours)
            lines.append(f"{reference},{ends:%Y-%m-%dT%H:%M:%SZ},resolved,{facts},{verdict}")
    return lines


def test_a_file_that_says_the_same_differs_in_nothing_and_the_file_is_on_the_record(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    path = export(tmp_path, june())
    code, said = told(commonhold, *WITHIN, "--file", path, "--mapping", "canonical")

    assert (code, causes(said), said["alike"]) == (0, {}, 6)
    brought = TheirList.objects.get()
    entry = Entry.objects.get(subject=brought.ref)
    assert (entry.kind, entry.facts["sha256"], entry.facts["rows"]) == ("list.brought", brought.sha256, 14)
    assert "SD00" not in str(entry.plain)
    assert Entry.objects.order_by("-number").first() == entry, "nothing else is left on the record"

    told(commonhold, *WITHIN, "--file", path, "--mapping", "canonical")
    assert TheirList.objects.count() == 1 and Entry.objects.filter(kind="list.brought").count() == 1


def test_a_file_s_other_priority_a_ticket_it_lacks_and_one_that_only_it_has(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    lines = [line for line in june(SD0006="P4") if not line.startswith("SD0001")]
    lines += [
        "SD9999,2026-06-20T08:00:00Z,open,P3,incident,Service Desk,Northgate,Email and calendar,Fault,",
        "SD9999,2026-06-20T09:00:00Z,resolved,P3,incident,Service Desk,Northgate,Email and calendar,Fault,true",
    ]
    path = export(tmp_path, lines)
    code, said = told(
        commonhold, "--measure", "tickets_resolved", "--file", path, "--mapping", "canonical", "--tickets"
    )

    assert (code, causes(said), add_up(said)) == (0, {"only": 2}, True)
    known = {row["reference"]: (row["ours"] != "not known", row["theirs"] != "not known") for row in said["tickets"]}
    assert known == {"SD0001": (True, False), "SD9999": (False, True)}
    scoped = ("--by-scope", "priority=P1")
    code, said = told(commonhold, "--measure", "tickets_resolved", *scoped, "--file", path, "--mapping", "canonical")
    assert (code, causes(said), said["ours"]["value"], said["theirs"]["value"]) == (0, {"priority": 1}, 1, 0)


def test_a_list_of_what_was_counted(universe: cast.Committee, commonhold: Commonhold, tmp_path: Path) -> None:
    # They count what was opened in June, by the desk's own verdict.
    facts = "incident,Service Desk,{},Email and calendar,Fault"
    lines = [
        f"{reference},{opened},open,{priority},{facts.format(partner)},{verdict or 'false'}"
        for reference, opened, priority, partner, _, verdict in WORKED
    ]
    path = export(tmp_path, lines)
    code, said = told(
        commonhold, *WITHIN, "--file", path, "--mapping", "canonical", "--list", "--value", "50%", "--tickets"
    )

    assert (code, add_up(said)) == (0, True)
    # Two are open still: they count by their opening, and are missed only by a clock that runs day and night.
    assert causes(said) == {"basis": 2, "calendar": 2}
    assert {row["reference"] for row in said["tickets"] if row["cause"] == "basis"} == {"SD0007", "SD0008"}
    assert said["counts"]["theirs"] == {"numerator": 4, "denominator": 8}


def test_why_a_figure_is_another_than_it_was(universe: cast.Committee, commonhold: Commonhold) -> None:
    before = basis().entry
    by = somebody("service-analyst")
    putting_right.exclude(by=by, ticket=Ticket.objects.get(reference="SD0002"), reason="A duplicate")
    putting_right.correct(
        by=by, ticket=Ticket.objects.get(reference="SD0001"), fact="partner", value="Northgate", reason="Moved"
    )
    code, said = told(commonhold, *WITHIN, "--known-at", before)
    assert (code, causes(said), said["ours"]["value"], said["theirs"]["value"]) == (0, {"put-right": 1}, 4 / 5, 5 / 6)

    code, said = told(commonhold, *WITHIN, "--known-at", before, "--by-scope", "partner=Southmere")
    assert (code, causes(said)) == (0, {"put-right": 1})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give one other figure"),
        (("--value", "5", "--known-at", "3"), "Give one other figure"),
        (("--file", "nowhere.csv", "--mapping", "canonical"), "cannot be read"),
        (("--file", "nowhere.csv"), "Say how the file is read"),
        (("--value", "5%", "--by-scope", "colour=red"), "cannot be grouped by 'colour'"),
        (("--value", "5%", "--by-scope", "=red"), "no part of a scope"),
        (("--value", "5%", "--by-scope", "partner=Nowhere"), "counts no ticket"),
        (("--known-at", "999999"), "has no entry 999999"),
        (("--other-version", "9"), "within_target.v9"),
    ],
)
def test_what_makes_no_sense_is_refused(
    universe: cast.Committee, commonhold: Commonhold, arguments: tuple[str, ...], words: str
) -> None:
    said = commonhold("reconcile", *JUNE, *WITHIN, *arguments)
    assert said.code == 2 and words in said.err, said.err


def test_a_file_of_which_nothing_is_known_is_refused(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    path = export(tmp_path, [line.replace("SD", "XX") for line in june()])
    said = commonhold("reconcile", *JUNE, *WITHIN, "--file", path, "--mapping", "canonical")
    assert said.code == 2 and "None of the 8 references in the file is known here" in said.err

    path.write_bytes(b"\x00\xff\xfe garbage")
    said = commonhold("reconcile", *JUNE, *WITHIN, "--file", path, "--mapping", "canonical")
    assert said.code == 2 and "Traceback" not in said.err


def test_it_is_read_by_people_too(universe: cast.Committee, commonhold: Commonhold) -> None:
    said = commonhold("reconcile", *JUNE, *WITHIN, "--value", "66.7%", "--tickets")

    assert said.code == 0
    assert "Calendar" in said.out and "Left over: 0" in said.out and "the desk's own verdict decides" in said.out
