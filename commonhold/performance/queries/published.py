"""Figures as they were published: frozen, and all that everybody sees of them (F6, F8).

A withdrawn pack is left out everywhere (L6). Open to everybody is what a standing public pack holds, and what a paper
before a meeting cites.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from commonhold.figures import Figure, Span
from commonhold.governance.models import Citation
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.performance.engine.audiences import PUBLIC
from commonhold.performance.engine.groups import COMPARED
from commonhold.performance.models import Pack, Reading


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure was published: in a pack, and how it stood there; `withdrawn` where the pack was taken down.

    `instead_of` is the reference of the figure that it corrects; `newer` the pack that took the place of its own.
    """

    pack: Pack
    figure: Figure
    withdrawn: bool
    instead_of: str | None = None
    newer: int | None = None
    why: str = ""


def packs_for_everybody() -> list[Pack]:
    """The public's packs that stand, the newest period first, of one period the one published last."""
    newest: dict[Span, Pack] = {}
    for pack in Pack.objects.standing().filter(profile=PUBLIC).order_by("-last", "first", "-pk"):
        newest.setdefault(pack.span, pack)
    return list(newest.values())


def to_everybody() -> Iterator[Figure]:
    """All that everybody was ever told: in public packs and in papers, those that were taken down included."""
    yield from (reading.read for reading in Reading.objects.filter(pack__profile=PUBLIC).order_by("pk"))
    yield from (citation.cited for citation in Citation.objects.order_by("pk"))


def of_pack(pack: Pack, measure: str | None = None) -> list[Figure]:
    """The figures of a pack, or those of one measure."""
    rows = pack.readings.all() if measure is None else pack.readings.filter(figure__measure=measure)
    return [reading.read for reading in rows]


def of_period(figures: Iterable[Figure], span: Span) -> list[Figure]:
    """Those of a pack's figures that are of its own period."""
    return [figure for figure in figures if figure.period == span]


def places(reference: str, *, seen_by: By) -> list[Place]:
    """Where a figure was published, as far as this reader may know, the last one first."""
    rows = (
        Reading.objects.filter(reference=reference)
        .select_related("pack", "pack__withdrawal", "pack__replacement__instead_of")
        .annotate(newer=_newest("pk"), why=_newest("replacement__reason"))
        .order_by("-pk")
    )
    return [
        Place(
            pack=row.pack,
            figure=row.read,
            withdrawn=row.pack.is_withdrawn,
            instead_of=row.figure.get("instead_of"),
            newer=row.newer,
            why=row.why or "",
        )
        for row in rows
        if row.pack.is_open_to(seen_by)
    ]


def _newest(field: str) -> Subquery:
    """Of the packs that took the place of a reading's own, the newest that stands."""
    days = {name: OuterRef(f"pack__{name}") for name in ("first", "last", "profile")}
    return Subquery(Pack.objects.standing().filter(pk__gt=OuterRef("pack"), **days).order_by("-pk").values(field)[:1])


def cited(reference: str) -> Figure | None:
    """A figure as a paper before a meeting cites it, where the paper stands."""
    rows = Citation.objects.filter(figure__evidence=reference, paper__retraction=None).order_by("-pk")
    row = rows.first()
    return row.cited if row else None


def for_everybody(reference: str, found: Iterable[Place]) -> Figure | None:
    """The figure as everybody may see it: from a standing public pack, else as a paper cites it."""
    standing = (place.figure for place in found if place.pack.profile == PUBLIC and not place.withdrawn)
    return next(standing, None) or cited(reference)


def in_place_of(figures: Iterable[Figure], pack: int) -> Iterator[tuple[str, str]]:
    """Which figures say another thing than the pack that they correct, by reference, each with the old one's (F6)."""
    old = {_about(row.read): row.read for row in Reading.objects.filter(pack=pack)}
    for figure in figures:
        then = old.get(_about(figure))
        if then is not None and differ(figure, then):
            yield figure.evidence, then.evidence


def differ(now: Figure, then: Figure) -> bool:
    """Whether two figures say another thing of the same measure, scope and period."""
    return any(getattr(now, part) != getattr(then, part) for part in COMPARED)


def _about(figure: Figure) -> tuple[str, Span, tuple[tuple[str, str | None], ...]]:
    return figure.measure, figure.period, tuple(sorted(figure.scope.items()))


def with_inputs(reference: str) -> tuple[list[dict[str, Any]], dict[str, Any]] | None:
    """A figure as it was first published, and what its pack says that it was made from; None where it never was."""
    row = Reading.objects.filter(reference=reference).select_related("pack").order_by("pk").first()
    if row is None:
        return None
    with evidence.opened(row.pack.figures) as file:
        return [row.figure], json.load(file)["made_from"]


def by_pack(measure: str, packs: Iterable[Pack]) -> Iterator[tuple[Span, Figure]]:
    """A measure of the whole service in the period of each of these packs, in their order."""
    chosen = {pack.pk: pack for pack in packs}
    rows = Reading.objects.filter(Q(pack__in=chosen), figure__measure=measure)
    found: dict[int, Figure] = {}
    for row in rows:
        figure = row.read
        if not figure.scope and figure.period == chosen[row.pack_id].span:
            found[row.pack_id] = figure
    yield from ((pack.span, found[number]) for number, pack in chosen.items() if number in found)
