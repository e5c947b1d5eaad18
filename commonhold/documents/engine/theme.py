"""How charts look: one typeface, colours that the colour-blind can tell apart, sizes for a page and for a phone.

The colours are the Government Analysis Function's; a shape, a dash or a label always says the same as a colour.
"""

from typing import Any, Final

from commonhold.documents.engine.charts import Spec

TYPEFACE: Final = "Source Sans Pro"

WIDE: Final = 640
NARROW: Final = 340

INK: Final = "#0b0c0c"
QUIET: Final = "#505a5f"
RULE: Final = "#d0d3d6"
FIRST: Final = "#12436d"
SECOND: Final = "#d4351c"
THIRD: Final = "#00703c"
CATEGORIES: Final = ("#12436d", "#28a197", "#801650", "#f46a25", "#3d3d3d", "#a285d1")
STEPS: Final = ("#0b2b47", "#12508a", "#3f86c4", "#8dbbe3", "#cfe2f3")
"""From the most urgent to the least: they differ in lightness, so also in grey."""

SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
DASHES: Final = ([1, 0], [6, 3], [2, 2], [9, 3, 2, 3], [12, 3], [4, 4])


def themed(spec: dict[str, Any], *, width: int, height: int | dict[str, int]) -> Spec:
    """The specification with the house's look and the width of the whole picture, axes included."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 4, "top": 4, "bottom": 2},
        "background": None,
        "config": CONFIG,
        **spec,
    }


CONFIG: Final[dict[str, Any]] = {
    "aria": False,
    "font": TYPEFACE,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "labelFontSize": 14,
        "titleColor": QUIET,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "domainColor": QUIET,
        "tickColor": QUIET,
        "gridColor": RULE,
        "labelLimit": 0,
    },
    "axisX": {"grid": False, "labelAngle": 0, "labelPadding": 6, "ticks": False},
    "axisY": {"domain": False, "ticks": False, "labelPadding": 6, "tickCount": 5},
    "legend": {
        "orient": "top",
        "direction": "horizontal",
        "labelColor": INK,
        "labelFontSize": 14,
        "labelLimit": 0,
        "symbolSize": 120,
        "title": None,
        "columnPadding": 14,
        "rowPadding": 4,
    },
    "text": {"color": INK, "fontSize": 14},
    "bar": {"color": FIRST},
}
