"""Periods computed and kept: workings that leave no entry, read again instead of computed, forgotten when overtaken."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonhold.figures import Span
from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import By, public
from commonhold.performance.acts import computing
from commonhold.performance.engine import groups, periods, top
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.models import Period, Table
from commonhold.performance.queries.periods import Basis, basis, the_period, whole_history
from commonhold.performance.queries.readings import READY
from commonhold.refusals import NotAllowed, Refused
from tests.demand.bringing import bring, events
from tests.governance.conftest import Record
from tests.universe import JUNE, NOON, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june")]


def of_june() -> tuple[periods.Period, Basis]:
    on = basis()
    return the_period(JUNE, on.known), on


def value(measure: str, *by: str) -> dict[str | None, float | None]:
    period, on = of_june()
    found = computing.figures(period=period, on=on, measures=[measure], by=by)
    return {figure.scope[by[0]] if by else None: figure.value for figure in found}


def test_what_was_computed_is_kept_and_read_the_next_time(record: Record) -> None:
    period, on = of_june()
    first = computing.extract_of(period=period, on=on)

    with CaptureQueriesContext(connection) as asked:
        second = computing.extract_of(period=period, on=on)

    assert len(asked) == 1, "the kept extract, and no ticket"
    assert second.digest == first.digest == Period.objects.get().digest
    assert record.none()


def test_several_periods_are_computed_from_one_reading_of_the_tickets() -> None:
    on = basis()
    months = periods.months(the_period(whole_history(on.known), on.known))

    with CaptureQueriesContext(connection) as asked:
        computing.extracts_of(parts=months, on=on)

    assert len(months) == 2
    assert sum('"timeline"' in query["sql"] for query in asked) == 1
    assert [row.span for row in Period.objects.all()] == [JUNE, Span(date(2026, 7, 1), date(2026, 7, 2))]


def test_a_period_keeps_how_many_were_opened_the_names_and_the_rules_in_force() -> None:
    period, on = of_june()
    kept = computing.keep(period=period, on=on, extract=computing.extract_of(period=period, on=on))

    assert (kept.opened, kept.rule_version) == (8, "calendars v1, targets v1")
    assert sorted(str(name) for _, name in kept.names["partner"]) == ["Eastwell Vale", "Northgate", "Southmere"]
    assert Period.objects.count() == 1, "kept in place of the earlier one"


def test_made_ready_is_every_measure_by_every_grouping_that_pages_print(record: Record) -> None:
    period, on = of_june()
    computing.make_ready(period=period, on=on)

    assert Table.objects.count() == len(READY) * len(MEASURES) + len(top.MEASURES)
    assert set(Table.objects.values_list("by", flat=True)) == {",".join(by) for by in (*READY, top.BY)}
    row = Table.objects.get(by="", measure="tickets_opened")
    assert [figure["value"] for figure in row.figures] == [8]
    assert record.none()


def test_made_ready_again_changes_nothing() -> None:
    period, on = of_june()
    computing.make_ready(period=period, on=on)
    before = list(Table.objects.order_by("pk").values_list())

    computing.make_ready(period=period, on=on)

    assert list(Table.objects.order_by("pk").values_list()) == before


def test_figures_are_computed_by_any_grouping() -> None:
    assert value("tickets_opened") == {None: 8}
    assert value("tickets_opened", "partner") == {"Eastwell Vale": 2, "Northgate": 3, "Southmere": 3}
    assert value("source_verdict_met", "priority") == dict.fromkeys(("P1", "P2", "P3", "P4"))
    assert value("within_target", "priority") == {"P1": 0.0, "P2": 1.0, "P3": 1.0, "P4": 1.0}


def test_figures_by_month_are_those_of_the_months() -> None:
    on = basis()
    whole = the_period(whole_history(on.known), on.known)
    found = computing.figures(period=whole, on=on, measures=["tickets_opened", "open_at_end"], by=["month"])

    assert [(figure.measure, figure.scope["month"], figure.value) for figure in found] == [
        ("tickets_opened", "2026-06", 8), ("tickets_opened", "2026-07", 1),
        ("open_at_end", "2026-06", 2), ("open_at_end", "2026-07", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "said"), [(["height"], "cannot be grouped by 'height'"), (["team", "team"], "given twice")]
)
def test_what_figures_cannot_be_grouped_by_is_refused(by: list[str], said: str) -> None:
    period, on = of_june()

    with pytest.raises(Refused, match=said):
        computing.figures(period=period, on=on, measures=["tickets_opened"], by=by)


def test_an_earlier_state_of_knowledge_gives_the_earlier_figure() -> None:
    before = basis()
    bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=NOON)

    def open_then(on: Basis) -> float | None:
        period = the_period(JUNE, on.known, datetime(2026, 6, 30, 12, tzinfo=UTC))
        (figure,) = computing.figures(period=period, on=on, measures=["open_at_end"], by=())
        return figure.value

    assert open_then(basis()) == 1
    assert open_then(basis(before.entry)) == 2


def test_a_period_is_asked_for_once_while_it_waits(record: Record) -> None:
    analyst = somebody("service-analyst")
    first = computing.ask_for_period(by=analyst, span=JUNE)
    second = computing.ask_for_period(by=analyst, span=JUNE)

    assert (first.pk, first.name) == (second.pk, "performance.compute")
    assert Job.objects.filter(name="performance.compute").count() == 1
    assert first.arguments == {"first": "2026-06-01", "last": "2026-06-30", "as_of": None, "known_at": None}
    assert record.none()


@pytest.mark.parametrize("post", ["committee-member-of-southmere", "auditor-of-eastwell-vale", "service-analyst"])
def test_whoever_holds_a_post_may_ask(post: str) -> None:
    assert computing.ask_for_period(by=somebody(post), span=JUNE)


@pytest.mark.parametrize("by", [public(NOON), By(post="", at=NOON, person=1)])
def test_the_public_may_not(by: By) -> None:
    with pytest.raises(NotAllowed, match="have figures computed"):
        computing.ask_for_period(by=by, span=JUNE)


def test_clocks_cannot_be_asked_to_be_read_after_what_the_files_tell_of(record: Record) -> None:
    said = "until 2 July 2026 at 10am, and not of what is so as of 2 July 2026 at 10:01am"
    told = datetime(2026, 7, 2, 9, tzinfo=UTC)

    with pytest.raises(Refused, match=said):
        computing.ask_for_period(by=somebody("service-analyst"), span=JUNE, as_of=told + timedelta(minutes=1))
    assert not Job.objects.filter(name="performance.compute").exists()
    assert computing.ask_for_period(by=somebody("service-analyst"), span=JUNE, as_of=told)


def test_figures_whose_clocks_are_read_after_what_the_files_tell_of_say_so() -> None:
    on = basis()
    for instant, notes in ((datetime(2026, 7, 2, 9, tzinfo=UTC), ()), (NOON, (groups.BEYOND,))):
        period = the_period(JUNE, on.known, instant)
        found = computing.figures(period=period, on=on, measures=["open_at_end", "within_target"], by=["partner"])
        assert {figure.notes for figure in found} == {notes}


def test_a_period_that_no_file_tells_of_is_refused() -> None:
    on = basis()

    with pytest.raises(Refused, match="Nothing is known yet of the days from 2027-01-01 to 2027-01-31"):
        the_period(Span(date(2027, 1, 1), date(2027, 1, 31)), on.known)
    with pytest.raises(Refused, match="before the period begins"):
        the_period(JUNE, on.known, NOON - timedelta(days=300))
    with pytest.raises(Refused, match="between the years 1970 and 2199"):
        the_period(replace(JUNE, first=date(1066, 10, 14)), on.known)
