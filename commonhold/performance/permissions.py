"""Who may publish and withdraw packs, who has figures computed, and who reads what was not published."""

from commonhold.demand.permissions import brings_files
from commonhold.governance.permissions import brings_papers
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner, Role
from commonhold.partnership.permissions import CONSENTS, acts_for, holds, sees_rows_of

PUBLISH = frozenset({Role.OPERATOR, Role.ANALYST, Role.SERVICE_MANAGER, Role.MANAGING_DIRECTOR})
WRITE = frozenset({Role.ANALYST, Role.SERVICE_MANAGER, Role.MANAGING_DIRECTOR})
SIGN_OFF = frozenset({Role.SERVICE_MANAGER, Role.MANAGING_DIRECTOR})
WITHDRAW = PUBLISH | {Role.CLERK, Role.CLIENT_LEAD}


def publishes_packs(by: By) -> bool:
    """Those who run the service's figures, and the Managing Director."""
    return bool(PUBLISH & by.roles)


def withdraws_packs(by: By) -> bool:
    """Whoever publishes, any clerk, and any partner's client lead (L6)."""
    return bool(WITHDRAW & by.roles)


def attaches_packs(by: By) -> bool:
    """Whoever brings papers before a meeting."""
    return brings_papers(by)


def asks_for_figures(by: By) -> bool:
    """Anybody who holds a post may have a period computed."""
    return bool(by.post)


def reads_unpublished_figures(by: By) -> bool:
    """Whoever holds a post, and a partner's own people; the public sees what was published (F6, F8)."""
    return not by.is_public


def opens_reports(by: By) -> bool:
    """Whoever publishes packs lays a period's figures open to the partners."""
    return publishes_packs(by)


def writes_words(by: By) -> bool:
    """Officers of the shared service who explain its figures and answer queries."""
    return by.partner is None and bool(WRITE & by.roles)


def signs_off_words(by: By) -> bool:
    """The named post that answers for an explanation: the Managing Director, or a service manager."""
    return by.partner is None and bool(SIGN_OFF & by.roles)


def speaks_on_figures(by: By) -> bool:
    """Who remarks on a report and queries its figures for a partner: its client lead, or who may consent for it."""
    return by.partner is not None and (holds(by, Role.CLIENT_LEAD) or CONSENTS in by.roles)


def takes_back(by: By, made_by: str) -> bool:
    """A remark is taken back by the post that made it, and by nobody else."""
    return bool(by.post) and by.post == made_by


def settles(by: By, partner: Partner) -> bool:
    """A query is settled by the partner that made it, and by nobody else."""
    return speaks_on_figures(by) and acts_for(by, partner)


def reads_reports(by: By) -> bool:
    """Whoever holds a post; the public reads what is published of them in a pack."""
    return bool(by.post)


def brings_readings(by: By, partner: str | None) -> bool:
    """Those who run the service's figures; and of its own partner, by its slug, each partner's client lead."""
    return brings_files(by) or (holds(by, Role.CLIENT_LEAD) and acts_for(by, partner))


def opens_files_of(by: By, partner: str | None) -> bool:
    """Files that a number was taken from: the whole service's are for whoever reads the figure; a partner's own, by its
    slug, may tell more than the figure does, and are for its people and for those who run the service (D2).
    """
    return reads_unpublished_figures(by) if partner is None else sees_rows_of(by, partner)


def brings_some_readings(by: By) -> bool:
    """Whoever may bring readings at all: of every partner, or of their own."""
    return brings_readings(by, by.partner)


def declares_measures(by: By) -> bool:
    """Those who publish packs say what is measured."""
    return publishes_packs(by)


def draws_samples(by: By) -> bool:
    """Whoever holds a post draws from the tickets that the post may see; an auditor most of all."""
    return bool(by.post)


def reconciles(by: By) -> bool:
    """Whoever holds a post may ask why a figure and another one differ."""
    return bool(by.post)


def brings_lists(by: By) -> bool:
    """Those who bring ticket files, and each partner's client lead, bring a list to be held against ours."""
    return brings_files(by) or holds(by, Role.CLIENT_LEAD)


def removes_reconciliations(by: By, post: str, partner: str) -> bool:
    """Whoever asked for it, in the post that did."""
    return by.post == post and (by.partner or "") == partner
