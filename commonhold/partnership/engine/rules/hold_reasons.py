"""The rule "hold_reasons": for which reasons a hold pauses the clock (C4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from commonhold.refusals import Refused

REASONS: Final = (
    "awaiting_customer",
    "awaiting_supplier",
    "awaiting_change",
    "awaiting_problem",
    "awaiting_evidence",
    "other",
)
"""The reasons that a mapping of a desk's export may name."""


@dataclass(frozen=True, slots=True)
class HoldReason:
    """A reason, in the agreement's words, and whether it is accepted as pausing the clock."""

    reason: str
    words: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class HoldReasons:
    """The reasons for which the agreement says whether a hold pauses the clock."""

    reasons: tuple[HoldReason, ...]

    def __post_init__(self) -> None:
        names = [reason.reason for reason in self.reasons]
        problems = [f"{name!r} is no reason; use one of {', '.join(REASONS)}." for name in names if name not in REASONS]
        problems += [f"{name} is listed twice." for name in sorted({n for n in names if names.count(n) > 1})]
        problems += [f"{r.reason} has no words that say what it means." for r in self.reasons if not r.words.strip()]
        if not self.reasons:
            problems.append("There is no reason in the list.")
        if problems:
            raise Refused("The hold reasons cannot be used.", problems)
        ordered = sorted(self.reasons, key=lambda reason: REASONS.index(reason.reason))
        object.__setattr__(self, "reasons", tuple(ordered))

    def accepts(self, reason: str | None) -> bool:
        """Whether a hold for this reason pauses the clock: all do but those that the rule names as not accepted."""
        return all(known.accepted for known in self.reasons if known.reason == reason)

    @classmethod
    def from_json(cls, value: object) -> Self:
        if not isinstance(value, Mapping):
            raise Refused("The hold reasons are a table: each reason with its words and whether it is accepted.")
        problems = [
            f"{name}: needs words, a text, and accepted, true or false, and nothing else."
            for name, said in value.items()
            if not _is_reason(said)
        ]
        if problems:
            raise Refused("The hold reasons cannot be used.", problems)
        return cls(tuple(HoldReason(str(name), said["words"], said["accepted"]) for name, said in value.items()))

    def to_json(self) -> dict[str, Any]:
        return {reason.reason: {"words": reason.words, "accepted": reason.accepted} for reason in self.reasons}


def _is_reason(said: object) -> bool:
    return (
        isinstance(said, Mapping)
        and set(said) == {"words", "accepted"}
        and isinstance(said["words"], str)
        and isinstance(said["accepted"], bool)
    )
