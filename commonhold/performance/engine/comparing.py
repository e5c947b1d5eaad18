"""Figures published before Commonhold beside ours: per month where lengths differ, in percentage points for shares, and
refused in words where nobody knows that both were counted alike (F2, F3).
"""

from decimal import Decimal

from commonhold.figures import TOLD_IN_PART, Figure
from commonhold.performance.engine.before import Basis, Published
from commonhold.performance.engine.compare import Side, compare, side
from commonhold.performance.engine.groups import MONTH
from commonhold.performance.engine.nature import Nature
from commonhold.refusals import Refused


def beside(figure: Figure, then: Published, nature: Nature) -> str:
    """What changed since, in a sentence; or why it cannot be said."""
    if then.basis is Basis.UNKNOWN:
        return "Not compared: nobody knows how it was counted."
    if then.basis is Basis.OTHER:
        return f"Not compared: it was counted otherwise. {then.basis_words}".strip()
    if any(note.startswith(TOLD_IN_PART) for note in figure.notes):
        return "Not compared: ours is told in part."
    try:
        return compare(side(figure, nature), _side(figure, then, nature)).sentence
    except Refused as refusal:
        return f"Not compared: {refusal.message[:1].lower()}{refusal.message[1:]}"


def _side(figure: Figure, then: Published, nature: Nature) -> Side:
    scope = {word: value for word, value in figure.scope.items() if word != MONTH}
    above, below = then.numerator, then.denominator
    return Side(
        then.exact,
        nature,
        figure.definition,
        then.span,
        None if above is None else _count(above),
        None if below is None else _count(below),
        scope,
    )


def _count(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)
