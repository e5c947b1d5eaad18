"""Flat tables for spreadsheets and programs: columns that are a contract, one row for each thing, read part by part.

A table is answered as CSV, JSON or XLSX at an address that stays. A part ends with a key: the next begins after it. It
is made while it is sent, and bears a tag by which whoever has it learns that nothing has changed.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from commonhold.govuk.formats import in_london
from commonhold.govuk.tables import Cell, Kind, download, in_pieces
from commonhold.refusals import Refused

Type: TypeAlias = Literal["text", "whole number", "number", "yes or no", "day", "instant"]
Answer: TypeAlias = HttpResponse | StreamingHttpResponse | FileResponse

USUAL: Final = 10_000
MOST: Final = 50_000
"""Rows of one part: as many as are asked for up to here, without asking the usual number."""
LONGEST: Final = 300
"""Characters of a key, and of any other word that narrows a table down."""
AGAIN_AND_AGAIN: Final = ("after", "size")
"""The words of an address that say which part is asked for."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the guide promises it: its name, what its cells are, their unit, and what it says."""

    name: str
    type: Type
    says: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one part, and the key of its last row where more follow.

    `known_at` is the entry at which it was known: the next part is asked for as it was known then.
    """

    rows: Iterable[Sequence[Cell]]
    last: str | None = None
    known_at: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a table is asked for, beside what narrows it down."""

    after: str
    size: int


def asked(request: HttpRequest, known: Iterable[str]) -> Asked:
    """The part that an address asks for. Refused where it holds a word that the table does not know, or a wrong one."""
    understood = {*known, *AGAIN_AND_AGAIN}
    strange = [word for word in request.GET if word not in understood]
    if strange:
        words = ", ".join(sorted(understood))
        raise Refused(f"This table is not narrowed down by '{strange[0][:LONGEST]}'. It knows: {words}.")
    for word, value in request.GET.items():
        if len(value) > LONGEST or "\0" in value:
            raise Refused(f"What the address says of '{word}' is too long, or holds what no text holds.")
    size = request.GET.get("size", str(USUAL))
    if not (size.isascii() and size.isdecimal() and len(size) < 8 and 1 <= int(size) <= MOST):
        raise Refused(f"The size of a part is a whole number from 1 to {MOST:,}.")
    return Asked(request.GET.get("after", ""), int(size))


def a_day(request: HttpRequest, word: str) -> date | None:
    """The day that an address gives for a word."""
    text = request.GET.get(word, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"'{text}' is not a day. Write '{word}' like 2026-06-30.") from None


def tag_of(*parts: object) -> str:
    """The tag of an answer that is wholly made from these: the same parts, the same bytes."""
    return '"' + hashlib.sha256(repr(parts).encode()).hexdigest()[:32] + '"'


def unchanged(request: HttpRequest, tag: str, modified: datetime | None) -> HttpResponse | None:
    """304, where whoever asks has the answer with this tag already, or asks what changed since it last did."""
    found = get_conditional_response(request, etag=tag, last_modified=_seconds(modified))
    if not isinstance(found, HttpResponse):
        return None
    _mark(found, tag, modified)
    return found


def answer(
    request: HttpRequest,
    kind: str,
    name: str,
    columns: Sequence[Column],
    part: Part,
    *,
    about: Mapping[str, Cell],
    tag: str,
    modified: datetime | None = None,
) -> Answer:
    """A part of a table in one of its three forms, with where the next begins in the header Link."""
    following = _following(request, part)
    shown = {**about, "Next part": following or "none: this is the last"}
    headings = [column.name for column in columns]
    response: Answer
    if kind == "json":
        written = in_pieces(_json_lines(name, columns, part.rows, about, following))
        response = StreamingHttpResponse(written, content_type="application/json")
    else:
        response = download(kind, name, headings, part.rows, about=shown, columns=columns)
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    _mark(response, tag, modified)
    return response


def is_a_kind(kind: str) -> Kind | Literal["json"]:
    """The form that an address names; not found, where there is no such."""
    if kind not in ("csv", "json", "xlsx"):
        raise Http404(f"There is no table of the kind {kind[:20]!r}; there are csv, json and xlsx.")
    return kind  # type: ignore[return-value]  # it is one of these


def _mark(response: Answer, tag: str, modified: datetime | None) -> None:
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    if modified is not None:
        response["Last-Modified"] = http_date(modified.timestamp())


def _seconds(modified: datetime | None) -> int | None:
    return None if modified is None else int(modified.timestamp())


def _following(request: HttpRequest, part: Part) -> str:
    if part.last is None:
        return ""
    query = request.GET.copy()
    query["after"] = part.last
    if part.known_at is not None:
        query["known_at"] = str(part.known_at)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _json_lines(
    name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], about: Mapping[str, Cell], following: str
) -> Iterator[str]:
    """One object with its rows, each on a line of its own: large tables are written as they are read."""
    names = [column.name for column in columns]
    head = {"table": name, "about": {key: _plain(value) for key, value in about.items()}, "next": following or None}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    between = "\n"
    for row in rows:
        yield between + json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def _plain(cell: Cell) -> Any:
    match cell:
        case datetime():
            return in_london(cell).isoformat()
        case date():
            return cell.isoformat()
        case Decimal() | Fraction():
            return round(float(cell), 6)
        case float() if not math.isfinite(cell):
            return None
        case _:
            return cell
