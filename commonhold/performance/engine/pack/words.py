"""How figures are written in a pack: the same words as on pages, each leading to its evidence."""

from typing import Final

from commonhold.documents.engine.tables import Cell
from commonhold.figures import Figure
from commonhold.govuk.printing import printed
from commonhold.performance.engine.compare import compare, side
from commonhold.refusals import Refused

NOTHING: Final = "\N{EN DASH}"


def address(figure: Figure) -> str:
    """Where the site shows the evidence of a figure."""
    return f"/evidence/{figure.evidence}"


def cell(figure: Figure | None) -> Cell:
    """A figure in a table: value and counts, leading to its evidence; a dash where there is none."""
    if figure is None:
        return Cell(NOTHING)
    said = printed(figure)
    text = f"{said.headline} ({said.beside})" if said.beside else said.headline
    if said.range:
        text = f"{text}, {said.range}"
    return Cell(text if said.known else f"not known: {said.reason}" if said.reason else "not known", address(figure))


def value(figure: Figure | None) -> str:
    """A figure as a headline."""
    return NOTHING if figure is None else printed(figure).headline


def beside(figure: Figure | None) -> str:
    return "" if figure is None else printed(figure).beside


def change(now: Figure | None, then: Figure | None, what: str) -> str:
    """What changed since `what`, in one sentence; why it cannot be said where the basis is not known (F2)."""
    if now is None or now.value is None:
        return "Nothing to compare."
    if then is None:
        return f"There is no {what} to compare with."
    try:
        return f"Beside the {what}: {compare(side(now), side(then)).sentence}"
    except Refused as refusal:
        return str(refusal)
