"""Forms hand what was entered to an act, and lose nothing (U4)."""

from typing import Any

import pytest
from django.db import IntegrityError

from commonhold.govuk.fields import Checkbox, Date, Edition, Radios, Text, TextArea
from commonhold.govuk.form import AT_ONCE, Difference, Form
from commonhold.refusals import NotAllowed, Refused
from tests.govuk.rendering import rendered


class Comment(Form):
    title = Text("Title")
    text = TextArea("Text")
    due = Date("Update due", required=False)
    standing = Radios("Standing", [("quorate", "Quorate"), ("informal", "Informal")], required=False)
    read = Checkbox("I have read the paper", required=False)
    edition = Edition(required=False)

    page_only = frozenset({"read"})


ENTERED = {"title": "Desk", "text": "More time", "due": "2026-07-21", "standing": "informal", "read": "on"}


def test_the_act_is_given_what_was_entered_and_what_the_view_knows() -> None:
    given: dict[str, Any] = {}

    def act(**words: Any) -> str:
        given.update(words)
        return "the comment"

    form = Comment(ENTERED | {"edition": "3"})

    assert form.is_valid()
    assert form.carry_out(act, by="clerk", item=4)
    assert form.result == "the comment"
    assert given.pop("due").isoformat() == "2026-07-21"
    assert given == {
        "by": "clerk",
        "item": 4,
        "title": "Desk",
        "text": "More time",
        "standing": "informal",
        "edition": 3,
    }


def test_what_the_act_refuses_is_said_on_the_form_and_nothing_is_lost() -> None:
    def act(**words: Any) -> None:
        raise Refused("This meeting has not opened.", ["It opens on 21 July 2026.", "It has no chair."])

    form = Comment(ENTERED)

    assert form.is_valid()
    assert not form.carry_out(act, by="clerk")
    assert [problem.text for problem in form.problems] == [
        "This meeting has not opened.",
        "It opens on 21 July 2026.",
        "It has no chair.",
    ]
    assert 'value="Desk"' in form.body()


def test_where_somebody_was_a_moment_earlier_it_is_said_on_the_form_and_nothing_is_lost() -> None:
    def act(**words: Any) -> None:
        raise IntegrityError("duplicate key")

    form = Comment(ENTERED)

    assert form.is_valid()
    assert not form.carry_out(act, by="clerk")
    assert [problem.text for problem in form.problems] == [AT_ONCE]
    assert 'value="Desk"' in form.body()


def test_many_problems_are_counted_and_not_listed() -> None:
    def act(**words: Any) -> None:
        raise Refused("The file has mistakes.", [f"Line {line}" for line in range(1, 41)])

    form = Comment(ENTERED)
    form.is_valid()
    form.carry_out(act, by="clerk")

    assert len(form.problems) == 12
    assert form.problems[-1].text == "and 30 more"


def test_what_is_not_allowed_is_no_error_of_the_form() -> None:
    def act(**words: Any) -> None:
        raise NotAllowed("You may not comment.")

    form = Comment(ENTERED)
    form.is_valid()

    with pytest.raises(NotAllowed):
        form.carry_out(act, by="clerk")


def test_the_summary_lists_errors_in_the_order_of_the_fields_and_links_to_them() -> None:
    form = Comment({"due-day": "1"})
    summary = rendered("{{ govuk.errors(form) }}", form=form)

    assert [problem.href for problem in form.problems] == ["#id_title", "#id_text", "#id_due-month"]
    assert summary.index("#id_title") < summary.index("#id_text") < summary.index("#id_due-month")
    assert "There is a problem" in summary


SAVED = {"title": "Desk", "text": "Saved by another clerk", "standing": "quorate", "edition": 4}


def test_a_form_carries_the_edition_it_was_opened_at() -> None:
    assert Comment(initial=SAVED)["edition"].field() == '<input type="hidden" id="id_edition" name="edition" value="4">'


def test_when_somebody_saved_meanwhile_both_texts_are_shown() -> None:
    form = Comment(ENTERED | {"edition": "3"}, initial=SAVED)

    assert form.is_valid()
    assert form.overtaken
    assert form.differences == [
        Difference("Text", theirs="Saved by another clerk", mine="More time"),
        Difference("Standing", theirs="Quorate", mine="Informal"),
    ]
    shown = rendered("{{ govuk.overtaken(form) }}", form=form)
    assert "Saved by another clerk" in shown and "More time" in shown


def test_having_seen_both_texts_one_can_save_again() -> None:
    form = Comment(ENTERED | {"edition": "3"}, initial=SAVED)

    assert 'value="4"' in form["edition"].field()


def test_what_was_entered_wrongly_is_shown_as_it_was_entered() -> None:
    form = Comment(
        ENTERED | {"due": "", "due-day": "31", "due-month": "2", "edition": "3"}, initial=SAVED | {"due": None}
    )

    assert Difference("Update due", theirs="", mine="31 2") in form.differences


def test_nobody_saved_meanwhile() -> None:
    assert not Comment(ENTERED | {"edition": "4"}, initial=SAVED).overtaken
    assert not Comment(initial=SAVED).overtaken
    assert Comment(ENTERED | {"edition": "4"}, initial=SAVED).differences == []
