"""Shares of tickets in time by the verdict that heads each (F5): one rule for every table of a pack and its report.

The desk's own verdict is named so wherever it heads, with ours beside it as the least it can be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from commonhold.documents.engine.tables import Cell, Column
from commonhold.figures import Figure
from commonhold.performance.engine import heading
from commonhold.performance.engine.pack.edition import Edition
from commonhold.performance.engine.pack.words import NOTHING, cell
from commonhold.performance.engine.pack.work import Line

OURS, DESKS = heading.OURS, heading.DESKS
BY_THE_DESK: Final = "by the desk's own verdict"
AT_LEAST: Final = "by our clock at least"
WHOSE: Final[Mapping[str, str]] = {OURS: "our clock", DESKS: "the desk's own"}


def is_counted(figure: Figure | None) -> bool:
    """Whether there is anything to say: tickets behind it, or tickets kept back."""
    return figure is not None and (bool(figure.denominator) or (figure.value is None and figure.denominator is None))


def is_told(edition: Edition, **scope: str | None) -> bool:
    """Whether anything is to be said of a part of the tickets by the verdict that heads it."""
    return is_counted(edition.now.find(edition.head(**scope), **edition.own, **scope))


def lines(edition: Edition, name: str, scope: dict[str, str | None]) -> list[Line]:
    """The rows of a part of the tickets: by our clock, or by the desk's own verdict with ours as the least."""
    if edition.head(**scope) == OURS:
        return [(name, OURS, scope)]
    ours = edition.now.find(OURS, **edition.own, **scope)
    beside: list[Line] = [(f"{name}, {AT_LEAST}", OURS, scope)] if is_counted(ours) else []
    return [(f"{name}, {BY_THE_DESK}", DESKS, scope), *beside]


def named(edition: Edition, title: str, measure: str, scope: Mapping[str, str | None]) -> str:
    """What a figure is called that may not be the one that heads its scope."""
    is_least = measure == OURS and edition.head_of(scope) == DESKS
    return f"{title}, {AT_LEAST}" if is_least else title


def columns(title: str, *, both: bool) -> tuple[Column, ...]:
    """The columns of a table with a row for each part: the share, and where the desk's own heads `both` verdicts."""
    beside = (Column("Whose verdict", "short"), Column(f"{AT_LEAST[:1].upper()}{AT_LEAST[1:]}", "number"))
    return (Column(title, "number"), *(beside if both else ()))


def cells(ours: Figure | None, desks: Figure | None, head: str, *, both: bool) -> tuple[Cell, ...]:
    """What stands in those columns of one part."""
    heads = desks if head == DESKS else ours
    if not both:
        return (cell(heads),)
    whose = Cell(WHOSE[head] if heads is not None else NOTHING)
    return (cell(heads), whose, cell(ours) if head == DESKS and is_counted(ours) else Cell(NOTHING))


def of(edition: Edition, scope: Mapping[str, str | None], *, both: bool) -> tuple[Cell, ...]:
    """The same of the figures of a scope."""
    ours, desks = (edition.now.find(name, **scope) for name in (OURS, DESKS))
    return cells(ours, desks, edition.head_of(scope), both=both)


def are_both_told(edition: Edition, scopes: Iterable[Mapping[str, str | None]]) -> bool:
    """Whether the desk's own verdict heads any of these scopes."""
    return any(edition.head_of(scope) == DESKS for scope in scopes)


def across(edition: Edition, name: str, scopes: Iterable[Mapping[str, str | None]]) -> list[tuple[str | Cell, ...]]:
    """The rows of a table with a column for each scope: by our clock, by the desk's own verdict, and ours as the least,
    each with a dash where another one tells.
    """
    now = edition.now
    found = [(now.find(OURS, **scope), now.find(DESKS, **scope), edition.head_of(scope)) for scope in scopes]
    blank = Cell(NOTHING)
    ours = [cell(own) if head == OURS else blank for own, _, head in found]
    desks = [cell(theirs) if head == DESKS else blank for _, theirs, head in found]
    least = [cell(own) if head == DESKS and is_counted(own) else blank for own, _, head in found]
    rows = ((name, ours), (f"{name}, {BY_THE_DESK}", desks), (f"{name}, {AT_LEAST}", least))
    return [(label, *row) for label, row in rows if any(one.text != NOTHING for one in row)]


def left(whole: Figure | None, parts: Iterable[Figure]) -> Figure | None:
    """A figure with the grades of what is left of a whole without its parts: they say which verdict heads that."""
    if whole is None:
        return None
    listed = list(parts)
    mix = {name: count - sum(one.grade_mix.get(name, 0) for one in listed) for name, count in whole.grade_mix.items()}
    of_them = (whole.denominator or 0) - sum(one.denominator or 0 for one in listed)
    return replace(whole, grade_mix=mix, denominator=of_them)
