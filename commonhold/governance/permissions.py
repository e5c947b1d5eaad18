"""Who may do what at a meeting: any partner's clerk keeps the record of it, officers bring papers (P1)."""

from commonhold.governance.models import Action
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Role

OFFICERS = frozenset({Role.CLERK, Role.MANAGING_DIRECTOR, Role.SERVICE_MANAGER, Role.ANALYST, Role.CLIENT_LEAD})


def clerks(by: By) -> bool:
    """Any partner's governance officer."""
    return Role.CLERK in by.roles


def brings_papers(by: By) -> bool:
    """Officers of any partner and of the shared service."""
    return bool(OFFICERS & by.roles)


def owes(by: By, action: Action) -> bool:
    """Whoever acts in the post that owes the action."""
    return by.post == action.owner.slug
