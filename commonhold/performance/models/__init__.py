"""The tables of performance: periods as they were computed, reports on them, and packs as they were published."""

from commonhold.performance.models.pack import Draft, Pack, PackRows, Reading, Replacement, Withdrawal
from commonhold.performance.models.period import ChartImage, Period, Table
from commonhold.performance.models.report import (
    Explanation,
    FigureQuery,
    FigureRemark,
    QueryAnswer,
    QuerySettlement,
    Report,
    Wording,
)

__all__ = [
    "ChartImage",
    "Draft",
    "Explanation",
    "FigureQuery",
    "FigureRemark",
    "Pack",
    "PackRows",
    "Period",
    "QueryAnswer",
    "QuerySettlement",
    "Reading",
    "Replacement",
    "Report",
    "Table",
    "Withdrawal",
    "Wording",
]
