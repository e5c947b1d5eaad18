"""The tables of the week as they are taken away: each figure with all that it carries, and its own a year before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from commonhold.demand.queries.knowledge import entry_of
from commonhold.figures import Figure
from commonhold.govuk.tables import Cell
from commonhold.govuk.taking import Sheet, Sheets
from commonhold.ledger.engine.by import By
from commonhold.performance.engine import weeks
from commonhold.performance.queries.got import Got
from commonhold.performance.queries.sheets import HEADINGS, WHOLE, about_figures, partner_named, row
from commonhold.performance.queries.weekly import Weekly

COMPARED: Final = (
    "A year before", "More than a year before", "More, as a part of a year before", "A year before, as of",
    "A year before, evidence",
)  # fmt: skip
"""The same week 52 weeks before: its value, and by how much ours is more, in the unit of both and as a part of it."""


def of_week(found: Weekly, seen_by: By) -> Sheets:
    """What came and went in a week, what will be late, and what is on hold."""
    sheets: Sheets = {}
    if found.lines:
        sheets = {"week": partial(_week, found, seen_by)}
    if found.lines and found.ahead:
        sheets = {**sheets, "due": partial(_due, found), "on-hold": partial(_on_hold, found)}
    return sheets


def of_got(got: Got | None, at: datetime) -> Sheets:
    """What a partner asked of the service until now, and what became of it: how many of each."""
    if got is None:
        return {}
    became: tuple[tuple[str, int, dict[str, int]], ...] = (
        (
            "Our queries of figures",
            got.queries,
            {"settled": got.settled, "answered": got.answered, "not answered yet": got.waiting},
        ),
        (
            "Our remarks on incidents",
            got.remarks,
            {"answered": got.remarks_answered, "not answered yet": got.remarks_waiting},
        ),
        (
            "Our disputes of tickets",
            got.disputes,
            {
                "accepted and put right": got.disputes_put_right,
                "the service stands by its fact": got.disputes_stood_by,
                "settled or withdrawn": got.disputes_ended,
                "not answered yet": got.disputes_waiting,
            },
        ),
        (
            "Actions that bodies asked of the service",
            got.actions,
            {"closed": got.actions_closed, "open": got.actions_open},
        ),
    )

    def sheet() -> Sheet:
        rows = ((what, asked, how, count) for what, asked, by in became for how, count in by.items())
        about: dict[str, Cell] = {
            "Definition": "All that was ever asked, by what became of it",
            "Scope": "your own authority's queries, remarks and disputes; actions that bodies asked of officers",
            "As of": at,
        }
        return Sheet("what was asked", ("What", "Asked", "What became of it", "How many"), rows, about)

    return {"got": sheet}


def _week(found: Weekly, seen_by: By) -> Sheet:
    assert found.kept and found.week
    compared = f"{found.year_ago.first} to {found.year_ago.last}" if found.over and found.year_ago else "none"
    about = about_figures(found.week, found.kept.as_of, seen_by)
    about |= {
        "Compared with": compared,
        "Definition": "beside each figure",
        "Scope": "the whole service and each partner",
    }
    return Sheet(f"the week of {found.week.first}", ("What", "Of", *HEADINGS, *COMPARED), _rows(found), about)


def _rows(found: Weekly) -> Iterator[Sequence[Cell]]:
    for line in found.lines:
        yield _row((line.title, WHOLE), line.whole, line.then)
        for name in found.partners:
            now, then = line.partners.get(name), line.partners_then.get(name)
            if now or then:
                yield _row((line.title, partner_named(name)), now, then)


def _row(names: tuple[Cell, ...], now: Figure | None, then: Figure | None) -> Sequence[Cell]:
    """A figure beside its own of a year before; of a partner that has none of this week, what was then."""
    blank: tuple[Cell, ...] = (*names, *(None for _ in HEADINGS))
    before: tuple[Cell, ...] = (None,) * len(COMPARED)
    if then is not None:
        before = (then.value, weeks.difference(now, then), weeks.part_of(now, then), then.as_of, then.evidence)
    return (*(row(names, now) if now else blank), *before)


def _due(found: Weekly) -> Sheet:
    rows = [(team or "No team named", all_of_them, by) for team, all_of_them, by in found.due]
    until = found.ahead.until if found.ahead else None
    about: dict[str, Cell] = {"Definition": "Targets that will be missed if nothing happens, by team", "Until": until}
    return _ahead(found, "targets that will be missed", "Team", rows, about)


def _on_hold(found: Weekly) -> Sheet:
    rows = [(reason.capitalize(), all_of_them, by) for reason, all_of_them, by in found.on_hold]
    return _ahead(found, "on hold", "Reason", rows, {"Definition": "Tickets on hold, by the reason of that hold"})


def _ahead(
    found: Weekly,
    name: str,
    by_what: str,
    rows: Sequence[tuple[str, int, Mapping[str | None, int]]],
    about: Mapping[str, Cell],
) -> Sheet:
    """Counts of tickets as they stand at the last instant that files tell of, with a column for each partner."""
    assert found.ahead
    written: Iterator[Sequence[Cell]] = (
        (what, count, *(by.get(one, 0) for one in found.partners)) for what, count, by in rows
    )
    state: dict[str, Cell] = {
        "Scope": "the whole service and each partner",
        "Unit": "tickets",
        "As of": found.ahead.read_at,
        "Known at entry": entry_of(found.ahead.batch),
    }
    headings = (by_what, "All", *(partner_named(one) for one in found.partners))
    return Sheet(name, headings, written, {**about, **state})
