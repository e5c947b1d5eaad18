"""From the cells of one column to plain values. A desk's files repeat themselves, so each distinct cell is read once.

A blank is None and is never filled. People are keyed (D1). A cell that cannot be read refuses its row, in words.
"""

import hmac
import re
from collections.abc import Collection, Iterable
from typing import Any, Final

from commonhold.demand.engine.durations import duration
from commonhold.demand.engine.mapping import HOLD_REASONS, IGNORE, KINDS, PRIORITIES, SERVICE, UNITS, Mapping
from commonhold.demand.engine.moments import Moments, Unreadable
from commonhold.demand.engine.partners import PartnerMap
from commonhold.demand.engine.rows import UNSEEN, named, shown, tidy
from commonhold.partnership.engine.names import NAME_LIMIT

REMEMBERED: Final = 100_000
REMEMBERED_CHARACTERS: Final = 10_000_000
LIMITS: Final = {"reference": 100, "partner": NAME_LIMIT, "channel": 100}
LONGEST_NAME: Final = 200
NUMBER: Final = re.compile(r"([0-9]{1,10}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.0{1,6})?")
LARGEST_NUMBER: Final = 2**31 - 1
KEYED: Final = re.compile(r"[0-9a-f]{64}")


class Bad(str):
    """Instead of a value: why the cell has none."""

    __slots__ = ()


class Column(dict[str, Any]):
    """What each distinct cell of a column means.

    `texts` says the same as text, for digests; `marked` are cells whose lines are to be named in a warning, and
    `unlisted` words that the mapping or the partner map does not name.
    """

    secret = False

    def __init__(self, field: str, missing: frozenset[str]) -> None:
        super().__init__()
        self.field = field
        self.texts: dict[str, str] = {}
        self.marked: set[str] = set()
        self.unlisted: dict[str, None] = {}
        self.bad = False
        self._missing = missing
        self._characters = 0

    def __missing__(self, cell: str) -> Any:
        text = tidy(cell)
        try:
            value = self.blank() if text in self._missing else self.read(text, cell)
        except Unreadable as why:
            value = Bad(why)
            self.bad = True
        self[cell] = value
        self.texts[cell] = "" if value is None else str(value)
        self._characters += len(cell)
        return value

    def forget(self) -> None:
        """Keep memory flat on a file whose cells do not repeat."""
        if len(self) > REMEMBERED or self._characters > REMEMBERED_CHARACTERS:
            self.clear()
            self.texts.clear()
            self.marked.clear()
            self.bad = False
            self._characters = 0

    def note(self, word: str) -> None:
        if len(self.unlisted) < REMEMBERED:
            self.unlisted[word[:LONGEST_NAME]] = None

    def blank(self) -> Any:
        return None

    def read(self, text: str, cell: str) -> Any:
        raise NotImplementedError


class Name(Column):
    """A short text, kept as it is written; characters that are not seen become a blank."""

    def read(self, text: str, cell: str) -> str | None:
        limit = LIMITS.get(self.field, LONGEST_NAME)
        if len(text) > limit:
            raise Unreadable(
                f"has {len(text):,} characters where at most {limit} are kept: does the mapping name the right column?"
            )
        if text.isprintable():
            return text
        return UNSEEN.sub(" ", text).strip() or self.blank()


class Reference(Name):
    def blank(self) -> str:
        raise Unreadable("is blank: a row without a reference belongs to no ticket")

    def read(self, text: str, cell: str) -> str | None:
        if not text.isprintable() and UNSEEN.search(text):
            raise Unreadable("holds a control character: a reference must be plain text")
        return super().read(text, cell)


class State(Column):
    """A state of ours; None for one that the mapping ignores. The mapping's own words come before its blanks."""

    def __init__(self, mapping: Mapping) -> None:
        super().__init__("state", mapping.missing - mapping.states.keys())
        self._mapping = mapping

    def blank(self) -> None:
        if self._mapping.kind == "events":
            raise Unreadable("is blank: an event without a state says nothing")

    def read(self, text: str, cell: str) -> str | None:
        state = self._mapping.states.get(text)
        if state is None:
            raise Unreadable(
                f"is a state that the mapping {self._mapping.called} does not name: add it under [states], "
                f'as "{IGNORE}" if it says nothing'
            )
        if state == IGNORE:
            self.marked.add(cell)
            return None
        return state


class Word(Column):
    """Our word for theirs, or None."""

    def __init__(self, field: str, missing: frozenset[str], words: dict[str, str]) -> None:
        super().__init__(field, missing - words.keys())
        self._words = words

    def read(self, text: str, cell: str) -> str | None:
        return self._words.get(text)


class Listed(Word):
    """Our word for theirs; one that the mapping does not name is noted and means `otherwise`."""

    def __init__(self, field: str, missing: frozenset[str], words: dict[str, str], otherwise: str | None) -> None:
        super().__init__(field, missing, words)
        self._otherwise = otherwise

    def read(self, text: str, cell: str) -> str | None:
        if text not in self._words:
            self.note(text)
        return self._words.get(text, self._otherwise)


class Kind(Word):
    def blank(self) -> str:
        return KINDS[0]

    def read(self, text: str, cell: str) -> str:
        kind = self._words.get(text)
        if kind is None:
            raise Unreadable("is a kind of ticket that the mapping does not name: add it under [kinds]")
        return kind


class Team(Name):
    """The team's own name; those that the mapping gives to nobody are noted, for they count as the shared service's."""

    def __init__(self, mapping: Mapping) -> None:
        super().__init__("team", mapping.missing)
        self._teams = mapping.teams

    def read(self, text: str, cell: str) -> str | None:
        name = super().read(text, cell)
        if name is not None and text not in self._teams:
            self.note(name)
        return name


class Responsible(Word):
    """Who answers for the team; the mapping's word, not the desk's."""

    def __init__(self, mapping: Mapping) -> None:
        super().__init__("responsible", mapping.missing, mapping.teams)

    def blank(self) -> str:
        return SERVICE

    def read(self, text: str, cell: str) -> str:
        return self._words.get(text, SERVICE)


class Partner(Column):
    """The partner that the map gives; without a map, the value itself is the partner's name.

    Where `parties` are given, they are all the partners there are: a partnership that has been started gains none by a
    file.
    """

    def __init__(
        self, missing: frozenset[str], partners: PartnerMap | None, parties: Collection[str] | None = None
    ) -> None:
        super().__init__("partner", missing)
        self._partners = None if partners is None else partners.partners
        self._parties = parties
        self._named = Name("partner", missing)

    def read(self, text: str, cell: str) -> str | None:
        name = self._named.read(text, cell) if self._partners is None else self._mapped(text)
        if name is not None and self._parties is not None and name not in self._parties:
            meant = "" if name == text else f"means '{shown(name)}' in the map of partners, which "
            raise Unreadable(
                f"{meant}is no partner of this partnership: its partners are {named(self._parties)}. "
                "Write one of these names in the file or in a map of partners, or leave the cell blank; "
                "another authority becomes a partner by a change of the agreement"
            )
        return name

    def _mapped(self, text: str) -> str | None:
        partners = self._partners or {}
        if text not in partners:
            self.note(text)
        return partners.get(text) or None


class Person(Column):
    """A person as HMAC-SHA-256 under the partnership's key: the same person each time, and nobody's name.

    Digested is the tidied cell in UTF-8. The key is the bytes for which the digits in `people.key` stand.
    """

    secret = True

    def __init__(self, missing: frozenset[str], key: bytes) -> None:
        super().__init__("assignee", missing)
        self._key = key

    def read(self, text: str, cell: str) -> str:
        return hmac.new(self._key, text.encode(), "sha256").hexdigest()

    def reduced(self, cells: list[str]) -> list[str]:
        """The cells as the reduced file has them: blanks as they came, people keyed."""
        return [self[cell] or cell for cell in cells]


class Keyed(Person):
    """A person in a file that was reduced before: who is keyed already stays so."""

    def read(self, text: str, cell: str) -> str:
        return text if KEYED.fullmatch(text) else super().read(text, cell)


class Moment(Column):
    """An instant in seconds; the lines of those that happened twice are named. All dates of a file share one."""

    def __init__(self, missing: frozenset[str], moments: Moments) -> None:
        super().__init__("moment", missing)
        self._moments = moments

    def read(self, text: str, cell: str) -> int:
        instant, twice = self._moments.read(text)
        if twice:
            self.marked.add(cell)
        return instant


class Count(Column):
    """A whole number, also as "102,197"."""

    def read(self, text: str, cell: str) -> int:
        match = NUMBER.fullmatch(text)
        number = int(match[1].replace(",", "")) if match else -1
        if not 0 <= number <= LARGEST_NUMBER:
            raise Unreadable(f"is no whole number from 0 to {LARGEST_NUMBER:,}")
        return number


class Held(Column):
    """A total of time on hold as whole minutes, those begun left out: what is stated is the most that is proven."""

    def __init__(self, mapping: Mapping) -> None:
        # Desks that write 0 where a column names nobody still mean it where it is a length of time.
        super().__init__("held_minutes", mapping.missing - {"0"})
        self._unit = UNITS[mapping.held_unit]
        self._called = mapping.held_unit

    def read(self, text: str, cell: str) -> int:
        seconds = duration(text, self._unit)
        if seconds is None or not 0 <= seconds // 60 <= LARGEST_NUMBER:
            raise Unreadable(
                f"is no time on hold: it may be a number of {self._called}, 1:30 or 1:30:00, 1970-01-01 00:10:00, "
                "or as in 8 Hours 5 Minutes"
            )
        return int(seconds // 60)


class TimeLeft(Column):
    """The desk's own flag where it says how much time was left: less than nothing is not met."""

    def read(self, text: str, cell: str) -> bool:
        left = duration(text, UNITS["minutes"])
        if left is None:
            raise Unreadable("is no time left, as in 2:30 or -1:30: does the mapping name the right column?")
        return left >= 0 and not text.startswith("-")


class Verdict(Column):
    """The desk's own flag: met or not."""

    def __init__(self, mapping: Mapping) -> None:
        super().__init__("source_verdict", mapping.missing - mapping.verdict_true)
        self._true = mapping.verdict_true

    def read(self, text: str, cell: str) -> bool:
        return text in self._true


def column(
    ours: str, mapping: Mapping, dates: Moment, partners: PartnerMap | None, parties: Collection[str] | None = None
) -> Column:
    """What reads a column of ours; people are read by Person or Keyed."""
    missing = mapping.missing
    match ours:
        case "reference":
            return Reference(ours, missing)
        case "state":
            return State(mapping)
        case "hold_reason":
            return Listed(ours, missing, _with_ours(HOLD_REASONS, mapping.hold_reasons), HOLD_REASONS[-1])
        case "priority":
            return Listed(ours, missing, _with_ours(PRIORITIES, mapping.priorities), None)
        case "kind":
            return Kind(ours, missing, _with_ours(KINDS, mapping.kinds))
        case "partner":
            return Partner(missing, partners, parties)
        case "team":
            return Team(mapping)
        case "category" | "service" | "channel":
            return Name(ours, missing)
        case "reopen_count":
            return Count(ours, missing)
        case "held_minutes":
            return Held(mapping)
        case "source_verdict":
            return TimeLeft(ours, missing) if mapping.verdict_left else Verdict(mapping)
    return dates


def _with_ours(ours: Iterable[str], theirs: dict[str, str]) -> dict[str, str]:
    return {**{word: word for word in ours}, **theirs}
