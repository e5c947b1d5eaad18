"""Reports on periods: laid open, explained, remarked on, queried, answered, settled; each leaves one entry."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from commonhold.ledger.models import Entry
from commonhold.partnership.acts import agreement
from commonhold.partnership.models import Told
from commonhold.performance.acts import computing, reporting
from commonhold.performance.models import Explanation, FigureQuery, Report, Wording
from commonhold.performance.queries import reporting as queries
from commonhold.performance.queries.periods import basis, the_period
from commonhold.refusals import NotAllowed, Refused
from tests import universe as cast
from tests.universe import JUNE, NOON, somebody

pytestmark = pytest.mark.django_db

DIRECTOR, MANAGER, ANALYST = "managing-director", "service-manager", "service-analyst"
LEAD, OTHER, MEMBER = "client-lead-of-southmere", "client-lead-of-northgate", "committee-member-of-southmere"
SHARE = "within_target"
WHY, DOING = "Two posts were vacant.", "Both are filled since May."


def agree(rule: str, value: dict[str, Any]) -> None:
    agreement.enter_as_found(
        by=somebody(DIRECTOR), rule=rule, value=value, effective_from=date(2023, 7, 1), document="Agreement of 2023"
    )


def opened(**changes: Any) -> Report:
    on = basis()
    computing.make_ready(period=the_period(JUNE, on.known), on=on)
    return reporting.open_report(by=somebody(DIRECTOR), **{"first": JUNE.first, "last": JUNE.last, **changes})


def entry() -> Entry:
    return Entry.objects.order_by("-number")[0]


# Laying open


def test_the_figures_lie_open_to_every_partner_until_the_day_that_the_rule_gives(universe: cast.Committee) -> None:
    agree("provisional", {"working_days": 5, "holidays": "GB-ENG"})
    report = opened(meeting=universe.meeting)

    assert report.until == date(2026, 7, 28)
    assert (entry().kind, entry().subject) == ("report.opened", report.ref)
    assert entry().facts.items() >= {"from": "2026-06-01", "to": "2026-06-30", "until": "2026-07-28"}.items()
    assert universe.meeting.entry and universe.meeting.entry.number in entry().because
    told = {row.person.name for row in Told.objects.filter(subject=report.ref)}
    assert len(told) >= 3, "each partner's client lead is told"


def test_without_a_rule_they_lie_open_without_end(universe: cast.Committee) -> None:
    assert opened().until is None


def test_a_period_has_one_report(universe: cast.Committee) -> None:
    opened()
    with pytest.raises(Refused, match="There is a report on these days already"):
        opened()


def test_figures_that_are_not_computed_cannot_be_laid_open(universe: cast.Committee) -> None:
    with pytest.raises(Refused, match="not computed yet"):
        reporting.open_report(by=somebody(DIRECTOR), first=date(2026, 6, 2), last=date(2026, 6, 9))
    assert not Report.objects.exists()


@pytest.mark.parametrize("post", [LEAD, MEMBER, "governance-officer-of-northgate"])
def test_others_lay_nothing_open(universe: cast.Committee, post: str) -> None:
    with pytest.raises(NotAllowed):
        reporting.open_report(by=somebody(post), first=JUNE.first, last=JUNE.last)


# Words


def test_a_draft_is_no_entry_and_a_signature_is_one(universe: cast.Committee) -> None:
    report = opened()
    before = entry().number
    draft = reporting.draft_words(by=somebody(ANALYST), report=report, about=SHARE, why=WHY)
    assert entry().number == before and draft.edition == 1

    made = reporting.sign_off(by=somebody(MANAGER), report=report, about=SHARE, why=WHY, doing=DOING, edition=1)

    assert (entry().kind, entry().subject) == ("explanation.signed-off", made.ref)
    assert WHY not in str(entry().facts)
    assert set(entry().digests) == {"about", "why", "doing", "by_when"}
    assert (made.post, made.drafted_by) == (MANAGER, ANALYST)
    assert not Wording.objects.get().open


def test_new_words_take_the_place_of_the_old_which_stay(universe: cast.Committee) -> None:
    report = opened()
    old = reporting.sign_off(by=somebody(MANAGER), report=report, about=SHARE, why=WHY)
    new = reporting.sign_off(by=somebody(DIRECTOR), report=report, about=SHARE, why="Three posts.", edition=1)

    assert new.instead_of == old and old.entry and old.entry.number in entry().because
    assert queries.said(report)[SHARE].explanation == new
    with pytest.raises(DatabaseError), transaction.atomic():
        Explanation.objects.filter(pk=old.pk).update(why="Nothing.")


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "Say what is done about it and by when,"),
        ({"doing": " "}, "Say what is done about it and by when,"),
        ({"doing": DOING}, "Say by when,"),
        ({"by_when": date(2026, 9, 1)}, "Say what is done about it,"),
    ],
)
def test_a_figure_off_its_aim_is_explained_with_what_is_done_and_by_when(
    universe: cast.Committee, given: dict[str, Any], missing: str
) -> None:
    agree("aims", {"within_target": {"at_least": "90%"}, "tickets_opened": {"at_most": "9000"}})
    report, before = opened(), entry().number
    with pytest.raises(Refused, match=missing):
        reporting.sign_off(by=somebody(MANAGER), report=report, about=SHARE, why=WHY, **given)
    assert not Explanation.objects.exists()
    reporting.draft_words(by=somebody(ANALYST), report=report, about=SHARE, why=WHY, **given)

    reporting.sign_off(by=somebody(MANAGER), report=report, about="tickets_opened", why=WHY, **given)
    reporting.sign_off(by=somebody(MANAGER), report=report, about="part/targets", why=WHY, **given)
    whole = {"doing": DOING, "by_when": date(2026, 9, 1), "edition": 1}
    reporting.sign_off(by=somebody(MANAGER), report=report, about=SHARE, why=WHY, **whole)
    assert entry().number > before and Explanation.objects.count() == 3


def test_the_same_words_again_are_refused(universe: cast.Committee) -> None:
    report = opened()
    reporting.sign_off(by=somebody(MANAGER), report=report, about=SHARE, why=WHY)
    with pytest.raises(Refused, match="word for word"):
        reporting.sign_off(by=somebody(MANAGER), report=report, about=SHARE, why=f" {WHY} ", edition=1)


def test_of_two_who_write_at_once_the_second_is_shown_both(universe: cast.Committee) -> None:
    report = opened()
    reporting.draft_words(by=somebody(ANALYST), report=report, about=SHARE, why=WHY)
    for act in (reporting.draft_words, reporting.sign_off):
        with pytest.raises(Refused, match="Somebody saved a change"):
            act(by=somebody(MANAGER), report=report, about=SHARE, why="Another.", edition=0)
    assert Wording.objects.get().why == WHY


def test_a_draft_that_is_thrown_away_is_not_signed_by_whoever_still_has_it_open(universe: cast.Committee) -> None:
    report = opened()
    reporting.draft_words(by=somebody(ANALYST), report=report, about=SHARE, why=WHY)
    reporting.forget_draft(by=somebody(ANALYST), report=report, about=SHARE)

    assert SHARE not in queries.said(report)
    with pytest.raises(Refused, match="Somebody saved a change"):
        reporting.sign_off(by=somebody(MANAGER), report=report, about=SHARE, why=WHY, edition=1)


@pytest.mark.parametrize(("post", "act"), [(ANALYST, "sign_off"), (LEAD, "sign_off"), (LEAD, "draft_words")])
def test_others_do_not_write_or_sign(universe: cast.Committee, post: str, act: str) -> None:
    report = opened()
    with pytest.raises(NotAllowed):
        getattr(reporting, act)(by=somebody(post), report=report, about=SHARE, why=WHY)


@pytest.mark.parametrize(
    ("about", "why", "words"),
    [("weather", WHY, "neither a part"), (SHARE, "  ", "Say why"), (SHARE, "x" * 5_001, "at most 5,000")],
)
def test_what_makes_no_sense_is_refused(universe: cast.Committee, about: str, why: str, words: str) -> None:
    report = opened()
    with pytest.raises(Refused, match=words):
        reporting.sign_off(by=somebody(MANAGER), report=report, about=about, why=why)
    assert not Explanation.objects.exists()


# Remarks and queries


def test_a_partner_remarks_and_the_words_stay_off_the_record(universe: cast.Committee) -> None:
    report = opened()
    made = reporting.remark(by=somebody(LEAD), report=report, about="part/targets", words="We saw it coming.")

    assert (entry().kind, entry().subject) == ("figures.remarked", made.ref)
    assert "saw it coming" not in str(entry().facts)
    assert made.partner.slug == "southmere"


def test_a_query_is_asked_answered_and_settled_by_the_partner_that_asked(universe: cast.Committee) -> None:
    report = opened()
    asked = reporting.query(by=somebody(LEAD), report=report, about=SHARE, words="Ours were on hold.")
    assert (entry().kind, entry().facts["late"]) == ("figures.queried", False)
    assert queries.said(report)[SHARE].queries[0].state == "open"

    reporting.answer(by=somebody(ANALYST), query=asked, outcome="looking", words="We look.")
    assert queries.said(report)[SHARE].queries[0].state == "open"
    reporting.answer(by=somebody(ANALYST), query=asked, outcome="stands", words="They were not.")
    assert (entry().kind, entry().facts["outcome"]) == ("query.answered", "stands")
    assert queries.said(report)[SHARE].queries[0].state == "answered"

    with pytest.raises(NotAllowed):
        reporting.settle(by=somebody(OTHER), query=asked)
    made = reporting.settle(by=somebody(LEAD), query=asked, words="Agreed.")
    assert (entry().kind, entry().subject) == ("query.settled", made.ref)
    with pytest.raises(Refused, match="settled already"):
        reporting.settle(by=somebody(LEAD), query=asked)
    with pytest.raises(Refused, match="is settled"):
        reporting.answer(by=somebody(ANALYST), query=asked, outcome="stands", words="Again.")


def test_a_query_after_its_days_is_recorded_as_late(universe: cast.Committee) -> None:
    agree("provisional", {"working_days": 1, "holidays": "GB-ENG"})
    report = opened()
    late = NOON + timedelta(days=2)
    with time_machine.travel(late, tick=False):
        asked = reporting.query(by=somebody(LEAD, late), report=report, about=SHARE, words="Late, but true.")

    assert asked.late and entry().facts["late"] is True


def test_the_same_doubt_is_not_asked_twice_at_once(universe: cast.Committee) -> None:
    report = opened()
    reporting.query(by=somebody(LEAD), report=report, about=SHARE, words="Ours were on hold.")
    with pytest.raises(Refused, match="stands already"):
        reporting.query(by=somebody(LEAD), report=report, about=SHARE, words="Again.")
    reporting.query(by=somebody(OTHER), report=report, about=SHARE, words="And ours.")
    assert FigureQuery.objects.count() == 2


@pytest.mark.parametrize("post", [DIRECTOR, MEMBER, "auditor-of-eastwell-vale"])
def test_only_who_speaks_for_a_partner_remarks_and_queries(universe: cast.Committee, post: str) -> None:
    report = opened()
    for act in (reporting.remark, reporting.query):
        with pytest.raises(NotAllowed):
            act(by=somebody(post), report=report, about=SHARE, words="Hm.")


@pytest.mark.parametrize("post", [LEAD, MEMBER])
def test_only_officers_answer(universe: cast.Committee, post: str) -> None:
    asked = reporting.query(by=somebody(LEAD), report=opened(), about=SHARE, words="Hm.")
    with pytest.raises(NotAllowed):
        reporting.answer(by=somebody(post), query=asked, outcome="stands", words="No.")


# What is read


def test_a_figure_off_its_aim_without_words_is_what_the_report_waits_for(universe: cast.Committee) -> None:
    agree("aims", {"within_target": {"at_least": "90%"}, "aged_open": {"at_most": "100"}})
    report = opened()
    found = queries.reported(report, seen_by=somebody(DIRECTOR))

    assert {one.about.measure: str(one.result) for one in found.against} == {
        "within_target": "off",
        "aged_open": "reached",
    }
    waiting = [(part.name, piece.what) for part in found.parts for piece in part.waiting]
    unwritten = ("incidents", "1 P1 ticket entered in the register")
    assert waiting == [("targets", "an explanation, for it is off its aim"), unwritten]
    assert found.percent == 84, "11 of 13"

    whole = {"why": WHY, "doing": DOING, "by_when": date(2026, 9, 1)}
    reporting.sign_off(by=somebody(MANAGER), report=report, about=SHARE, **whole)
    assert queries.reported(report, seen_by=somebody(DIRECTOR)).percent == 92, "12 of 13"


def test_drafts_and_open_queries_keep_it_waiting(universe: cast.Committee) -> None:
    report = opened()
    reporting.draft_words(by=somebody(ANALYST), report=report, about="part/volumes", why=WHY)
    reporting.query(by=somebody(LEAD), report=report, about=SHARE, words="Hm.")
    found = queries.reported(report, seen_by=somebody(DIRECTOR))

    assert [(piece.what, piece.waits_for) for part in found.parts for piece in part.waiting] == [
        ("the draft to be signed off", "a signature"),
        ("an answer to Southmere's query", "the officers"),
        ("1 P1 ticket entered in the register", "the officers"),
    ]
    assert found.percent == 78, "11 of 14"


def test_each_post_is_shown_what_it_owes(universe: cast.Committee) -> None:
    agree("provisional", {"working_days": 5, "holidays": "GB-ENG"})
    report = opened()
    asked = reporting.query(by=somebody(LEAD), report=report, about=SHARE, words="Hm.")
    reporting.draft_words(by=somebody(ANALYST), report=report, about=SHARE, why=WHY)

    assert [one.title for one in queries.owed(somebody(ANALYST))] == [str(asked)]
    assert [one.title for one in queries.owed(somebody(DIRECTOR))] == [str(asked), "Sign off: Resolved within target"]
    assert [one.title for one in queries.owed(somebody(LEAD))] == [str(report)]
    assert queries.owed(somebody(MEMBER)) == []
    reporting.answer(by=somebody(ANALYST), query=asked, outcome="stands", words="No.")
    assert [one.title for one in queries.owed(somebody(ANALYST))] == []
    assert [one.title for one in queries.owed(somebody(LEAD))] == [str(asked), str(report)]
