"""Two mappings side by side: which words of one are not those of the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from commonhold.demand.engine.mapping import HOLDS, TABLES, TIME_LEFT, Mapping

KINDS_OF_FILE: Final = {
    "events": "one row for each event",
    "tickets": "one row for each ticket",
    HOLDS: "one row for each hold",
}

PARTS: Final = {
    "columns": "Columns",
    "states": "States",
    "hold_reasons": "Reasons for holds",
    "priorities": "Priorities",
    "kinds": "Kinds",
    "teams": "Teams",
    "leave_out": "Rows left out",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A word of a part, and what it means in the one and the other; empty where it does not stand there."""

    part: str
    word: str
    before: str
    after: str


def differences(before: Mapping, after: Mapping) -> list[Difference]:
    """Everything that two mappings say otherwise, their versions aside, in the order of a mapping's parts."""
    return [*_of_keys(before, after), *_of_tables(before, after)]


def keys(mapping: Mapping) -> dict[str, str]:
    """What a mapping says outside its tables, in words."""
    return {
        "Kind of file": KINDS_OF_FILE.get(mapping.kind, mapping.kind),
        "Desk": mapping.desk,
        "Words for nothing": ", ".join(word or "an empty cell" for word in sorted(mapping.missing)),
        "Dates": ", ".join(mapping.dates),
        "Time zone of dates without an offset": mapping.time_zone or "not said",
        "Unit of time on hold": mapping.held_unit,
        "Every hold of the desk is in it": "yes" if mapping.complete else "no",
        "Rows of a ticket": "several, one for each clock" if mapping.several_rows else "one",
        "Columns that may be missing": ", ".join(sorted(mapping.optional)) or "none",
        "The desk's verdict is met": (
            f"by {TIME_LEFT}" if mapping.verdict_left else ", ".join(sorted(mapping.verdict_true)) or "not said"
        ),
    }


def tables(mapping: Mapping) -> dict[str, dict[str, str]]:
    """The tables of a mapping, each word with what it means; of columns ours with the heading."""
    found: dict[str, dict[str, str]] = {"columns": mapping.columns}
    found |= {table: getattr(mapping, table) for table in TABLES}
    found["teams"] = mapping.teams
    found["leave_out"] = {heading: ", ".join(sorted(words)) for heading, words in mapping.leave_out.items()}
    return found


def _of_keys(before: Mapping, after: Mapping) -> Iterator[Difference]:
    old, new = keys(before), keys(after)
    for key, said in old.items():
        if said != new[key]:
            yield Difference("The file", key, said, new[key])


def _of_tables(before: Mapping, after: Mapping) -> Iterator[Difference]:
    old, new = tables(before), tables(after)
    for table, called in PARTS.items():
        for word in sorted({*old[table], *new[table]}):
            was, now = old[table].get(word, ""), new[table].get(word, "")
            if was != now:
                yield Difference(called, word, was, now)
