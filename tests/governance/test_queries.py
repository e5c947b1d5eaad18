"""What pages and other apps read: what is due, what is found, and how many queries it takes."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from commonhold.governance import queries
from commonhold.governance.acts import actions, meetings, minutes
from commonhold.governance.queries import Wanted
from commonhold.ledger.engine.by import By, public
from commonhold.ledger.models import Entry, recorded_models
from commonhold.ledger.queries import lines
from commonhold.partnership.models import Role
from tests import factories
from tests.factories import CLERK, NOON

pytestmark = pytest.mark.django_db
PUBLIC = public(NOON)
DIRECTOR = By(post="managing-director", at=NOON, roles=frozenset({Role.MANAGING_DIRECTOR}))
NOVEMBER = date(2026, 11, 24)


def due(by: str = "next_meeting", **given: date) -> date | None:
    """When the update is due of an action that was asked for in this way."""
    made = factories.action(factories.resolution(due=by, **given))
    return queries.action(made.pk, NOON).line.due


def test_an_update_is_due_at_the_body_s_next_meeting_that_is_not_called_off() -> None:
    body = factories.body()
    factories.meeting(factories.body("Another board"), date(2026, 9, 1))
    off = factories.meeting(body, date(2026, 10, 6))
    meetings.call_off(by=CLERK, meeting=off, reason="Too few can come.")
    factories.meeting(body, NOVEMBER)
    item = factories.item(factories.meeting(body))
    action = factories.action(factories.resolution(item, due="next_meeting"))

    assert queries.action(action.pk, NOON).line.due == NOVEMBER


def test_an_update_is_due_by_its_date_or_not_at_all() -> None:
    assert due("date", due_day=date(2026, 9, 1)) == date(2026, 9, 1)


def test_where_the_next_meeting_is_not_called_nothing_is_overdue() -> None:
    action = factories.action(factories.resolution(due="next_meeting"))
    line = queries.action(action.pk, NOON + timedelta(days=900)).line

    assert (line.due, line.overdue, line.state) == (None, False, "open")


def test_what_is_overdue_comes_first_and_is_marked() -> None:
    item = factories.item()
    later = factories.action(factories.resolution(item, due="date", due_day=date(2026, 12, 1)))
    soon = factories.action(factories.resolution(item, due="date", due_day=date(2026, 8, 1)))
    never = factories.action(factories.resolution(item))
    listing = queries.actions(Wanted(), NOON + timedelta(days=30))

    assert [line.action for line in listing.lines] == [soon, later, never]
    assert [line.state for line in listing.lines] == ["overdue", "open", "open"]
    overdue = queries.actions(Wanted(state=queries.OVERDUE), NOON + timedelta(days=30))
    assert [line.action for line in overdue.lines] == [soon]


def test_a_post_owes_what_was_asked_of_it_until_it_is_closed_or_struck() -> None:
    item = factories.item()
    first, second, third = (factories.action(factories.resolution(item)) for _ in range(3))
    factories.action(factories.resolution(item), owner=factories.post("Client lead", "client-lead"))
    factories.update(first, paper=factories.paper(item), closes=True)
    actions.strike_action(by=CLERK, action=second, reason="Twice.")

    assert [one.url for one in queries.owed(DIRECTOR)] == [third.get_absolute_url()]
    assert queries.owed(PUBLIC) == []
    assert [line.state for line in queries.actions(Wanted(state=queries.CLOSED), NOON).lines] == ["closed"]
    states = [line.state for line in queries.actions(Wanted(state=queries.ALL), NOON).lines]
    assert states == ["open", "open", "error", "closed"]


def test_evidence_is_a_paper_put_before_the_same_body_since() -> None:
    body = factories.body()
    before = factories.paper(factories.item(factories.meeting(body, date(2026, 3, 17))))
    other = factories.paper(factories.item(factories.meeting(factories.body("Another board"))))
    item = factories.item(factories.meeting(body))
    here, withdrawn = factories.paper(item), factories.paper(item)
    from commonhold.governance.acts import papers

    papers.withdraw(by=factories.ANALYST, paper=withdrawn, reason="Wrong.")
    found = list(queries.evidence_for(factories.action(factories.resolution(item))))

    assert found == [here]
    assert before not in found and other not in found


def test_a_search_finds_everything_that_holds_every_word() -> None:
    item = factories.item(title="Update report on telephones")
    factories.paper(item, "Report on telephones")
    resolution = factories.resolution(item, "That the report on telephones be noted.")
    factories.action(resolution, "Report on telephones again")
    other = factories.item(item.meeting, "Telephones")
    found = queries.found("telephones REPORT", PUBLIC)

    assert [one.kind for one in found] == ["Action", "Agenda item", "Paper", "Resolution"]
    assert found[3].url == resolution.get_absolute_url()
    assert {one.kind for one in queries.found("joint", PUBLIC)} == {"Body", "Meeting"}
    assert [one.url for one in queries.found("telephones", PUBLIC)].count(other.get_absolute_url()) == 1


def test_a_search_says_what_was_taken_back() -> None:
    resolution = factories.resolution(text="That telephones be noted.")
    factories.action(resolution, "Answer telephones")
    minutes.strike_resolution(by=CLERK, resolution=resolution, reason="Twice.")

    found = {one.kind for one in queries.found("telephones", PUBLIC)}
    assert found == {"Resolution, entered in error", "Action, entered in error"}


@pytest.mark.parametrize("text", ["%", "_", "!", "' or 1=1 --", "", "   ", "\\", "nothing like it"])
def test_a_search_for_what_is_not_there_finds_nothing(text: str) -> None:
    factories.action()

    assert queries.found(text, PUBLIC) == []


def test_a_face_says_what_was_taken_back_and_a_thread_shows_it() -> None:
    resolution = factories.resolution()
    minutes.strike_resolution(by=CLERK, resolution=resolution, reason="Twice.")
    told = lines(Entry.objects.order_by("-number")[:2], PUBLIC)

    assert [line.sentence for line in told] == ["A resolution was marked as entered in error", "A body resolved"]
    assert {line.face.title for line in told if line.face} == {
        "Joint Committee RESOLVED: That the service improve. (entered in error)"
    }


def test_each_noun_names_one_kind_of_thing() -> None:
    from django.apps import apps

    from commonhold.ledger.models import Recorded

    nouns = [model.noun() for model in apps.get_models() if issubclass(model, Recorded)]
    assert sorted(noun for noun in nouns if nouns.count(noun) > 1 and noun in recorded_models()) == []


def agenda_of(rows: int) -> tuple[str, date]:
    """A meeting with so many items, papers, resolutions, actions, updates and corrections."""
    meeting = factories.meeting()
    for number in range(rows):
        item = factories.item(meeting, f"Item {number}")
        paper = factories.paper(item, figures=rows)
        action = factories.action(factories.resolution(item, due="next_meeting"))
        factories.update(action)
        factories.update(action, paper=paper)
        meetings.correct_item(by=CLERK, item=item, title=f"The item {number}", purpose=item.purpose, edition=1)
    return meeting.body.slug, meeting.day


@pytest.mark.parametrize("rows", [1, 3])
def test_a_meeting_takes_as_many_queries_for_one_item_as_for_three(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    slug, day = agenda_of(rows)
    with django_assert_num_queries(9):
        found = queries.meeting(slug, day, NOON)
        assert len(found.items) == rows
        assert [c.cited.numerator for p in found.items[0].papers.all() for c in p.citations.all()] == [924] * rows
        [[a.owner.title, a.stands] for i in found.items for r in i.resolutions.all() for a in r.actions.all()]


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_and_searches_take_as_many_queries_for_one_row_as_for_three(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    agenda_of(rows)
    with django_assert_num_queries(3):
        assert queries.actions(Wanted(), NOON).count == rows
    with django_assert_num_queries(1):
        assert len(queries.owed(DIRECTOR)) == rows
    with django_assert_num_queries(1):
        assert len(queries.found("item", PUBLIC)) == rows
    with django_assert_num_queries(2):
        queries.meetings(NOON)
    with django_assert_num_queries(1):
        queries.bodies(NOON)


def test_lists_go_on_page_by_page() -> None:
    body = factories.body()
    for number in range(30):
        factories.meeting(body, date(2025, 1, 1) + timedelta(days=number), time(18))
    first = queries.meetings(NOON)
    second = queries.meetings(NOON, before=first.older)

    assert (len(first.past), len(second.past), second.older) == (25, 5, None)
    assert not {m.day for m in first.past} & {m.day for m in second.past}


def test_actions_go_on_page_by_page() -> None:
    resolution = factories.resolution()
    for number in range(27):
        factories.action(resolution, f"Do this {number}")
    first = queries.actions(Wanted(), NOON)

    assert (first.count, len(first.lines), first.older) == (27, 25, 25)
    assert len(queries.actions(Wanted(), NOON, start=25).lines) == 2
    assert queries.actions(Wanted(), replace(CLERK).at, start=999).lines == []
