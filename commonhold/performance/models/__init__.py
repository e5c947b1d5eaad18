"""The tables of performance: periods as computed, packs as published, readings as they were brought."""

from commonhold.performance.models.brought import Delivery, OwnMeasure, SourceReading, SourceReadings, TakenBack
from commonhold.performance.models.pack import Draft, Pack, PackRows, Reading, Replacement, Withdrawal
from commonhold.performance.models.period import ChartImage, Period, Table

__all__ = [
    "ChartImage",
    "Delivery",
    "Draft",
    "OwnMeasure",
    "Pack",
    "PackRows",
    "Period",
    "Reading",
    "Replacement",
    "SourceReading",
    "SourceReadings",
    "Table",
    "TakenBack",
    "Withdrawal",
]
