"""The rule "targets": by priority, by kind where it has its own, and none where none is given."""

import tomllib

import pytest

from commonhold.partnership.engine.rules.targets import Target, Targets
from commonhold.refusals import Refused

FILE = """
[targets.P1]
resolve_minutes = 240
calendar = "24x7"
[targets.P3]
resolve_minutes = 1800
calendar = "office"
[targets.request.P3]
resolve_minutes = 3000
calendar = "office"
"""
RULE = Targets.from_form(tomllib.loads(FILE)["targets"])


@pytest.mark.parametrize(
    ("priority", "kind", "target"),
    [
        ("P1", "incident", Target(240, "24x7")),
        ("P1", "request", Target(240, "24x7")),
        ("P3", "incident", Target(1800, "office")),
        ("P3", "request", Target(3000, "office")),
        ("P2", "incident", None),
        ("P5", "change", None),
    ],
)
def test_a_kind_has_its_own_target_or_the_general_one(priority: str, kind: str, target: Target | None) -> None:
    assert RULE.find(priority, kind) == target


def test_json_says_the_same_in_one_order() -> None:
    form = RULE.to_json()
    assert form == {
        "P1": {"resolve_minutes": 240, "calendar": "24x7"},
        "P3": {"resolve_minutes": 1800, "calendar": "office"},
        "request": {"P3": {"resolve_minutes": 3000, "calendar": "office"}},
    }
    assert Targets.from_json(form) == RULE
    assert list(Targets.from_json(dict(reversed(form.items()))).to_json()) == list(form)


def test_no_target_at_all_is_a_rule_too() -> None:
    assert Targets.from_json({}) == Targets()
    assert Targets().find("P1", "incident") is None


def test_calendars_that_are_not_there_are_refused_by_name() -> None:
    assert RULE.calendars == {"24x7", "office"}
    RULE.check_against({"24x7": None, "office": None})
    with pytest.raises(Refused, match=r"calendars that are not there: office\. Add them, or use one of 24x7"):
        RULE.check_against({"24x7": None})


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        (
            {"P6": {"resolve_minutes": 1, "calendar": "a"}},
            "[targets.P6]: unknown key; use P1, P2, P3, P4, P5 or a kind",
        ),
        ({"requests": {}}, "[targets.requests]: unknown key"),
        ({"P1": {"resolve_minutes": 1}}, "[targets.P1] needs resolve_minutes and calendar, and nothing else"),
        ({"P1": {"resolve_minutes": 0, "calendar": "a"}}, "[targets.P1]: resolve_minutes is 0; it must be from 1 to"),
        ({"P1": {"resolve_minutes": 10**9, "calendar": "a"}}, "resolve_minutes is 1000000000"),
        ({"P1": {"resolve_minutes": 1.5, "calendar": "a"}}, "resolve_minutes is a whole number"),
        ({"P1": {"resolve_minutes": True, "calendar": "a"}}, "resolve_minutes is a whole number"),
        ({"P1": {"resolve_minutes": 1, "calendar": 2}}, "calendar the name of one"),
        ({"P1": 240}, "[targets.P1] needs resolve_minutes and calendar"),
        ({"request": 3}, "[targets.request] must hold priorities"),
        ({"request": {"request": {}}}, "[targets.request.request]: unknown key"),
        (240, "[targets] must hold priorities"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(form: object, problem: str) -> None:
    with pytest.raises(Refused) as refused:
        Targets.from_form(form, "agreement.toml")
    assert any(problem in found for found in refused.value.problems)
    assert refused.value.message == "agreement.toml cannot be used."


def test_a_rule_cannot_be_made_of_other_priorities_or_kinds() -> None:
    with pytest.raises(ValueError, match="P9: no such priority or kind"):
        Targets({"P9": Target(1, "a")})
    with pytest.raises(ValueError, match="fault: no such"):
        Targets({}, {"fault": {"P1": Target(1, "a")}})
