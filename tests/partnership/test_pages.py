"""Every page of the partnership, as each kind of reader: one title, one heading, and no more than one may see."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from commonhold.ledger.engine.by import By, public
from commonhold.partnership.acts import agreement, people
from commonhold.partnership.engine.rules.writing import to_toml
from commonhold.partnership.models import Person, Post
from tests.partnership.cast import NOON, TODAY, Cast, person, targets
from tests.partnership.reading import Page, Reader

PAGES = [
    "/partnership/",
    "/partnership/partners/southmere/",
    "/partnership/posts/client-lead-of-southmere/",
    "/partnership/posts/host-authority/",
    "/agreement/",
    "/agreement/rules/targets/",
    "/agreement/rules/hold_reasons/",
    "/agreement/proposals/",
    "/personas/",
    "/accounts/login/",
    "/accounts/password/reset/",
]
OWN_PAGES = [
    "/partnership/name/",
    "/partnership/partners/southmere/correct/",
    "/partnership/posts/client-lead-of-southmere/appoint/",
    "/partnership/posts/host-authority/appoint/",
    "/partnership/people/southmere/",
    "/partnership/people/southmere/add/",
    "/partnership/people/southmere/make-post/",
    "/partnership/clients/add/",
    "/me/post/",
    "/me/told/",
]
LEAD_PAGES = [
    *(f"/agreement/rules/{rule}/find/" for rule in ("calendars", "targets", "hold_reasons", "figure_basis", "consent")),
    *(f"/agreement/rules/{rule}/propose/" for rule in ("calendars", "targets", "priority_matrix", "hold_reasons")),
    "/agreement/rules/targets/find/?corrects=1",
    "/agreement/rules/targets/1/dispute/",
]


def check(path: str, page: Page) -> None:
    """A page has its own title, one heading, no name twice, nothing inline."""
    assert page.status == 200, path
    assert len(page.headings) == 1, path
    assert page.headings[0] in page.title, path
    ids = re.findall(r'\sid="([^"]+)"', page.source)
    assert len(ids) == len(set(ids)), (path, [name for name in ids if ids.count(name) > 1])
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", page.source), path
    assert not re.search(r"<script(?![^>]*src=)", page.source), path


@pytest.mark.parametrize("post", ["", "client-lead-of-thornley", "administrator-of-southmere", "managing-director"])
def test_pages_for_everybody(cast: Cast, post: str) -> None:
    reader = Reader(cast.by(post) if post else None)
    for path in PAGES:
        if not (post and path.startswith("/accounts/login")):  # who is signed in is sent on
            check(path, reader.opens(path))


def test_pages_for_an_administrator(cast: Cast) -> None:
    reader = Reader(cast.administrator("southmere"))
    for path in OWN_PAGES:
        check(path, reader.opens(path))


def test_pages_for_a_client_lead(cast: Cast) -> None:
    reader = Reader(cast.lead("southmere"))
    for path in LEAD_PAGES:
        check(path, reader.opens(path))


@pytest.mark.parametrize("post", ["", "administrator-of-thornley", "service-analyst"])
def test_what_is_not_theirs_is_not_there(cast: Cast, post: str) -> None:
    shared = {"/partnership/name/", "/partnership/posts/host-authority/appoint/", "/partnership/clients/add/"}
    reader = Reader(cast.by(post) if post else None)
    for path in OWN_PAGES:
        if not path.startswith("/me/") and not (post.startswith("administrator") and path in shared):
            assert reader.opens(path).status == 404, path


def test_rules_are_not_for_the_public_to_enter(cast: Cast) -> None:
    for path in LEAD_PAGES:
        assert Reader().opens(path).status == 404, path


@pytest.mark.parametrize("path", ["/me/post/", "/me/told/"])
def test_who_is_not_signed_in_is_asked_to(cast: Cast, path: str) -> None:
    answer = Reader().opens(path).answer
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")


def test_what_is_not_there_is_not_found(cast: Cast) -> None:
    reader = Reader(cast.lead("southmere"))
    for path in (
        "/partnership/partners/x/",
        "/partnership/posts/x/",
        "/agreement/rules/x/",
        "/agreement/proposals/9/",
        "/agreement/rules/targets/find/?corrects=9",
        "/agreement/rules/targets/9/document/",
    ):
        assert reader.opens(path).status == 404, path


def test_the_public_sees_councils_and_posts_and_no_names(cast: Cast) -> None:
    seen = "".join(Reader().opens(path).words for path in PAGES if not path.startswith("/personas"))

    assert "Client lead, Southmere" in seen
    for name in Person.objects.values_list("name", flat=True):
        assert name not in seen


def test_who_holds_a_post_sees_who_holds_the_others(cast: Cast) -> None:
    assert "Dora Lund" in Reader(cast.by("service-analyst")).opens("/partnership/posts/client-lead-of-southmere/").words


def test_an_account_is_for_its_person_and_their_administrator(cast: Cast) -> None:
    path = f"/partnership/accounts/{person('Dora Lund').pk}/"
    for by, status in (
        (cast.lead("southmere"), 200),
        (cast.administrator("southmere"), 200),
        (cast.lead("thornley"), 404),
        (cast.administrator("thornley"), 404),
        (cast.by("managing-director"), 404),
        (public(NOON), 404),
    ):
        assert Reader(by).opens(path).status == status


def test_nobody_but_the_administrator_changes_an_account(cast: Cast) -> None:
    path = f"/partnership/accounts/{person('Dora Lund').pk}/"
    for by in (cast.lead("southmere"), cast.administrator("thornley"), public(NOON)):
        for what in ("link/", "close/", "reopen/", "second-factors/remove/"):
            assert Reader(by).sends(path + what).status in (403, 404)


# Doing things


def test_an_administrator_adds_somebody_and_hands_over_a_link(cast: Cast) -> None:
    ada = Reader(cast.administrator("southmere"))
    page = ada.sends("/partnership/people/southmere/add/", name="Kit Vale", email="kit@southmere.example")
    assert page.headings == ["Kit Vale"]
    assert "Has not chosen a password yet" in page.words

    shown = ada.sends(f"/partnership/accounts/{person('Kit Vale').pk}/link/")
    assert "/accounts/password/reset/key/" in shown.words
    assert "no-store" in shown.answer["Cache-Control"]


def test_an_account_is_put_right_and_a_second_hand_sees_the_first(cast: Cast) -> None:
    dora = person("Dora Lund")
    path = f"/partnership/accounts/{dora.pk}/correct/"
    ada, lead = Reader(cast.administrator("southmere")), Reader(cast.lead("southmere"))
    ada.sends(path, name="Dora Lunde", email=dora.email, edition=1)
    page = lead.sends(path, name="Theodora Lund", email=dora.email, edition=1)

    assert "Somebody saved a change after you opened this" in page.errors
    assert "Dora Lunde" in page.words
    assert page.hidden("edition") == "2"
    lead.sends(path, name="Theodora Lund", email=dora.email, edition=2)
    assert Person.objects.get(pk=dora.pk).name == "Theodora Lund"


def test_a_post_is_made_filled_covered_and_ended(cast: Cast) -> None:
    ada = Reader(cast.administrator("southmere"))
    page = ada.sends("/partnership/people/southmere/make-post/", title="Deputy", role="client_lead", may_consent="on")
    assert page.headings == ["Deputy, Southmere"]
    assert "Nobody holds this post today" in page.words

    path = "/partnership/posts/deputy-of-southmere/appoint/"
    page = ada.sends(path, person=person("Dora Lund").pk, kind="substantive", starts="2026-07-21")
    assert "Dora Lund" in page.words
    held = Post.objects.get(slug="deputy-of-southmere").appointments.get()
    page = ada.sends(f"/partnership/appointments/{held.pk}/end/", ends="2026-07-22", edition=1)
    assert "Earlier" in page.words


def test_somebody_of_another_partner_is_appointed_by_their_address(cast: Cast) -> None:
    path = "/partnership/posts/administrator-of-southmere/appoint/"
    ada = Reader(cast.administrator("southmere"))
    page = ada.sends(path, email="ezra.holt@thornley.example", kind="cover", starts="2026-11-20", ends="2099-01-01")
    assert "Ezra Holt" in page.words
    assert "There is no account" in ada.sends(path, email="x@y.example", kind="cover", starts="2026-11-20").errors
    assert "Choose a person" in ada.sends(path, kind="cover", starts="2026-11-20").errors


def test_the_host_is_appointed_with_dates_by_any_administrator(cast: Cast) -> None:
    path = "/partnership/posts/host-authority/appoint/"
    page = Reader(cast.administrator("wexcombe")).sends(path, partner=cast.partner("thornley").pk, starts="2026-07-21")

    assert "Thornley" in page.words
    assert "Thornley since 21 July 2026" in Reader().opens("/partnership/").words


def test_client_bodies_come_and_go(cast: Cast) -> None:
    lead = Reader(cast.lead("southmere"))
    assert (
        "Homes for Southmere"
        in lead.sends("/partnership/clients/add/", name="Homes for Southmere", since="2020-04-01").words
    )
    page = lead.sends("/partnership/clients/homes-for-southmere/end/", until="2026-04-01", edition=1)
    assert "1 April 2026" in page.words


def test_a_rule_is_proposed_read_side_by_side_and_consented_to(cast: Cast) -> None:
    lead = Reader(cast.lead("southmere"))
    text = lead.opens("/agreement/rules/targets/propose/").source
    assert "resolve_minutes = 1800" in text
    page = lead.sends(
        "/agreement/rules/targets/propose/",
        text=to_toml("targets", targets(1500)),
        reasons="Too slow.",
        effective_from="2099-01-01",
        base="1",
    )
    assert "1,800 minutes (30 hours); office" in page.words
    assert "1,500 minutes (25 hours); office" in page.words

    other = Reader(cast.lead("thornley"))
    path = page.answer.request["PATH_INFO"]
    shown = other.opens(path)
    assert "Consent for your authority" in shown.words
    done = other.sends(f"{path}consent/", text=shown.hidden("text"))
    assert "Agreed: this was the last consent." in done.words
    assert "It is version 2, in force from 1 January 2099" in done.words
    assert "Changed by consent" in Reader().opens("/agreement/").words


def test_a_consent_is_given_and_taken_back_where_all_are_asked(strict_cast: Cast) -> None:
    proposal = strict_cast.proposes(on=TODAY.replace(year=2099))
    lead = Reader(strict_cast.lead("southmere"))
    page = lead.sends(f"/agreement/proposals/{proposal.pk}/consent/", text=proposal.text)
    assert "Thornley and Wexcombe have not spoken. Silence is never consent." in page.words
    page = lead.sends(f"/agreement/proposals/{proposal.pk}/withdraw-consent/", reason="Cabinet first.")
    assert "Southmere withdrew its consent" in page.words
    page = lead.sends(f"/agreement/proposals/{proposal.pk}/withdraw/", reason="Not now.")
    assert "Withdrawn: Not now." in page.words


def test_a_proposal_says_which_post_proposed_it(cast: Cast) -> None:
    partner_s = cast.proposes()
    service_s = cast.proposes(1400, by=cast.by("managing-director"))

    assert "Proposed by Client lead, Southmere" in Reader().opens(f"/agreement/proposals/{partner_s.pk}/").words
    shown = Reader().opens(f"/agreement/proposals/{service_s.pk}/").words
    assert "Proposed by Managing Director, for the shared service" in shown
    listed = Reader().opens("/agreement/proposals/").words
    assert "Client lead, Southmere" in listed and "Managing Director" in listed


def test_only_those_who_may_see_a_button_to_consent(cast: Cast) -> None:
    proposal = cast.proposes()
    for by in (public(NOON), cast.administrator("southmere"), cast.by("managing-director")):
        assert "Consent for your authority" not in Reader(by).opens(f"/agreement/proposals/{proposal.pk}/").words


def test_another_text_than_the_one_shown_is_refused_on_the_page(cast: Cast) -> None:
    proposal = cast.proposes()
    page = Reader(cast.lead("thornley")).sends(f"/agreement/proposals/{proposal.pk}/consent/", text="0" * 64)

    assert "The text has changed since you read it" in page.words


def test_a_rule_is_confirmed_and_disputed(cast: Cast) -> None:
    page = Reader(cast.lead("southmere")).sends("/agreement/rules/targets/1/confirm/")
    assert "Confirmed by 1 of 3 partners" in page.words
    page = Reader(cast.lead("thornley")).sends("/agreement/rules/targets/1/dispute/", words="P3 was four days.")
    assert "Not what we agreed, says Thornley P3 was four days." in page.words
    assert "P3 was four days." in Reader().opens("/agreement/").words


def test_a_rule_is_entered_as_found_with_its_page_attached(cast: Cast) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    lead = Reader(cast.lead("southmere"))
    page = lead.sends(
        "/agreement/rules/figure_basis/find/",
        graded_none="source",
        effective_from="2016-01-01",
        document="Inter Authority Agreement of 1 January 2016",
        clause="12",
        page="47",
        attached=SimpleUploadedFile("page 47.pdf", b"%PDF-1.7"),
    )
    assert "clause 12, page 47" in page.words
    path = "/agreement/rules/figure_basis/1/document/"
    answer = lead.opens(path).answer
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert "page 47.pdf" in answer["Content-Disposition"]
    assert Reader().opens(path).status == 404


def test_a_page_that_was_altered_where_it_is_kept_is_not_shown(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    kept = settings.STORAGES["default"]
    settings.STORAGES = {**settings.STORAGES, "default": {**kept, "OPTIONS": {"location": str(tmp_path)}}}
    lead = Reader(cast.lead("southmere"))
    version = agreement.enter_as_found(
        by=cast.lead("southmere"),
        rule="figure_basis",
        value={"graded_none": "source"},
        effective_from=TODAY,
        document="The agreement",
        attached=agreement.Attached("page 47.pdf", BytesIO(b"%PDF-1.7 four hours")),
    )
    (tmp_path / version.file[:2] / version.file).write_bytes(b"%PDF-1.7 four days!")
    page = lead.opens("/agreement/rules/figure_basis/1/document/")

    assert page.status == 400
    assert "was altered since, so it is not shown" in page.words


@pytest.mark.parametrize(
    ("rule", "entered", "words"),
    [
        ("calendars", {"text": 'time_zone = "Mars"'}, "Mars"),
        ("targets", {"text": "[targets.P9]"}, "P9"),
        ("priority_matrix", {"text": "= ="}, "not TOML"),
        ("hold_reasons", {"accepted": ["other"]}, "words for every reason"),
        ("consent", {"needed": "some"}, "how many partners"),
    ],
)
def test_a_value_that_makes_no_sense_comes_back_with_words(
    cast: Cast, rule: str, entered: dict[str, object], words: str
) -> None:
    page = Reader(cast.lead("southmere")).sends(
        f"/agreement/rules/{rule}/propose/",
        reasons="Because.",
        effective_from="2099-01-01",
        base="1" if rule != "hold_reasons" and rule != "priority_matrix" else "0",
        **entered,
    )
    assert words in page.errors
    assert "Because." in page.source


def test_hold_reasons_and_consent_are_chosen_not_typed(cast: Cast) -> None:
    lead = Reader(cast.lead("southmere"))
    page = lead.sends(
        "/agreement/rules/hold_reasons/propose/",
        words_awaiting_customer="Waiting for the customer",
        words_other="Anything else",
        accepted=["awaiting_customer"],
        reasons="As the desk does.",
        effective_from="2099-01-01",
        base="0",
    )
    assert "Anything else Changes not set does not pause the clock" in page.words
    page = lead.sends(
        "/agreement/rules/consent/propose/",
        needed="every", reasons="Held in common.", effective_from="2099-01-01", base="1",
    )  # fmt: skip
    assert "A change of a shared rule Changes 1 partner every partner" in page.words


def test_what_one_was_told_is_listed_until_it_is_seen(cast: Cast) -> None:
    cast.proposes()
    lead = Reader(cast.lead("thornley"))
    assert "New Targets: a change was proposed" in lead.opens("/me/told/").words
    assert "New Targets" not in lead.sends("/me/told/", seen="all").words


def test_somebody_with_two_posts_chooses(cast: Cast) -> None:
    gil = Reader(cast.by("administrator-of-the-shared-service"))
    post = Post.objects.get(slug="operator")
    people.appoint(by=cast.administrator("southmere"), post=post, person=person("Gil Moor"), starts=TODAY)
    assert "Operator" in gil.opens("/me/post/").words
    gil.sends("/me/post/", follow=False, post="operator")
    assert gil.client.session["acting"] == "operator"
    assert "You do not hold that post" in gil.sends("/me/post/", post="managing-director").words


# Queries


def counted(reader: Reader, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert reader.opens(path).status == 200
    return len(queries)


GROWING: list[tuple[str, Callable[[Cast], object], int]] = [
    ("/partnership/", lambda cast: _more_people(cast), 12),
    ("/partnership/people/southmere/", lambda cast: _more_people(cast), 12),
    ("/partnership/partners/southmere/", lambda cast: _more_people(cast), 12),
    ("/agreement/", lambda cast: _more_proposals(cast), 12),
    ("/agreement/rules/targets/", lambda cast: _more_proposals(cast), 12),
    ("/agreement/proposals/", lambda cast: _more_proposals(cast), 12),
    ("/me/told/", lambda cast: _more_proposals(cast), 12),
    ("/personas/", lambda cast: _more_people(cast), 12),
]


def _more_people(cast: Cast) -> None:
    for name in ("Lev Ash", "Mia Bond"):
        cast.appointed("southmere", f"Post of {name}", "architect", name)


def _more_proposals(cast: Cast) -> None:
    cast.proposes(1500)
    cast.proposes(1400)


@pytest.mark.parametrize(("path", "more", "most"), GROWING, ids=[path for path, _, _ in GROWING])
def test_a_page_asks_no_more_of_three_than_of_one(
    cast: Cast, path: str, more: Callable[[Cast], object], most: int
) -> None:
    cast.proposes(1600)
    by: By = cast.administrator("southmere")
    before = counted(Reader(by), path)
    more(cast)

    assert counted(Reader(by), path) == before
    assert before <= most


def test_a_proposal_s_page_asks_no_more_with_three_consents_than_with_one(strict_cast: Cast) -> None:
    cast = strict_cast
    proposal = cast.proposes(on=TODAY.replace(year=2099))
    counts = []
    for partner in ("southmere", "thornley"):
        agreement.consent(by=cast.lead(partner), proposal=proposal, text=proposal.text)
        counts.append(counted(Reader(cast.administrator("southmere")), f"/agreement/proposals/{proposal.pk}/"))

    assert counts[0] == counts[1] <= 12
