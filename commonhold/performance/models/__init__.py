"""The tables of performance: periods as computed, reports on them, packs as published, readings as brought."""

from commonhold.performance.models.brought import Delivery, OwnMeasure, SourceReading, SourceReadings, TakenBack
from commonhold.performance.models.comparator import Comparator, ComparatorBack
from commonhold.performance.models.pack import Draft, Pack, PackRows, Reading, Replacement, Withdrawal
from commonhold.performance.models.period import ChartImage, DisputedReading, DisputedTable, Period, Table, Week
from commonhold.performance.models.readings_file import ReadingsFile
from commonhold.performance.models.reconciliation import DifferingTicket, Reconciliation, TheirList
from commonhold.performance.models.report import (
    Explanation,
    FigureQuery,
    FigureRemark,
    QueryAnswer,
    QuerySettlement,
    RemarkTakenBack,
    Report,
    ReportTurn,
    Wording,
)
from commonhold.performance.models.sample import Sample

__all__ = [
    "ChartImage",
    "Comparator",
    "ComparatorBack",
    "Delivery",
    "DifferingTicket",
    "DisputedReading",
    "DisputedTable",
    "Draft",
    "Explanation",
    "FigureQuery",
    "FigureRemark",
    "OwnMeasure",
    "Pack",
    "PackRows",
    "Period",
    "QueryAnswer",
    "QuerySettlement",
    "Reading",
    "ReadingsFile",
    "Reconciliation",
    "RemarkTakenBack",
    "Replacement",
    "Report",
    "ReportTurn",
    "Sample",
    "SourceReading",
    "SourceReadings",
    "Table",
    "TakenBack",
    "TheirList",
    "Week",
    "Withdrawal",
    "Wording",
]
