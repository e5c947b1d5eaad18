"""Every measure by every word, and parity, of random desks that were imported, against the slow oracle."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from random import Random

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commonhold.figures import Figure, Span
from commonhold.partnership.acts import starting
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.targets import Targets
from commonhold.performance.acts import computing
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.parity import parity
from commonhold.performance.queries.periods import basis, the_period
from commonhold.workdays import bank_holidays
from tests.demand.bringing import bring, operator
from tests.partnership.cast import plan
from tests.performance import desks, oracle, oracle_figures
from tests.performance.oracle import Agreement
from tests.performance.oracle_figures import Desk, Found
from tests.universe import NOON

GROUPINGS: list[tuple[str, ...]] = [
    (), ("partner",), ("priority", "kind"), ("team",), ("service", "responsible"), ("month", "partner"),
]  # fmt: skip
PERIODS = [
    (date(2024, 10, 25), date(2024, 10, 31), None),
    (date(2024, 12, 23), date(2025, 1, 4), None),
    (date(2024, 10, 1), date(2025, 5, 31), None),
    (date(2024, 12, 23), date(2025, 1, 4), "2024-12-28T10:30:00"),
    (date(2025, 3, 29), date(2025, 4, 20), "2025-05-01T00:00:00"),
]
"""Over each clock change, over Christmas, over everything; read within the period, and after it."""


THEIRS = Agreement.of(desks.CALENDARS, desks.TARGETS, set(bank_holidays("GB-ENG")))
"""The agreement as the oracle reads it."""


def agree() -> None:
    """Found the partnership, with the same agreement."""
    rules = {
        "calendars": Calendars.from_toml(desks.CALENDARS, "calendars.toml"),
        "targets": Targets.from_form(desks.TARGETS),
    }
    starting.start(by=operator(), plan=plan(rules=rules), personas=True)


def same(found: Sequence[Figure], told: Found, by: Sequence[str]) -> None:
    """The product's figures are the oracle's: each value, each count, each group."""
    seen = set()
    for figure in found:
        scope = tuple(figure.scope[word] for word in by)
        said = told[scope][figure.measure]
        about = (figure.measure, figure.scope, figure.period)
        value = None if said.value is None else float(said.value)
        assert figure.value == (None if value is None else pytest.approx(value, rel=1e-12)), about
        assert (figure.numerator, figure.denominator) == (said.numerator, said.denominator), about
        seen.add((scope, figure.measure))
    missing = {(scope, name) for scope, measures in told.items() for name, said in measures.items() if said.value}
    assert missing <= seen


def same_parity(found: dict[str | None, dict[str, object]], told: dict[str | None, dict[str, object]]) -> None:
    assert found.keys() == told.keys()
    for partner, said in told.items():
        for word, value in said.items():
            if partner is not None or not word.startswith("ratio"):
                assert found[partner][word] == pytest.approx(value, rel=1e-9), (partner, word)


@pytest.mark.django_db
@settings(
    max_examples=24,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.integers(0, 2**32), st.sampled_from(PERIODS))
def test_random_desks(seed: int, told_of: tuple[date, date, str | None]) -> None:
    random = Random(seed)
    tickets = desks.desk(random, 12)
    with time_machine.travel(NOON, tick=False), transaction.atomic():
        desk = Desk(list(tickets.values()), THEIRS, desks.PARTIES)
        agree()
        assert bring(desks.file(random, tickets), desks.MAPPING)["refused"] == []
        compare(desk, *told_of)
        transaction.set_rollback(True)


def compare(desk: Desk, first: date, last: date, read_at: str | None) -> None:
    on = basis()
    as_of = None if read_at is None else oracle.instant(read_at)
    if (desk.last_event if as_of is None else as_of) < oracle.midnight(first):
        return
    period = the_period(Span(first, last), on.known, None if as_of is None else datetime.fromtimestamp(as_of, UTC))
    for by in GROUPINGS:
        found = computing.figures(period=period, on=on, measures=MEASURES, by=by)
        same(found, oracle_figures.figures(desk, first, last, by, as_of), by)
    for measure in ("within_target", "source_verdict_met") if as_of is None else ():
        standings = parity(computing.extract_of(period=period, on=on), measure, on.names).as_json()["partners"]
        told = oracle_figures.parity(desk, first, last, measure)
        same_parity({one["partner"]: one for one in standings}, told)
