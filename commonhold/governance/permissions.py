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


def withdraws_papers(by: By) -> bool:
    """Whoever brings papers, and the operator: what was published wrongly comes down at once (L6)."""
    return brings_papers(by) or Role.OPERATOR in by.roles


def owes(by: By, action: Action) -> bool:
    """Whoever acts in the post that owes the action."""
    return by.post == action.owner.slug


def reports(by: By, action: Action) -> bool:
    """Who may say what became of an action: the post that owes it, or a clerk."""
    return owes(by, action) or clerks(by)
