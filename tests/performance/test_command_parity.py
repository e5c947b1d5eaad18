"""commonhold parity: the partners side by side, to the letter, in one order, and a reason where nobody is compared."""

import pytest

from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import Commonhold

pytestmark = pytest.mark.django_db

JUNE = ("--from", "2026-06-01", "--to", "2026-06-30")
KEYS = [
    "partner", "numerator", "denominator", "rate", "observed", "expected", "ratio", "ratio_low", "ratio_high",
    "difference", "sentence",
]  # fmt: skip


def test_each_partner_is_printed_with_everything(universe: cast.Committee, commonhold: Commonhold) -> None:
    said = commonhold("parity", *JUNE, "--measure", "within_target", "--json")
    found = said.json

    assert said.code == 0
    assert (found["measure"], found["basis"]) == ("within_target", "the service-level clock")
    assert found["period"] == {"from": "2026-06-01", "to": "2026-06-30"}
    assert [one["partner"] for one in found["partners"]] == ["Eastwell Vale", "Northgate", "Southmere"]
    for one in found["partners"]:
        assert list(one)[: len(KEYS)] == KEYS
        assert one["rate"] == one["numerator"] / one["denominator"]
        assert one["observed"] == one["denominator"] - one["numerator"]
        assert one["difference"] in ("none", "better", "worse", "cannot tell")
    northgate = found["partners"][1]
    assert (northgate["numerator"], northgate["denominator"], northgate["expected"]) == (1, 2, 1.0)
    assert sum(one["expected"] for one in found["partners"]) == pytest.approx(1)


def test_a_partner_that_is_served_worse_is_found(universe: cast.Committee, commonhold: Commonhold) -> None:
    lines = []
    for partner, late in (("Northgate", 30), ("Southmere", 5), ("Eastwell Vale", 5)):
        told = f"P3,incident,Desk,{partner},Printing,Fault"
        for number in range(40):
            name, ends = f"{partner[0]}{number}", "2026-06-26T12:00Z" if number < late else "2026-06-15T12:00Z"
            lines += [f"{name},2026-06-15T08:00Z,open,{told}", f"{name},{ends},resolved,{told}"]
    bring(events(*lines), at=cast.NOON)
    found = commonhold("parity", *JUNE, "--measure", "within_target", "--json").json

    assert {one["partner"]: (one["observed"], one["difference"]) for one in found["partners"]} == {
        "Eastwell Vale": (5, "none"), "Northgate": (31, "worse"), "Southmere": (5, "none"),
    }  # fmt: skip
    assert "that is more than chance" in commonhold("parity", *JUNE).out


def test_where_nobody_is_compared_it_says_why(universe: cast.Committee, commonhold: Commonhold) -> None:
    why = "No ticket closed in the period bears the desk's own verdict, so nothing can be compared."
    found = commonhold("parity", *JUNE, "--measure", "source_verdict_met", "--json").json

    assert (found["partners"], found["reason"]) == ([], why)
    assert commonhold("parity", *JUNE, "--measure", "source_verdict_met").out == f"{why}\n"


def test_for_people_it_prints_a_sentence_for_each(universe: cast.Committee, commonhold: Commonhold) -> None:
    lines = commonhold("parity", *JUNE).out.splitlines()

    assert lines[0] == "By the service-level clock, each interval at 98.3%:"
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["Eastwell Vale", "Northgate", "Southmere"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((*JUNE, "--measure", "tickets_opened"), "invalid choice: 'tickets_opened'"),
        (("--from", "June", "--to", "2026-06-30"), "'June' is not a day."),
        (("--from", "2027-06-01", "--to", "2027-06-30"), "Nothing is known yet of the days"),
    ],
)
def test_what_makes_no_sense_is_refused(
    universe: cast.Committee, commonhold: Commonhold, options: tuple[str, ...], said: str
) -> None:
    answer = commonhold("parity", *options)

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
