"""The charts that a pack needs, each drawn for a page and for a phone: values in, Vega-Lite specifications out.

Numbers come with the text that prints them, so a chart rounds nothing itself (F3).
"""

from commonhold.documents.engine.graphs.months import Line, Month, Part, Stack, lines, monthly, stacked
from commonhold.documents.engine.graphs.rows import Interval, Row, horizontal, intervals

__all__ = [
    "Interval",
    "Line",
    "Month",
    "Part",
    "Row",
    "Stack",
    "horizontal",
    "intervals",
    "lines",
    "monthly",
    "stacked",
]
