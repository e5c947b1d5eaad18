"""Figures computed again when a rule was put right since: each keeps the rules that were known at its entry (R3)."""

import json
from pathlib import Path

import pytest
import time_machine

from commonhold.partnership.acts import agreement
from commonhold.partnership.models import RuleVersion
from commonhold.web.demo import founding
from tests import universe as cast
from tests.demand.conftest import Commonhold
from tests.universe import NOON, somebody

pytestmark = pytest.mark.django_db

JUNE = ("--from", "2026-06-01", "--to", "2026-06-30", "--measure", "within_target", "--json")


@pytest.fixture
def printed(commonhold: Commonhold, tmp_path: Path) -> Path:
    """What was printed of June before the targets, which nobody had confirmed yet, were put right: P3 has one hour."""
    path = tmp_path / "figures.json"
    with time_machine.travel(NOON, tick=False):
        founding.start()
        cast.bring_tickets()
        path.write_text(commonhold("figures", *JUNE).out)
        wrong = RuleVersion.objects.get(rule="targets")
        agreement.enter_as_found(
            by=somebody("client-lead-of-northgate"),
            rule="targets",
            value=json.loads(json.dumps(wrong.value).replace("1800", "60")),
            effective_from=wrong.effective_from,
            document=wrong.document,
            corrects=wrong,
            reason="Misread the table.",
        )
    return path


def test_a_rule_that_was_put_right_since_makes_no_difference(printed: Path, commonhold: Commonhold) -> None:
    (then,) = json.loads(printed.read_text())
    (now,) = commonhold("figures", *JUNE).json

    assert (then["value"], then["rule_version"]) == (5 / 6, "calendars v1, targets v1")
    assert (now["value"], now["rule_version"]) == (2 / 6, "calendars v1, targets v2")
    assert commonhold("recompute", printed).code == 0


def test_rules_that_are_not_those_of_its_entry_are_named(printed: Path, commonhold: Commonhold) -> None:
    (then,), (now,) = json.loads(printed.read_text()), commonhold("figures", *JUNE).json
    printed.write_text(json.dumps([now | {"evidence": then["evidence"]}]))
    said = commonhold("recompute", printed, "--json")

    assert (said.code, said.json[0]["answer"]) == (1, "different")
    assert "the rules differ: calendars v1, targets v2 then, calendars v1, targets v1 now" in said.json[0]["why"]
