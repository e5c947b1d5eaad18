"""Clocks read again when the agreement's calendars or targets change: only what differs becomes known (R3, F7)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from commonhold.demand import tasks
from commonhold.demand.models import Batch, Reckoning
from commonhold.jobs.engine import Cancelled, Running
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.partnership.acts import agreement
from commonhold.partnership.models import RuleVersion
from commonhold.web.demo import founding
from tests.demand import elsewhere
from tests.demand.bringing import bring, events, everything, known
from tests.universe import NOON, somebody

pytestmark = pytest.mark.django_db

THE_SERVICE = By(post="the-service", at=NOON, roles=frozenset({"service"}))


@pytest.fixture(autouse=True)
def brought() -> Iterator[None]:
    """Three tickets: one that took three working days, one an hour, one still open. It is noon for the worker too."""
    founding.start()
    bring(
        events(
            "SD1,2026-06-01T08:00Z,open,P3",
            "SD1,2026-06-04T08:00Z,resolved,P3",
            "SD2,2026-06-01T08:00Z,open,P3",
            "SD2,2026-06-01T09:00Z,resolved,P3",
            "SD3,2026-06-03T08:00Z,open,P1",
        )
    )
    with time_machine.travel(NOON, tick=False):
        yield


def put_right(rule: str, **changes: object) -> Entry:
    """Somebody saw that a rule had been entered wrongly, and enters it as it was agreed."""
    wrong = RuleVersion.objects.filter(rule=rule).order_by("number").last()
    assert wrong is not None
    agreement.enter_as_found(
        by=somebody("client-lead-of-southmere"),
        rule=rule,
        value={**wrong.value, **changes},
        effective_from=wrong.effective_from,
        document=wrong.document,
        corrects=wrong,
        reason="A slip of the pen.",
    )
    return last_entry()


def last_entry() -> Entry:
    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    return entry


def p3(minutes: int) -> Entry:
    value = RuleVersion.objects.filter(rule="targets").order_by("number").last()
    assert value is not None
    return put_right("targets", P3={**value.value["P3"], "resolve_minutes": minutes})


def running(report: Callable[[int, int, str], None] = lambda done, total, words: None) -> Running:
    return Running(
        job=1,
        task="demand.read_clocks_by_changed_rules",
        attempt=1,
        asked_by=THE_SERVICE,
        clock=lambda: NOON,
        report=report,
    )


def follow(entry: Entry) -> None:
    tasks.read_clocks_by_changed_rules(running(), entry)


def test_tickets_whose_clock_says_something_else_are_known_anew_and_no_others() -> None:
    before = Batch.objects.known()
    changed = p3(60)

    follow(changed)

    made = last_entry()
    assert (made.kind, made.because) == ("tickets.reckoned", [changed.number])
    assert made.facts == {**made.facts, "batch": before + 1, "tickets": 2}
    assert (known("SD1", before).target, known("SD1").target) == (1800, 60)
    assert (known("SD1", before).missed_at, known("SD1").missed_at is not None) == (None, True)
    assert known("SD3").pk == known("SD3", before).pk, "a P1 is not touched by the target of P3"


def test_twice_for_one_entry_is_as_once() -> None:
    changed = p3(60)
    follow(changed)
    before = everything()

    follow(changed)

    assert everything() == before


def test_a_rule_that_changes_no_clock_leaves_no_entry_and_no_row() -> None:
    value = RuleVersion.objects.get(rule="targets").value
    changed = put_right("targets", P5={**value["P3"], "resolve_minutes": 9_000})
    before = everything()

    follow(changed)

    assert everything() == before


def test_rules_that_no_clock_reads_are_passed_over() -> None:
    found = Entry.objects.filter(kind="rule.found", facts__rule="consent").first()
    assert found is not None
    asked = []

    tasks.read_clocks_by_changed_rules(running(lambda *told: asked.append(told)), found)

    assert asked == []


def test_nothing_is_done_where_there_are_no_tickets() -> None:
    Reckoning.objects.all().delete()
    changed = p3(60)
    before = everything()

    follow(changed)

    assert everything() == before


def test_a_ticket_that_still_runs_is_read_at_the_instant_at_which_it_was_read_before() -> None:
    used = known("SD3").used
    bring(events("SD9,2026-06-20T08:00Z,open,P3"))
    changed = p3(60)

    follow(changed)

    assert known("SD3").used == used, "time that passed is no change of the rules"


def test_a_job_that_is_stopped_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = p3(60)
    monkeypatch.setattr("commonhold.demand.queries.reckoned.TOGETHER", 1)
    before = everything()

    def stop(done: int, total: int, words: str) -> None:
        if done > 50:
            raise Cancelled

    with pytest.raises(Cancelled):
        tasks.read_clocks_by_changed_rules(running(stop), changed)

    assert everything() == before


def test_while_a_file_is_imported_the_job_waits_and_says_so() -> None:
    """Waiting is by asking again: a job that is cancelled meanwhile ends there."""
    told: list[str] = []

    def waits(done: int, total: int, words: str) -> None:
        told.append(words)
        raise Cancelled

    changed = p3(60)

    with elsewhere.importing(), pytest.raises(Cancelled):
        tasks.read_clocks_by_changed_rules(running(waits), changed)

    assert told == ["Waits until another import has ended"]


def test_an_import_after_the_change_is_read_by_the_new_rules_at_once() -> None:
    p3(60)

    bring(events("SD4,2026-06-01T08:00Z,open,P3", "SD4,2026-06-01T12:00Z,resolved,P3"))

    assert known("SD4").target == 60
    assert known("SD4").missed_at == datetime(2026, 6, 1, 9, tzinfo=UTC)
