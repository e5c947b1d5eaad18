"""The page of the week: what came and went, the reports in work, and what waits for whom, in at most ten queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from commonhold.databases.prepared import prepared_together
from commonhold.ledger.engine.by import By
from commonhold.performance.queries import got, reporting, source_figures, weekly
from commonhold.performance.queries.got import Got
from commonhold.performance.queries.readings import ready
from commonhold.performance.queries.reporting import Reported
from commonhold.web.queries.waiting import AWAITED, OWED, Owed, asked, of_the_day, said

REPORTS: Final = 2


@dataclass(frozen=True, slots=True)
class WeekPage:
    """What the page says to one reader; `got` is told to those who speak for a partner."""

    told: weekly.Page
    reports: Sequence[Reported]
    owed: Sequence[Owed]
    awaited: Sequence[Owed]
    got: Got | None = None


@prepared_together
def _asked(*, by: By) -> dict[str, QuerySet[Any, Any]]:
    return {
        **asked((*OWED, *AWAITED), by),
        **got.asked(by),
        **source_figures.asked(),
        "reports": reporting.in_work(seen_by=by),
        "ahead": weekly.ahead()[:1],
    }


def the_week(first: date | None, *, by: By, partner: str | None) -> WeekPage:
    """The week that begins on a day, else the newest whole one; from the side of the partner of this name."""
    read = _asked(by=of_the_day(by))
    there, in_work = ready(), reporting.next_first(read["reports"])[:REPORTS]
    return WeekPage(
        told=weekly.weekly(first, there, next(iter(read["ahead"]), None), partner=partner, seen_by=by),
        reports=reporting.several(in_work, there, source_figures.of_rows(read), seen_by=by),
        owed=said(OWED, by, read),
        awaited=said(AWAITED, by, read),
        got=got.of_rows(read),
    )
