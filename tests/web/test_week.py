"""The page of the week: what came and went, what is to come, the report in work, and what waits for whom."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonhold.demand.acts import disputing
from commonhold.demand.engine import mapping
from commonhold.demand.models import Batch
from commonhold.demand.queries.ahead import due_to_be_missed, on_hold_by_reason
from commonhold.figures import Span
from commonhold.performance.acts import reporting, weekly
from commonhold.performance.models import FigureQuery, Period, Week
from commonhold.performance.queries.periods import basis
from tests import readings
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.disputes import of_ticket
from tests.reading import links, words
from tests.universe import NOON, somebody
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db

LEAD, DIRECTOR, MEMBER = "client-lead-of-southmere", "managing-director", "committee-member-of-northgate"
HEADINGS = "reference,event_at,state,priority,kind,team,partner,service,category,hold_reason"
HELD = (
    "SD0020,2026-07-01T09:00:00Z,open,P3,incident,Service Desk,Southmere,,,",
    "SD0020,2026-07-01T10:00:00Z,on_hold,P3,incident,Service Desk,Southmere,,,awaiting_supplier",
    "SD0021,2026-07-01T09:00:00Z,open,P3,incident,Service Desk,Northgate,,,",
    "SD0021,2026-07-01T10:00:00Z,on_hold,P3,incident,Service Desk,Northgate,,,awaiting_customer",
    "SD0021,2026-07-01T11:00:00Z,in_progress,P3,incident,Service Desk,Northgate,,,",
    "SD0021,2026-07-01T12:00:00Z,on_hold,P3,incident,Service Desk,Northgate,,,",
    "SD0022,2026-07-02T09:00:00Z,open,P3,incident,Networks,Northgate,,,",
)


def held() -> None:
    """Two tickets on hold, one of them again and for no reason given, and one that runs; told of until Sunday."""
    lines = [*HELD, "SD0023,2026-07-05T20:00:00Z,open,P4,request,Service Desk,Southmere,,,"]
    bring("\n".join([HEADINGS, *lines]) + "\n", at=NOON)


def kept() -> None:
    weekly.keep_weeks(on=basis(), progress=lambda *_: None)


def test_what_is_on_hold_is_counted_by_the_reason_of_that_hold(universe: cast.Committee) -> None:
    held()

    assert on_hold_by_reason(Batch.objects.known()) == [
        ("Southmere", "awaiting_supplier", 1),
        ("Northgate", None, 1),
    ]


def test_targets_that_will_be_missed_are_counted_by_team_and_partner(universe: cast.Committee) -> None:
    held()
    through = datetime(2026, 7, 5, 20, tzinfo=UTC)
    # 30 hours of the office's ten a day from Thursday morning: missed on Tuesday.
    found = due_to_be_missed(Batch.objects.known(), through, datetime(2026, 7, 10, 20, tzinfo=UTC))

    assert ("Networks", "Northgate", 1) in found
    assert due_to_be_missed(Batch.objects.known(), through, through) == []
    assert all(team != "Service Desk" or partner == "Southmere" for team, partner, _ in found)


def test_the_look_ahead_is_that_of_the_newest_batch_alone(universe: cast.Committee) -> None:
    kept()
    held()
    kept()

    assert Week.objects.get().batch == Batch.objects.known()


def test_the_week_is_shown_with_every_partner_and_what_is_to_come(universe: cast.Committee, as_post: SignIn) -> None:
    held()
    kept()
    page = as_post(DIRECTOR).get("/week/")
    seen = words(page)

    assert "The week of 29 June to 5 July 2026" in seen
    for said in ("Tickets opened", "Tickets closed", "Tickets open for more than 90 days", "P1: tickets opened",
                 "by reason", "Awaiting supplier", "Networks", "Northgate"):  # fmt: skip
        assert said in seen, said
    assert "Waiting for me" in seen and "I wait for" in seen
    assert "/figures/?first=2026-06-29&last=2026-07-05" in links(page).values()


def test_a_week_that_is_not_over_is_not_compared(universe: cast.Committee, as_post: SignIn) -> None:
    bring(events("SD0030,2026-07-07T09:00:00Z,open,P3,incident,Service Desk,Southmere"), at=NOON)
    kept()

    assert "The week is not over" in words(as_post(DIRECTOR).get("/week/?first=2026-07-06"))


def test_the_client_lead_reads_first_whether_they_are_treated_alike(universe: cast.Committee, as_post: SignIn) -> None:
    kept()
    seen = words(as_post(LEAD).get("/week/"))

    assert "Are we treated alike?" in seen
    assert seen.index("Are we treated alike?") < seen.index("The week of")
    assert "Southmere:" in seen
    assert "Are we treated alike?" not in words(as_post(DIRECTOR).get("/week/"))


def test_a_month_kept_in_an_older_form_is_not_compared(universe: cast.Committee, as_post: SignIn) -> None:
    kept()
    Period.objects.update(program="0.0.1, extract 1", extract=b"of old")
    answer = as_post(LEAD).get("/week/")
    assert answer.status_code == 200 and "Are we treated alike?" not in words(answer)


def test_the_report_in_work_says_how_far_it_is(universe: cast.Committee, as_post: SignIn) -> None:
    days = Span(date(2026, 6, 22), date(2026, 6, 28))
    cast.compute(days)
    report = reporting.open_report(by=somebody(DIRECTOR), first=days.first, last=days.last, meeting=universe.meeting)
    reporting.query(by=somebody(LEAD), report=report, about="tickets_opened", words="One is ours twice.")

    seen = words(as_post(DIRECTOR).get("/week/"))
    assert "Report on 22 to 28 June 2026 to the Joint Committee" in seen and "% ready" in seen
    assert "How much was asked for: figures in, Southmere queried 1 figure" in seen
    assert "due Tuesday 21 July 2026" in seen
    assert "A partner waits for an answer" in seen
    assert "The officers have not answered yet" in words(as_post(LEAD).get("/week/"))


def test_every_authority_s_own_teams_are_drawn_as_partners_are(universe: cast.Committee, as_post: SignIn) -> None:
    """The host's like any other's (P1)."""
    own = replace(
        mapping.built_in("canonical"), teams={"Depot IT": "authority: Northgate", "Leisure": "authority: Southmere"}
    )
    rows = [
        f"SD0{number},2026-06-2{number}T08:00Z,closed,P3,incident,{team},Southmere"
        for number, team in enumerate(("Depot IT", "Depot IT", "Leisure"))
    ]
    bring(events(*rows), own, at=NOON)
    cast.compute()
    kept()
    seen = words(as_post(LEAD).get("/week/"))

    assert "Resolved within target, by who answers for the team" in seen
    assert "Shared service" in seen and "Northgate: own teams" in seen and "Southmere: own teams" in seen


def test_a_partner_reads_what_it_asked_and_what_became_of_it(universe: cast.Committee, as_post: SignIn) -> None:
    rows = (
        "SR1,2026-06-23T08:00Z,open,P4,request,Service Desk,Southmere",
        "SR1,2026-06-23T09:00Z,closed,P4,request,Service Desk,Southmere",
    )
    bring(events(*rows), at=NOON)
    kept()
    days = Span(date(2026, 6, 22), date(2026, 6, 28))
    cast.compute(days)
    report = reporting.open_report(by=somebody(DIRECTOR), first=days.first, last=days.last)
    for about, outcome in (("tickets_opened", "stands"), ("open_at_end", "looking"), ("within_target", "")):
        query = reporting.query(by=somebody(LEAD), report=report, about=about, words="Hm.")
        if outcome:
            reporting.answer(by=somebody("service-analyst"), query=query, outcome=outcome, words="So.")
    reporting.settle(by=somebody(LEAD), query=FigureQuery.objects.earliest("pk"), words="")
    open_one, withdrawn = (of_ticket("SR1", "priority", priority) for priority in ("P2", "P3"))
    disputing.withdraw(by=somebody(LEAD), dispute=withdrawn)
    seen = words(as_post(LEAD).get("/week/?first=2026-06-22"))

    assert "What we asked and got" in seen
    assert "Our queries of figures 3 1 settled, 0 answered, 2 not answered yet" in seen
    assert "Our remarks on incidents 0 None was made" in seen
    assert "Actions that bodies asked of the service 1 0 closed, 1 open" in seen
    assert (
        "Our disputes of tickets 2 0 accepted and put right, 0 by whose fact the service stands, "
        "1 settled or withdrawn, 1 not answered yet" in seen
    )
    assert f"{open_one}: Ticket SR1" in seen and "The service answers what your authority disputes" in seen
    assert "Our requests: tickets opened 1" in seen
    assert "What we asked and got" not in words(as_post(DIRECTOR).get("/week/"))
    assert "Our queries of figures 0 None was made" in words(as_post("client-lead-of-northgate").get("/week/"))


def test_the_public_is_told_where_to_look(universe: cast.Committee) -> None:
    kept()
    seen = words(Client().get("/week/"))

    assert "For those who hold a post" in seen and "Tickets opened" not in seen


NEWEST, NO_DAY = "This is the newest whole week.", "is no day that files can tell of"


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("yesterday", f"“yesterday” {NO_DAY}"),
        ("9999-12-31", f"“9999-12-31” {NO_DAY}"),
        ("%3Cb%3E", f"“<b>” {NO_DAY}"),
        (
            "2026-06-24",
            "24 June 2026 is a Wednesday. Weeks run from Monday to Sunday: this is the one in which it lies.",
        ),
        ("1990-01-01", "Nothing is known of 1 to 7 January 1990"),
        ("2199-01-07", "Nothing is known of 7 to 13 January 2199"),
    ],
)
def test_a_day_in_the_address_is_answered_in_plain_words(
    universe: cast.Committee, as_post: SignIn, first: str, said: str
) -> None:
    kept()
    answer = as_post(MEMBER).get(f"/week/?first={first}")

    assert answer.status_code == 200 and said in words(answer)
    assert (NEWEST in words(answer)) == (NO_DAY in said)
    assert "Compute them" not in words(answer)


def test_a_week_that_files_tell_of_and_that_is_not_kept_can_be_computed(
    universe: cast.Committee, as_post: SignIn
) -> None:
    kept()

    assert "The figures of 1 to 7 June 2026 are not kept ready" in words(as_post(MEMBER).get("/week/?first=2026-06-01"))


def test_each_partner_s_own_is_compared_with_the_year_before(universe: cast.Committee, as_post: SignIn) -> None:
    then = [
        f"OLD{number},2025-06-2{day}T08:00Z,open,P3,incident,Service Desk,{partner}"
        for number, (day, partner) in enumerate(
            [(4, "Southmere"), (4, "Southmere"), (5, "Northgate"), (5, "Eastwell Vale")]
        )
    ]
    bring(events(*then), at=NOON)
    kept()
    said = words(as_post(LEAD).get("/week/?first=2026-06-22"))

    row = said[said.index("Tickets opened 1 ticket") : said.index("Tickets closed")]
    assert "4: down 75.0%" in row
    assert row.count("a year before 1") == 2 and "a year before 2" in row


@pytest.mark.parametrize("post", [DIRECTOR, LEAD, MEMBER])
def test_it_takes_at_most_twelve_queries_with_two_reports_in_work(
    universe: cast.Committee, as_post: SignIn, post: str
) -> None:
    held()
    kept()
    readings.enter()
    for days in (Span(date(2026, 6, 22), date(2026, 6, 28)), Span(date(2026, 6, 15), date(2026, 6, 21))):
        cast.compute(days)
        reporting.open_report(by=somebody(DIRECTOR), first=days.first, last=days.last)
    client = as_post(post)
    client.get("/week/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/week/")

    assert len(asked) <= 12
