"""Funnel plots as a chart with its table, and in sentences: who lies beyond the limits, and what of it (P2)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from commonhold.documents.engine.charts import Chart
from commonhold.documents.engine.funnels import Dot, Limit, Where
from commonhold.documents.engine.funnels import Funnel as Picture
from commonhold.documents.engine.tables import Cell, Column, Exact, Table
from commonhold.figures import FEW, Span
from commonhold.govuk.formats import listed, number, period
from commonhold.performance.engine import heading
from commonhold.performance.engine.funnel import RATIO, SHARE, Counted, Funnel, Point
from commonhold.performance.engine.parity import Expectation, Parity

INNER: Final = "95% limits"
OUTER: Final = "99.8% limits"
NAMED: Final = 6
"""Points named one by one in a text alternative."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a measure is spoken of: a result that counts, one that does not, and the tickets among which it does."""

    met: str
    missed: str
    size: str
    title: str


MANNERS: Final[Mapping[str, Manner]] = {
    heading.OURS: Manner("within target", "misses of the target", "tickets resolved", "Resolved within target"),
    heading.DESKS: Manner(
        "met, by the desk's own verdict",
        "misses by the desk's own verdict",
        "tickets closed",
        "Met by the desk's own verdict",
    ),
}
WHERE: Final[Mapping[Where, str]] = {
    "within": f"Within the {INNER}",
    "between": f"Between the {INNER} and the {OUTER}",
    "above": f"Above the {OUTER}",
    "below": f"Below the {OUTER}",
    "cannot tell": "Cannot be told from the sources",
}


def by_partner(parity: Parity) -> list[Counted]:
    """The partners' shares, as parity counts them; tickets that name no partner are nobody's."""
    return [
        Counted(one.partner, one.numerator, one.denominator, open=one.in_doubt)
        for one in parity.partners
        if one.partner
    ]


def against_expected(parity: Parity) -> list[Counted]:
    """The partners' misses beside those expected of the same mix of work."""
    return [
        Counted(one.partner, one.observed, one.expected, open=one.in_doubt) for one in parity.partners if one.partner
    ]


def of_expectations(found: Iterable[Expectation]) -> list[Counted]:
    """Misses beside those expected, of services or teams that are named."""
    return [Counted(one.name, one.observed, one.expected, one.ends) for one in found if one.name]


def whole(parity: Parity) -> tuple[int, int]:
    """The whole service's tickets that count, of all, those that name no partner among them."""
    return sum(one.numerator for one in parity.partners), sum(one.denominator for one in parity.partners)


def chart(found: Funnel, measure: str, what: str, span: Span, scope: str, place: str) -> Chart:
    """The funnel with all that U2 asks for; `what` is what a point stands for, such as "partner"."""
    manner = MANNERS[measure]
    drawn = picture(found, manner)
    return Chart(
        picture=drawn,
        title=title(found, manner, what),
        unit=_unit(found, manner),
        period=period(span),
        scope=scope,
        alternative=_alternative(found, manner, what),
        table=_table(found, manner, what, span),
        note=note(found, drawn.is_logarithmic),
        id=place,
    )


def picture(found: Funnel, manner: Manner) -> Picture:
    is_share = found.kind == SHARE
    return Picture(
        dots=tuple(Dot(one.name, one.size, one.value, one.where) for one in found.points),
        limits=tuple(Limit(at, values) for at, values in found.curve()),
        centre=found.centre,
        centre_name=f"whole service, {_percent(found.centre)}" if is_share else "as expected",
        unit=f"per cent {manner.met}" if is_share else f"ratio of {manner.missed} to those expected",
        size=manner.size if is_share else f"{manner.missed} expected of the same mix",
        inner=INNER,
        outer=OUTER,
        percent=is_share,
    )


def title(found: Funnel, manner: Manner, what: str) -> str:
    if found.kind == SHARE:
        return f"{manner.title}, with control limits for the number of tickets of each {what}"
    return f"{_capital(manner.missed)} beside those expected of the same mix, with control limits for each {what}"


def _unit(found: Funnel, manner: Manner) -> str:
    return f"per cent of {manner.size}" if found.kind == SHARE else "ratio of observed to expected"


def note(found: Funnel, is_logarithmic: bool) -> str:
    """By what the limits are, what they say of one result and not of many, and how the scale runs."""
    by = "binomial" if found.kind == SHARE else "Poisson"
    scale = " Across, each tenfold takes the same room." if is_logarithmic else ""
    return (
        f"Exact {by} limits, drawn between whole counts (Spiegelhalter 2005). By chance alone one result in twenty "
        f"lies beyond the {INNER} and one in five hundred beyond the {OUTER}. The scale upwards need not begin at "
        f"nought.{scale}"
    )


def _alternative(found: Funnel, manner: Manner, what: str) -> str:
    across = f"by its {manner.size}" if found.kind == SHARE else f"by the {manner.missed} expected of its mix of work"
    up = f"by its share {manner.met}" if found.kind == SHARE else "by its ratio of observed to expected"
    outside = [point for point in found.points if point.where != "within"]
    said = [f"{point.name} lies {_lower(WHERE[point.where])}" for point in outside[:NAMED]]
    if len(outside) > NAMED:
        said.append(f"{len(outside) - NAMED} more lie beyond the {INNER}")
    inside = len(found.points) - len(outside)
    rest = f"{'All' if not outside else 'The other'} {inside} lie within the {INNER}. " if inside else ""
    where = f"{'; '.join(said)}. " if said else ""
    return (
        f"Each {what} is a mark: across {across}, up {up}, between limits that draw together as numbers grow. {where}"
        f"{rest}The same figures are in the table."
    )


def _table(found: Funnel, manner: Manner, what: str, span: Span) -> Table:
    is_share = found.kind == SHARE
    columns = (
        Column(_capital(what)),
        Column(_capital(manner.size) if is_share else "Expected", "number"),
        Column(_capital(manner.met) if is_share else "Observed", "number"),
        *(() if is_share else (Column("Ratio", "number"),)),
        Column(INNER, "number"),
        Column(OUTER, "number"),
        Column("Where it lies"),
    )
    return Table(
        caption=f"{title(found, manner, what)}, {period(span)}",
        columns=columns,
        rows=tuple(_row(found, point) for point in found.points),
    )


def _row(found: Funnel, point: Point) -> tuple[str | Cell, ...]:
    outer_low, low, high, outer_high = point.limits
    inner, outer = (f"{_value(found, a)} to {_value(found, b)}" for a, b in ((low, high), (outer_low, outer_high)))
    address = f"/evidence/{point.evidence}" if point.evidence else None
    share = Exact(point.value, point.observed, int(point.size), "share")
    where = Cell(WHERE[point.where], strong=point.where in ("above", "below"))
    if found.kind == RATIO:
        return (point.name, number(point.size, 1), number(point.observed), number(point.value, 2), inner, outer, where)
    return (point.name, number(point.size), Cell(_share(point), address, exact=share), inner, outer, where)


def _share(point: Point) -> str:
    """A percentage, of few tickets with its counts first (F1)."""
    counts, share = f"{number(point.observed)} of {number(point.size)}", _exact(point)
    return f"{counts} ({share})" if point.size < FEW else f"{share} ({counts})"


def _exact(point: Point) -> str:
    return f"{number(Fraction(point.observed, int(point.size)) * 100, 1)}%"


def _percent(share: float) -> str:
    return f"{number(Fraction(share) * 100, 1)}%"


def _value(found: Funnel, value: float) -> str:
    return _percent(value) if found.kind == SHARE else number(value, 2)


def sentences(found: Funnel, measure: str, what: str) -> Iterator[str]:
    """Who lies further out than chance explains among as many, and whether all spread more widely than by chance."""
    yield from _verdicts(found, MANNERS[measure], what)
    spread = found.spread
    if spread is None:
        return
    beside = (
        f"the squared distances add up to {number(spread.squares, 1)}, where chance exceeds {number(spread.usual, 1)} "
        "one time in twenty"
    )
    if spread.is_wide:
        yield (
            f"All together they spread {number(spread.dispersion, 1)} times as widely as chance alone would have it "
            f"({beside}). Something beside chance sets them apart, so a mark beyond the limits need not stand out "
            "among its like. The limits are not widened for that."
        )
    else:
        yield f"All together they spread no more widely than chance explains ({beside})."


def _verdicts(found: Funnel, manner: Manner, what: str) -> Iterator[str]:
    many = len(found.points)
    level = f"{number((1 - found.doubt) * 100, 1)}%"
    apart = [point for point in found.points if point.differs]
    for point in apart[:NAMED]:
        side = "more" if point.above else "fewer"
        counts = f"{number(point.observed)} of {number(point.size)}"
        said = (
            f"{point.name}: {_exact(point)} ({counts}) {manner.met}, {side}"
            if found.kind == SHARE
            else f"{point.name}: {number(point.observed)} {manner.missed} where {number(point.size, 1)} would be "
            f"expected of the same mix, {side}"
        )
        yield f"{said} than chance explains among {many} compared at once, each at {level}."
    if len(apart) > NAMED:
        yield f"So do {number(len(apart) - NAMED)} more; the table has all."
    if not apart:
        yield (
            f"None of the {many} lies further out than chance explains among as many compared at once, each at {level}."
        )
    unsure = [point.name for point in found.points if point.where == "cannot tell"]
    if unsure:
        named = unsure[:NAMED] + ([f"{len(unsure) - NAMED} more"] if len(unsure) > NAMED else [])
        yield f"Where {listed(named)} {'lies' if len(unsure) == 1 else 'lie'}, the sources do not tell."


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _lower(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"
