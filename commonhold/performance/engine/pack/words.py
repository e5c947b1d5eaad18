"""How figures are written in a pack: the same words as on pages, each leading to its evidence."""

from typing import Final

from commonhold.documents.engine.tables import Cell, Exact
from commonhold.figures import Figure, Span
from commonhold.govuk.formats import number, period
from commonhold.govuk.printing import BEHIND, NOT_KNOWN, printed, quantity
from commonhold.performance.engine.compare import Comparison, compare, side
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Nature
from commonhold.performance.engine.smallnumbers import is_kept_back
from commonhold.refusals import Refused

NOTHING: Final = "\N{EN DASH}"


def address(figure: Figure | None) -> str | None:
    """Where the site shows the evidence of a figure; what is kept back has none to show."""
    return None if figure is None or is_kept_back(figure) else f"/evidence/{figure.evidence}"


def cell(figure: Figure | None, *, bare: bool = False) -> Cell:
    """A figure in a table: value and counts, leading to its evidence; a dash where there is none.

    `bare` leaves the word tickets to the table's caption.
    """
    if figure is None:
        return Cell(NOTHING)
    if figure.value is None:
        return Cell(_unknown(figure), address(figure))
    exact = Exact(figure.value, figure.numerator, figure.denominator, figure.unit)
    said = printed(figure)
    text = number(figure.value) if bare and figure.unit == "tickets" else said.headline
    if said.beside and (figure.unit == "share" or figure.unit in BEHIND):
        text = f"{text} ({said.beside})"
    return Cell(f"{text}, {said.range}" if said.range else text, address(figure), exact=exact)


def _unknown(figure: Figure) -> str:
    if is_kept_back(figure):
        return "not shown"
    if figure.denominator == 0 and "no tickets" in (figure.reason or ""):
        return NOT_KNOWN
    return figure.reason or NOT_KNOWN


def value(figure: Figure | None) -> str:
    """A figure as a headline."""
    if figure is None:
        return NOTHING
    if figure.value is not None:
        return printed(figure).headline
    return "Not shown" if is_kept_back(figure) else NOT_KNOWN.capitalize()


def beside(figure: Figure | None) -> str:
    """What stands under a headline: the counts behind a share, how sure it is, or why it is not known."""
    if figure is None:
        return ""
    if figure.value is None:
        said = "" if is_kept_back(figure) else figure.reason or ""
        return f"{said[:1].upper()}{said[1:]}"
    counted = printed(figure)
    return ", ".join(filter(None, (counted.beside if figure.unit == "share" else "", counted.range)))


def compared(now: Figure | None, then: Figure | None) -> Comparison | None:
    """What changed, or None where one of the two is not known or their basis differs (F2)."""
    if now is None or then is None or now.value is None or then.value is None:
        return None
    try:
        return compare(side(now), side(then))
    except Refused:
        return None


def change(now: Figure | None, then: Figure | None, since: Span) -> str:
    """What changed since another period, in a line; empty where it cannot be said."""
    found = compared(now, then)
    if found is None or now is None or then is None:
        return ""
    nature = definition(now.definition).nature
    when = f"at the end of {period(Span(since.last, since.last))}" if nature is Nature.STOCK else f"in {period(since)}"
    if found.per_month:
        return f"a month {number(found.now)}, against {number(found.then)} {when}: {_size(found)}"
    return f"{quantity(found.then, now.unit).removesuffix(' tickets')} {when}: {_size(found)}"


def _size(found: Comparison) -> str:
    """ "up 3.4%", "down 2.1 percentage points", "unchanged": the end of the sentence that says it in full."""
    _, _, end = found.sentence.partition(": ")
    return end.split(". ")[0].rstrip(".")
