"""Rows left out, put together by why: a wrong map of partners is one cause of ten thousand rows, and said once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from commonhold.demand.engine.rows import Problem

LINES_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Cause:
    """The rows with one problem in one value of one column, by their lines."""

    lines: tuple[int, ...]
    column: str
    value: str
    problem: str

    @property
    def named(self) -> str:
        """The lines, the first of them by number."""
        more = len(self.lines) - LINES_NAMED
        return ", ".join(map(str, self.lines[:LINES_NAMED])) + (f" and {more:,} more" if more > 0 else "")

    def __str__(self) -> str:
        rows = len(self.lines)
        at = f"Line {self.named}" if rows == 1 else f"{rows:,} rows (lines {self.named})"
        return f"{at}{f', {self.column}' if self.column else ''}: {self.problem}"


def causes(problems: Iterable[Problem]) -> list[Cause]:
    """The problems of many rows, each once with the lines it is about, the most frequent first."""
    lines: dict[tuple[str, str, str], list[int]] = {}
    for problem in problems:
        lines.setdefault((problem.column, problem.value, problem.problem), []).append(problem.line)
    found = [Cause(tuple(at), *about) for about, at in lines.items()]
    return sorted(found, key=lambda cause: -len(cause.lines))
