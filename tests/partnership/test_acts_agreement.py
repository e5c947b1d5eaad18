"""The agreement: found, confirmed, disputed, changed. Each act leaves one entry, and refuses who may not (R0-R3)."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from commonhold.ledger import evidence
from commonhold.ledger.engine.by import public
from commonhold.partnership.acts import agreement, people
from commonhold.partnership.engine.rules.targets import Targets
from commonhold.partnership.models import Consent, Person, Post, Proposal, Role, RuleVersion, Told
from commonhold.partnership.queries import acting, by_of, owed, proposals, proposed, rules, waits
from commonhold.refusals import NotAllowed, Refused
from tests.partnership.cast import NOON, TODAY, Cast, calendars, person, targets
from tests.partnership.conftest import Record

LATER = NOON + timedelta(days=40)


def found(cast: Cast, rule: str = "figure_basis", value: Any = None, **changes: Any) -> RuleVersion:
    values: dict[str, Any] = {
        "by": cast.lead("thornley"),
        "rule": rule,
        "value": value or {"graded_none": "source"},
        "effective_from": date(2016, 1, 1),
        "document": "Inter Authority Agreement of 1 January 2016",
    }
    return agreement.enter_as_found(**{**values, **changes})


# As found


def test_a_rule_as_found_works_at_once_from_its_day_on(cast: Cast, record: Record) -> None:
    record.begin()
    version = found(cast, clause="12.3", page="47", attached=agreement.Attached("page 47.pdf", BytesIO(b"%PDF page")))

    entry = record.one()
    assert (entry.kind, entry.subject) == ("rule.found", version.ref)
    assert entry.facts["rule"] == "figure_basis"
    assert entry.facts["version"] == 1
    in_force = rules(NOON).in_force("figure_basis")
    assert in_force is not None
    assert in_force.standing.words == "confirmed by 0 of 3 partners"
    assert rules(NOON).in_force("figure_basis", in_force.since - timedelta(seconds=1)) is None
    with evidence.opened(version.file) as kept:
        assert kept.read() == b"%PDF page"


def test_what_nobody_entered_is_not_set(cast: Cast) -> None:
    assert rules(NOON).in_force("hold_reasons") is None
    assert "Hold reasons: not set" in rules(NOON).remarks()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"document": " "}, "Name the document"),
        ({"effective_from": TODAY + timedelta(days=1)}, "propose it"),
        ({"rule": "weather"}, "There is no rule"),
        ({"value": {"graded_none": "x"}}, "graded_none"),
    ],
)
def test_what_is_no_finding_is_refused(cast: Cast, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        found(cast, **changes)


def test_the_public_and_other_officers_enter_no_rules(cast: Cast) -> None:
    for by in (public(NOON), cast.administrator("southmere"), cast.by("service-analyst")):
        with pytest.raises(NotAllowed):
            found(cast, by=by)


def test_nothing_is_found_before_the_partnership_is_started(db: None) -> None:
    with pytest.raises(Refused, match="has not been started"):
        agreement.enter_as_found(
            by=acting(None, NOON), rule="figure_basis", value={"graded_none": "ours"},
            effective_from=TODAY, document="The agreement",
        )  # fmt: skip


def test_a_finding_is_put_right_by_another_that_stands_in_its_place(cast: Cast) -> None:
    first = cast.version("targets")
    second = found(cast, "targets", targets(1500).to_json(), corrects=first, reason="Misread the table.")

    assert second.number == 2
    assert rules(NOON).targets == ((rules(NOON).versions["targets"][0].instant, targets(1500)),)
    with pytest.raises(Refused, match="has been put right"):
        agreement.confirm(by=cast.lead("southmere"), version=first)
    with pytest.raises(Refused, match="put right already"):
        found(cast, "targets", targets(1400).to_json(), corrects=first, reason="Misread again.")


def test_a_second_finding_from_the_same_day_says_that_it_puts_the_first_right(cast: Cast) -> None:
    with pytest.raises(Refused, match="Put that version right instead"):
        found(cast, "targets", targets(1500).to_json())
    with pytest.raises(Refused, match="Say why"):
        found(cast, "targets", targets(1500).to_json(), corrects=cast.version("targets"))


def test_what_every_partner_confirmed_takes_a_proposal(cast: Cast) -> None:
    version = cast.version("targets")
    for partner in ("southmere", "thornley", "wexcombe"):
        agreement.confirm(by=cast.lead(partner), version=version)

    for changes in ({"corrects": version, "reason": "Better."}, {"effective_from": date(2020, 1, 1)}):
        with pytest.raises(Refused, match="Every partner has agreed"):
            found(cast, "targets", targets(1500).to_json(), **changes)


def test_nobody_finds_another_rule_on_consent(cast: Cast) -> None:
    with pytest.raises(Refused, match="only a proposal changes it"):
        found(cast, "consent", {"needed": 3}, corrects=cast.version("consent"), reason="Three.")


def test_calendars_that_targets_count_by_cannot_be_lost(cast: Cast) -> None:
    office = {**calendars().to_json()}
    office.pop("24x7")

    with pytest.raises(Refused, match="24x7"):
        found(cast, "calendars", office, corrects=cast.version("calendars"), reason="No nights.")


# Confirming and disputing


def test_partners_confirm_one_by_one(cast: Cast, record: Record) -> None:
    record.begin()
    made = agreement.confirm(by=cast.lead("southmere"), version=cast.version("targets"))

    entry = record.one()
    assert (entry.kind, entry.subject) == ("rule.confirmed", made.ref)
    standing = rules(NOON).versions["targets"][0].standing
    assert standing.words == "confirmed by 1 of 3 partners"
    assert standing.confirmed == ("Southmere",)


def test_not_what_we_agreed_stands_beside_the_rule_until_it_is_taken_back(cast: Cast, record: Record) -> None:
    version = cast.version("targets")
    record.begin()
    agreement.dispute(by=cast.lead("wexcombe"), version=version, words="P3 was four days.")

    assert record.one().kind == "rule.disputed"
    assert rules(NOON).remarks("targets") == ("Targets v1: confirmed by 0 of 3 partners; Wexcombe: not what we agreed",)
    agreement.confirm(by=cast.lead("wexcombe"), version=version)
    assert rules(NOON).versions["targets"][0].standing.disputed == ()


def test_a_dispute_says_what_is_wrong(cast: Cast) -> None:
    with pytest.raises(Refused, match="Say what"):
        agreement.dispute(by=cast.lead("wexcombe"), version=cast.version("targets"), words=" ")


def test_the_same_word_twice_is_refused(cast: Cast) -> None:
    agreement.confirm(by=cast.lead("southmere"), version=cast.version("targets"))
    with pytest.raises(Refused, match="said this already"):
        agreement.confirm(by=cast.lead("southmere"), version=cast.version("targets"))


def test_only_posts_that_may_consent_speak_and_never_the_command_line(cast: Cast) -> None:
    speakers = [
        cast.administrator("southmere"),
        cast.by("managing-director"),
        acting("client-lead-of-southmere", NOON),
        public(NOON),
    ]
    for by in speakers:
        with pytest.raises(NotAllowed):
            agreement.confirm(by=by, version=cast.version("targets"))


def test_who_no_longer_holds_the_post_does_not_speak_in_it(cast: Cast) -> None:
    lead = cast.lead("southmere")
    held = Post.objects.get(slug="client-lead-of-southmere").appointments.get()
    people.end_appointment(by=cast.administrator("southmere"), appointment=held, ends=TODAY, edition=1)

    with pytest.raises(NotAllowed, match="do not hold today"):
        agreement.confirm(by=lead, version=cast.version("targets"))


# Proposals and consents


def test_a_proposal_waits_and_changes_nothing(cast: Cast, record: Record) -> None:
    record.begin()
    proposal = cast.proposes()

    entry = record.one()
    assert (entry.kind, entry.facts["text"]) == ("proposal.made", proposal.text)
    assert entry.because == [cast.version("targets").entry.number]
    assert [v.number for v in rules(LATER).versions["targets"]] == [1]
    assert [(w.state, w.given) for w in proposals()] == [("open", frozenset())]


def test_one_consent_brings_the_change_into_force_on_its_day(cast: Cast, record: Record) -> None:
    proposal = cast.proposes(on=date(2026, 9, 1))
    record.begin()
    given = agreement.consent(by=cast.lead("thornley"), proposal=proposal, text=proposal.text)

    entry = record.one()
    assert (entry.kind, entry.subject) == ("rule.changed", given.ref)
    assert entry.facts["effective_from"] == "2026-09-01"
    assert entry.facts["consents"] == ["thornley"]
    version = cast.version("targets", 2)
    assert version.entry == entry
    assert (version.effective_from, version.how) == (date(2026, 9, 1), "changed")
    assert isinstance(rules(LATER).value("targets"), Targets)
    assert rules(NOON).in_force("targets").number == 1
    assert rules(NOON + timedelta(days=60)).in_force("targets").standing.words == "changed by consent"
    assert rules(NOON + timedelta(days=60)).remarks("targets") == ()


def test_every_partner_must_consent_where_the_agreement_says_so(strict_cast: Cast, record: Record) -> None:
    cast = strict_cast
    proposal = cast.proposes()
    kinds = []
    for partner in ("southmere", "thornley", "wexcombe"):
        assert RuleVersion.objects.filter(rule="targets").count() == 1
        record.begin()
        agreement.consent(by=cast.lead(partner), proposal=proposal, text=proposal.text)
        kinds.append(record.one().kind)

    assert kinds == ["consent.given", "consent.given", "rule.changed"]
    assert len(record.one().because) == 3
    assert cast.version("targets", 2).value == targets(1500).to_json()


def test_the_proposer_has_not_consented_by_proposing(strict_cast: Cast) -> None:
    shown = proposed(strict_cast.proposes().pk, NOON)

    assert shown is not None
    assert [p.slug for p in shown.waits_for] == ["southmere", "thornley", "wexcombe"]


def test_a_change_agreed_late_begins_the_day_after_its_last_consent(cast: Cast) -> None:
    proposal = cast.proposes(on=TODAY + timedelta(days=3))
    late = NOON + timedelta(days=10)
    agreement.consent(by=cast.lead("thornley", late), proposal=proposal, text=proposal.text)

    assert cast.version("targets", 2).effective_from == late.date() + timedelta(days=1)


def test_a_change_agreed_on_its_own_day_begins_the_day_after(cast: Cast) -> None:
    proposal = cast.proposes(on=TODAY)
    agreement.consent(by=cast.lead("thornley"), proposal=proposal, text=proposal.text)

    assert cast.version("targets", 2).effective_from == TODAY + timedelta(days=1)


def test_a_consent_is_withdrawn_before_the_last_and_not_after(strict_cast: Cast, record: Record) -> None:
    cast, proposal = strict_cast, strict_cast.proposes()
    agreement.consent(by=cast.lead("southmere"), proposal=proposal, text=proposal.text)
    record.begin()
    made = agreement.withdraw_consent(by=cast.lead("southmere"), proposal=proposal, reason="Cabinet first.")

    assert (record.one().kind, record.one().subject) == ("consent.withdrawn", made.ref)
    for partner in ("thornley", "wexcombe", "southmere"):
        assert RuleVersion.objects.filter(rule="targets").count() == 1
        agreement.consent(by=cast.lead(partner), proposal=proposal, text=proposal.text)
    with pytest.raises(Refused, match="settled"):
        agreement.withdraw_consent(by=cast.lead("southmere"), proposal=proposal)


def test_a_partner_that_has_not_consented_has_nothing_to_withdraw(strict_cast: Cast) -> None:
    with pytest.raises(Refused, match="nothing to withdraw"):
        agreement.withdraw_consent(by=strict_cast.lead("southmere"), proposal=strict_cast.proposes())


def test_a_proposal_is_withdrawn_by_the_post_that_made_it(cast: Cast, record: Record) -> None:
    proposal = cast.proposes(by=cast.by("managing-director"))
    with pytest.raises(NotAllowed):
        agreement.withdraw_proposal(by=cast.lead("thornley"), proposal=proposal, reason="Not now.")
    record.begin()
    agreement.withdraw_proposal(by=cast.by("managing-director"), proposal=proposal, reason="Not now.")

    assert record.one().kind == "proposal.withdrawn"
    with pytest.raises(Refused, match="was withdrawn"):
        agreement.consent(by=cast.lead("thornley"), proposal=proposal, text=proposal.text)


def test_a_proposal_that_another_version_overtook_cannot_be_consented_to(cast: Cast) -> None:
    first, second = cast.proposes(1500), cast.proposes(1400)
    agreement.consent(by=cast.lead("thornley"), proposal=first, text=first.text)

    with pytest.raises(Refused, match="has been entered since"):
        agreement.consent(by=cast.lead("thornley"), proposal=second, text=second.text)


def test_who_read_another_text_does_not_consent(cast: Cast) -> None:
    with pytest.raises(Refused, match="text has changed"):
        agreement.consent(by=cast.lead("thornley"), proposal=cast.proposes(), text="0" * 64)


@pytest.mark.parametrize("post", ["administrator-of-southmere", "managing-director", "service-analyst"])
def test_posts_that_may_not_consent_are_refused(cast: Cast, post: str) -> None:
    proposal = cast.proposes()
    with pytest.raises(NotAllowed):
        agreement.consent(by=cast.by(post), proposal=proposal, text=proposal.text)


def test_the_command_line_consents_for_nobody(cast: Cast) -> None:
    proposal = cast.proposes()
    with pytest.raises(NotAllowed):
        agreement.consent(by=acting("client-lead-of-southmere", NOON), proposal=proposal, text=proposal.text)


def test_a_former_post_holder_does_not_consent(cast: Cast) -> None:
    proposal, lead = cast.proposes(), cast.lead("thornley")
    held = Post.objects.get(slug="client-lead-of-thornley").appointments.get()
    people.end_appointment(by=cast.administrator("thornley"), appointment=held, ends=TODAY, edition=1)

    with pytest.raises(Refused, match="holds, today"):
        agreement.consent(by=lead, proposal=proposal, text=proposal.text)


def test_whose_account_is_closed_does_not_consent(cast: Cast) -> None:
    proposal, lead = cast.proposes(), cast.lead("thornley")
    people.close_account(by=cast.administrator("thornley"), person=person("Ezra Holt"))

    with pytest.raises(Refused, match="holds, today"):
        agreement.consent(by=lead, proposal=proposal, text=proposal.text)


def test_whoever_covers_for_the_holder_consents(cast: Cast) -> None:
    proposal = cast.proposes()
    post = Post.objects.get(slug="client-lead-of-thornley")
    cover = people.add_person(
        by=cast.administrator("thornley"), name="Jo Cole", email="jo@thornley.example", partner=cast.partner("thornley")
    )
    people.appoint(
        by=cast.administrator("thornley"), post=post, person=cover, kind="cover",
        starts=TODAY, ends=TODAY + timedelta(days=5),
    )  # fmt: skip
    given = agreement.consent(by=by_of(post, NOON, cover), proposal=proposal, text=proposal.text)

    assert given.person == cover


def test_one_person_in_posts_of_two_partners_consents_for_one(strict_cast: Cast) -> None:
    cast, proposal = strict_cast, strict_cast.proposes()
    dora = person("Dora Lund")
    post = people.make_post(
        by=cast.administrator("wexcombe"), title="Second voice", role=Role.CLERK,
        partner=cast.partner("wexcombe"), may_consent=True,
    )  # fmt: skip
    people.appoint(by=cast.administrator("wexcombe"), post=post, person=dora, starts=TODAY)
    agreement.consent(by=cast.lead("southmere"), proposal=proposal, text=proposal.text)

    with pytest.raises(Refused, match="never consents for two"):
        agreement.consent(by=by_of(post, NOON, dora), proposal=proposal, text=proposal.text)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reasons": ""}, "Give the reasons"),
        ({"effective_from": TODAY - timedelta(days=1)}, "before it is agreed"),
        ({"base": 0}, "Version 1 has been entered"),
        ({"value": targets().to_json()}, "says already"),
        ({"value": {"P1": {"resolve_minutes": 1, "calendar": "lunch"}}}, "lunch"),
        ({"rule": "weather"}, "no rule"),
    ],
)
def test_what_is_no_proposal_is_refused(cast: Cast, changes: dict[str, Any], words: str) -> None:
    values: dict[str, Any] = {
        "rule": "targets",
        "value": targets(1500).to_json(),
        "reasons": "Too slow.",
        "effective_from": TODAY,
        "base": 1,
    }
    with pytest.raises(Refused, match=words):
        agreement.propose(by=cast.lead("southmere"), **{**values, **changes})


def test_a_rule_that_is_not_set_is_proposed_as_its_first_version(cast: Cast) -> None:
    proposal = agreement.propose(
        by=cast.lead("southmere"), rule="figure_basis", value={"graded_none": "ours"}, reasons="Ours is the least.",
        effective_from=TODAY, base=0,
    )  # fmt: skip
    agreement.consent(by=cast.lead("southmere"), proposal=proposal, text=proposal.text)

    assert rules(LATER).figure_basis is not None


def test_the_rule_on_consent_changes_itself(cast: Cast) -> None:
    proposal = agreement.propose(
        by=cast.lead("southmere"), rule="consent", value={"needed": "every partner"}, reasons="Held in common.",
        effective_from=TODAY, base=1,
    )  # fmt: skip
    agreement.consent(by=cast.lead("thornley"), proposal=proposal, text=proposal.text)
    later = Cast(NOON + timedelta(days=2))
    change = later.proposes(on=TODAY + timedelta(days=9))
    agreement.consent(by=later.lead("thornley"), proposal=change, text=change.text)

    assert RuleVersion.objects.filter(rule="targets").count() == 1


# Everything else


def test_rows_of_the_agreement_are_never_edited(cast: Cast) -> None:
    proposal = cast.proposes()
    agreement.consent(by=cast.lead("thornley"), proposal=proposal, text=proposal.text)
    for rows, change in (
        (RuleVersion.objects.all(), {"effective_from": date(2000, 1, 1)}),
        (Proposal.objects.all(), {"reasons": "Others."}),
        (Consent.objects.all(), {"post": "somebody"}),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**change)


def test_those_who_may_consent_are_told_and_not_who_did_it(cast: Cast) -> None:
    Told.objects.all().delete()
    cast.proposes()

    assert sorted(Told.objects.values_list("person__name", flat=True)) == ["Ezra Holt", "Fay Ricks"]


def test_what_waits_is_owed_by_those_who_may_consent(cast: Cast) -> None:
    proposal = cast.proposes()

    assert [o.title for o in owed(cast.lead("thornley"))] == [
        str(proposal), "Calendars, version 1", "Targets, version 1", "Consent to changes, version 1"
    ]  # fmt: skip
    assert owed(cast.by("service-analyst")) == []
    assert waits(rules(NOON))[0].partners == ("Southmere", "Thornley", "Wexcombe")


def test_the_rules_are_read_as_they_were_known_at_an_entry(cast: Cast) -> None:
    proposal = cast.proposes(on=TODAY)
    before = cast.version("targets").entry.number
    given = agreement.consent(by=cast.lead("thornley"), proposal=proposal, text=proposal.text)
    agreement.confirm(by=cast.lead("thornley"), version=cast.version("targets"))
    entry = given.entry
    assert entry is not None

    assert len(rules(LATER, known_at=before).targets) == 1
    assert len(rules(LATER, known_at=entry.number - 1).targets) == 1
    assert len(rules(LATER, known_at=entry.number).targets) == 2
    assert rules(LATER, known_at=entry.number).versions["targets"][0].standing.confirmed == ()
    assert rules(LATER).versions["targets"][0].standing.confirmed == ("Thornley",)
    assert len(rules(LATER, known_at=NOON - timedelta(seconds=1)).targets) == 0


def test_the_same_rules_have_the_same_digest(cast: Cast) -> None:
    before = rules(NOON).digest("targets", "calendars")
    other = rules(NOON).digest("consent")
    proposal = cast.proposes()
    agreement.consent(by=cast.lead("thornley"), proposal=proposal, text=proposal.text)

    assert rules(NOON).digest("targets", "calendars") != before
    assert rules(NOON).digest("consent") == other


def test_a_person_who_left_the_database_of_people_stays_in_the_consent(cast: Cast) -> None:
    assert Person.objects.filter(consents__isnull=False).count() == 0
    proposal = cast.proposes()
    agreement.consent(by=cast.lead("thornley"), proposal=proposal, text=proposal.text)

    assert Person.objects.filter(consents__isnull=False).get().name == "Ezra Holt"
