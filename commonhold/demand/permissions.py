"""Who may bring files, put source data right, and see which rows."""

from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Role

BRING_FILES = frozenset({Role.OPERATOR, Role.ANALYST, Role.SERVICE_MANAGER})
PUT_RIGHT = frozenset({Role.OPERATOR, Role.ANALYST, Role.SERVICE_MANAGER, Role.CLIENT_LEAD})


def brings_files(by: By) -> bool:
    """Those who run the service's figures, and the operator on their behalf."""
    return bool(BRING_FILES & by.roles)


def puts_right(by: By) -> bool:
    """Those who bring files, and each partner's client lead."""
    return bool(PUT_RIGHT & by.roles)
