"""Which computations of periods still have something that rests on them, and which are only older than others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from commonhold.demand.models import Batch
from commonhold.demand.queries.knowledge import Knowledge
from commonhold.governance.models import Citation, Paper
from commonhold.ledger import evidence
from commonhold.performance.models import Draft, Pack, Period, Reading
from commonhold.performance.queries.kept_up import awaited
from commonhold.performance.queries.periods import PROGRAM, rules_known

OPEN_FOR: Final = timedelta(hours=1)
"""So long the evidence of what was known stays after more became known, for pages that were opened before."""

ABOUT: Final = ("figure__period__from", "figure__period__to", "figure__as_of", "figure__known_at")


@dataclass(frozen=True, slots=True)
class Superseded:
    """Kept periods that rest on less than is known: those of which nothing is needed any more, and those of which only
    the extract is.
    """

    gone: list[int]
    bare: list[int]


def superseded(known: Knowledge, at: datetime) -> Superseded:
    """The periods of which more is known now, and those that this version of the program computed anew.

    What is kept up stays whole until it is computed by what is known now. The extract stays of what was known within
    the last hour, and of what packs, papers and drafts rest on.
    """
    by_us = Period.objects.filter(
        **{name: OuterRef(name) for name in ("first", "last", "as_of", "batch", "ruled")}, program=PROGRAM
    )
    older = Q(batch__lt=known.batch) | ~Q(program=PROGRAM) & Exists(by_us)
    rows = Period.objects.filter(older).values_list("pk", "first", "last", "as_of", "batch", "ruled", "program")
    found = {
        number: (first, last, as_of, batch, ruled)
        for number, first, last, as_of, batch, ruled, program in rows
        if program == PROGRAM
    }
    on_pages = set(awaited(known)) if rows else set()
    needed = set(_rested_on()) if found else set()
    since = Batch.objects.taken().filter(taken_at__lte=at - OPEN_FOR).aggregate(last=Max("number"))["last"] or 0
    bare = {number for number, about in found.items() if about in needed or about[3] >= since} - on_pages
    return Superseded(gone=sorted({row[0] for row in rows} - on_pages - bare), bare=sorted(bare))


def _rested_on() -> Iterator[tuple[date, date, datetime, int, int]]:
    """The days, the instant, the batch and the rules of every period that something published or drafted rests on."""
    told: dict[int, tuple[int, int]] = {}
    for first, last, as_of, entry in {*_published(), *_drafted()}:
        if entry not in told:
            told[entry] = Batch.objects.known(entry), rules_known(entry)[0]
        yield date.fromisoformat(first), date.fromisoformat(last), datetime.fromisoformat(as_of), *told[entry]


def _published() -> Iterator[tuple[str, str, str, int]]:
    for rows in (
        Reading.objects.filter(pack__in=_standing()),
        Citation.objects.filter(paper__retraction=None, figure__evidence__startswith="performance/"),
    ):
        yield from rows.order_by().values_list(*ABOUT).distinct()


def _standing() -> QuerySet[Pack]:
    """The packs that stand: those that a later one of the same days for the same audience replaced only while they are
    before a meeting.
    """
    packs, current = Pack.objects.standing(), Pack.objects.current()
    replaced = {pack.pk: pack.get_absolute_url() for pack in packs.exclude(pk__in=current.values("pk"))}
    papers = Paper.objects.filter(retraction=None, address__in=replaced.values()).values_list("address", flat=True)
    before_meetings = set(papers)
    return packs.exclude(pk__in=[number for number, address in replaced.items() if address not in before_meetings])


def _drafted() -> Iterator[tuple[str, str, str, int]]:
    for files in Draft.objects.exclude(files={}).values_list("files", flat=True):
        try:
            figures: list[dict[str, Any]] = json.loads(evidence.content(files["figures.json"]))["figures"]
        except (evidence.Missing, evidence.Altered):
            continue  # it cannot be published either
        for figure in figures:
            yield figure["period"]["from"], figure["period"]["to"], figure["as_of"], figure["known_at"]
