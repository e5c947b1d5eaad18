"""The reference that a figure carries to its evidence: readable, and enough to compute the figure again.

`performance/2016-03-01..2016-03-31/within_target.v1?partner=Partner%20A&as_of=…&known_at=12`; a word of the scope
without a value stands without an equals sign.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from commonhold.figures import Span
from commonhold.performance.engine.periods import checked
from commonhold.refusals import Refused

PREFIX: Final = "performance"
LAST_ENTRY: Final = 2**53


@dataclass(frozen=True, slots=True)
class Reference:
    """Which measure, of which days and scope, read when and knowing what."""

    definition: str
    span: Span
    scope: Mapping[str, str | None]
    as_of: datetime
    known_at: int

    def __str__(self) -> str:
        words = [word if value is None else f"{word}={_quoted(value)}" for word, value in self.scope.items()]
        words += [f"as_of={_quoted(self.as_of.isoformat(), ':')}", f"known_at={self.known_at}"]
        return f"{PREFIX}/{self.span.first}..{self.span.last}/{self.definition}?{'&'.join(words)}"


@lru_cache(maxsize=4_096)
def _quoted(value: str, safe: str = "") -> str:
    return quote(value, safe=safe)


def parse(text: str) -> Reference:
    """The reference that this text stands for."""
    try:
        path, _, query = text.partition("?")
        prefix, days, definition = path.split("/")
        first, last = map(date.fromisoformat, days.split(".."))
        scope: dict[str, str | None] = {}
        for word, equals, value in (part.partition("=") for part in query.split("&")):
            scope[word] = unquote(value) if equals else None
        as_of, known_at = scope.pop("as_of"), scope.pop("known_at")
        # No name holds a character that PostgreSQL keeps in no text.
        if prefix != PREFIX or as_of is None or known_at is None or "\0" in "".join(filter(None, scope.values())):
            raise ValueError(text)
        read_at = datetime.fromisoformat(as_of)
        if read_at.tzinfo is None or not 0 < int(known_at) < LAST_ENTRY:
            raise ValueError(text)
        checked(Span(read_at.date(), read_at.date()))
        return Reference(definition, checked(Span(first, last)), scope, read_at, int(known_at))
    except (ValueError, KeyError) as problem:
        raise Refused(f"This is not the reference of a figure: {text[:400]}") from problem
