"""Which of a pack's figures a paper before a meeting cites: the main ones, and only what everybody may see (F8)."""

from __future__ import annotations

from typing import Final

from commonhold.figures import Figure
from commonhold.performance.engine.audiences import PUBLIC
from commonhold.performance.engine.pack.holding import EVERYBODY, URGENT
from commonhold.performance.engine.public import for_everybody
from commonhold.performance.engine.told import Told
from commonhold.performance.models import Pack
from commonhold.performance.queries.published import of_pack, of_period, to_everybody

MAIN: Final[tuple[tuple[str, str, dict[str, str | None]], ...]] = (
    ("Resolved within target", "within_target", {}),
    (f"{URGENT} resolved within target", "within_target", {"priority": URGENT}),
    ("Met by the desk's own verdict", "source_verdict_met", {}),
    ("Tickets opened", "tickets_opened", {}),
    ("Half were resolved within", "resolution_hours_median", {}),
    ("Open at the end", "open_at_end", {}),
    ("Open for more than 30 days", "aged_open", {}),
)


def citations(pack: Pack) -> dict[str, Figure]:
    """The main figures of a pack's period by their names, those left out that are not for everybody or not known.

    What a paper before a meeting cites is public, whatever audience the pack itself is for. The public's own pack has
    kept back already what had to be, and nothing more is told by citing what it tells.
    """
    figures = of_period(of_pack(pack), pack.span)
    public = [
        figure for figure in figures if figure.measure in EVERYBODY and not {"partner", "service"} & set(figure.scope)
    ]
    if pack.profile != PUBLIC:
        public = for_everybody(public, Told(to_everybody()))
    shown = {(figure.measure, tuple(figure.scope.items())): figure for figure in public}
    found = {name: shown.get((measure, tuple(scope.items()))) for name, measure, scope in MAIN}
    return {name: figure for name, figure in found.items() if figure is not None and figure.value is not None}
