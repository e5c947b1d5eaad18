"""Funnel plots for pages: partners, services or teams within control limits, from the kept extract of a period (P2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from commonhold.documents.engine.charts import Chart
from commonhold.figures import FEW, Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.performance.engine import funnel as engine
from commonhold.performance.engine.pack import funnels
from commonhold.performance.models import Period
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries import comparing
from commonhold.performance.queries.pages import Chosen, kept_about
from commonhold.performance.queries.periods import is_readable
from commonhold.performance.queries.readings import figures, ready

MOST: Final = 50
"""Services or teams within one plot, at most: those with the most tickets."""

PARTNER: Final = "partner"
OF: Final[Mapping[str, tuple[str, str]]] = {
    PARTNER: ("Partners", "partner"),
    "service": ("Services", "service"),
    "team": ("Teams", "team that had the ticket last"),
}
"""What can be held within control limits, by the word that figures are grouped by."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A funnel with its chart, and what of it is said in sentences."""

    funnel: engine.Funnel
    chart: Chart
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Funnels:
    """The plots of a period by one measure: of shares, and like for like. `left_out` are those with few tickets."""

    chosen: Chosen
    measure: str = ""
    basis: str = ""
    why: str = ""
    plots: list[Plot] = field(default_factory=list)
    left_out: int = 0


def within_limits(word: str, measure: str | None, span: Span | None, *, seen_by: By) -> Funnels | None:
    """The partners, services or teams within control limits; nothing for the public."""
    if not reads_unpublished_figures(seen_by):
        return None
    about = kept_about(span, ready())
    return _plots(about, about.kept.number, word, measure, seen_by) if about.kept else Funnels(about)


def _plots(about: Chosen, kept: int, word: str, measure: str | None, seen_by: By) -> Funnels:
    """The plots of a kept period; of services and teams those with twenty tickets at least, the fifty largest."""
    row = Period.objects.light().get(pk=kept)
    if not is_readable(row):
        return Funnels(replace(about, kept=None, possible=True))
    compared = comparing.compared(row, measure)
    basis = compared.basis
    left_out = 0
    if word == PARTNER:
        shares = engine.shares(funnels.by_partner(compared), *funnels.whole(compared))
        ratios = engine.ratios(funnels.against_expected(compared))
    else:
        assert about.kept is not None
        split, whole = figures([about.kept], [(word,), ()], seen_by=seen_by, measure=compared.measure)
        chosen = _largest(split, word)
        left_out = sum(1 for figure in split if figure.denominator and figure.scope[word]) - len(chosen)
        shares = _shares(list(chosen.values()), whole, word)
        expected = comparing.expectations(row, compared.measure, word)
        ratios = engine.ratios(funnels.of_expectations(one for one in expected if one.name in chosen))
    what = OF[word][1].partition(" ")[0]
    found = [
        _plot(plot, compared.measure, what, compared.period, f"each {OF[word][1]}, by {basis}", place)
        for place, plot in (("shares", shares), ("ratios", ratios))
        if plot is not None
    ]
    return Funnels(about, compared.measure, basis, compared.why, found, left_out)


def _largest(split: list[Figure], word: str) -> dict[str | None, Figure]:
    """The figures with tickets enough to be shown as a percentage, the largest first."""
    found = [figure for figure in split if figure.scope[word] and (figure.denominator or 0) >= FEW]
    found.sort(key=lambda figure: (-(figure.denominator or 0), figure.scope[word] or ""))
    return {figure.scope[word]: figure for figure in found[:MOST]}


def _shares(chosen: list[Figure], whole: list[Figure], word: str) -> engine.Funnel | None:
    if not whole or not whole[0].denominator:
        return None
    counted = engine.of_figures(chosen, whole[0], word, "none named")
    return engine.shares(counted, int(whole[0].numerator or 0), int(whole[0].denominator))


def _plot(found: engine.Funnel, measure: str, what: str, span: Span, scope: str, place: str) -> Plot:
    return Plot(
        found,
        funnels.chart(found, measure, what, span, scope, place),
        tuple(funnels.sentences(found, measure, what)),
    )
