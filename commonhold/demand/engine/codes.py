"""The numbers that stand for a mapping's words in stored events, and in all that is computed from them."""

from typing import Final

from commonhold.demand.engine.mapping import HOLD_REASONS, KINDS, PRIORITIES, STATES

STATE: Final = {word: code for code, word in enumerate(STATES)}
REASON: Final = {word: code for code, word in enumerate(HOLD_REASONS)}
PRIORITY: Final[dict[str | None, int]] = {None: 0, **{word: code for code, word in enumerate(PRIORITIES, start=1)}}
KIND: Final = {word: code for code, word in enumerate(KINDS)}
