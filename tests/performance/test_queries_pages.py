"""What pages of figures print: which period, for whom, and in how many queries with one month and with three."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from commonhold.figures import Span
from commonhold.ledger.engine.by import By, of_partner, public
from commonhold.performance.acts import computing, publishing
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.models import Pack, Period
from commonhold.performance.queries import pages, readings
from commonhold.performance.queries.periods import basis, the_period
from tests import universe
from tests.demand.bringing import bring, events
from tests.universe import JUNE, NOON, TODAY, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june")]

PUBLIC = public(NOON)
MAY = Span(date(2026, 5, 1), date(2026, 5, 31))
JULY = Span(date(2026, 7, 1), date(2026, 7, 2))


def analyst() -> By:
    return somebody("service-analyst")


def values(found: pages.Overview) -> dict[str, float | None]:
    return {line.definition.name: line.whole.value for line in found.lines}


# Which period


def test_before_anything_is_computed_there_is_no_period_to_show() -> None:
    found = pages.overview(None, seen_by=analyst())

    assert (found.chosen.span, found.chosen.to_choose, found.lines) == (None, [], [])


def test_the_newest_whole_month_that_is_as_busy_as_months_are_is_shown_first() -> None:
    july, august = Span(date(2026, 7, 1), date(2026, 7, 31)), NOON.replace(month=8)
    with time_machine.travel(august, tick=False):
        bring(events("SD0010,2026-08-03T08:00:00Z,open,P3,incident,Service Desk,Northgate"), at=august)
        on = basis()
        for span in (JUNE, july, Span(date(2026, 8, 1), date(2026, 8, 31))):
            computing.make_ready(period=the_period(span, on.known), on=on)
    found = pages.overview(None, seen_by=analyst())

    assert [span.first.month for span in found.chosen.to_choose] == [8, 7, 6]
    assert found.chosen.span == JUNE, "August is not over, and the one ticket of July is no fourth of eight"


def test_a_period_of_which_a_pack_kept_only_the_extract_is_not_shown_as_ready() -> None:
    universe.publish("public")
    found = pages.overview(JUNE, seen_by=analyst())

    assert Period.objects.get().span == JUNE
    assert (found.chosen.kept, found.chosen.possible, found.chosen.to_choose) == (None, True, [])


def test_a_period_that_nobody_asked_for_is_possible_where_files_tell_of_it() -> None:
    universe.compute()
    asked, later = pages.overview(JULY, seen_by=analyst()), pages.overview(Span(TODAY, TODAY), seen_by=analyst())

    assert (asked.chosen.kept, asked.chosen.possible, asked.lines) == (None, True, [])
    assert (later.chosen.kept, later.chosen.possible) == (None, False)


def test_a_period_overtaken_by_a_later_file_says_so() -> None:
    universe.compute()
    bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=NOON)
    found = pages.overview(JUNE, seen_by=analyst())

    assert found.chosen.kept and found.chosen.kept.overtaken
    assert values(found)["open_at_end"] == 2, "as it was computed, until it is computed again"


# What stands in it


def test_every_measure_stands_in_it_with_each_partner() -> None:
    universe.compute()
    found = pages.overview(JUNE, seen_by=analyst())
    line = next(line for line in found.lines if line.definition.name == "within_target")

    assert found.partners == ["Eastwell Vale", "Northgate", "Southmere"]
    assert (line.whole.numerator, line.whole.denominator) == (5, 6)
    assert {name: (one.numerator, one.denominator) for name, one in line.partners.items()} == {
        "Eastwell Vale": (2, 2), "Northgate": (1, 2), "Southmere": (2, 2),
    }  # fmt: skip


def test_the_public_sees_what_was_published_and_nothing_else() -> None:
    universe.compute()
    assert pages.overview(JUNE, seen_by=PUBLIC).lines == [], "computed is not published"
    universe.publish("board")
    assert pages.overview(JUNE, seen_by=PUBLIC).lines == [], "published to the boards is not published to all"
    pack = universe.publish("public")
    found = pages.overview(None, seen_by=PUBLIC)

    assert (found.chosen.pack, found.chosen.span, found.partners) == (pack, JUNE, [])
    assert values(found) | {"open_at_end": None} == values(found), "two open tickets are fewer than five (F8)"
    assert values(found)["tickets_opened"] == 8
    assert "unclosed_at_end" not in values(found), "it would let the public subtract"
    publishing.withdraw(by=somebody("managing-director"), pack=pack, reason="Wrong.")
    assert pages.overview(None, seen_by=PUBLIC) == pages.Overview(pages.Chosen(None, []))


def test_of_several_packs_of_one_period_the_public_sees_the_last() -> None:
    first = universe.publish("public")
    bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=NOON)
    second = universe.publish("public", reason="A file came late.")
    found = pages.overview(None, seen_by=PUBLIC)

    assert first != second
    assert (found.chosen.pack, found.chosen.to_choose) == (second, [JUNE])
    assert values(found)["tickets_resolved"] == 7


def test_a_signed_in_person_without_a_post_is_the_public() -> None:
    universe.compute()

    assert pages.overview(JUNE, seen_by=By(post="", at=NOON, person=1)).lines == []


@pytest.mark.parametrize("partner", ["southmere", "eastwell-vale", "northgate"])
def test_every_partner_sees_the_same_whichever_is_host(partner: str) -> None:
    universe.compute()

    assert pages.overview(JUNE, seen_by=of_partner(partner, NOON)) == pages.overview(JUNE, seen_by=analyst())


def test_a_measure_is_shown_in_every_grouping_and_month_by_month() -> None:
    universe.compute()
    found = pages.measure("tickets_opened", JUNE, seen_by=analyst())

    assert found.whole and found.whole.value == 8
    assert [split.word for split in found.splits] == ["partner", "priority", "kind", "team", "service", "responsible"]
    by_priority = next(split for split in found.splits if split.word == "priority")
    assert [(one.scope["priority"], one.value) for one in by_priority.figures] == [
        ("P1", 1), ("P2", 1), ("P3", 5), ("P4", 1),
    ]  # fmt: skip
    assert {name: one.value for name, one in by_priority.partners["P3"].items()} == {
        "Eastwell Vale": 1, "Northgate": 1, "Southmere": 3,
    }  # fmt: skip
    assert [(span, figure.value) for span, figure in found.trend] == [(JUNE, 8)]


def test_the_public_s_measure_has_no_partner_in_it() -> None:
    universe.compute()
    universe.publish("board")
    universe.publish("public")
    found = pages.measure("tickets_opened", None, seen_by=PUBLIC)

    assert found.partners == []
    assert {word for split in found.splits for figure in split.figures for word in figure.scope} <= {"priority", "kind"}
    shown = {
        one.scope["priority"]: one.value for split in found.splits for one in split.figures if split.word == "priority"
    }
    assert shown == dict.fromkeys(("P1", "P2", "P3", "P4")), "P3 too: with it the three small ones could be had"


def test_partners_are_compared_for_the_boards_and_not_for_the_public() -> None:
    universe.compute()
    found = pages.parity("within_target", JUNE, seen_by=analyst())

    assert found and found.parity
    assert {one.partner: one.observed for one in found.parity.partners} == {
        "Eastwell Vale": 0, "Northgate": 1, "Southmere": 0,
    }  # fmt: skip
    assert all(found.figures[one.partner].denominator == one.denominator for one in found.parity.partners)
    assert pages.parity("within_target", JUNE, seen_by=PUBLIC) is None


def test_where_no_ticket_counts_parity_says_why() -> None:
    universe.compute()
    found = pages.parity("source_verdict_met", JUNE, seen_by=analyst())

    assert found and found.parity and found.parity.partners == ()
    assert found.parity.reason == (
        "No ticket closed in the period bears the desk's own verdict, so nothing can be compared."
    )


def test_the_first_page_s_headline_is_of_the_last_pack_or_the_newest_month() -> None:
    universe.compute()
    wanted = ("tickets_opened", "open_at_end", "no_measure")

    nothing = pages.headline(wanted, seen_by=PUBLIC)
    assert (nothing.told_to, nothing.span, nothing.figures) == (date(2026, 7, 2), None, [])
    found = pages.headline(wanted, seen_by=analyst())
    assert (found.span, [figure.value for figure in found.figures]) == (JUNE, [8, 2])
    universe.publish("public")
    found = pages.headline(wanted, seen_by=PUBLIC)
    assert (found.span, [figure.value for figure in found.figures]) == (JUNE, [8, None])


def test_a_period_that_somebody_had_read_at_another_instant_changes_no_page() -> None:
    universe.compute()
    on = basis()
    for instant in (datetime(2026, 6, 22, 12, tzinfo=UTC), datetime(2031, 6, 30, 12, tzinfo=UTC)):
        computing.make_ready(period=the_period(JUNE, on.known, instant), on=on)
    june = the_period(JUNE, on.known)

    assert Period.objects.filter(tables__by="").distinct().count() == 3
    assert readings.ready().periods[JUNE].as_of == june.read_at
    bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=NOON)
    assert readings.ready().periods[JUNE].as_of == june.read_at, "until it is computed by what is known since"


def test_a_period_that_was_still_running_is_shown_as_it_was_until_it_is_computed_again() -> None:
    july = Span(date(2026, 7, 1), date(2026, 7, 31))
    universe.compute(july)
    bring(events("SD0011,2026-07-10T12:00:00Z,open,P3,incident,Service Desk,Northgate"), at=NOON)
    kept = readings.ready().periods[july]

    assert (kept.overtaken, kept.as_of) == (True, datetime(2026, 7, 2, 9, tzinfo=UTC))
    universe.compute(july)
    kept = readings.ready().periods[july]
    assert (kept.overtaken, kept.as_of) == (False, datetime(2026, 7, 10, 12, tzinfo=UTC))


# In how many queries


@pytest.fixture(params=[1, 3])
def months(request: pytest.FixtureRequest) -> int:
    """So many months are kept ready and published."""
    days = [(month, day) for month in (4, 5) for day in range(1, 7)]
    worked = "open,P3,incident,Service Desk,Southmere"
    bring(events(*(f"SM{month}{day},2026-0{month}-0{day}T08:00:00Z,{worked}" for month, day in days)), at=NOON)
    on = basis()
    for month in [JUNE, MAY, Span(date(2026, 4, 1), date(2026, 4, 30))][: request.param]:
        period = the_period(month, on.known)
        computing.make_ready(period=period, on=on)
        files = publishing.compose(period=period, profile=publishing.profile_of("public"), on=on)
        publishing.publish(by=somebody("managing-director"), files=files)
    made: int = request.param
    assert (Period.objects.filter(tables__by="").distinct().count(), Pack.objects.count()) == (made, made)
    return made


def test_pages_take_as_many_queries_for_one_month_as_for_three(
    months: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by = analyst()
    # Extracts stay in the process once they are opened, so whoever asks first asks once more.
    pages.parity("within_target", None, seen_by=by)
    with django_assert_num_queries(4):
        assert len(pages.overview(None, seen_by=by).chosen.to_choose) == months
    with django_assert_num_queries(3):
        assert len(pages.measure("tickets_opened", None, seen_by=by).trend) == months
    with django_assert_num_queries(4):
        pages.parity("within_target", None, seen_by=by)
    with django_assert_num_queries(3):
        pages.headline(("tickets_opened",), seen_by=by)
    with django_assert_num_queries(1):
        assert len(readings.ready().periods) >= months


def test_so_do_the_public_s(months: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):
        assert len(pages.overview(None, seen_by=PUBLIC).chosen.to_choose) == months
    with django_assert_num_queries(2):
        pages.measure("tickets_opened", None, seen_by=PUBLIC)
    with django_assert_num_queries(2):
        pages.measure("open_at_end", None, seen_by=PUBLIC)
    with django_assert_num_queries(0):
        assert pages.parity("within_target", None, seen_by=PUBLIC) is None


def test_a_measure_that_packs_do_not_follow_by_month_goes_from_pack_to_pack(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    universe.publish("public")
    with django_assert_num_queries(3):
        found = pages.measure("tickets_resolved", None, seen_by=PUBLIC)

    assert [(span, figure.value) for span, figure in found.trend] == [(JUNE, 6)]


def test_who_may_not_see_figures_is_given_none_though_they_are_kept() -> None:
    universe.compute()
    kept = readings.ready().periods[JUNE]

    assert readings.figures([kept], [(), ("partner",)], seen_by=PUBLIC) == [[], []]
    assert len(readings.figures([replace(kept)], [()], seen_by=analyst())[0]) == len(MEASURES)
