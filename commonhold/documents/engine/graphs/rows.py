"""Charts of rows: intervals beside a reference, and horizontal bars. On a phone names stand above their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from commonhold.documents.engine.charts import Picture, Spec, Verdict
from commonhold.documents.engine.graphs import scales
from commonhold.documents.engine.theme import FIRST, INK, NARROW, QUIET, SECOND, THIRD, themed
from commonhold.documents.engine.words import printable

MARKS: Final[dict[Verdict, tuple[str, str, str]]] = {
    "none": ("no more than chance", "circle", FIRST),
    "better": ("better", "triangle-down", THIRD),
    "worse": ("worse", "triangle-up", SECOND),
    "cannot tell": ("cannot tell", "cross", QUIET),
}
"""The words, shape and colour of each verdict of parity."""

ROW: Final[scales.Part] = {"field": "row", "type": "ordinal", "title": None, "scale": {"type": "band", "padding": 0}}

FURTHEST: Final = 3
"""How many times the reference the scale may reach; an interval that goes on is cut there, its numbers are not."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A value between its low and high, with the text that prints all three."""

    name: str
    value: float
    low: float
    high: float
    printed: str
    difference: Verdict = "none"


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    value: float
    printed: str


def intervals(rows: Sequence[Interval], *, unit: str, reference: float = 1.0) -> Picture:
    """A mark for each partner on the line of its interval, beside the reference; its shape is the verdict's."""
    return scales.drawn_twice(lambda width: _intervals(rows, unit, reference, width))


def horizontal(rows: Sequence[Row], *, unit: str) -> Picture:
    """A bar for each row, in the order given, with its number."""
    return scales.drawn_twice(lambda width: _horizontal(rows, unit, width))


def _intervals(rows: Sequence[Interval], unit: str, reference: float, width: int) -> Spec:
    furthest = max([2 * reference, *(max(row.value, min(row.high, FURTHEST * reference)) for row in rows)])
    values = [
        {
            "name": printable(row.name),
            "value": row.value,
            "low": row.low,
            "high": min(row.high, furthest),
            "printed": printable(row.printed),
            "verdict": MARKS[row.difference][0],
        }
        for row in rows
    ]
    used = [mark for verdict, mark in MARKS.items() if any(row.difference == verdict for row in rows)]
    words = [mark[0] for mark in used]
    shape = scales.told_apart("verdict", words, [mark[1] for mark in used], width, above=12)
    colour = scales.told_apart("verdict", words, [mark[2] for mark in used], width, above=12)
    across = _across_values(unit, furthest * 1.02, grid=width != NARROW)
    point = {"type": "point", "filled": True, "size": 150, "opacity": 1, "stroke": "white"}
    layers: list[scales.Part] = [
        {
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
            "encoding": {"x": {**across, "datum": reference}, **_beside_the_words(width)},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 4},
            "encoding": {"x": {**across, "field": "low"}, "x2": {"field": "high"}, "color": colour},
        },
        {"mark": point, "encoding": {"x": {**across, "field": "value"}, "shape": shape, "color": colour}},
    ]
    return _rows(values, layers, width, {"x": {"value": "width"}}, step=40)


def _horizontal(rows: Sequence[Row], unit: str, width: int) -> Spec:
    values = [{"name": printable(row.name), "value": row.value, "printed": printable(row.printed)} for row in rows]
    longest = max((row.value for row in rows), default=0) or 1
    across = {**_across_values(unit, longest, grid=False), "field": "value"}
    bar = {"type": "bar", "height": 18, "color": FIRST}
    return _rows(values, [{"mark": bar, "encoding": {"x": across}}], width, {"x": across}, step=34)


def _beside_the_words(width: int) -> scales.Part:
    """Where a line across a row runs: on a phone below the words that stand above the row."""
    return {"y": {**ROW, "bandPosition": 0.42 if width == NARROW else 0}, "y2": {"field": "row", "bandPosition": 1}}


def _across_values(unit: str, furthest: float, grid: bool) -> scales.Part:
    return {
        "type": "quantitative",
        "title": printable(unit),
        "axis": {"tickCount": 5, "grid": grid, "domain": False, "format": ",~f"},
        "scale": {"domain": [0, furthest], "nice": False},
    }


def _rows(values: list[scales.Part], layers: list[scales.Part], width: int, at: scales.Part, step: int) -> Spec:
    """Names beside the rows and numbers behind them; on a phone both above the row."""
    phone = width == NARROW
    name = {"dy": -20, "align": "left", "fontWeight": "bold"} if phone else {"dx": -8, "align": "right", "fontSize": 15}
    number = {"dy": -20, "align": "right"} if phone else {"dx": 8, "align": "left"}
    behind = {"x": {"value": "width"}} if phone else at
    words: list[scales.Part] = [
        {"mark": {"type": "text", **name}, "encoding": {"x": {"value": 0}, "text": {"field": "name"}}},
        {"mark": {"type": "text", **number}, "encoding": {**behind, "text": {"field": "printed"}}},
    ]
    rows = [
        {**value, "row": at, "name": scales.cut(value["name"], 30 if phone else 36)} for at, value in enumerate(values)
    ]
    spec = {"data": {"values": rows}, "encoding": {"y": {**ROW, "axis": None}}, "layer": [*layers, *words]}
    return themed(spec, width=width, height={"step": step + 26 if phone else step})
