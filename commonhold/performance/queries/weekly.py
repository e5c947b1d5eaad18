"""The week: what came and went, what is open, late and on hold, what is to come, against the same week a year ago."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from commonhold.demand.queries.disputes import number_of_holds
from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.performance.engine import weeks
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.pack.targets import party_in_words
from commonhold.performance.models import Period, Week
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries import comparing
from commonhold.performance.queries.pages import is_told, kept_about
from commonhold.performance.queries.periods import is_readable
from commonhold.performance.queries.readings import Kept, Ready, of_measure, of_pairs

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
COMPARED: Final = "within_target"
OF_P1: Final = ("tickets_opened", "open_at_end")
BY_KIND: Final = ("kind", "partner")
OF_WEEK: Final = ((), ("partner",), ("priority",), ("priority", "partner"), BY_KIND)
OF_MONTH: Final = (("partner",), ("responsible",))
OF_REQUESTS: Final = ("tickets_opened", "tickets_resolved", "within_target")


@dataclass(frozen=True, slots=True)
class Line:
    """A measure of the week: over the whole service and for each partner, and each of them a year ago."""

    title: str
    whole: Figure
    partners: Mapping[str | None, Figure]
    then: Figure | None
    partners_then: Mapping[str | None, Figure]

    @property
    def change(self) -> str:
        return weeks.change(self.whole, self.then)

    def change_of(self, partner: str | None) -> str:
        """The same of a partner's own."""
        return weeks.change(self.partners.get(partner), self.partners_then.get(partner))


@dataclass(frozen=True, slots=True)
class Weekly:
    """The week's page; `over` says whether its last day has been told of, without which nothing is compared, and `told`
    whether files tell of any of its days.
    """

    week: Span | None
    to_choose: Sequence[Span] = ()
    kept: Kept | None = None
    over: bool = False
    lines: Sequence[Line] = ()
    partners: Sequence[str | None] = ()
    ahead: Week | None = None
    told: bool = True

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


@dataclass(frozen=True, slots=True)
class Alike:
    """Whether a partner is treated as the others are: the sentence about it, and by the same drawing every partner, and
    everybody who answers for teams: the shared service, each authority's own teams, suppliers (P1).
    """

    span: Span | None = None
    sentence: str = ""
    partners: Sequence[tuple[str, Figure]] = ()
    teams: Sequence[tuple[str, Figure]] = ()


def ahead() -> QuerySet[Week]:
    """What the days after the last told of bring, the newest look first, with how many disputes of holds stand."""
    return Week.objects.annotate(holds_disputed=number_of_holds()).order_by("-batch")


@dataclass(frozen=True, slots=True)
class Page:
    """The week, whether somebody's authority is treated alike, and what became of its requests in the week."""

    weekly: Weekly
    alike: Alike = Alike()
    requests: Sequence[tuple[str, Figure]] = ()


def weekly(first: date | None, there: Ready, ahead: Week | None, *, partner: str | None, seen_by: By) -> Page:
    """The week that begins on a day, else the newest whole one; for whoever holds a post, and from one partner's side
    where it is a partner's. In one query, and one more for the comparison.
    """
    if not reads_unpublished_figures(seen_by):
        return Page(Weekly(None))
    kept = {span: about for span, about in there.periods.items() if weeks.is_week(span)}
    recent = sorted((span for span in kept if there.told_to and _is_recent(span, there.told_to)), key=_first)[::-1]
    whole = [span for span in recent if there.told_to and span.last <= there.told_to]
    week = weeks.week_of(first) if first else next(iter(whole or recent), None)
    of_week = _asked(week, kept, there.told_to)
    month = kept_about(None, there).kept if partner else None
    of_month = [(month, by) for by in OF_MONTH] if month else []
    found = of_pairs([*of_week, *of_month], seen_by=seen_by)
    told = Weekly(week, recent, told=week is None or week in kept or is_told(week, there))
    if week in kept and week is not None:
        newest = bool(recent) and week in recent[:2]
        told = _filled(week, kept[week], recent, there.told_to, found[: len(of_week)], ahead if newest else None)
    return Page(
        weekly=told,
        alike=_alike(month, partner, *found[len(of_week) :]) if month and partner else Alike(),
        requests=_requests(partner, found[OF_WEEK.index(BY_KIND)]) if partner and of_week else (),
    )


def _asked(week: Span | None, kept: Mapping[Span, Kept], told_to: date | None) -> list[tuple[Kept, Sequence[str]]]:
    if week is None or week not in kept:
        return []
    before = kept.get(weeks.a_year_before(week)) if told_to is not None and week.last <= told_to else None
    return [(one, by) for one in (kept[week], before) if one is not None for by in OF_WEEK]


def _filled(
    week: Span, kept: Kept, recent: Sequence[Span], told_to: date | None, found: list[list[Figure]], ahead: Week | None
) -> Weekly:
    over = told_to is not None and week.last <= told_to
    now, then = found[: len(OF_WEEK)], found[len(OF_WEEK) :] or [[] for _ in OF_WEEK]
    lines = [line for name in MEASURES if (line := _line(name, {}, now[:2], then[:2]))]
    lines += [line for name in OF_P1 if (line := _line(name, {"priority": URGENT}, now[2:4], then[2:4]))]
    named = {one for line in lines for one in (*line.partners, *line.partners_then)}
    partners = sorted(named, key=lambda name: (name is None, name or ""))
    return Weekly(week, recent, kept, over, lines, partners, ahead)


def _requests(partner: str, found: Iterable[Figure]) -> list[tuple[str, Figure]]:
    """What became in the week of the service requests of one partner."""
    own = {one.measure: one for one in found if dict(one.scope) == {"kind": "request", "partner": partner}}
    return [(definition(name).title, own[name]) for name in OF_REQUESTS if name in own]


def _line(
    name: str, scope: dict[str, str | None], now: Sequence[Sequence[Figure]], then: Sequence[Sequence[Figure]]
) -> Line | None:
    """A measure within a scope: now and a year ago, each a list of the whole service's figures and one of partners'."""
    (whole, partners), (whole_then, partners_then) = (_found(name, scope, *figures) for figures in (now, then))
    if whole is None:
        return None
    title = definition(name).title
    return Line(
        title=f"{URGENT}: {title[:1].lower()}{title[1:]}" if scope else title,
        whole=whole,
        partners=partners,
        then=whole_then,
        partners_then=partners_then,
    )


def _found(
    name: str, scope: dict[str, str | None], whole: Iterable[Figure], split: Iterable[Figure]
) -> tuple[Figure | None, dict[str | None, Figure]]:
    found = next((one for one in whole if one.measure == name and dict(one.scope) == scope), None)
    own = [one for one in split if one.measure == name and all(one.scope.get(w) == v for w, v in scope.items())]
    return found, {one.scope["partner"]: one for one in own}


def _first(span: Span) -> date:
    return span.first


def _is_recent(span: Span, told_to: date) -> bool:
    """Whether it is one of the weeks that are followed, and not the same week a year ago."""
    return (told_to - span.first).days < 180


def _alike(month: Kept, partner: str, split: Sequence[Figure], teams: Sequence[Figure]) -> Alike:
    """The newest month's comparison, told from one partner's side; none until a month kept in an older form is computed
    again.
    """
    row = Period.objects.light().get(pk=month.number)
    if not is_readable(row):
        return Alike()
    parity = comparing.compared(row, COMPARED)
    own = next((one for one in parity.partners if one.partner == partner), None)
    figures = {one.scope["partner"]: one for one in of_measure(split, COMPARED)}
    named = [one.partner for one in parity.partners if one.partner]
    held = [(party_in_words(one.scope["responsible"]), one) for one in of_measure(teams, COMPARED)]
    return Alike(
        span=month.span,
        sentence=own.sentence if own else parity.reason or "",
        partners=[(name, figures[name]) for name in named if name in figures],
        teams=sorted((one for one in held if one[1].scope["responsible"]), key=_in_turn),
    )


def _in_turn(held: tuple[str, Figure]) -> tuple[int, str]:
    """Those whom the agreement is about first: the shared service, authorities' own teams, then suppliers."""
    kind = str(held[1].scope["responsible"]).partition(":")[0]
    return (("service", "authority", "supplier").index(kind), held[0])
