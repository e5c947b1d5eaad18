"""Taking a table away: every table that a page prints, as CSV or as a spreadsheet, at the page's own address.

What is taken is what is shown: the table is read from the page as this reader sees it, its days as days and its plain
numbers as numbers. A page whose table holds more than it shows, or values that it prints rounded, hands over a Sheet.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from re import ASCII
from re import compile as pattern
from typing import Final
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse

from commonhold.govuk.formats import MINUS, instant
from commonhold.govuk.tables import Cell, download

WORD: Final = "take"
"""The word of an address that asks for a table: take=parity.xlsx, by the table's id."""
KINDS: Final = {"csv": "CSV", "xlsx": "Excel"}
NUMBER: Final = pattern(r"-?\d{1,3}(,\d{3})*(\.\d+)?|-?\d+(\.\d+)?", ASCII)
SPAN: Final = pattern(r"\d{1,4}", ASCII)
HANDLES: Final = frozenset({"Change", "Put right", "Sign in"})
"""Headings of columns that hold links to do something, and nothing to take away."""
HIDDEN: Final = "govuk-visually-hidden"

_shown: ContextVar[HttpRequest | None] = ContextVar("shown", default=None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to take away: a name for its file, headings, rows, and what it is about."""

    name: str
    headings: Sequence[str]
    rows: Iterator[Sequence[Cell]]
    about: Mapping[str, Cell] = field(default_factory=dict)


Sheets = Mapping[str, Callable[[], Sheet]]
"""Those that a page hands over, by the id of the table they are of; made only when they are asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which table is asked for, and in which form."""

    table: str
    kind: str


def wanted(request: HttpRequest) -> Wanted | None:
    """What an address asks to take away; not found, where it names no form that there is."""
    text = request.GET.get(WORD, "") if request.method in ("GET", "HEAD") else ""
    if not text:
        return None
    table, _, kind = text.rpartition(".")
    if not table or kind not in KINDS:
        raise Http404("A table is taken away as CSV or as a spreadsheet.")
    return Wanted(table, kind)


@contextmanager
def shown(request: HttpRequest) -> Iterator[None]:
    """While a page is printed, its tables know its address."""
    token = _shown.set(request if request.method in ("GET", "HEAD") else None)
    try:
        yield
    finally:
        _shown.reset(token)


def links(table: str) -> list[tuple[str, str]]:
    """Where the table of this id on the page that is being printed can be taken away, with each form's name."""
    request = _shown.get()
    if request is None:
        return []
    words = _words(request)
    return [(f"?{'&'.join([*words, urlencode({WORD: f'{table}.{kind}'})])}", name) for kind, name in KINDS.items()]


def answer(
    request: HttpRequest, asked: Wanted, title: str, sheet: Sheet | None, content: str
) -> StreamingHttpResponse | FileResponse:
    """The table that is asked for: the sheet that the page hands over, else what stands in it."""
    found = sheet or _of_page(title, asked.table, content)
    words = _words(request)
    address = request.build_absolute_uri(request.path + (f"?{'&'.join(words)}" if words else ""))
    by = getattr(request, "by", None)
    about: dict[str, Cell] = {"Page": title, **found.about}
    about.setdefault("Who may see it", "whoever may open the page; another reader may see more of it, or less")
    about |= {"Address": address} | ({"Taken": instant(by.at)} if by else {})
    return download(asked.kind, found.name, found.headings, found.rows, about=about)


def _words(request: HttpRequest) -> list[str]:
    """The words of the page's address without the one that takes a table away, as they are written: a figure's
    reference is looked for by the letter.
    """
    written = request.META.get("QUERY_STRING", "").split("&")
    return [word for word in written if word and word.partition("=")[0] != WORD]


def _of_page(title: str, table: str, content: str) -> Sheet:
    reader = _Reader(table)
    reader.feed(content)
    if not reader.headings:
        raise Http404(f"This page has no table called {table[:60]!r}.")
    keep = [at for at, heading in enumerate(reader.headings) if heading not in HANDLES]
    rows = ([row[at] if at < len(row) else None for at in keep] for row in reader.rows)
    headings = [reader.headings[at] for at in keep]
    return Sheet(f"{title} {table}", headings, rows, {"Table": reader.caption, "Rows": "as the page shows them"})


class _Reader(HTMLParser):
    """Reads one table of a page: its caption, its headings, and its cells as what they are."""

    def __init__(self, table: str) -> None:
        super().__init__()
        self.table = table
        self.caption = ""
        self.headings: list[str] = []
        self.rows: list[list[Cell]] = []
        self._within = self._head = self._is_number = False
        self._text: list[str] | None = None
        self._times: list[str] = []
        self._hidden: list[str] = []
        self._down: dict[int, tuple[int, Cell]] = {}
        self._rowspan = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._within = given.get("id") == self.table
        if not self._within:
            return
        if tag == "thead":
            self._head = True
        elif tag == "tr" and not self._head:
            self.rows.append([])
            self._carry()
        elif tag in ("th", "td", "caption"):
            self._text, self._times = [], []
            self._is_number = "numeric" in (given.get("class") or "")
            rowspan = given.get("rowspan") or ""
            self._rowspan = int(rowspan) if SPAN.fullmatch(rowspan) else 1
        elif tag == "time" and given.get("datetime"):
            self._times.append(str(given["datetime"]))
        elif tag == "br" and self._text is not None:
            self._text.append(" ")
        if tag == "span" and (self._hidden or HIDDEN in (given.get("class") or "")):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._within:
            return
        if tag == "span" and self._hidden:
            self._hidden.pop()
        if tag == "thead":
            self._head = False
        elif tag == "table":
            self._within = False
        elif tag in ("th", "td", "caption") and self._text is not None:
            words = " ".join("".join(self._text).split())
            if tag == "caption":
                self.caption = words
            elif self._head:
                self.headings.append(words)
            elif self.rows:
                self.rows[-1].append(self._cell(words))
                if self._rowspan > 1:
                    self._down[len(self.rows[-1]) - 1] = self._rowspan - 1, self.rows[-1][-1]
                self._carry()
            self._text = None

    def _carry(self) -> None:
        """Say again, in the row that is being read, what a cell of a row before says for this one too."""
        row = self.rows[-1]
        while len(row) in self._down:
            left, cell = self._down.pop(len(row))
            if left > 1:
                self._down[len(row)] = left - 1, cell
            row.append(cell)

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._hidden:
            self._text.append(data)

    def _cell(self, words: str) -> Cell:
        if len(self._times) == 1 and words[:1].isdigit() and len(words) < 32:
            try:
                return _moment(self._times[0])
            except ValueError:
                return words
        plain = words.replace(MINUS, "-")
        if self._is_number and NUMBER.fullmatch(plain):
            number = Decimal(plain.replace(",", ""))
            return int(number) if number == number.to_integral_value() and "." not in plain else number
        return words or None


def _moment(written: str) -> date | datetime:
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
