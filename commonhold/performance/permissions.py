"""Who may publish and withdraw packs, who has figures computed, and who reads what was not published."""

from commonhold.governance.permissions import brings_papers
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Role

PUBLISH = frozenset({Role.OPERATOR, Role.ANALYST, Role.SERVICE_MANAGER, Role.MANAGING_DIRECTOR})
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
