"""Charts over months: bars beside the year before, stacked bars, lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from commonhold.documents.engine.charts import Picture, Spec
from commonhold.documents.engine.graphs import scales
from commonhold.documents.engine.theme import CATEGORIES, DASHES, FIRST, INK, NARROW, SECOND, SHAPES, STEPS, themed
from commonhold.documents.engine.words import printable


@dataclass(frozen=True, slots=True)
class Month:
    """A month, such as "Jul 2026", and its value; `before` is the same month a year before, where it is known."""

    name: str
    value: float
    printed: str
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    value: float
    printed: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A month's bar and its parts, the most urgent first."""

    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line over the months of a chart; None where a month's value is not known."""

    name: str
    values: tuple[float | None, ...]


def monthly(months: Sequence[Month], *, now: str, before: str, unit: str) -> Picture:
    """Bars for the months, and diamonds on a dashed line for the same months a year before."""
    return scales.drawn_twice(lambda width: _monthly(months, printable(now), printable(before), unit, width))


def stacked(stacks: Sequence[Stack], *, unit: str) -> Picture:
    """A bar for each month, its parts on top of one another, the first at the foot."""
    return scales.drawn_twice(lambda width: _stacked(stacks, unit, width))


def lines(months: Sequence[str], series: Sequence[Line], *, unit: str, target: float | None = None) -> Picture:
    """Lines over months, each of its own colour, dash and shape, and a dotted one for the target."""
    return scales.drawn_twice(lambda width: _lines(months, series, unit, target, width))


def _monthly(months: Sequence[Month], now: str, before: str, unit: str, width: int) -> Spec:
    values = [
        *(
            {"month": printable(m.name), "series": now, "value": m.value, "printed": printable(m.printed)}
            for m in months
        ),
        *({"month": printable(m.name), "series": before, "value": m.before} for m in months if m.before is not None),
    ]
    names = [now, before] if len(values) > len(months) else [now]
    colour = scales.told_apart("series", names, (FIRST, SECOND), width)
    shape = scales.told_apart("series", names, ("square", "diamond"), width)
    number = {"type": "text", "baseline": "bottom", "dy": -6, "color": "white", "fontWeight": "bold"}
    numbers = {
        "transform": [scales.only("series", now)],
        "mark": number,
        "encoding": {"y": {"datum": 0}, "text": {"field": "printed"}},
    }
    layers = [
        {
            "transform": [scales.only("series", now)],
            "mark": {"type": "bar", "width": {"band": 0.62}},
            "encoding": {"color": colour},
        },
        *([numbers] if len(months) <= (6 if width == NARROW else 9) else []),
        {
            "transform": [scales.only("series", before)],
            "mark": {"type": "line", "strokeDash": [5, 4], "strokeWidth": 2, "color": SECOND},
        },
        {
            "transform": [scales.only("series", before)],
            "mark": {"type": "point", "filled": True, "size": 120, "opacity": 1, "stroke": "white"},
            "encoding": {"color": colour, "shape": shape},
        },
    ]
    encoding = {"x": scales.across_months([m.name for m in months], width), "y": scales.up_values(unit)}
    return themed({"data": {"values": values}, "encoding": encoding, "layer": layers}, width=width, height=220)


def _stacked(stacks: Sequence[Stack], unit: str, width: int) -> Spec:
    names = list(dict.fromkeys(printable(part.name) for stack in stacks for part in stack.parts))
    highest = max((sum(part.value for part in stack.parts) for stack in stacks), default=0)
    roomy = len(stacks) <= (5 if width == NARROW else 9)
    values = [
        {
            "month": printable(stack.name),
            "part": printable(part.name),
            "at": names.index(printable(part.name)),
            "value": part.value,
            "printed": printable(part.printed) if roomy and part.value >= 0.08 * highest else "",
        }
        for stack in stacks
        for part in stack.parts
    ]
    height = {**scales.up_values(unit), "stack": "zero"}
    colour = scales.told_apart("part", names, (*STEPS, *CATEGORIES), width)
    legible = {"condition": {"test": "datum.at > 1", "value": INK}, "value": "white"}
    layers = [
        {
            "mark": {"type": "bar", "stroke": FIRST, "strokeWidth": 0.75, "width": {"band": 0.66}},
            "encoding": {"y": height, "color": colour},
        },
        {
            "mark": {"type": "text", "baseline": "middle"},
            "encoding": {"y": {**height, "bandPosition": 0.5}, "text": {"field": "printed"}, "color": legible},
        },
    ]
    encoding = {
        "x": scales.across_months([stack.name for stack in stacks], width),
        "order": {"field": "at", "type": "quantitative"},
    }
    return themed({"data": {"values": values}, "encoding": encoding, "layer": layers}, width=width, height=240)


def _lines(months: Sequence[str], series: Sequence[Line], unit: str, target: float | None, width: int) -> Spec:
    values = [
        {"month": printable(month), "series": printable(line.name), "value": value}
        for line in series
        for month, value in zip(months, line.values, strict=True)
        if value is not None
    ]
    names = [printable(line.name) for line in series]
    colour = scales.told_apart("series", names, CATEGORIES, width)
    aim = {"mark": {"type": "rule", "strokeDash": [2, 3]}, "encoding": {"y": {"datum": target}, "x": None}}
    layers = [
        *([] if target is None else [aim]),
        {
            "mark": {"type": "line", "strokeWidth": 2.5},
            "encoding": {"color": colour, "strokeDash": scales.told_apart("series", names, DASHES, width)},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 100, "opacity": 1},
            "encoding": {"color": colour, "shape": scales.told_apart("series", names, SHAPES, width)},
        },
    ]
    encoding = {
        "x": scales.across_months(months, width),
        "y": {**scales.up_values(unit), "scale": {"zero": False, "nice": True}},
    }
    return themed({"data": {"values": values}, "encoding": encoding, "layer": layers}, width=width, height=220)
