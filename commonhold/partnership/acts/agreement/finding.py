"""Rules entered as found in the document that binds the partners, and each partner's word on them (R0)."""

from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.db import transaction

from commonhold.govuk.formats import day
from commonhold.ledger import evidence
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.engine.rules.registry import kind, read
from commonhold.partnership.models import Confirmation, RuleVersion
from commonhold.partnership.permissions import enters_rules, may_consent_for
from commonhold.partnership.queries.agreeing import (
    agreement_alone,
    everybody_who_consents,
    facts_of,
    latest_version,
    party,
    refuse_discord,
    refuse_what_is_agreed,
    speaks_today,
)
from commonhold.refusals import Refused, require


@dataclass(frozen=True, slots=True)
class Attached:
    """A page of the document that binds the partners, to be kept as evidence under its digest."""

    name: str
    file: IO[bytes]


@transaction.atomic
def enter_as_found(
    *,
    by: By,
    rule: str,
    value: Any,
    effective_from: date,
    document: str,
    clause: str = "",
    page: str = "",
    attached: Attached | None = None,
    corrects: RuleVersion | None = None,
    reason: str = "",
) -> RuleVersion:
    """Enter a rule as the document that binds the partners says it: it works at once, labelled unconfirmed (R0)."""
    require(enters_rules(by), "enter rules of the agreement")
    founded = agreement_alone()
    ruled = read(rule, value)
    if not document.strip():
        raise Refused("Name the document in which the rule was found, with its date.")
    if effective_from > founded.founded:
        raise Refused(
            "As found is what bound the partners when they started here, on "
            f"{day(founded.founded)}. What takes effect later is a change: propose it."
        )
    if corrects is not None and not reason.strip():
        raise Refused("Say why the version is put right.")
    refuse_what_is_agreed(by, rule, effective_from, corrects)
    refuse_discord(by, rule, ruled, effective_from, corrects)
    latest = latest_version(rule)
    version = RuleVersion.objects.create(
        rule=rule,
        number=latest.number + 1 if latest else 1,
        value=ruled.to_json(),
        effective_from=effective_from,
        how=RuleVersion.How.FOUND,
        document=document.strip(),
        clause=clause.strip(),
        page=page.strip(),
        file=evidence.keep(attached.file) if attached else "",
        file_name=attached.name[:200] if attached else "",
        corrects=corrects,
        reason=reason.strip(),
        post=by.post,
        at=by.at,
    )
    words = f"{kind(rule).title}: entered as found. Say whether it is what was agreed."
    tell(by=by, people=everybody_who_consents(by), subject=version, why=words)
    causes = [corrects.entry if corrects else None, founded.entry]
    record(by=by, kind="rule.found", subject=version, because=causes, facts=facts_of(version))
    return version


@transaction.atomic
def confirm(*, by: By, version: RuleVersion) -> Confirmation:
    """Say for a partner that a rule was entered as it was agreed; the holder of a post that may consent does."""
    require(may_consent_for(by, by.partner), "confirm a rule for an authority")
    return _say(by, version, Confirmation.Word.CONFIRMED, "")


@transaction.atomic
def dispute(*, by: By, version: RuleVersion, words: str) -> Confirmation:
    """Say for a partner "not what we agreed", with what is wrong; it then stands beside every figure that uses it."""
    require(may_consent_for(by, by.partner), "dispute a rule for an authority")
    if not words.strip():
        raise Refused("Say what is not as it was agreed.")
    return _say(by, version, Confirmation.Word.DISPUTED, words.strip())


def _say(by: By, version: RuleVersion, word: str, words: str) -> Confirmation:
    agreement_alone()
    partner = party(by)
    require(speaks_today(by, partner), "speak for an authority in a post that you do not hold today")
    if version.how != RuleVersion.How.FOUND:
        raise Refused("This version was changed by consent: there is nothing to confirm.")
    if RuleVersion.objects.filter(corrects=version).exists():
        raise Refused("This version has been put right. Say whether the later one is what was agreed.")
    said = version.confirmations.filter(partner=partner).order_by("-pk").first()
    if said and (said.word, said.words) == (word, words):
        raise Refused("Your authority has said this already.")
    made = Confirmation.objects.create(version=version, partner=partner, word=word, words=words, post=by.post, at=by.at)
    if word == Confirmation.Word.DISPUTED:
        why = f"{partner} says of {version}: not what we agreed."
        tell(by=by, people=everybody_who_consents(by), subject=version, why=why)
    record(
        by=by,
        kind="rule.confirmed" if word == Confirmation.Word.CONFIRMED else "rule.disputed",
        subject=made,
        because=[version.entry, said.entry if said else None],
        facts={"rule": version.rule, "version": version.number, "partner": partner.slug},
    )
    return made
