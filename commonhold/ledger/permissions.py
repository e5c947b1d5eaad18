"""Who may take an export of the record: anybody the public one, a partner's posts that partner's own (D2)."""

from commonhold.ledger.engine.by import By


def may_take_export(by: By, partner: str | None) -> bool:
    return partner is None or by.partner == partner
