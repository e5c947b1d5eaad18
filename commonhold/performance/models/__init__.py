"""The tables of performance: periods as they were computed, and packs as they were published."""

from commonhold.performance.models.pack import Pack, Reading, Withdrawal
from commonhold.performance.models.period import ChartImage, Period, Table

__all__ = ["ChartImage", "Pack", "Period", "Reading", "Table", "Withdrawal"]
