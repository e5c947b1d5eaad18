"""Funnel plots as SVG, drawn at once for a page, a phone and a PDF, the same bytes each time.

Each kind of line and mark has its own shape beside its colour, and is named above the plot; dots bear their names as
far as there is room for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Final

from commonhold.documents.engine.funnels import Dot, Funnel, Where
from commonhold.documents.engine.theme import CATEGORIES, FIRST, INK, NARROW, QUIET, RULE, TYPEFACE, WIDE
from commonhold.documents.engine.words import printable

SIZE: Final = 14
"""Height of letters."""
LETTER: Final = 7.3
"""Width of a letter of that height, a little more than the typeface's mean."""
LINE: Final = 20
LEFT: Final = 54
RIGHT: Final = 14
FOOT: Final = 46
LIT: Final = ' stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
LONGEST: Final = 30
"""Letters of a name beside its dot."""
BEYOND: Final = CATEGORIES[2]
"""One colour above and below: which of them is the better depends on what is counted."""
MARKS: Final[dict[Where, tuple[str, str, str]]] = {
    "within": ("within the {inner}", FIRST, '<circle cx="{x}" cy="{y}" r="5"'),
    "between": ("between the {inner} and the {outer}", INK, '<path d="M{x} {y}m0 -7l6.5 7l-6.5 7l-6.5 -7z"'),
    "above": ("above the {outer}", BEYOND, '<path d="M{x} {y}m0 -7l7 12h-14z"'),
    "below": ("below the {outer}", BEYOND, '<path d="M{x} {y}m0 7l7 -12h-14z"'),
    "cannot tell": ("cannot be told from the sources", QUIET, '<path d="M{x} {y}m-5.5 -5.5h11v11h-11z"'),
}
"""The words, colour and shape of where a dot lies."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where sizes and values lie on the picture."""

    left: float
    right: float
    top: float
    foot: float
    first: float
    last: float
    least: float
    most: float
    logarithmic: bool

    def x(self, size: float) -> float:
        along = (
            (log10(size) - log10(self.first)) / (log10(self.last) - log10(self.first))
            if self.logarithmic
            else (size - self.first) / (self.last - self.first)
        )
        return self.left + along * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.foot - (value - self.least) / (self.most - self.least) * (self.foot - self.top)

    def holds(self, box: Box) -> bool:
        """Whether a name in this box stays on the picture."""
        across = self.left <= box[0] and box[2] <= self.right + RIGHT
        return across and self.top - 8 <= box[1] and box[3] <= self.foot


def drawn(funnel: Funnel, width: int) -> bytes:
    """The funnel as SVG of this width."""
    key = list(_key(funnel))
    rows = _laid(key, width)
    top = len(rows) * LINE + LINE + 14.0
    height = top + (250 if width == NARROW else 300) + FOOT
    frame = _frame(funnel, width, top, height - FOOT)
    parts = [*_named(rows), *_axes(funnel, frame), *_lines(funnel, frame), *_dots(funnel, frame, width)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}"'
        f' font-family="{TYPEFACE}" font-size="{SIZE}">{"".join(parts)}</svg>'
    ).encode()


def on_page(funnel: Funnel) -> tuple[bytes, bytes]:
    """Drawn for a page and for a phone."""
    return drawn(funnel, WIDE), drawn(funnel, NARROW)


def _frame(funnel: Funnel, width: int, top: float, foot: float) -> _Frame:
    sizes = [limit.across for limit in funnel.limits]
    values = [value for limit in funnel.limits for value in limit.values]
    values += [funnel.centre, *(dot.value for dot in funnel.dots)]
    least, most = min(values), max(values)
    room = (most - least) * 0.05 or 0.05
    low = max(0.0, least - room)
    high = min(1.0, most + room) if funnel.percent else most + room
    # A dot on the very edge still shows whole.
    low, high = (low if low < least else least - room), (high if high > most else most + room)
    first = min(sizes) if funnel.is_logarithmic else 0.0
    return _Frame(LEFT, width - RIGHT, top, foot, first, max(sizes), low, high, funnel.is_logarithmic)


def _key(funnel: Funnel) -> Iterator[tuple[str, str]]:
    """What stands above the plot: for each kind of line and mark its picture and its name."""
    line = '<path d="M{x} {y}h26" stroke="{colour}" stroke-width="{width}"{dash} fill="none"/>'
    yield line.replace("{colour}", INK).replace("{width}", "1.5").replace("{dash}", ""), funnel.centre_name
    dash = ' stroke-dasharray="6 4"'
    yield line.replace("{colour}", QUIET).replace("{width}", "1.5").replace("{dash}", dash), funnel.inner
    yield line.replace("{colour}", QUIET).replace("{width}", "2").replace("{dash}", ""), funnel.outer
    for where, (words, colour, shape) in MARKS.items():
        if any(dot.where == where for dot in funnel.dots):
            yield _mark(shape, colour), words.format(inner=funnel.inner, outer=funnel.outer)


def _mark(shape: str, colour: str) -> str:
    return f'{shape} fill="{colour}" stroke="#ffffff" stroke-width="1"/>'


def _laid(key: list[tuple[str, str]], width: int) -> list[list[tuple[float, str, str]]]:
    """The names above the plot in as many rows as they need: where each stands, its picture and its words."""
    rows: list[list[tuple[float, str, str]]] = [[]]
    x = 0.0
    for picture, words in key:
        wide = 34 + len(words) * LETTER * 0.88 + 14
        if rows[-1] and x + wide > width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, picture, words))
        x += wide
    return rows


def _named(rows: list[list[tuple[float, str, str]]]) -> Iterator[str]:
    for at, row in enumerate(rows):
        y = at * LINE + 12
        for x, picture, words in row:
            middle = x if "h26" in picture else x + 13
            yield picture.replace("{x}", f"{middle:.1f}").replace("{y}", f"{y - 4:.1f}")
            yield _text(x + 32, y, words)


def _axes(funnel: Funnel, frame: _Frame) -> Iterator[str]:
    yield _text(0, frame.top - 12, funnel.unit, colour=QUIET)
    for value in _steps(frame.least, frame.most, 6):
        y = frame.y(value)
        yield f'<path d="M{frame.left:g} {y:.1f}H{frame.right:g}" stroke="{RULE}"/>'
        yield _text(frame.left - 8, y + 5, _value(value, funnel, frame), anchor="end")
    yield f'<path d="M{frame.left:g} {frame.foot:g}H{frame.right:g}" stroke="{QUIET}"/>'
    last = -99.0
    for size in _sizes(frame):
        x, words = frame.x(size), f"{size:,.0f}" if size >= 1 or size == 0 else f"{size:g}"
        half = len(words) * LETTER / 2
        if x - half > last and x + half <= frame.right + RIGHT:
            yield f'<path d="M{x:.1f} {frame.foot:g}v5" stroke="{QUIET}"/>'
            yield _text(x, frame.foot + 19, words, anchor="middle")
            last = x + half + 10
    yield _text(frame.right, frame.foot + 39, funnel.size, anchor="end", colour=QUIET)


def _value(value: float, funnel: Funnel, frame: _Frame) -> str:
    shown = value * 100 if funnel.percent else value
    span = (frame.most - frame.least) * (100 if funnel.percent else 1)
    places = 0 if span >= 6 else 1 if span >= 0.6 else 2
    return f"{shown:,.{places}f}{'%' if funnel.percent else ''}"


def _lines(funnel: Funnel, frame: _Frame) -> Iterator[str]:
    for at, (stroke, dash) in enumerate(((2, ""), (1.5, ' stroke-dasharray="6 4"')) * 2):
        outer = at % 2 == 0
        place = (0, 1, 3, 2)[at]
        points = " ".join(f"{frame.x(one.across):.1f},{frame.y(one.values[place]):.1f}" for one in funnel.limits)
        width = 2 if outer else stroke
        yield f'<path d="M{points.replace(" ", "L")}" fill="none" stroke="{QUIET}" stroke-width="{width:g}"{dash}/>'
    y = frame.y(funnel.centre)
    yield f'<path d="M{frame.left:g} {y:.1f}H{frame.right:g}" stroke="{INK}" stroke-width="1.5"/>'


def _dots(funnel: Funnel, frame: _Frame, width: int) -> Iterator[str]:
    places = {id(dot): (frame.x(dot.across), frame.y(dot.value)) for dot in funnel.dots}
    taken: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in places.values()]
    most = 8 if width == NARROW else 16
    for dot in funnel.most_telling()[:most]:
        yield from _name(dot, places[id(dot)], frame.y(funnel.centre), frame, taken)
    for dot in funnel.dots:
        x, y = places[id(dot)]
        _, colour, shape = MARKS[dot.where]
        yield _mark(shape, colour).replace("{x}", f"{x:.1f}").replace("{y}", f"{y:.1f}")


AROUND: Final = (
    *((9.0, 5.0, "start"), (-9.0, 5.0, "end"), (0.0, -11.0, "middle"), (0.0, 21.0, "middle")),
    *((16.0, -16.0, "start"), (16.0, 26.0, "start"), (-16.0, -16.0, "end"), (-16.0, 26.0, "end")),
    *((24.0, -36.0, "start"), (24.0, 46.0, "start"), (-24.0, -36.0, "end"), (-24.0, 46.0, "end")),
)
"""Where a name may stand beside its dot, the best first; from the fifth on a thin line leads to it."""


def _name(dot: Dot, place: tuple[float, float], line: float, frame: _Frame, taken: list[Box]) -> Iterator[str]:
    """The name of a dot where it covers nothing that is named already, close by and off the line of the centre where it
    can be; none where there is no such place.
    """
    words = printable(dot.label)
    words = words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
    wide = len(words) * LETTER
    places = []
    for far, (dx, dy, anchor) in ((at >= 4, around) for at, around in enumerate(AROUND)):
        x, y = place[0] + dx, place[1] + dy
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        places.append((far, y - 12 < line < y + 4, x, y, anchor, (left, y - 12, left + wide, y + 4)))
    for far, _, x, y, anchor, box in sorted(places, key=lambda one: one[:2]):
        if frame.holds(box) and not any(_touch(box, other) for other in taken):
            taken.append(box)
            if far:
                way = f"M{place[0]:.1f} {place[1]:.1f}L{x:.1f} {y - 4:.1f}"
                yield f'<path d="{way}" stroke="{QUIET}" stroke-width="0.75"/>'
            yield _text(x, y, words, anchor=anchor, lit=True)
            return


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _steps(least: float, most: float, about: int) -> list[float]:
    """Round values between two ends."""
    rough = (most - least) / about
    size = 10.0 ** floor(log10(rough))
    step = next(size * by for by in (1, 2, 2.5, 5, 10) if size * by >= rough)
    return [n * step for n in range(ceil(least / step - 1e-9), floor(most / step + 1e-9) + 1)]


def _sizes(frame: _Frame) -> list[float]:
    if not frame.logarithmic:
        return _steps(frame.first, frame.last, 5)
    powers = range(floor(log10(frame.first)), ceil(log10(frame.last)) + 1)
    sizes = [by * 10.0**power for power in powers for by in (1, 2, 5)]
    return [size for size in sizes if frame.first <= size <= frame.last]


def _text(x: float, y: float, words: str, *, anchor: str = "start", colour: str = INK, lit: bool = False) -> str:
    """Words at a place; `lit` where lines may run behind them."""
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}"{at} fill="{colour}"{LIT if lit else ""}>{escape(printable(words))}</text>'
