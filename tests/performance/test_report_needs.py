"""What a report still lacks, section by section: figures, readings that are expected, incidents, disputes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.demand.acts import disputing as demand
from commonhold.demand.engine.mapping import built_in
from commonhold.demand.models import Ticket
from commonhold.figures import Span
from commonhold.performance.acts import computing, reporting
from commonhold.performance.engine.report.needs import (
    OF_TICKETS,
    Needs,
    OfIncidents,
    OfReadings,
    OfTickets,
    expected,
    pieces,
    short,
)
from commonhold.performance.engine.report.readiness import by_part, percent_ready
from commonhold.performance.models import Report
from commonhold.performance.queries import reporting as queries
from commonhold.performance.queries.periods import basis, the_period
from tests import incidents, readings
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import SignIn
from tests.demand.disputes import of_ticket
from tests.performance.conftest import queries_of
from tests.performance.test_reporting import DIRECTOR, LEAD, MANAGER, MEMBER, agree
from tests.reading import links, words
from tests.universe import JUNE, NOON, somebody

EVERYTHING = Needs(tickets=OfTickets(kept=True))


def waiting(needs: Needs) -> dict[str, list[str]]:
    return {part.name: [piece.what for piece in part.waiting] for part in by_part(pieces(needs)) if part.waiting}


# The engine


def test_where_nothing_is_expected_beside_figures_nothing_is_lacking() -> None:
    assert waiting(EVERYTHING) == {}
    assert percent_ready(by_part(pieces(EVERYTHING))) == 100


def test_every_part_that_tickets_feed_lacks_its_figures_by_itself() -> None:
    found = waiting(Needs(tickets=OfTickets(kept=False)))

    assert found == {part: ["the figures"] for part in OF_TICKETS}


def test_figures_that_were_overtaken_are_there_and_one_thing_is_missing() -> None:
    found = waiting(Needs(tickets=OfTickets(kept=True, overtaken=True, short=["Council desk"])))

    assert found == {
        "volumes": [
            "the figures, with what has become known since",
            "files of Council desk that tell of its days to the end",
        ]
    }


def test_every_desk_s_own_files_are_waited_for_that_told_within_a_year() -> None:
    june = (date(2026, 6, 1), date(2026, 6, 30))
    told = {"A": date(2026, 6, 30), "B": date(2026, 6, 9), "C": date(2025, 6, 1), "D": date(2025, 5, 31)}

    assert short(told, *june) == ["B", "C"]
    assert short({"D": told["D"]}, *june) == ["D"], "of one desk alone its files are waited for however old they are"
    assert short({}, *june) == []


def test_readings_are_expected_of_what_has_an_aim_or_was_fed_lately() -> None:
    titles = {"calls_offered": "Calls offered", "availability": "Availability", "training_days": "Training"}

    assert expected(["availability", "within_target"], ["training_days"], titles) == ["availability", "training_days"]


def test_a_part_lacks_the_readings_that_are_expected_of_it_and_of_whom() -> None:
    calls = OfReadings("calls_offered", "Calls offered", known=False)
    visits = OfReadings("site_visits", "Visits", known=True, absent=("Northgate, Depot", "Southmere, Town Hall"))
    own = OfReadings("own_training_days", "Days of training", known=False)
    sites = OfReadings("availability", "Availability", known=True, is_whole=False)
    found = Needs(tickets=OfTickets(kept=True), readings=[calls, visits, own, sites])

    assert waiting(found) == {
        "readings-phones": ["Calls offered: readings of these days"],
        "readings-availability": ["Availability: readings of these days without gaps, to the end"],
        "readings-sites": ["Visits: readings of Northgate, Depot and Southmere, Town Hall"],
        "readings-own-training-days": ["Days of training: readings of these days"],
    }
    said = {part.name: part.in_words(writes=True) for part in by_part(pieces(found))}
    assert said["readings-phones"] == "readings not in yet"
    assert said["readings-availability"] == "1 part of its readings missing"
    assert said["readings-sites"] == "2 parts of its readings missing"


def test_incidents_and_disputes_count_one_by_one() -> None:
    found = Needs(EVERYTHING.tickets, incidents=OfIncidents(in_none=2, unwritten=1, drafted=1, signed=6), disputes=3)
    by_name = {part.name: part for part in by_part(pieces(found))}

    assert by_name["incidents"].percent == 60
    assert by_name["incidents"].in_words(writes=True) == "4 accounts not written or not signed off"
    assert by_name["disputed"].in_words(writes=True) == "3 disputes not answered"


measure = st.builds(OfReadings, st.sampled_from(["calls_offered", "patching", "own_visits"]), st.just("A measure"),
                    st.booleans(), st.lists(st.just("Northgate"), max_size=2), st.booleans())  # fmt: skip
few = st.integers(0, 3)
some = st.builds(Needs, st.builds(OfTickets, st.booleans(), st.booleans(), st.lists(st.just("A desk"), max_size=2)),
                 st.lists(measure, max_size=4), st.builds(OfIncidents, few, few, few, few), few)  # fmt: skip


@given(some)
def test_a_report_is_ready_exactly_where_nothing_is_lacking(needs: Needs) -> None:
    lacking = bool(
        not needs.tickets.kept
        or needs.tickets.overtaken
        or needs.tickets.short
        or any(not one.known or one.absent or not one.is_whole for one in needs.readings)
        or needs.incidents.in_none + needs.incidents.unwritten + needs.incidents.drafted + needs.disputes > 0
    )
    parts = by_part(pieces(needs))

    assert (percent_ready(parts) < 100) == lacking == any(part.percent < 100 for part in parts)


# What a report finds

PART = Span(JUNE.first, JUNE.first + timedelta(days=6))
"""A week without a P1 ticket, of which the universe knows nothing but tickets."""


def opened(span: Span = PART) -> Report:
    on = basis()
    computing.make_ready(period=the_period(span, on.known), on=on)
    made = reporting.open_report(by=somebody(DIRECTOR), first=span.first, last=span.last)
    return queries.the_report(made.span, seen_by=somebody(DIRECTOR))


def lacks(report: Report) -> dict[str, list[str]]:
    found = queries.reported(report, seen_by=somebody(DIRECTOR))
    named = {part.name: [piece.what for piece in part.waiting] for part in found.parts if part.waiting}
    assert (found.percent == 100) == (not named)
    return named


@pytest.mark.django_db
class TestReport:
    def test_readings_that_were_brought_before_are_expected_again(self, universe: cast.Committee) -> None:
        readings.bring(
            readings.line(measure="site_visits", unit="visits", value="9", first="2026-05-01", last="2026-05-31",
                          partner="Southmere", site="Town Hall"),
            readings.line(measure="calls_offered", first="2024-05-01", last="2024-05-31"),
        )  # fmt: skip
        report = opened()
        assert lacks(report) == {"readings-sites": ["Visits to on-site desks: readings of these days"]}

        days = {"measure": "site_visits", "unit": "visits", "value": "3", "first": PART.first, "last": PART.last}
        readings.bring(readings.line(**days, partner="Northgate", site="Depot"))
        assert lacks(report) == {"readings-sites": ["Visits to on-site desks: readings of Southmere, Town Hall"]}
        readings.bring(readings.line(**days, partner="Southmere", site="Town Hall"))
        assert lacks(report) == {}

    def test_so_are_those_of_a_measure_with_an_aim_and_of_one_s_own(self, universe: cast.Committee) -> None:
        agree("aims", {"availability": {"at_least": "99%"}, "calls_offered": {"at_most": "9000"}})
        own = readings.declare()
        readings.bring(
            readings.line(measure=own.name, unit=own.unit, value="4", first="2026-05-01", last="2026-05-31"),
            readings.line(first=PART.first, last=PART.last),
        )
        found = lacks(opened())

        assert list(found) == ["readings-availability", "readings-own-training-days"]
        assert found["readings-own-training-days"] == [f"{own.title}: readings of these days"]

    def test_p1_tickets_and_incidents_wait_for_their_signed_off_account(
        self, universe: cast.Committee, sign_in: SignIn
    ) -> None:
        report = opened(Span(JUNE.first, date(2026, 6, 29)))
        assert lacks(report) == {"incidents": ["1 P1 ticket entered in the register"]}
        page = sign_in(LEAD).get(report.get_absolute_url())
        assert links(page)["1 P1 ticket entered in the register"].startswith("/incidents/?opened_from=2026-06-01")

        made = incidents.opened(Ticket.objects.get(reference="SD0006"))
        key = incidents.opened(Ticket.objects.get(reference="SD0003"), is_key=True, reason="Elections.")
        assert lacks(report) == {"incidents": ["2 incidents written up"]}
        incidents.drafted(made)
        assert lacks(report) == {"incidents": ["1 incident written up", "1 account in draft to be signed off"]}
        incidents.signed_off(made)
        incidents.signed_off(key)
        assert lacks(report) == {}

    def test_disputes_wait_for_the_officers(self, universe: cast.Committee, sign_in: SignIn) -> None:
        dispute = of_ticket("SD0001", "priority", "P2")
        report = opened()
        assert lacks(report) == {"disputed": ["1 dispute answered"]}

        demand.decline(by=somebody(MANAGER), dispute=dispute, words="It was told as P3.")
        assert lacks(report) == {}
        demand.maintain(by=somebody(LEAD), dispute=dispute, words="It was not.")
        assert lacks(report) == {"disputed": ["1 dispute answered"]}
        assert "1 dispute not answered" in words(sign_in(DIRECTOR).get("/week/"))

    def test_days_that_files_tell_of_in_part_wait_for_the_desks(self, universe: cast.Committee) -> None:
        report = opened(Span(date(2026, 6, 30), date(2026, 7, 9)))
        assert lacks(report) == {"volumes": ["files of canonical that tell of its days to the end"]}
        bring(events("SD0030,2026-07-10T09:00:00Z,open,P3,incident,Service Desk,Southmere"), at=NOON)

        assert lacks(report)["volumes"] == ["the figures, with what has become known since"]

    def test_another_desk_s_files_do_not_tell_of_a_desk_s_days(self, universe: cast.Committee) -> None:
        field = replace(built_in("canonical"), desk="Field desk")
        line = "SD0030,2026-06-02T09:00:00Z,open,P3,incident,Service Desk,Southmere"
        bring(events(line), field, exported_at=datetime(2026, 6, 3, tzinfo=UTC))

        assert lacks(opened()) == {"volumes": ["files of Field desk that tell of its days to the end"]}

    def test_readings_of_a_third_of_the_days_are_not_those_of_the_days(self, universe: cast.Committee) -> None:
        agree("aims", {"calls_offered": {"at_most": "9000"}})
        readings.bring(readings.line(first=PART.first, last=PART.first + timedelta(days=1)))
        report = opened()
        (lacking,) = lacks(report)["readings-phones"]
        assert lacking.endswith(": readings of these days without gaps, to the end")

        readings.bring(readings.line(first=PART.first + timedelta(days=2), last=PART.last))
        assert lacks(report) == {}

    def test_the_week_says_in_one_line_which_sections_are_ready(
        self, universe: cast.Committee, sign_in: SignIn
    ) -> None:
        readings.bring(readings.line(first="2026-05-01", last="2026-05-31"))
        opened()
        said = words(sign_in(DIRECTOR).get("/week/"))

        assert "91% ready" in said and "Telephones: readings not in yet" in said
        assert "Nothing is missing of: How much was asked for, Resolved within target" in said

    def test_each_section_says_how_far_it_is(self, universe: cast.Committee, sign_in: SignIn) -> None:
        readings.bring(readings.line(first="2026-05-01", last="2026-05-31"))
        said = words(sign_in(MEMBER).get(opened().get_absolute_url()))

        assert "Telephones 0% readings not in yet" in said and "Exceptions 100% figures in" in said

    def test_it_takes_as_many_queries_with_three_of_each_as_with_one(
        self, universe: cast.Committee, sign_in: SignIn
    ) -> None:
        report = opened(Span(JUNE.first, date(2026, 6, 29)))
        readings.bring(readings.line(first="2026-05-09", last="2026-05-09"))
        client = sign_in(DIRECTOR)
        before = queries_of(client, report.get_absolute_url())
        for number, day in enumerate(("10", "11", "12")):
            bring(events(f"U{number},2026-06-{day}T08:00Z,open,P1,incident,Service Desk,Southmere"), at=NOON)
            readings.bring(readings.line(first=f"2026-05-{day}", last=f"2026-05-{day}"))
        incidents.opened(Ticket.objects.get(reference="SD0006"))

        assert queries_of(client, report.get_absolute_url()) == before <= 12
