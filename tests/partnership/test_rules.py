"""The kinds of rule: read from JSON and from what people type, written back the same, shown in plain words."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from commonhold.partnership.engine.consent import Needed
from commonhold.partnership.engine.rules.aims import Aims
from commonhold.partnership.engine.rules.communication_plan import CommunicationPlan
from commonhold.partnership.engine.rules.consents import Consents
from commonhold.partnership.engine.rules.figure_basis import FigureBasis
from commonhold.partnership.engine.rules.hold_reasons import HoldReasons
from commonhold.partnership.engine.rules.priority_matrix import PriorityMatrix
from commonhold.partnership.engine.rules.provisional import Provisional
from commonhold.partnership.engine.rules.registry import KINDS, check_together, kind, read
from commonhold.partnership.engine.rules.shown import side_by_side
from commonhold.partnership.engine.rules.writing import from_toml, to_toml
from commonhold.refusals import Refused
from tests.partnership.cast import calendars, targets

ODD = {"high": {"high": "P1", "low": "P2"}, "low": {"high": "P9", "low": "P1"}}
MATRIX: dict[str, Any] = {
    "impacts": ["high", "low"],
    "urgencies": ["high", "low"],
    "priorities": {"high": {"high": "P1", "low": "P2"}, "low": {"high": "P3", "low": "P4"}},
}
REASONS = {
    "awaiting_customer": {"words": "Waiting for the person who asked", "accepted": True},
    "awaiting_supplier": {"words": "Waiting for a supplier", "accepted": False},
}
PLAN: dict[str, Any] = {
    "calendar": "office",
    "audiences": {
        "Managing Director": {"channel": "telephone", "in_hours": 15, "out_of_hours": 30},
        "Client leads": {"channel": "e-mail", "in_hours": 30},
    },
}
NIGHT = {**PLAN, "calendar": "night"}
PHONED = {"channel": "telephone", "in_hours": 15}
VALUES: dict[str, Any] = {
    "calendars": calendars().to_json(),
    "targets": targets().to_json(),
    "priority_matrix": MATRIX,
    "hold_reasons": REASONS,
    "figure_basis": {"graded_none": "source"},
    "communication_plan": PLAN,
    "aims": {"aged_open": {"at_most": "200"}, "within_target": {"at_least": "90%", "P1": {"at_least": "95.5%"}}},
    "provisional": {"working_days": 5, "holidays": "GB-ENG"},
    "consent": {"needed": "every partner"},
}


def test_there_is_an_example_here_of_every_kind() -> None:
    assert set(VALUES) == set(KINDS)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_read_and_written_back_the_same(name: str) -> None:
    assert read(name, VALUES[name]).to_json() == VALUES[name]


@pytest.mark.parametrize("name", VALUES)
def test_what_a_form_begins_with_says_the_same_value(name: str) -> None:
    value = read(name, VALUES[name])

    assert from_toml(name, to_toml(name, value), "The form") == value


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_shown_as_tables_of_words(name: str) -> None:
    tables = kind(name).shown(read(name, VALUES[name]))

    assert tables
    assert all(len(row) == len(table.headings) and all(row) for table in tables for row in table.rows)


def test_the_matrix_gives_a_priority_for_an_impact_and_an_urgency() -> None:
    matrix = PriorityMatrix.from_json(MATRIX)

    assert matrix.find("low", "high") == "P3"
    assert matrix.find("none", "high") is None


def test_every_hold_pauses_but_those_that_the_rule_names_as_not_accepted() -> None:
    reasons = HoldReasons.from_json(REASONS)

    assert reasons.accepts("awaiting_customer")
    assert reasons.accepts("awaiting_change")
    assert reasons.accepts(None)
    assert not reasons.accepts("awaiting_supplier")


def test_hold_reasons_are_equal_in_whatever_order_a_database_gives_them_back() -> None:
    assert HoldReasons.from_json(REASONS) == HoldReasons.from_json(dict(reversed(REASONS.items())))


def test_the_rule_on_consent_says_who_is_needed() -> None:
    assert Consents(1).among(["a", "b"]) == Needed(frozenset("ab"), 1)
    assert Consents.from_json({"needed": "every partner"}).among(["a", "b"]) == Needed(frozenset("ab"), None)


def test_an_aim_is_of_all_tickets_or_of_one_priority_and_compared_exactly() -> None:
    aims = Aims.from_json(VALUES["aims"])

    general, urgent = aims.find("within_target"), aims.find("within_target", "P1")
    assert general is not None
    assert urgent is not None
    assert aims.find("within_target", "P2") is None
    assert general.is_met(Fraction(9, 10))
    assert not general.is_met(Fraction(89_999, 100_000))
    assert urgent.bound == Fraction(955, 1000)
    assert urgent.words == "at least 95.5%"
    assert aims.measures == ("aged_open", "within_target")


def test_figures_are_provisional_until_a_working_day() -> None:
    rule = Provisional.from_json(VALUES["provisional"])

    # Good Friday and Easter Monday of 2026 lie between.
    assert rule.until(date(2026, 4, 1)) == date(2026, 4, 10)


def test_the_figure_basis_is_one_of_two() -> None:
    assert FigureBasis.from_json({"graded_none": "ours"}).graded_none == "ours"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("priority_matrix", {**MATRIX, "priorities": {"high": {}}}, "Impact high, urgency low: no priority"),
        ("priority_matrix", {**MATRIX, "impacts": ["high", "high"]}, "named once only"),
        ("priority_matrix", {**MATRIX, "priorities": ODD}, "'P9'"),
        ("priority_matrix", {"impacts": []}, "needs impacts, urgencies and priorities"),
        ("priority_matrix", {**MATRIX, "priorities": []}, "are a table"),
        ("hold_reasons", {}, "no reason in the list"),
        ("hold_reasons", {"lunch": {"words": "Lunch", "accepted": True}}, "'lunch' is no reason"),
        ("hold_reasons", {"other": {"words": "", "accepted": True}}, "no words"),
        ("hold_reasons", {"other": {"words": "Other", "accepted": "yes"}}, "true or false"),
        ("hold_reasons", [], "are a table"),
        ("figure_basis", {"graded_none": "theirs"}, "'theirs'"),
        ("figure_basis", {}, "needs graded_none"),
        ("communication_plan", {**PLAN, "calendar": " "}, "names no calendar"),
        ("communication_plan", {**PLAN, "audiences": {}}, "nobody in the plan"),
        ("communication_plan", {**PLAN, "audiences": {"MD": {"channel": "post"}}}, "in_hours, out_of_hours or both"),
        ("communication_plan", {**PLAN, "audiences": {"MD": {"channel": "post", "in_hours": 0}}}, "how many minutes"),
        ("communication_plan", {**PLAN, "audiences": {"MD": {"channel": "post", "in_hours": True}}}, "whole numbers"),
        ("communication_plan", {**PLAN, "audiences": {"MD": {"channel": " ", "in_hours": 5}}}, "which channel"),
        ("communication_plan", {**PLAN, "audiences": {"A": PHONED, "a": PHONED}}, "listed twice"),
        ("communication_plan", [], "needs a calendar and audiences"),
        ("aims", {}, "are a table"),
        ("aims", {"within_target": {"at_least": 0.9}}, "in quotation marks"),
        ("aims", {"within_target": {"at_least": "most"}}, "'most' is no number"),
        ("aims", {"within_target": {"at_least": "101%"}}, "more than all of them"),
        ("aims", {"within_target": {"at_least": "90%", "at_most": "95%"}}, "needs one of at_least and at_most"),
        ("aims", {"within_target": {"P1": {"about": "90%"}}}, "'about' is neither"),
        ("aims", {"Within target": {"at_least": "90%"}}, "must be a measure"),
        ("provisional", {"working_days": 0, "holidays": "GB-ENG"}, "from 1 to 60"),
        ("provisional", {"working_days": 5, "holidays": "FR"}, "'FR' has no list"),
        ("provisional", {"working_days": "5", "holidays": "GB-ENG"}, "a whole number"),
        ("provisional", {"working_days": 5}, "needs working_days"),
        ("consent", {"needed": 0}, "at least one partner"),
        ("consent", {"needed": "nobody"}, "'nobody'"),
        ("consent", {"needed": True}, "True"),
        ("consent", 1, "needs needed"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_plain_words(name: str, value: Any, words: str) -> None:
    with pytest.raises(Refused) as refused:
        read(name, value)

    assert words in str(refused.value)


def test_a_rule_that_there_is_not_is_refused() -> None:
    with pytest.raises(Refused, match="There is no rule 'weather'"):
        read("weather", {})


def test_targets_need_the_calendars_that_they_name() -> None:
    check_together({"calendars": calendars(), "targets": targets()})
    with pytest.raises(Refused, match="Enter the calendars first"):
        check_together({"targets": targets()})


def test_a_plan_needs_the_calendar_that_it_names() -> None:
    plan = read("communication_plan", PLAN)
    check_together({"calendars": calendars(), "communication_plan": plan})
    with pytest.raises(Refused, match="Enter the calendars first"):
        check_together({"communication_plan": plan})
    with pytest.raises(Refused, match="a calendar that is not there: night"):
        check_together({"calendars": calendars(), "communication_plan": read("communication_plan", NIGHT)})


def test_a_plan_says_whom_to_tell_soonest_first() -> None:
    plan = CommunicationPlan.from_json(PLAN)

    assert [one.name for one in plan.audiences] == ["Managing Director", "Client leads"]
    assert [one.within(open_hours=False) for one in plan.audiences] == [30, None]
    assert plan == CommunicationPlan.from_json({**PLAN, "audiences": dict(reversed(PLAN["audiences"].items()))})


@pytest.mark.parametrize("name", ["targets", "consent", "priority_matrix", "communication_plan"])
def test_text_that_is_not_toml_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="The form is not TOML"):
        from_toml(name, "P1 = {", "The form")


def test_two_versions_stand_side_by_side() -> None:
    shown = kind("targets").shown
    rows = side_by_side(shown(targets(1800)), shown(targets(1500)))

    assert [(row.label, row.differs) for row in rows] == [("P1", False), ("P3", True)]
    assert rows[1].before == "1,800 minutes (30 hours); office"
    assert rows[1].after == "1,500 minutes (25 hours); office"
