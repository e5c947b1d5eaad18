"""The part of a pack that goes service by service: what was asked for, what was in time, what is late, what users say.

Services with fewer than twenty tickets are counted together, as percentages of so few lead with their counts (F1); so
are those beyond the thirty with the most. The public sees no number that small services could be worked out from (F8).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from commonhold.documents.engine.blocks import BulletList, Heading, Paragraph
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Cell, Column, Table
from commonhold.documents.engine.words import Run
from commonhold.figures import FEW, Figure
from commonhold.govuk.formats import period, plural
from commonhold.performance.engine import funnel, heading
from commonhold.performance.engine.pack import funnels, verdicts
from commonhold.performance.engine.pack.edition import Edition, Held
from commonhold.performance.engine.pack.holding import URGENT
from commonhold.performance.engine.pack.words import NOTHING, cell

LISTED: Final = 30
"""Services listed one by one, at most: those with the most tickets."""
OPENED: Final = "tickets_opened"
UNNAMED: Final = "No service named"
OTHERS: Final = "\0others"
"""Stands for the services that are counted together, while small numbers are kept back."""


def listed(figures: Iterable[Figure], own: Mapping[str, str | None]) -> frozenset[str | None]:
    """The services that are listed one by one: with twenty tickets opened or more, the most first."""
    found = [
        figure
        for figure in figures
        if figure.measure == OPENED and set(figure.scope) == {*own, "service"} and (figure.value or 0) >= FEW
    ]
    found.sort(key=lambda figure: (-(figure.value or 0), _named(figure.scope["service"])))
    return frozenset(figure.scope["service"] for figure in found[:LISTED])


def others(figures: Iterable[Figure], own: Mapping[str, str | None], chosen: frozenset[str | None]) -> int:
    """How many services with a ticket opened are counted together."""
    return sum(
        1
        for figure in figures
        if figure.measure == OPENED
        and set(figure.scope) == {*own, "service"}
        and figure.value
        and figure.scope["service"] not in chosen
    )


def trimmed(figures: Iterable[Figure], chosen: frozenset[str | None]) -> list[Figure]:
    """The figures, of those by service only the ones of the services that are listed; in their order."""
    return [figure for figure in figures if "service" not in figure.scope or figure.scope["service"] in chosen]


def together(figures: Iterable[Figure], chosen: frozenset[str | None]) -> list[Figure]:
    """The same with one figure of each measure for all services that are not listed: what subtraction would give.

    It is there while small numbers are kept back, and goes with `trimmed`.
    """
    found: list[Figure] = []
    sums: dict[tuple[str, tuple[tuple[str, str | None], ...]], Figure] = {}
    for figure in figures:
        if "service" not in figure.scope or figure.scope["service"] in chosen:
            found.append(figure)
            continue
        scope = {**figure.scope, "service": OTHERS}
        key = figure.measure, tuple(scope.items())
        there = sums.get(key)
        sums[key] = replace(
            figure,
            scope=scope,
            evidence=f"{figure.measure} {scope}",
            value=_added(there.value if there else None, figure.value),
            numerator=_added(there.numerator if there else None, figure.numerator),
            denominator=_added(there.denominator if there else None, figure.denominator),
        )
    return [*found, *sums.values()]


def _added(one: int | float | None, other: int | float | None) -> int | float | None:
    return other if one is None else one if other is None else one + other


def services(edition: Edition) -> Iterator[Block]:
    """Every service in one table, the most asked for first, each number leading to its tickets or readings."""
    chosen = ranked(edition)
    if not chosen:
        return
    yield Heading(1, "Service by service", "services")
    yield Paragraph(
        f"Services with {FEW} tickets opened or more, at most the {LISTED} with the most; all others are counted "
        "together. What a ticket is about is said by its desk."
    )
    rest_by = _head_of_rest(edition, chosen)
    both = rest_by == heading.DESKS or verdicts.are_both_told(
        edition, ({**edition.own, "service": service} for service in chosen)
    )
    columns, rows = _columns(edition, both=both), [_row(edition, service, both=both) for service in chosen]
    rest = _rest(edition, chosen, rest_by, both=both)
    kept = [at for at in range(len(columns)) if at == 0 or any(_said(row[at]) for row in (*rows, *rest))]
    yield Table(
        caption=f"Service by service, {period(edition.span)}",
        columns=tuple(columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in (*rows, *rest)),
        id="table-services",
    )
    if edition.other_services and not edition.profile.splits:
        yield Paragraph(f"{plural(edition.other_services, 'service')} with fewer tickets not listed.")
    yield from _funnel(edition, chosen)
    yield Paragraph(
        (
            Run("Every service of these days", address=_page(edition)),
            ", with how its tickets divide between the partners, stands under Figures.",
        )
    )


def _funnel(edition: Edition, chosen: list[str | None]) -> Iterator[Block]:
    """The services within control limits around the whole of the pack."""
    whole = edition.now.find(edition.heads, **edition.own)
    if whole is None or not whole.denominator:
        return
    figures = [edition.now.find(edition.heads, **edition.own, service=name) for name in chosen]
    counted = funnel.of_figures([figure for figure in figures if figure], whole, "service", UNNAMED)
    plot = funnel.shares(counted, int(whole.numerator or 0), int(whole.denominator))
    if plot is None:
        return
    of = edition.profile.partner or "the whole service"
    yield funnels.chart(plot, edition.heads, "service", edition.span, f"services listed, of {of}", "funnel-services")
    yield BulletList(
        (
            *funnels.sentences(plot, edition.heads, "service"),
            "Services differ in how urgent and how hard their tickets are; their shares are not made alike for that.",
        )
    )


def ranked(edition: Edition) -> list[str | None]:
    """The services of the pack, that with the most tickets opened first; what is kept back stands last."""
    own = edition.own
    found = {
        figure.scope["service"]: figure
        for figure in edition.now
        if figure.measure == OPENED and set(figure.scope) == {*own, "service"}
    }
    return sorted(found, key=lambda name: (-(found[name].value or 0), _named(name)))


def _columns(edition: Edition, *, both: bool) -> list[Column]:
    return [
        Column("Service"),
        Column("Tickets opened", "number"),
        *(Column(f"Opened, {period(held.span)} ({what})", "number") for held, what in edition.earlier[:1]),
        *verdicts.columns("Resolved within target", both=both),
        Column(f"{URGENT} opened", "number"),
        Column("Open past their target", "number"),
        Column("Availability", "number"),
        Column("Satisfaction", "number"),
    ]


def _row(edition: Edition, service: str | None, *, both: bool) -> tuple[str | Cell, ...]:
    scope = {**edition.own, "service": service}
    urgent = edition.now.find(OPENED, **scope, priority=URGENT)
    return (
        service or UNNAMED,
        cell(edition.now.find(OPENED, **scope), bare=True),
        *(cell(held.find(OPENED, **scope), bare=True) for held, _ in edition.earlier[:1]),
        *verdicts.of(edition, scope, both=both),
        cell(urgent, bare=True) if urgent else Cell("0"),
        cell(edition.now.find("breached_open", **scope), bare=True),
        cell(_brought(edition, "availability", service)),
        cell(_brought(edition, "satisfaction", service)),
    )


def _brought(edition: Edition, measure: str, service: str | None) -> Figure | None:
    """What readings tell of a service; nothing where scores on two scales stand beside each other."""
    wanted = {**edition.own, "service": service}
    found = [
        one.figure
        for one in edition.brought.now
        if one.figure.measure == measure
        and {word: value for word, value in one.figure.scope.items() if word != "threshold"} == wanted
    ]
    return found[0] if len(found) == 1 else None


def _head_of_rest(edition: Edition, chosen: list[str | None]) -> str:
    """The measure that heads all other services together."""
    if not edition.other_services or not edition.profile.splits:
        return heading.OURS

    def left(measure: str) -> Figure | None:
        parts = (edition.now.find(measure, **edition.own, service=name) for name in chosen)
        return verdicts.left(edition.now.find(measure, **edition.own), [part for part in parts if part])

    desks = heading.desks_head(left(heading.OURS), left(heading.DESKS), edition.graded_none)
    return heading.DESKS if desks else heading.OURS


def _rest(edition: Edition, chosen: list[str | None], head: str, *, both: bool) -> list[tuple[str | Cell, ...]]:
    """All other services in one row: the whole without those that are listed, which every ticket is in once."""
    if not edition.other_services or not edition.profile.splits:
        return []

    def left(held: Held, measure: str, **more: str | None) -> Cell:
        whole = held.find(measure, **edition.own, **more)
        parts = [held.find(measure, **edition.own, service=name, **more) for name in chosen]
        return _left(whole, [part for part in parts if part])

    return [
        (
            Cell(plural(edition.other_services, "other service"), address=_page(edition)),
            left(edition.now, OPENED),
            *(left(held, OPENED) for held, _ in edition.earlier[:1]),
            left(edition.now, head),
            *((Cell(verdicts.WHOSE[head]), _least(left(edition.now, heading.OURS), head)) if both else ()),
            left(edition.now, OPENED, priority=URGENT),
            left(edition.now, "breached_open"),
            Cell(NOTHING),
            Cell(NOTHING),
        )
    ]


def _least(ours: Cell, head: str) -> Cell:
    """Our clock's verdict beside the desk's own, where that heads."""
    return ours if head == heading.DESKS else Cell(NOTHING)


def _left(whole: Figure | None, parts: list[Figure]) -> Cell:
    """What is left of a whole without its parts, as a figure of its own would say it; it has no evidence of its own."""
    if whole is None or whole.value is None:
        return Cell(NOTHING)
    if whole.denominator is None:
        counted = replace(
            whole,
            value=_less(whole.value, [part.value for part in parts]),
            numerator=_less(whole.numerator or 0, [part.numerator for part in parts]),
            low=_bound(whole, parts, "low"),
            high=_bound(whole, parts, "high"),
        )
        return replace(cell(counted, bare=True), address=None)
    met = _less(whole.numerator or 0, [part.numerator for part in parts])
    of = _less(whole.denominator, [part.denominator for part in parts])
    low, high = _bound(whole, parts, "low"), _bound(whole, parts, "high")
    if not of:
        return Cell(NOTHING)
    counted = replace(
        whole,
        value=met / of,
        numerator=met,
        denominator=of,
        low=None if low is None else low / of,
        high=None if high is None else high / of,
    )
    return replace(cell(counted), address=None)


def _less(whole: int | float, parts: Iterable[int | float | None]) -> int | float:
    return whole - sum(part or 0 for part in parts)


def _bound(whole: Figure, parts: list[Figure], end: str) -> int | None:
    """The least, or the most, that is left where the sources leave a doubt: both are counts that add up (F5)."""
    if not any(getattr(one, end) is not None for one in (whole, *parts)):
        return None

    def counted(one: Figure) -> int:
        value = getattr(one, end)
        value = one.value if value is None else value
        return round((value or 0) * (one.denominator if one.denominator is not None else 1))

    return counted(whole) - sum(map(counted, parts))


def _page(edition: Edition) -> str:
    return f"/figures/tickets-opened/?first={edition.span.first}&last={edition.span.last}"


def _said(one: str | Cell) -> bool:
    return (one if isinstance(one, str) else one.text) not in (NOTHING, "")


def _named(service: str | None) -> tuple[bool, str]:
    return service is None, service or ""
