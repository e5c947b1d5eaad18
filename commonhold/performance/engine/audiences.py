"""For whom figures are published: everybody, the partners' boards, or one partner's own people by its slug (P3)."""

from typing import Final

PUBLIC: Final = "public"
BOARD: Final = "board"
