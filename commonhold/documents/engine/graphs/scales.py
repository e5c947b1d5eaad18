"""What charts share: drawn twice, axes of months and of values, and legends that fit the width."""

from collections.abc import Callable, Sequence
from typing import Any

from commonhold.documents.engine.charts import Picture, Spec
from commonhold.documents.engine.theme import NARROW, WIDE
from commonhold.documents.engine.words import printable

Part = dict[str, Any]
"""Any part of a specification: a layer, an encoding, a scale."""


def drawn_twice(draw: Callable[[int], Spec]) -> Picture:
    return Picture(wide=draw(WIDE), narrow=draw(NARROW))


def across_months(months: Sequence[str], width: int) -> Part:
    """The axis of months: each named on two lines, and only every second or third where they would touch."""
    every = max(1, -(-len(months) * 44 // (width - 50)))
    axis = {
        "labelExpr": "split(datum.label, ' ')",
        "labelOverlap": False,
        "values": [printable(month) for month in months[::every]],
    }
    return {"field": "month", "type": "nominal", "sort": None, "title": None, "axis": axis}


def up_values(unit: str) -> Part:
    """The axis of values, its unit written level above it."""
    title = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -10}
    return {"field": "value", "type": "quantitative", "title": printable(unit), "axis": {**title, "format": ",~f"}}


def told_apart(field: str, names: Sequence[str], marks: Sequence[Any], width: int, above: int = 30) -> Part:
    """A channel that gives each name a mark of its own, with a legend of as many columns as there is room for."""
    widest = max((len(name) for name in names), default=0) * 7.5 + 40
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(names), "range": list(marks[: len(names)])},
        "legend": {"columns": max(1, int(width // widest)), "offset": above},
    }


def cut(text: str, letters: int) -> str:
    """The text, its end left out where it is too long. Vega would cut within a character, and fail."""
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def only(field: str, value: str) -> Part:
    return {"filter": {"field": field, "equal": value}}
