"""What was computed from less than is known is forgotten, unless a publication, a draft or an open page needs it."""

from datetime import date, datetime, timedelta

import pytest

from commonhold.figures import Span
from commonhold.governance.acts import papers
from commonhold.governance.models import Paper
from commonhold.ledger import evidence
from commonhold.performance.acts import computing, publishing
from commonhold.performance.models import Draft, Pack, Period, Reading, Table
from commonhold.performance.queries import readings
from commonhold.performance.queries.periods import basis
from tests import universe
from tests.demand.bringing import bring, events
from tests.demand.conftest import SignIn
from tests.governance.conftest import Record
from tests.reading import links, words
from tests.universe import JUNE, NOON, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june"), pytest.mark.long]

LATER = NOON + timedelta(hours=1)
DAYS = Span(date(2026, 6, 10), date(2026, 6, 20))
QUARTER = Span(date(2026, 4, 1), date(2026, 6, 30))


def more(lines: str = "SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate") -> None:
    """More becomes known."""
    bring(events(lines), at=NOON)


def forget(at: datetime = LATER) -> int:
    return computing.forget_superseded(known=basis().known, at=at)


def withdraw(pack: Pack) -> None:
    publishing.withdraw(by=somebody("managing-director"), pack=pack, reason="The wrong quarter.")


def asked() -> Draft:
    by = somebody("service-manager")
    return publishing.ask_for_draft(by=by, first=JUNE.first, last=JUNE.last, profile="board")


def test_a_later_file_has_its_own_period_and_the_earlier_one_is_forgotten(record: Record) -> None:
    universe.compute()
    more()
    universe.compute()
    record.begin()

    assert Period.objects.filter(first=JUNE.first).count() == 2
    assert forget() == 1
    assert Table.objects.filter(by="", measure="open_at_end").get().figures[0]["value"] == 1
    assert record.none()


def test_for_an_hour_whoever_opens_a_figure_on_a_page_from_before_has_its_evidence(sign_in: SignIn) -> None:
    universe.compute()
    opened = Table.objects.get(by="", measure="tickets_opened").figures[0]["evidence"]
    client = sign_in("service-analyst")
    more()
    universe.compute()

    assert forget(LATER - timedelta(seconds=1)) == 0
    assert Table.objects.filter(by="", measure="tickets_opened").count() == 1, "pages print what is known now"
    assert "8 tickets." in words(client.get(f"/evidence/{opened}"))
    assert forget() == 1
    assert "Not kept ready" in words(client.get(f"/evidence/{opened}"))


@pytest.mark.parametrize("span", [JUNE, DAYS, QUARTER], ids=str)
def test_what_is_kept_up_stays_on_pages_until_it_is_computed_again(span: Span) -> None:
    universe.compute(span)
    more()

    assert forget() == 0
    assert [(span, kept.overtaken) for span, kept in readings.ready().periods.items()] == [(span, True)]
    universe.compute(span)
    assert forget() == 1
    assert [(span, kept.overtaken) for span, kept in readings.ready().periods.items()] == [(span, False)]


def test_weeks_that_no_page_shows_and_the_days_of_a_month_that_was_not_over_do_not() -> None:
    week, earlier = Span(date(2026, 6, 29), date(2026, 7, 5)), Span(date(2026, 6, 1), date(2026, 6, 7))
    of_july = Span(date(2026, 7, 1), date(2026, 7, 2))
    for span in (week, earlier, of_july):
        universe.compute(span)
    more("SD0007,2026-07-03T12:00:00Z,resolved,P3,incident,Service Desk,Northgate")

    assert forget() == 2
    assert list(readings.ready().periods) == [week]


def test_of_two_earlier_states_of_a_month_only_the_one_on_pages_waits() -> None:
    universe.compute()
    more()
    universe.compute()
    more("SD0008,2026-06-30T12:00:00Z,resolved,P3,incident,Service Desk,Southmere")

    assert forget() == 1
    assert readings.ready().periods[JUNE].number == Period.objects.get().pk


def test_what_a_standing_pack_rests_on_keeps_its_extract_and_no_table() -> None:
    universe.compute()
    pack = universe.publish("board")
    kept = Period.objects.get()
    more()
    universe.compute()

    assert forget() == 0
    assert set(Period.objects.filter(batch=kept.batch)) == {kept}
    assert not Table.objects.filter(period=kept).exists()
    withdraw(pack)
    assert forget() == 1
    assert not Period.objects.filter(pk=kept.pk).exists()


def test_so_does_every_period_that_its_figures_compare_with() -> None:
    may = events(*(f"SM{day},2026-05-0{day}T08:00Z,open,P3,incident,Desk,Southmere" for day in range(1, 8)))
    bring(may, at=NOON)
    pack = universe.publish("board")
    spans = {(row.first, row.last) for row in Period.objects.all()}
    told = {(figure.period.first, figure.period.last) for figure in (row.read for row in pack.readings.all())}
    more()

    assert spans == told and len(spans) > 1
    assert forget() == 0
    assert {(row.first, row.last) for row in Period.objects.all()} == spans


def test_it_stays_while_another_pack_needs_it() -> None:
    public, board = universe.publish("public"), universe.publish("board")
    more()
    withdraw(public)

    assert forget() == 0
    withdraw(board)
    assert forget() == 1


def test_of_a_pack_that_a_later_one_replaced_it_is_forgotten_unless_it_is_before_a_meeting() -> None:
    item = universe.meet().item
    replaced = universe.publish("board")
    publishing.attach(by=somebody("managing-director"), pack=replaced, item=item)
    more()
    universe.publish("board", reason="A file came late.")

    assert forget() == 0
    papers.withdraw(by=somebody("managing-director"), paper=Paper.objects.get(), reason="Another was tabled.")
    assert forget() == 1
    assert Period.objects.get().batch == basis().known.batch


def test_what_a_draft_rests_on_stays_while_it_is_looked_through() -> None:
    draft = asked()
    publishing.write_draft(draft=draft)
    asked()  # one that is not written yet rests on nothing
    more()

    assert forget() == 0
    draft.refresh_from_db()
    evidence.remove(draft.files["figures.json"])
    assert forget() == 1, "a draft without its figures cannot be published"


def test_what_an_earlier_version_of_the_program_computed_goes_once_ours_is_there() -> None:
    universe.compute()
    Period.objects.update(program="0.0.9")

    assert forget() == 0
    universe.compute()
    assert readings.ready().periods[JUNE].number == Period.objects.latest("pk").pk
    assert forget() == 1


def test_the_rows_behind_a_published_figure_are_there_after_a_later_import(sign_in: SignIn) -> None:
    universe.publish("public")
    more()
    universe.compute()
    forget()
    row = Reading.objects.get(pack__profile="public", figure__measure="tickets_resolved", figure__scope={})
    client = sign_in("service-analyst")
    page = client.get(f"/evidence/{row.reference}")

    assert "6 tickets." in words(page) and "Not kept ready" not in words(page)
    assert "SD0001" in links(page)
    assert client.get(links(page)["Those that you may see (CSV)"]).status_code == 200
