"""Meetings, resolutions and actions: what changed, the one entry left, who is refused, and what makes no sense."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from commonhold.governance.acts import actions, meetings, minutes, papers
from commonhold.governance.models import Action, Body, Citation, Correction, Item, Resolution, Retraction, Update
from commonhold.governance.queries import owed
from commonhold.ledger.engine.by import By, public
from commonhold.ledger.engine.verify_commonhold import salted_digest
from commonhold.ledger.models import Entry, Salt
from commonhold.partnership.models import Appointment, Person, Role, Told
from commonhold.refusals import NotAllowed, Refused
from tests import factories
from tests.factories import ANALYST, CLERK, NOON
from tests.governance.conftest import Record

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 21)
MEMBER = By(post="committee-member-of-southmere", at=NOON, partner="southmere", roles=frozenset({Role.MEMBER}))
OPERATOR = By(post="operator", at=NOON, roles=frozenset({Role.OPERATOR}))
DIRECTOR = By(post="managing-director", at=NOON, roles=frozenset({Role.MANAGING_DIRECTOR}))


# Entering


def test_a_body_is_entered_with_one_entry(record: Record) -> None:
    body = meetings.form_body(by=CLERK, name="Joint  Committee ", kind=Body.Kind.JOINT_COMMITTEE)

    assert (body.name, body.slug) == ("Joint Committee", "joint-committee")
    assert (record.one().kind, record.one().subject) == ("body.formed", body.ref)


@pytest.mark.parametrize("name", ["Joint Committee", "joint committee", "new", "!!!", "  "])
def test_a_body_needs_a_name_of_its_own(name: str) -> None:
    factories.body("Joint Committee")

    with pytest.raises(Refused):
        meetings.form_body(by=CLERK, name=name, kind=Body.Kind.JOINT_COMMITTEE)


def test_a_meeting_an_item_a_resolution_and_an_action_each_follow_from_the_one_before(record: Record) -> None:
    made = [factories.body()]
    made.append(factories.meeting(made[0]))
    made.append(factories.item(made[1]))
    made.append(factories.resolution(made[2]))
    made.append(factories.action(made[3]))
    made.append(factories.update(made[4]))
    entries = Entry.objects.order_by("number")[record.size :]

    assert [entry.kind for entry in entries] == [
        "body.formed", "meeting.called", "item.added", "resolution.made", "action.asked", "action.updated"
    ]  # fmt: skip
    assert [entry.subject for entry in entries] == [thing.ref for thing in made]
    assert [entry.because for entry in entries[1:]] == [[entry.number] for entry in entries[:5]]


def test_a_resolution_follows_from_its_item_and_the_papers_before_it(record: Record) -> None:
    item = factories.item()
    paper, gone = factories.paper(item), factories.paper(item)
    papers.withdraw(by=ANALYST, paper=gone, reason="The wrong quarter.")
    record.begin()
    factories.resolution(item)

    assert record.one().because == [item.entry.number, paper.entry.number]


def test_no_title_and_no_text_stands_on_an_entry(record: Record) -> None:
    resolution = factories.resolution(text="That Acacia Avenue be left alone.")
    entry = record_of(resolution)

    assert "Acacia" not in str(entry.facts)
    assert set(entry.digests) == {"word", "text", "due", "due_day"}


def record_of(thing: Any) -> Entry:
    found = thing.entry
    assert found
    return found


def test_a_paper_names_the_evidence_of_every_figure_it_cites(record: Record) -> None:
    paper = papers.submit(
        by=ANALYST,
        item=factories.item(),
        title="Performance pack",
        address="/packs/1/",
        files={"pack.html": "ab" * 32},
        figures=[factories.FIGURE, factories.FIGURE],
        titles=["Resolved within target"],
        because=None,
    )

    assert record_of(paper).facts["evidence"] == [factories.FIGURE["evidence"]] * 2
    assert [c.title for c in Citation.objects.all()] == ["Resolved within target", "Within target"]
    assert Citation.objects.first().cited.numerator == 924


def test_the_holders_of_a_post_are_told_what_was_asked_of_it() -> None:
    owner = factories.post()
    helen = Person.objects.create(email="helen@example.org", name="Helen Marsh")
    Appointment.objects.create(post=owner, person=helen, starts=TODAY)
    action = factories.action(owner=owner)

    (told,) = Told.objects.all()
    assert (told.person, told.subject, told.why) == (helen, action.ref, "Joint Committee asked for something.")


# Who may


@pytest.mark.parametrize("by", [MEMBER, OPERATOR, ANALYST, public(NOON)])
@pytest.mark.parametrize(
    "act",
    [
        lambda by: meetings.form_body(by=by, name="A board", kind=Body.Kind.OFFICER_BOARD),
        lambda by: meetings.call_meeting(by=by, body=Body(), day=TODAY, starts=time(10), place=""),
        lambda by: meetings.add_item(by=by, meeting=None, title="", purpose=""),
        lambda by: meetings.correct_body(by=by, body=Body(), name="", kind="", edition=1),
        lambda by: meetings.correct_meeting(by=by, meeting=None, starts=time(10), place="", edition=1),
        lambda by: meetings.call_off(by=by, meeting=None, reason="Snow."),
        lambda by: meetings.correct_item(by=by, item=None, title="", purpose="", edition=1),
        lambda by: meetings.withdraw_item(by=by, item=None, reason="Not needed."),
        lambda by: minutes.resolve(by=by, item=None, text="That it be so."),
        lambda by: minutes.strike_resolution(by=by, resolution=None, reason="Twice."),
        lambda by: actions.ask(by=by, resolution=None, text="Do it", owner=None),
        lambda by: actions.correct_action(by=by, action=None, text="", owner=None, edition=1),
        lambda by: actions.strike_action(by=by, action=None, reason="Twice."),
    ],
)
def test_the_record_of_a_meeting_is_kept_by_clerks_alone(by: By, act: Callable[[By], object]) -> None:
    with pytest.raises(NotAllowed):
        act(by)


@pytest.mark.parametrize("partner", ["southmere", "eastwell-vale", "northgate"])
def test_any_partner_s_clerk_may_whichever_partner_is_host(partner: str) -> None:
    by = replace(CLERK, partner=partner, post=f"governance-officer-of-{partner}")

    assert meetings.form_body(by=by, name="A board", kind=Body.Kind.OFFICER_BOARD)


def test_an_update_comes_from_whoever_owes_it_or_from_a_clerk() -> None:
    action = factories.action()

    assert actions.update(by=DIRECTOR, action=action, words="Done.").post == "managing-director"
    assert actions.update(by=CLERK, action=action, words="Heard at the meeting.")
    with pytest.raises(NotAllowed):
        actions.update(by=ANALYST, action=action, words="Done.")


def test_papers_are_brought_by_officers_and_withdrawn_by_the_operator_too() -> None:
    paper = factories.paper()
    with pytest.raises(NotAllowed):
        factories.paper(paper.item, by=OPERATOR)
    with pytest.raises(NotAllowed):
        papers.withdraw(by=MEMBER, paper=paper, reason="Wrong.")

    assert papers.withdraw(by=OPERATOR, paper=paper, reason="Wrong.")


# What makes no sense


def test_a_meeting_that_has_not_opened_has_resolved_nothing() -> None:
    later = factories.item(factories.meeting(starts=time(18)))

    with pytest.raises(Refused, match="has not opened"):
        factories.resolution(later)


@pytest.mark.parametrize("given", [{"due": "date"}, {"due_day": TODAY}, {"due": "next_meeting", "due_day": TODAY}])
def test_a_day_is_given_where_an_update_is_due_by_one(given: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="Give the day"):
        factories.resolution(**given)


def test_a_body_meets_once_a_day() -> None:
    body = factories.body()
    meeting = factories.meeting(body)
    with pytest.raises(Refused, match="already meets on 21 July 2026"):
        factories.meeting(body)

    meetings.call_off(by=CLERK, meeting=meeting, reason="Snow.")
    with pytest.raises(Refused, match="was called off"):
        factories.meeting(body)


def test_an_action_closes_only_with_a_paper_that_still_stands() -> None:
    action = factories.action()
    paper = factories.paper(action.resolution.item)
    with pytest.raises(Refused, match="only with evidence"):
        factories.update(action, closes=True)

    papers.withdraw(by=ANALYST, paper=paper, reason="Wrong.")
    with pytest.raises(Refused, match="withdrawn"):
        factories.update(action, paper=paper, closes=True)


def test_a_closed_action_takes_no_further_update() -> None:
    action = factories.action()
    factories.update(action, paper=factories.paper(action.resolution.item), closes=True)

    with pytest.raises(Refused, match="is closed"):
        factories.update(action)


def test_the_database_itself_refuses_what_cannot_be() -> None:
    action = factories.action()
    item = action.resolution.item
    impossible: list[Callable[[], object]] = [
        lambda: Item.objects.create(meeting=item.meeting, number=item.number, title="Twice"),
        lambda: Resolution.objects.create(item=item, number=1, text="", due="date"),
        lambda: Update.objects.create(action=action, words="", closes=True, post="x", at=NOON),
        lambda: Correction.objects.create(before={}, after={}, post="x", at=NOON),
        lambda: Correction.objects.create(item=item, action=action, before={}, after={}, post="x", at=NOON),
        lambda: Retraction.objects.create(reason="x", post="x", at=NOON),
        lambda: Retraction.objects.create(item=item, meeting=item.meeting, reason="x", post="x", at=NOON),
    ]
    for act in impossible:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


# Putting right


def test_a_typo_is_put_right_and_both_texts_stay(record: Record) -> None:
    item = factories.item(title="Perfomance pack")
    entered = record_of(item)
    record.begin()
    made = meetings.correct_item(by=CLERK, item=item, title="Performance pack", purpose=item.purpose, edition=1)
    item.refresh_from_db()

    assert (item.title, item.edition) == ("Performance pack", 2)
    assert made.changes == [("Title", "Perfomance pack", "Performance pack")]
    entry = record.one()
    assert (entry.kind, entry.because, entry.facts["changed"]) == ("item.corrected", [entered.number], ["title"])
    # What the first entry testifies to is still what was entered first.
    salt = Salt.objects.get(entry=entered, name="title").salt
    assert salted_digest(salt, item.contents()["title"]) == entered.digests["title"]


def test_who_puts_right_beside_an_older_edition_is_told(record: Record) -> None:
    meeting = factories.meeting()
    meetings.correct_meeting(by=CLERK, meeting=meeting, starts=time(11), place="Town Hall", edition=1)
    record.begin()

    with pytest.raises(Refused, match="after you opened this"):
        meetings.correct_meeting(by=CLERK, meeting=meeting, starts=time(10), place="Library", edition=1)
    assert record.none()


def test_nothing_different_is_no_correction() -> None:
    body = factories.body()

    with pytest.raises(Refused, match="Nothing is different"):
        meetings.correct_body(by=CLERK, body=body, name=body.name, kind=body.kind, edition=1)


def test_a_meeting_s_time_and_place_a_body_s_name_and_an_action_s_words_can_be_put_right(record: Record) -> None:
    action = factories.action()
    meeting, body = action.resolution.item.meeting, action.resolution.item.meeting.body
    meetings.correct_meeting(by=CLERK, meeting=meeting, starts=time(10, 30), place="Library", edition=1)
    meetings.correct_body(by=CLERK, body=body, name="The Joint Committee", kind=body.kind, edition=1)
    other = factories.post("Service manager", "service-manager")
    actions.correct_action(
        by=CLERK,
        action=action,
        text=action.text,
        owner=other,
        measure="within_target",
        scope={"priority": "P1"},
        edition=1,
    )

    changed = {c.of.noun(): [name for name, _, _ in c.changes] for c in Correction.objects.all()}
    assert changed == {"meeting": ["Starts", "Place"], "body": ["Name"], "action": ["Owner", "Measure", "Scope"]}
    body.refresh_from_db()
    assert (body.name, body.slug) == ("The Joint Committee", "joint-committee"), "its address stays"
    assert [one.title for one in owed(replace(DIRECTOR, post="service-manager"))] == [
        f"Action {action.pk}: {action.text}"
    ]


# Taking back


def test_a_resolution_entered_in_error_stays_in_sight_and_mandates_nothing(record: Record) -> None:
    action = factories.action()
    record.begin()
    made = minutes.strike_resolution(by=CLERK, resolution=action.resolution, reason="It was entered twice.")

    assert record.one().kind == "resolution.entered-in-error"
    assert (made.word, made.reason) == ("Entered in error", "It was entered twice.")
    assert Resolution.objects.filter(pk=action.resolution_id).exists()
    assert not Action.objects.open().exists()
    with pytest.raises(Refused):
        factories.action(action.resolution)
    with pytest.raises(Refused, match="entered in error"):
        factories.update(action)


def test_an_update_that_closed_in_error_opens_the_action_again() -> None:
    action = factories.action()
    closing = factories.update(action, paper=factories.paper(action.resolution.item), closes=True)
    assert not Action.objects.open().exists()

    actions.strike_update(by=CLERK, update=closing, reason="It is about another action.")

    assert list(Action.objects.open()) == [action]
    assert factories.update(action)


def test_an_item_without_papers_or_resolutions_can_be_withdrawn() -> None:
    item = factories.item()
    meetings.withdraw_item(by=CLERK, item=item, reason="Nothing was brought.")

    with pytest.raises(Refused, match="Withdrawn"):
        meetings.correct_item(by=CLERK, item=item, title="Again", purpose="note", edition=1)
    assert factories.item(item.meeting).number == 2, "its number is not given again"


def test_an_item_with_a_paper_or_a_resolution_stays_until_those_are_taken_back() -> None:
    item = factories.item()
    paper, resolution = factories.paper(item), factories.resolution(item)
    with pytest.raises(Refused, match="Withdraw the paper first"):
        meetings.withdraw_item(by=CLERK, item=item, reason="Not needed.")
    papers.withdraw(by=ANALYST, paper=paper, reason="Wrong.")
    with pytest.raises(Refused, match="Something was resolved"):
        meetings.withdraw_item(by=CLERK, item=item, reason="Not needed.")
    minutes.strike_resolution(by=CLERK, resolution=resolution, reason="Twice.")

    assert meetings.withdraw_item(by=CLERK, item=item, reason="Not needed.")


def test_a_meeting_is_called_off_unless_something_was_resolved_there() -> None:
    item = factories.item()
    resolution = factories.resolution(item)
    with pytest.raises(Refused, match="has taken place"):
        meetings.call_off(by=CLERK, meeting=item.meeting, reason="Snow.")
    minutes.strike_resolution(by=CLERK, resolution=resolution, reason="Another meeting's.")
    meetings.call_off(by=CLERK, meeting=item.meeting, reason="Snow.")

    for act in (
        lambda: factories.item(item.meeting),
        lambda: factories.resolution(item),
        lambda: factories.paper(item),
    ):
        with pytest.raises(Refused):
            act()


def test_what_is_taken_back_says_why_and_once() -> None:
    item = factories.item()
    with pytest.raises(Refused, match="Say why"):
        meetings.withdraw_item(by=CLERK, item=item, reason="  ")
    meetings.withdraw_item(by=CLERK, item=item, reason="Not needed.")
    with pytest.raises(Refused, match="already"):
        meetings.withdraw_item(by=CLERK, item=item, reason="Not needed.")


def test_everybody_may_read_all_contents() -> None:
    action = factories.action()
    things = [action, action.resolution, action.resolution.item, action.resolution.item.meeting]
    things.append(actions.strike_action(by=CLERK, action=action, reason="Twice."))

    for thing in things:
        assert thing.contents_seen_by(public(NOON)) == thing.contents()


def test_an_update_can_be_struck_by_who_gave_it() -> None:
    update = actions.update(by=DIRECTOR, action=factories.action(), words="Done.")
    with pytest.raises(NotAllowed):
        actions.strike_update(by=ANALYST, update=update, reason="Wrong.")

    assert actions.strike_update(by=DIRECTOR, update=update, reason="Wrong.")
    assert timedelta(0) == update.at - NOON
