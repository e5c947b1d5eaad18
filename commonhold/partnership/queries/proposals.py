"""A proposed change: what it says beside what is in force, who consented, who may, and for whom it waits."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from commonhold.ledger.engine.by import By
from commonhold.partnership.engine.consent import Case, Needed
from commonhold.partnership.engine.rules.registry import Ruled, kind, read
from commonhold.partnership.engine.rules.shown import Beside, side_by_side
from commonhold.partnership.engine.text import digest_of, text_of_change
from commonhold.partnership.models import Consent, Partner, Post, Proposal, Revocation, RuleVersion
from commonhold.partnership.permissions import may_consent_for
from commonhold.partnership.queries.rules import Rules, rules


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as its page shows it."""

    proposal: Proposal
    case: Case
    consents: tuple[Consent, ...]
    withdrawn: tuple[Revocation, ...]
    base: RuleVersion | None
    version: RuleVersion | None
    revocation: Revocation | None
    overtaken_by: RuleVersion | None
    beside: tuple[Beside, ...]
    waits_for: tuple[Partner, ...]

    @property
    def is_open(self) -> bool:
        return self.version is None and self.revocation is None

    def may_consent(self, by: By) -> bool:
        return self.is_open and by.partner in self.case.lacking and may_consent_for(by, by.partner)

    def may_take_back(self, by: By) -> bool:
        return self.is_open and by.partner in self.case.given and may_consent_for(by, by.partner)


def needed(known: Rules) -> Needed:
    """Whose consent a change takes now: what the rule on consent asks of those who are party. Not set: everybody's."""
    parties = [partner.slug for partner in known.parties]
    return known.consent.among(parties) if known.consent else Needed(frozenset(parties))


def case_of(proposal: Proposal, at: datetime) -> Case:
    """The proposal as a case of consent: the consents that stand, and for whom everybody ever spoke on it."""
    consents = list(proposal.consents.select_related("partner").order_by("pk"))
    taken_back = set(Revocation.objects.filter(consent__in=consents).values_list("consent", flat=True))
    settled = RuleVersion.objects.filter(last_consent__in=consents).exists()
    return _case(proposal, consents, taken_back, needed(rules(at)), settled)


def _case(
    proposal: Proposal, consents: list[Consent], taken_back: Container[int | None], need: Needed, settled: bool
) -> Case:
    return Case(
        text=text_digest(proposal),
        needed=need,
        given={c.partner.slug: c.person_id for c in consents if c.pk not in taken_back and c.text == proposal.text},
        spoke={c.person_id: c.partner.slug for c in consents},
        is_settled=settled,
    )


def text_digest(proposal: Proposal) -> str:
    """The digest of what the proposal says, reckoned from the values that are stored, not from the stored digest."""
    return digest_of(
        text_of_change(
            rule=proposal.rule,
            base=proposal.base,
            value=proposal.value,
            effective_from=proposal.effective_from,
            reasons=proposal.reasons,
        )
    )


def proposed(number: int, at: datetime) -> Proposed | None:
    """The proposal of this number with everything that its page shows."""
    proposal = _rows().filter(pk=number).first()
    if proposal is None:
        return None
    consents = list(proposal.consents.select_related("partner", "person").order_by("pk"))
    withdrawn = list(Revocation.objects.filter(consent__in=consents).select_related("consent__partner"))
    versions = list(RuleVersion.objects.filter(rule=proposal.rule).order_by("number"))
    version = next((v for v in versions if v.last_consent_id in {c.pk for c in consents}), None)
    taken_back = {w.consent_id for w in withdrawn}
    known = rules(at)
    case = _case(proposal, consents, taken_back, needed(known), version is not None)
    base = next((v for v in versions if v.number == proposal.base), None)
    later = next((v for v in versions if v.number > proposal.base and v != version), None)
    revocation = getattr(proposal, "revocation", None)
    open_still = version is None and revocation is None
    lacking = case.lacking if open_still else frozenset()
    return Proposed(
        proposal=proposal,
        case=case,
        consents=tuple(c for c in consents if c.pk not in taken_back),
        withdrawn=tuple(withdrawn),
        base=base,
        version=version,
        revocation=revocation,
        overtaken_by=later if open_still else None,
        beside=beside(proposal.rule, base.ruled if base else None, read(proposal.rule, proposal.value)),
        waits_for=tuple(partner for partner in known.parties if partner.slug in lacking),
    )


def beside(rule: str, before: Ruled | None, after: Ruled) -> tuple[Beside, ...]:
    """Two values of a rule, row by row."""
    shown = kind(rule).shown
    return side_by_side(shown(before) if before else (), shown(after))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal in a list: the partners whose consent stands, and what became of it."""

    proposal: Proposal
    given: frozenset[str]
    state: str


def proposals(rule: str | None = None) -> list[Waiting]:
    """Proposals, newest first, with what became of each."""
    consents = Prefetch("consents", Consent.objects.select_related("partner", "revocation", "version"))
    rows = _rows().prefetch_related(consents)
    return [_waiting(row) for row in (rows.filter(rule=rule) if rule else rows)]


def _rows() -> QuerySet[Proposal]:
    """Proposals with what became of each, and the title of the post that proposed it as `proposed_by`."""
    titles = Post.objects.filter(slug=OuterRef("post")).values("title")[:1]
    return Proposal.objects.select_related("partner", "revocation").annotate(proposed_by=Subquery(titles))


def _waiting(proposal: Proposal) -> Waiting:
    standing = [consent for consent in proposal.consents.all() if not hasattr(consent, "revocation")]
    if any(hasattr(consent, "version") for consent in standing):
        state = "agreed"
    else:
        state = "withdrawn" if hasattr(proposal, "revocation") else "open"
    return Waiting(proposal, frozenset(consent.partner.slug for consent in standing), state)
