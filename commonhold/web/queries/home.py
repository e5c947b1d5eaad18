"""What people come for, on one page: how the service does, what comes next, what was published, what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from commonhold.demand.queries.ages import Age, ages
from commonhold.figures import Figure, Span
from commonhold.governance import queries as governance
from commonhold.governance.models import Meeting
from commonhold.ledger.engine.by import By
from commonhold.performance.engine.heading import Headed
from commonhold.performance.engine.measures import definition
from commonhold.performance.models import Pack
from commonhold.performance.queries import packs
from commonhold.performance.queries.pages import headline
from commonhold.web.queries.waiting import Owed, owed

SHOWN: Final = ("within_target", "tickets_opened", "open_at_end", "resolution_hours_median")
"""The measures that a home page shows, in its order."""
PACKS: Final = 3
OWED: Final = 5


@dataclass(frozen=True, slots=True)
class Score:
    """A measure's figure to be seen from afar."""

    title: str
    figure: Figure
    measure: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """The service in a few figures of its newest whole month, for the public as last published, and what comes next."""

    through: date | None
    month: Span | None
    scores: list[Score]
    meeting: Meeting | None
    packs: list[Pack]
    owed: list[Owed]
    ages: list[Age]
    remarks: tuple[str, ...] = ()
    """What partners say of the rules that its figures are measured by (R0)."""


def home(by: By) -> Home:
    top = headline(SHOWN, seen_by=by)
    return Home(
        through=top.told_to,
        month=top.span,
        scores=[_score(figure, top.headed.get(figure.evidence)) for figure in top.figures],
        meeting=governance.next_meeting(by.at),
        packs=list(packs.current(seen_by=by)[:PACKS]),
        owed=owed(by)[:OWED],
        ages=ages(seen_by=by),
        remarks=top.remarks,
    )


def _score(figure: Figure, desks: Headed | None) -> Score:
    """A figure by its title; the desk's own verdict with ours beside it, where that heads it (F5)."""
    head = desks.figure if desks else figure
    return Score(definition(head.measure).title, head, head.measure, desks.beside if desks else "")
