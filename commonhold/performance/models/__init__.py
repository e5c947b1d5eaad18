"""The tables of performance: periods as they were computed, and packs as they were published."""

from commonhold.performance.models.pack import Draft, Pack, PackRows, Reading, Replacement, Withdrawal
from commonhold.performance.models.period import ChartImage, Period, Table

__all__ = ["ChartImage", "Draft", "Pack", "PackRows", "Period", "Reading", "Replacement", "Table", "Withdrawal"]
