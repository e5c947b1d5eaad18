"""What a pack holds of readings: its figures, those of the periods it is held against, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commonhold.figures import Span
from commonhold.performance.engine.brought.counting import Counted
from commonhold.performance.engine.brought.everybody import for_everybody
from commonhold.performance.engine.pack.edition import Brought, Delivered
from commonhold.performance.engine.pack.holding import Profile
from commonhold.performance.engine.pack.readings import groupings, wanted
from commonhold.performance.engine.told import Told
from commonhold.performance.models import Delivery
from commonhold.performance.queries import source_figures
from commonhold.performance.queries.source_figures import Source


def brought(
    span: Span,
    earlier: tuple[Span, Span],
    profile: Profile,
    told: Told,
    *,
    known_at: int | None = None,
    as_of: datetime | None = None,
) -> Brought:
    """The figures of readings for an audience; `earlier` are the last report's days and those a year before."""
    on = source_figures.source(known_at)
    names = source_figures.touching(on, span)
    if not names:
        return Brought(on.known.entry)
    now = _figures(on, span, names, profile, told, as_of)
    shown = [name for name in names if any(one.figure.measure == name for one in now)]
    before, year_ago = (_figures(on, days, shown, profile, told, None) for days in earlier)
    return Brought(
        entry=on.entry,
        measures={name: on.fed.on(span.last)[name] for name in shown},
        now=now,
        before=before,
        year_ago=year_ago,
        deliveries=_deliveries(now, before, year_ago),
    )


def _figures(
    on: Source, span: Span, names: Sequence[str], profile: Profile, told: Told, as_of: datetime | None
) -> list[Counted]:
    """The figures of one period that have something to say, in the pack's order."""
    defined = on.fed.on(span.last)
    found = source_figures.grouped(on, span, names, groupings(profile), as_of=as_of)
    kept = [
        one
        for name in names
        for group in found
        for one in group
        if one.figure.measure == name and wanted(one, defined[name], profile) and (one.readings or not one.figure.scope)
    ]
    told_of = {one.figure.measure for one in kept if one.readings}
    kept = [one for one in kept if one.figure.measure in told_of or one.figure.value is not None]
    return kept if profile.splits else for_everybody(kept, told)


def _deliveries(*figures: Sequence[Counted]) -> list[Delivered]:
    numbers = {number for some in figures for one in some for number in one.readings}
    rows = Delivery.objects.filter(readings__in=numbers).distinct().order_by("pk")
    return [Delivered(row.pk, row.sha256) for row in rows]
