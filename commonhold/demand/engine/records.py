"""Records of a JSON file, one at a time: `[{…}, …]`, or `{"result": [{…}, …]}` as many programs answer.

Several such texts may stand one after another, as pages that were fetched in turn. A record's own names are headings;
what stands inside another object is named with a dot between, as in "fields.status"; an object that says how it is
shown (`display_value`), or only a `value`, stands for that under its own name as well. Only pieces are ever in memory.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from commonhold.refusals import Refused

RECORD_LIMIT: Final = 2_000_000
"""Characters of one record; a larger one is no ticket, and nobody reads on to find its end."""

DEEPEST: Final = 4
BLANK: Final = " \t\n\r"
NO_TABLE: Final = 'Give a list of records, as in [{…}, {…}] or {"result": [{…}, {…}]}, or the same table as CSV.'


WORDS: Final[dict[Any, str]] = {None: "", True: "true", False: "false"}
"""The words for what is no text in a record."""

PLAIN: Final = {str, bool, type(None)}


class _Pairs(list[tuple[str, Any]]):
    """An object as its names and values, so that a name which stands twice is seen."""


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str, strict=False
)  # fmt: skip


class Twice(Exception):
    """A record has two values under one name."""


Record = dict[str, str] | Twice


def records(texts: Iterator[str]) -> Iterator[tuple[Record, int]]:
    """Each record with its names and texts, and how many characters have been read by its end."""
    text = _Text(texts)
    while text.next() is not None:
        match text.next():
            case "[":
                yield from _list(text)
            case "{":
                yield from _answer(text)
            case _:
                raise _broken(text)


def _list(text: "_Text") -> Iterator[tuple[Record, int]]:
    text.skip("[")
    if text.next() == "]":
        text.skip("]")
        return
    while True:
        if text.next() is None:
            raise _broken(text)
        if text.next() != "{":
            raise Refused(f"Record {text.count + 1:,} of this JSON file is no object. {NO_TABLE}")
        text.count += 1
        yield _flat(text.value()), text.read
        if text.next() == ",":
            text.skip(",")
            continue
        text.skip("]")
        return


def _answer(text: "_Text") -> Iterator[tuple[Record, int]]:
    """The one list of records that an answer holds; what else it says, such as how many there are, is passed over."""
    lists = 0
    text.skip("{")
    while text.next() != "}":
        name = text.value()
        text.skip(":")
        if isinstance(name, str) and text.next() == "[" and text.after_bracket() in "{]":
            lists += 1
            if lists > 1:
                raise Refused(
                    f"This JSON file holds more than one list of records: '{name[:80]}' is the second. {NO_TABLE}"
                )
            yield from _list(text)
        else:
            text.value()
        if text.next() != ",":
            break
        text.skip(",")
    text.skip("}")
    if not lists:
        raise Refused(f"This JSON file holds no list of records. {NO_TABLE}")


def _flat(pairs: Any) -> Record:
    plain = dict(pairs)
    kinds = set(map(type, plain.values()))
    # Most records of most files are plain: no object stands in them, and no name twice.
    if len(plain) == len(pairs) and kinds <= PLAIN:
        return plain if kinds <= {str} else {name: _text(value) for name, value in plain.items()}
    found: dict[str, str] = {}
    try:
        _flatten(pairs, "", DEEPEST, found)
    except Twice as twice:
        return twice
    return found


def _flatten(pairs: _Pairs, before: str, deeper: int, found: dict[str, str]) -> None:
    for name, value in pairs:
        called = before + name
        if isinstance(value, _Pairs):
            stands_for = dict(value)
            text = stands_for.get("display_value") or stands_for.get("value")
            if text is not None and not isinstance(text, list):
                _add(found, called, _text(text))
            if deeper:
                _flatten(value, f"{called}.", deeper - 1, found)
        else:
            _add(found, called, _text(value))


def _add(found: dict[str, str], name: str, text: str) -> None:
    if found.setdefault(name, text) != text:
        raise Twice(name)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "" if isinstance(value, _Pairs) else ", ".join(_text(one) for one in value if not isinstance(one, list))
    return str(WORDS.get(value, value))


class _Text:
    """Text that comes piece by piece, of which values are taken from the front."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._waiting, self._at = "", 0
        self._loaded = 0
        self.count = 0

    @property
    def read(self) -> int:
        return self._loaded - len(self._waiting) + self._at

    def next(self) -> str | None:
        """The next character that is no blank, without taking it; None at the end."""
        while True:
            while self._at < len(self._waiting):
                if self._waiting[self._at] not in BLANK:
                    return self._waiting[self._at]
                self._at += 1
            if not self._load():
                return None

    def after_bracket(self) -> str:
        """The first character inside the list that begins here; "]" where it is empty."""
        self.next()
        at = self._at + 1
        while True:
            found = self._waiting[at:].lstrip(BLANK)[:1]
            if found or not self._load():
                return found or "]"
            at = self._at + 1

    def skip(self, character: str) -> None:
        if self.next() != character:
            raise _broken(self)
        self._at += 1

    def value(self) -> Any:
        """The value that begins here, taken."""
        self.next()
        while True:
            try:
                value, end = DECODER.raw_decode(self._waiting, self._at)
            except json.JSONDecodeError:
                found = False
            except (RecursionError, ValueError):
                raise Refused(f"Record {self.count:,} of this JSON file is nested too deeply. {NO_TABLE}") from None
            else:
                found = True
            # A number or a word at the very end may go on in what comes next.
            if found and (end < len(self._waiting) or self._waiting[end - 1] in '}]"'):
                self._at = end
                return value
            if len(self._waiting) - self._at > RECORD_LIMIT:
                raise _broken(self)
            if not self._load():
                if not found:
                    raise _broken(self)
                self._at = end
                return value

    def _load(self) -> bool:
        for text in self._texts:
            if text:
                self._waiting, self._at = self._waiting[self._at :] + text, 0
                self._loaded += len(text)
                return True
        return False


def _broken(text: _Text) -> Refused:
    return Refused(
        f"This JSON file cannot be read after its record {text.count:,}: it is cut short or damaged, or one record has "
        f"more than {RECORD_LIMIT:,} characters. Export it again, or give the same table as CSV."
    )
