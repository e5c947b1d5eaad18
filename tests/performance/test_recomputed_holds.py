"""Figures of repeated exports and files of holds come out the same from the kept files alone (F1, F5)."""

from datetime import date
from random import Random
from typing import Any

import pytest

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.models import Batch
from commonhold.figures import Span
from commonhold.performance.acts import computing
from commonhold.performance.queries.periods import basis, the_period
from commonhold.performance.queries.recomputing import recomputed
from tests.demand.bringing import bring
from tests.demand.test_sightings import SNAPSHOTS, moment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
MEASURES = ("within_target", "working_minutes_median", "on_hold_minutes", "on_hold_tickets", "breached_open")

PRIORITIES = SNAPSHOTS.canonical.replace('"held_minutes":"held",', '"held_minutes":"held","priority":"priority",')
DESK = mappings.from_canonical(PRIORITIES, "council")
HOLDS = mappings.of_holds(DESK)


def day(number: float) -> str:
    return f"2026-06-{int(number):02}T{8 + int(number * 24) % 24 % 10:02}:00"


def exported(random: Random, tickets: int, on: int) -> str:
    """A desk's table on a day of June: some of its tickets moved since they were opened."""
    rows = ["ref,state,opened,resolved,updated,held,priority"]
    for n in range(tickets):
        opened = 1 + n % 9
        if opened >= on:
            continue
        state = random.choice(("New", "Waiting", "Waiting", "Done"))
        changed = random.randrange(opened, on)
        held = random.choice(("", "", "90"))
        rows.append(f"C{n},{state},{day(opened)},{day(changed) if state == 'Done' else ''},{day(changed)},{held},P3")
    return "\n".join(rows) + "\n"


def figures() -> list[dict[str, Any]]:
    on = basis()
    period = the_period(Span(date(2026, 6, 1), date(2026, 6, 30)), on.known)
    found = computing.figures(period=period, on=on, measures=MEASURES, by=())
    return [one.as_json() for one in found]


@pytest.mark.parametrize("seed", range(2))
def test_from_the_kept_files_alone(seed: int) -> None:
    random = Random(seed)
    for on in (6, 12, 18, 24):
        bring(exported(random, 24, on), DESK, exported_at=moment(f"{on:02}T20:00"))
        if on in (12, 24):
            rows = [
                f"C{n},{day(2 + n % 9)},{day(3 + n % 9)},"
                for n in random.sample([n for n in range(24) if n % 9 < 6], 8)
            ]
            text = "\n".join(("reference,from,to,reason", *rows)) + "\n"
            of_holds = mappings.of_holds(DESK, complete=on == 24 and bool(seed % 2))
            bring(text, of_holds, tolerate=0.9, exported_at=moment(f"{on - seed % 2:02}T20:00"))
    told = figures()
    kinds = set(Batch.objects.values_list("kind", flat=True))
    assert kinds == {"file", "holds"} and told[0]["grade_mix"]["intervals"] > 0
    assert seed % 2 or told[0]["grade_mix"]["observed"] > 0
    assert any(one["low"] is not None for one in told), "something is in doubt"
    assert {(one.answer, one.why) for one in recomputed(told)} == {("same", "")}
