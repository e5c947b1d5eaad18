"""A mapping written out as the TOML file that says it, to be taken away, changed and brought again."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from commonhold.demand.engine.mapping import COMPLETE, TABLES, TIME_LEFT, UNITS, VERDICT_IS, VERDICT_WORDS, Mapping

WIDE: Final = 100
"""Characters of a list that stands on one line; a longer one runs over many."""


def as_toml(mapping: Mapping) -> str:
    """The file; read again, it gives the same mapping."""
    return "\n".join(_lines(mapping)) + "\n"


def _lines(mapping: Mapping) -> Iterator[str]:
    yield f"kind = {_text(mapping.kind)}"
    yield f"desk = {_text(mapping.desk)}"
    yield f"version = {mapping.version}"
    yield from _list("missing", sorted(mapping.missing))
    yield from _list("dates", mapping.dates)
    if mapping.time_zone is not None:
        yield f"time_zone = {_text(mapping.time_zone)}"
    if mapping.complete:
        yield f"{COMPLETE} = true"
    if mapping.held_unit != next(iter(UNITS)):
        yield f"held_unit = {_text(mapping.held_unit)}"
    if mapping.several_rows:
        yield "several_rows = true"
    if mapping.optional:
        yield from _list("optional", sorted(mapping.optional))
    yield from ("", "[columns]")
    yield from (f"{ours} = {_text(theirs)}" for ours, theirs in mapping.columns.items())
    if mapping.verdict_left:
        yield f"{VERDICT_IS} = {_text(TIME_LEFT)}"
    elif mapping.verdict_true:
        yield from _list(VERDICT_WORDS, sorted(mapping.verdict_true))
    for table in (*TABLES, "teams"):
        words: dict[str, str] = getattr(mapping, table)
        if words:
            yield from ("", f"[{table}]")
            yield from (f"{_text(theirs)} = {_text(ours)}" for theirs, ours in words.items())
    if mapping.leave_out:
        yield from ("", "[leave_out]")
        for heading, words_of in mapping.leave_out.items():
            yield from _list(_text(heading), sorted(words_of))


def _list(name: str, texts: Iterable[str]) -> Iterator[str]:
    written = [*map(_text, texts)]
    line = f"{name} = [{', '.join(written)}]"
    if len(line) <= WIDE:
        yield line
        return
    yield f"{name} = ["
    yield from (f"    {text}," for text in written)
    yield "]"


def _text(text: str) -> str:
    """In quotation marks: what JSON escapes is escaped so in TOML as well, but for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
