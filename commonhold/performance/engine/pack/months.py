"""A measure month by month: what of it everybody may see, and months that the files do not wholly tell of."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from commonhold.figures import Span
from commonhold.govuk.formats import listed, month
from commonhold.performance.engine import public
from commonhold.performance.engine.pack.edition import Month
from commonhold.performance.engine.pack.holding import MONTHLY
from commonhold.performance.engine.told import Told

THIN: Final = 4
"""A month with fewer than a fourth of the tickets of the busiest one is probably not wholly told."""


def for_everybody(months: Sequence[Month], told: Told) -> list[Month]:
    """The months with those measures of which every month may be shown."""
    shown = {
        figure.evidence: figure
        for measure in MONTHLY
        for figure in public.for_everybody_by_month(
            [figure for one in months for figure in one if figure.measure == measure], told
        )
    }
    return [
        replace(
            one,
            figures={name: shown[f.evidence] for name, f in one.figures.items() if f.evidence in shown},
            before={name: shown[f.evidence] for name, f in one.before.items() if f.evidence in shown},
        )
        for one in months
    ]


def thin(months: Sequence[Month], span: Span) -> Iterator[str]:
    """A warning where months of the period have far fewer tickets than others."""
    opened = {one.span: one.figures["tickets_opened"].value or 0 for one in months if "tickets_opened" in one.figures}
    busiest = max(opened.values(), default=0)
    few = [month(one.first) for one, count in opened.items() if one.first >= span.first and count * THIN < busiest]
    if few:
        yield (
            f"In {listed(few)} far fewer tickets were opened than in other months: the desk's files may not tell of "
            "all of them."
        )
