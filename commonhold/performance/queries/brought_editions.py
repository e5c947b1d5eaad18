"""What a pack holds of readings: its figures, those of the periods it is held against, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commonhold.figures import Span
from commonhold.performance.engine.brought.counting import Counted
from commonhold.performance.engine.brought.everybody import for_everybody
from commonhold.performance.engine.pack.edition import Brought, Delivered
from commonhold.performance.engine.pack.holding import Profile
from commonhold.performance.engine.pack.readings import CHARTED, groupings, wanted
from commonhold.performance.engine.pack.spans import year_of_months
from commonhold.performance.engine.smallnumbers import is_kept_back
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
        months=(months := _months(on, span, shown, profile, told)),
        deliveries=_deliveries(now, before, year_ago, months),
    )


def _months(on: Source, span: Span, shown: Sequence[str], profile: Profile, told: Told) -> list[Counted]:
    """The measures that have a chart, in the months up to the period's end that are told from beginning to end; for
    the public all of a measure's months, or none where one is kept back.
    """
    found: list[Counted] = []
    for name in (one for one in CHARTED.values() if one in shown):
        by = ("partner",) if profile.partner else ()
        by = (*by, "threshold") if on.fed.newest[name].threshold is not None else by
        counted = [
            one
            for one in source_figures.spread(on, year_of_months(span), name, by)
            if one.is_whole and one.figure.value is not None and wanted(one, on.fed.newest[name], profile)
        ]
        if not profile.splits:
            counted = _all_or_none(counted, told)
        found += counted
    return found


def _all_or_none(counted: Sequence[Counted], told: Told) -> list[Counted]:
    by_month: dict[Span, list[Counted]] = {}
    for one in counted:
        by_month.setdefault(one.figure.period, []).append(one)
    public = [one for month in by_month.values() for one in for_everybody(month, told)]
    return [] if any(is_kept_back(one.figure) for one in public) else public


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
