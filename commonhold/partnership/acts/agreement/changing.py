"""Changes of the agreement: proposed, consented to by those who must, withdrawn until the last consent (R2, R3)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from commonhold.govuk.formats import day
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.engine.rules.registry import kind, read
from commonhold.partnership.engine.text import digest_of, text_of_change
from commonhold.partnership.models import Consent, Partner, Proposal, Revocation, RuleVersion
from commonhold.partnership.permissions import enters_rules, may_consent_for, withdraws
from commonhold.partnership.queries.agreeing import (
    agreement_alone,
    everybody_who_consents,
    facts_of,
    latest_version,
    party,
    refuse_discord,
    speaker,
)
from commonhold.partnership.queries.proposals import case_of, text_digest
from commonhold.partnership.queries.who import day_of, holdings
from commonhold.refusals import Refused, require


@transaction.atomic
def propose(
    *,
    by: By,
    rule: str,
    value: Any,
    reasons: str,
    effective_from: date,
    base: int,
    because: Entry | Iterable[Entry | None] | None = None,
) -> Proposal:
    """Propose a change of a rule: it takes effect from its day on, but never before its last consent (R2, R3)."""
    require(enters_rules(by), "propose changes of the agreement")
    agreement_alone()
    ruled = read(rule, value)
    latest = latest_version(rule)
    number = latest.number if latest else 0
    if base != number:
        raise Refused(f"Version {number} has been entered since you began. Look at it, then propose your change again.")
    if not reasons.strip():
        raise Refused("Give the reasons for the change: those who consent will read them.")
    if effective_from < day_of(by.at):
        raise Refused("A change cannot take effect before it is agreed. Choose today or a later day.")
    if latest and latest.value == ruled.to_json():
        raise Refused(f"This is what version {number} says already.")
    refuse_discord(by, rule, ruled, effective_from)
    text = text_of_change(
        rule=rule, base=base, value=ruled.to_json(), effective_from=effective_from, reasons=reasons.strip()
    )
    proposal = Proposal.objects.create(
        rule=rule,
        base=base,
        value=ruled.to_json(),
        effective_from=effective_from,
        reasons=reasons.strip(),
        text=digest_of(text),
        post=by.post,
        partner=Partner.objects.filter(slug=by.partner).first() if by.partner else None,
        at=by.at,
    )
    words = f"{kind(rule).title}: a change was proposed. It waits for consent."
    tell(by=by, people=everybody_who_consents(by), subject=proposal, why=words)
    causes = [because] if isinstance(because, Entry) else list(because or ())
    record(
        by=by,
        kind="proposal.made",
        subject=proposal,
        because=[latest.entry if latest else None, *causes],
        facts={"rule": rule, "base": base, "text": proposal.text},
    )
    return proposal


@transaction.atomic
def consent(*, by: By, proposal: Proposal, text: str) -> Consent:
    """Consent for a partner to the text of this digest; the last consent that it takes brings it into force (R2)."""
    require(may_consent_for(by, by.partner), "consent for an authority")
    agreement_alone()
    _refuse_closed(proposal)
    partner = party(by)
    before = case_of(proposal, by.at)
    case = before.give(speaker(by), text, holdings([partner]))
    _refuse_overtaken(proposal)
    given = Consent.objects.create(
        proposal=proposal, partner=partner, person_id=by.person or 0, post=by.post, text=text, at=by.at
    )
    facts: dict[str, Any] = {"proposal": proposal.pk, "partner": partner.slug, "text": text}
    if not case.is_settled:
        record(by=by, kind="consent.given", subject=given, because=proposal.entry, facts=facts)
        return given
    version = _bring_into_force(by, proposal, given)
    words = f"{kind(proposal.rule).title}: agreed, in force from {day(version.effective_from)}."
    tell(by=by, people=everybody_who_consents(by), subject=version, why=words)
    others = Consent.objects.filter(proposal=proposal, partner__slug__in=before.given, revocation=None)
    record(
        by=by,
        kind="rule.changed",
        subject=given,
        because=[proposal.entry, *(other.entry for other in others if other != given)],
        facts={**facts, **facts_of(version), "consents": sorted(case.given)},
    )
    return given


@transaction.atomic
def withdraw_consent(*, by: By, proposal: Proposal, reason: str = "") -> Revocation:
    """Take back a partner's consent; possible until the last has been given (R2)."""
    require(may_consent_for(by, by.partner), "withdraw an authority's consent")
    agreement_alone()
    _refuse_closed(proposal)
    partner = party(by)
    case_of(proposal, by.at).take_back(speaker(by), holdings([partner]))
    given = Consent.objects.filter(proposal=proposal, partner=partner, revocation=None).latest("pk")
    made = Revocation.objects.create(consent=given, reason=reason.strip(), post=by.post, at=by.at)
    facts = {"proposal": proposal.pk, "partner": partner.slug}
    record(by=by, kind="consent.withdrawn", subject=made, because=given.entry, facts=facts)
    return made


@transaction.atomic
def withdraw_proposal(*, by: By, proposal: Proposal, reason: str) -> Revocation:
    """Take back a proposal that is not agreed yet; the post that made it may, and who may consent for its partner."""
    require(withdraws(by, proposal), "withdraw this proposal")
    agreement_alone()
    _refuse_closed(proposal)
    if RuleVersion.objects.filter(last_consent__proposal=proposal).exists():
        raise Refused("This proposal is agreed. Propose a change instead.")
    if not reason.strip():
        raise Refused("Say why the proposal is withdrawn.")
    made = Revocation.objects.create(proposal=proposal, reason=reason.strip(), post=by.post, at=by.at)
    tell(by=by, people=everybody_who_consents(by), subject=proposal, why=f"{proposal} was withdrawn.")
    facts = {"proposal": proposal.pk}
    record(by=by, kind="proposal.withdrawn", subject=made, because=proposal.entry, facts=facts)
    return made


def _refuse_closed(proposal: Proposal) -> None:
    if Revocation.objects.filter(proposal=proposal).exists():
        raise Refused("This proposal was withdrawn.")
    if text_digest(proposal) != proposal.text:
        raise Refused("What this proposal says is not what was proposed. Nobody can consent to it; check the record.")


def _refuse_overtaken(proposal: Proposal) -> None:
    latest = latest_version(proposal.rule)
    if latest and latest.number > proposal.base:
        raise Refused(
            f"{latest} has been entered since this was proposed, so it no longer says what would change. "
            "It can be withdrawn and proposed anew."
        )


def _bring_into_force(by: By, proposal: Proposal, last: Consent) -> RuleVersion:
    # Versions hold from midnight: one agreed on or after its day begins with the next, never before the last consent.
    earliest = day_of(by.at) + timedelta(days=1)
    return RuleVersion.objects.create(
        rule=proposal.rule,
        number=proposal.base + 1,
        value=proposal.value,
        effective_from=max(proposal.effective_from, earliest),
        how=RuleVersion.How.CHANGED,
        last_consent=last,
        post=by.post,
        at=by.at,
    )
