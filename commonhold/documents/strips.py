"""Small pictures that answer at once: a value on the line of its interval beside a reference, as inline SVG."""

from html import escape
from typing import Final

from commonhold.documents.engine.charts import Bar, Verdict
from commonhold.documents.engine.theme import FIRST, INK, QUIET, RULE, SECOND, THIRD
from commonhold.documents.engine.words import printable

WIDTH: Final = 260
HEIGHT: Final = 24
MIDDLE: Final = HEIGHT / 2

SHAPES: Final[dict[Verdict, tuple[str, str]]] = {
    "none": (FIRST, '<circle cx="{x}" cy="12" r="5.5"'),
    "better": (THIRD, '<path d="M{x} 18l-6.5 -11h13z"'),
    "worse": (SECOND, '<path d="M{x} 6l-6.5 11h13z"'),
    "cannot tell": (QUIET, '<path d="M{x} 5l6 7l-6 7l-6 -7z"'),
}
"""Round where chance explains it, pointing down for fewer and up for more, a diamond where nobody can tell."""


def strip(bar: Bar, *, reference: float, largest: float) -> str:
    """One row's picture, with its text alternative; what lies beyond the scale is cut at its end."""
    colour, shape = SHAPES[bar.difference]
    low, high, value = (_across(at, largest) for at in (bar.low, bar.high, bar.value))
    at_reference = _across(reference, largest)
    alternative = escape(printable(f"{bar.label}: {bar.printed}. {bar.sentence}"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' role="img" aria-label="{alternative}">'
        f'<path d="M0 {MIDDLE:g}H{WIDTH}" stroke="{RULE}"/>'
        f'<path d="M{at_reference} 0V{HEIGHT}" stroke="{INK}" stroke-width="1.5"/>'
        f'<path d="M{low} {MIDDLE:g}H{high}" stroke="{colour}" stroke-width="4"/>'
        f'{shape.format(x=value)} fill="{colour}" stroke="#ffffff" stroke-width="1.5"/></svg>'
    )


def _across(value: float, largest: float) -> str:
    return f"{8 + (WIDTH - 16) * min(value / largest, 1):.1f}"
