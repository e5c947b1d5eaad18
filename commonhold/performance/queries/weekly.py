"""The week: what came and went, what is open, late and on hold, what is to come, against the same week a year ago."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner
from commonhold.performance.engine import weeks
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.parity import Standing
from commonhold.performance.models import Week
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries import pages
from commonhold.performance.queries.readings import Kept, figures, ready

MEASURES: Final = (
    "tickets_opened",
    "tickets_closed",
    "open_at_end",
    "untriaged_open",
    "aged_open",
    "aged_open_90",
    "on_hold_tickets",
    "breached_open",
)
"""What the week's table shows, in its order; then P1."""
URGENT: Final = "P1"
OF_P1: Final = ("tickets_opened", "open_at_end")


@dataclass(frozen=True, slots=True)
class Line:
    """A measure of the week: over the whole service, for each partner, and a year ago."""

    title: str
    whole: Figure
    partners: Mapping[str | None, Figure]
    then: Figure | None

    @property
    def change(self) -> str:
        return weeks.change(self.whole, self.then)


@dataclass(frozen=True, slots=True)
class Weekly:
    """The week's page; `over` says whether its last day has been told of, without which nothing is compared."""

    week: Span | None
    to_choose: Sequence[Span] = ()
    kept: Kept | None = None
    over: bool = False
    lines: Sequence[Line] = ()
    partners: Sequence[str | None] = ()
    ahead: Week | None = None

    @property
    def year_ago(self) -> Span | None:
        return weeks.a_year_before(self.week) if self.week else None

    @property
    def has_urgent(self) -> bool:
        return any(line.whole.scope for line in self.lines)

    @property
    def on_hold(self) -> list[tuple[str, int, dict[str | None, int]]]:
        """By reason: how many are on hold, and how many of each partner's."""
        found: dict[str, dict[str | None, int]] = {}
        for partner, reason, count in self.ahead.on_hold if self.ahead else ():
            words = reason.replace("_", " ") if reason else "no reason given"
            by = found.setdefault(words, {})
            by[partner] = by.get(partner, 0) + count
        return sorted(((words, sum(by.values()), by) for words, by in found.items()), key=lambda row: (-row[1], row[0]))

    @property
    def due(self) -> list[tuple[str | None, int, dict[str | None, int]]]:
        """By team: how many targets will be missed, and how many of each partner's."""
        found: dict[str | None, dict[str | None, int]] = {}
        for team, partner, count in self.ahead.due if self.ahead else ():
            by = found.setdefault(team, {})
            by[partner] = by.get(partner, 0) + count
        return sorted(
            ((team, sum(by.values()), by) for team, by in found.items()), key=lambda row: (-row[1], row[0] or "")
        )


def weekly(first: date | None, *, seen_by: By) -> Weekly:
    """The week that begins on a day, else the newest whole one; for whoever holds a post."""
    if not reads_unpublished_figures(seen_by):
        return Weekly(None)
    there = ready()
    kept = {span: about for span, about in there.periods.items() if weeks.is_week(span)}
    recent = sorted((span for span in kept if there.told_to and _is_recent(span, there.told_to)), key=_first)[::-1]
    whole = [span for span in recent if there.told_to and span.last <= there.told_to]
    week = weeks.week_of(first) if first else next(iter(whole or recent), None)
    if week is None or week not in kept:
        return Weekly(week, recent)
    return _filled(week, kept, recent, there.told_to, seen_by)


def _filled(week: Span, kept: Mapping[Span, Kept], recent: Sequence[Span], told_to: date | None, by: By) -> Weekly:
    over = told_to is not None and week.last <= told_to
    before = kept.get(weeks.a_year_before(week)) if over else None
    groupings = [(), ("partner",), ("priority",), ("priority", "partner")]
    asked = [kept[week], *([before] if before else [])]
    found = figures(asked, groupings, seen_by=by)
    now, then = found[: len(groupings)], found[len(groupings) :] or [[], [], [], []]
    lines = [line for name in MEASURES if (line := _line(name, {}, now[0], now[1], then[0]))]
    lines += [line for name in OF_P1 if (line := _line(name, {"priority": URGENT}, now[2], now[3], then[2]))]
    partners = sorted({one for line in lines for one in line.partners}, key=lambda name: (name is None, name or ""))
    newest = bool(recent) and week in recent[:2]
    ahead = Week.objects.order_by("-batch").first() if newest else None
    return Weekly(week, recent, kept[week], over, lines, partners, ahead)


def _line(
    name: str, scope: dict[str, str | None], whole: list[Figure], split: list[Figure], then: list[Figure]
) -> Line | None:
    def is_it(figure: Figure) -> bool:
        return figure.measure == name and dict(figure.scope) == scope

    now = next(filter(is_it, whole), None)
    if now is None:
        return None
    narrower = [one for one in split if one.measure == name and all(one.scope.get(w) == v for w, v in scope.items())]
    title = definition(name).title
    return Line(
        title=f"{URGENT}: {title[:1].lower()}{title[1:]}" if scope else title,
        whole=now,
        partners={one.scope["partner"]: one for one in narrower},
        then=next(filter(is_it, then), None),
    )


def _first(span: Span) -> date:
    return span.first


def _is_recent(span: Span, told_to: date) -> bool:
    """Whether it is one of the weeks that are followed, and not the same week a year ago."""
    return (told_to - span.first).days < 180


@dataclass(frozen=True, slots=True)
class Alike:
    """Whether a partner is treated as the others are: the sentence about it, and everybody by the same drawing."""

    span: Span | None = None
    sentence: str = ""
    standings: Sequence[Standing] = ()
    figures: Mapping[str | None, Figure] = field(default_factory=dict)


def alike(partner_slug: str | None, *, seen_by: By) -> Alike:
    """The newest month's comparison, told from one partner's side."""
    found = pages.parity("within_target", None, seen_by=seen_by) if partner_slug else None
    if found is None or found.parity is None:
        return Alike()
    name = Partner.objects.filter(slug=partner_slug).values_list("name", flat=True).first()
    own = next((one for one in found.parity.partners if one.partner == name), None)
    named = [one for one in found.parity.partners if one.partner]
    return Alike(found.chosen.span, own.sentence if own else found.parity.reason or "", named, found.figures)
