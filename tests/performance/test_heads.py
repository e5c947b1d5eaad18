"""Which verdict heads a pack (F5): ours where holds are proven, the desk's own where nothing proves them."""

from dataclasses import replace

import pytest
import time_machine

from commonhold.figures import Figure
from commonhold.partnership.acts import starting
from commonhold.partnership.engine.rules.figure_basis import FigureBasis
from commonhold.partnership.queries import Rules, rules
from commonhold.performance.queries.editions import DESKS_HEADS, OURS_HEADS, heads
from tests.demand.bringing import operator
from tests.factories import FIGURE
from tests.partnership.cast import plan
from tests.universe import NOON

pytestmark = pytest.mark.django_db

OURS, DESKS = Figure.from_json(FIGURE), replace(Figure.from_json(FIGURE), measure=DESKS_HEADS)


def agreement(basis: str | None = None) -> Rules:
    """What is agreed, with this basis for tickets whose holds nothing proves."""
    with time_machine.travel(NOON, tick=False):
        agreed = {"figure_basis": FigureBasis(basis)} if basis else {}
        starting.start(by=operator(), plan=plan(rules=plan().rules | agreed), personas=True)
        return rules(NOON)


def unproven(tickets: int) -> dict[str, Figure]:
    """Both verdicts on a thousand tickets, so many of which come from a source that proves nothing of holds."""
    return {OURS_HEADS: replace(OURS, grade_mix={"none": tickets, "intervals": 1_000 - tickets}), DESKS_HEADS: DESKS}


def test_the_desks_own_heads_where_nothing_proves_the_holds_of_most() -> None:
    known = agreement()
    assert heads(unproven(501), known) == DESKS_HEADS
    assert heads(unproven(500), known) == OURS_HEADS


def test_the_agreement_may_say_that_ours_heads_all_the_same() -> None:
    assert heads(unproven(1_000), agreement("ours")) == OURS_HEADS


def test_the_agreement_may_say_that_the_desks_own_heads() -> None:
    assert heads(unproven(1_000), agreement("source")) == DESKS_HEADS


def test_where_our_clock_has_no_verdict_the_desks_own_heads() -> None:
    none = replace(OURS, value=None, numerator=0, denominator=0)
    assert heads({OURS_HEADS: none, DESKS_HEADS: DESKS}, agreement("ours")) == DESKS_HEADS


def test_without_a_verdict_of_the_desk_ours_heads() -> None:
    nothing = {**unproven(1_000), DESKS_HEADS: replace(DESKS, value=None, numerator=0, denominator=0)}
    assert heads(nothing, agreement()) == OURS_HEADS
