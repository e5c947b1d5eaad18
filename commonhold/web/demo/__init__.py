"""The demonstration: three fictional authorities, their people, three years of tickets, and what they resolved."""

from datetime import UTC, datetime
from typing import Final

BEGINS: Final = datetime(2023, 7, 3, 8, tzinfo=UTC)
"""The instant of the demonstration's first entry; everything in it is told to have happened since."""
