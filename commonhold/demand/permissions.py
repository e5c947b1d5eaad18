"""Who may bring files, put source data right, and see which rows."""

from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Role
from commonhold.partnership.permissions import acts_for, holds

RUN_THE_FIGURES = (Role.OPERATOR, Role.ANALYST, Role.SERVICE_MANAGER)


def brings_files(by: By) -> bool:
    """Those who run the service's figures, and the operator on their behalf."""
    return holds(by, *RUN_THE_FIGURES)


def puts_right(by: By, partner: str | None) -> bool:
    """Those who bring files; and of the tickets of its own partner, each partner's client lead."""
    return brings_files(by) or (holds(by, Role.CLIENT_LEAD) and acts_for(by, partner))
