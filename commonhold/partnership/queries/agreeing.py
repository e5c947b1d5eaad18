"""What acts on the agreement ask before they change it: the partnership itself, who speaks, what can stand together."""

from datetime import date
from typing import Any

from commonhold.ledger.engine.by import By
from commonhold.partnership.engine.consent import Speaker
from commonhold.partnership.engine.rules.registry import KINDS, Ruled, check_together, kind
from commonhold.partnership.engine.text import digest_of
from commonhold.partnership.models import Partner, Partnership, Person, RuleVersion
from commonhold.partnership.queries.rules import Rules, rules
from commonhold.partnership.queries.who import consenters, day_of, holdings
from commonhold.refusals import Refused
from commonhold.workdays import midnight


def agreement_alone() -> Partnership:
    """The partnership, locked: two consents at one moment must see one another, and versions are numbered in order."""
    founded = Partnership.objects.select_for_update().filter(pk=1).first()
    if founded is None:
        raise Refused("The partnership has not been started yet, so it has no agreement.")
    return founded


def party(by: By) -> Partner:
    """The partner that somebody acts for, which must be party to the agreement that day."""
    parties: list[Partner] = list(Partner.objects.parties(day_of(by.at)).filter(slug=by.partner))
    if not parties:
        raise Refused("Your authority is not party to the agreement today.")
    return parties[0]


def speaker(by: By) -> Speaker:
    return Speaker(person=by.person or 0, post=by.post, partner=by.partner or "", on=day_of(by.at))


def speaks_today(by: By, partner: Partner) -> bool:
    """Whether the person holds, that day, the post they act in, and it may consent for the partner."""
    who = speaker(by)
    return any(held.entitles(who.person, who.post, who.partner, who.on) for held in holdings([partner]))


def everybody_who_consents(by: By) -> list[Person]:
    """Those who may consent for a partner hear of everything that is done to the agreement."""
    today = day_of(by.at)
    return consenters(Partner.objects.parties(today), today)


def latest_version(rule: str) -> RuleVersion | None:
    return RuleVersion.objects.filter(rule=rule).order_by("-number").first()


def refuse_what_is_agreed(by: By, rule: str, effective_from: date, corrects: RuleVersion | None) -> None:
    """As found is for what was never agreed upon here: what every partner confirmed, or agreed to, takes a proposal."""
    versions = rules(by.at).versions.get(rule, ())
    if versions and kind(rule).once_found_by_consent_only:
        raise Refused(f"{kind(rule).title}: this is set, and only a proposal changes it.")
    if corrects is not None:
        if corrects.rule != rule or corrects.how != RuleVersion.How.FOUND:
            raise Refused("Only a version of the same rule that was entered as found can be put right in this way.")
        if RuleVersion.objects.filter(corrects=corrects).exists():
            raise Refused("This version has been put right already. Put the later one right.")
    on = midnight(effective_from)
    for version in [v for v in versions if v.since <= on][-1:] + [v for v in versions if v.row == corrects]:
        if version.standing.is_whole:
            raise Refused(f"Every partner has agreed to {version.row}. A change of it needs a proposal.")
        if version.since == on and version.row != corrects:
            raise Refused(f"{version.row} holds from the same day. Put that version right instead.")


def refuse_discord(by: By, rule: str, ruled: Ruled, effective_from: date, corrects: RuleVersion | None = None) -> None:
    """Refuse a version beside which others could not stand, on its own first day or on that of any later version."""
    on = midnight(effective_from)
    known = rules(by.at)
    kept = tuple(v for v in known.versions.get(rule, ()) if v.row != corrects)
    others = Rules(known.at, {**known.versions, rule: kept})
    days = {on} | {v.since for versions in others.versions.values() for v in versions if v.since > on}
    for day in sorted(days):
        standing = {name: version.value for name in KINDS if (version := others.in_force(name, day))}
        own = others.in_force(rule, day)
        if own is None or own.since <= on:
            standing[rule] = ruled
        check_together(standing)


def refuse_older(edition: int, now: int) -> None:
    """Refuse what was written beside an earlier edition: somebody has saved another since (U4)."""
    if edition != now:
        raise Refused("Somebody saved a change after you opened this. Both texts are shown: save again to keep yours.")


def facts_of(version: RuleVersion) -> dict[str, Any]:
    """What an entry says of a version: which it is, from when, and the digest of its value."""
    return {
        "rule": version.rule,
        "version": version.number,
        "effective_from": version.effective_from.isoformat(),
        "value": digest_of(version.value),
    }
