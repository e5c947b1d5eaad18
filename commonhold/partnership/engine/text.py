"""The text that partners consent to, as one digest: rule, value, date and reasons together."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from commonhold.ledger.engine.verify_commonhold import canonical


def digest_of(value: Any) -> str:
    """The SHA-256 of a JSON value's one byte form (RFC 8785)."""
    return hashlib.sha256(canonical(value)).hexdigest()


def text_of_change(
    *, rule: str, base: int, value: Mapping[str, Any], effective_from: date, reasons: str
) -> dict[str, Any]:
    """All that a change of a rule says: what it changes, into what, from when and why."""
    return {
        "rule": rule,
        "changes_version": base,
        "value": dict(value),
        "effective_from": effective_from.isoformat(),
        "reasons": reasons,
    }
