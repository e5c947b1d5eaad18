"""One document as plain values, checked when it is made, from which HTML, tagged PDF and Word are rendered.

What cannot be read by everybody cannot be made: headings do not skip levels, links within the document lead somewhere,
charts carry what U2 asks for. Its date is the period's, never today's, so the same document gives the same bytes.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from commonhold.documents.engine.blocks import (
    BulletList,
    Contents,
    Definition,
    Definitions,
    Heading,
    Note,
    PageBreak,
    Paragraph,
)
from commonhold.documents.engine.charts import Bar, Bars, Chart, KeyFigure, KeyFigures, Picture, Spec
from commonhold.documents.engine.funnels import Funnel
from commonhold.documents.engine.tables import Cell, Column, Table
from commonhold.documents.engine.words import Run, Words, check_address, needed

__all__ = [
    "Bar",
    "Bars",
    "Block",
    "BulletList",
    "Cell",
    "Chart",
    "Column",
    "Contents",
    "Definition",
    "Definitions",
    "Document",
    "Heading",
    "KeyFigure",
    "KeyFigures",
    "Note",
    "PageBreak",
    "Paragraph",
    "Picture",
    "Run",
    "Spec",
    "Table",
    "Words",
]

Block = Heading | Contents | Paragraph | BulletList | Note | Definitions | Table | Chart | Bars | KeyFigures | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A document: who gives what to whom, and its blocks.

    `home` is the site's own address: in a file it is put before addresses within the site.
    """

    title: str
    subtitle: str
    date: date
    author: str
    audience: str
    blocks: tuple[Block, ...]
    marking: str | None = None
    home: str = ""

    def __post_init__(self) -> None:
        needed(title=self.title, author=self.author)
        if self.home:
            check_address(self.home)
        _check_headings(self)
        _check_places(self)

    def headings(self, down_to: int) -> tuple[Heading, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Heading) and block.level <= down_to)

    def numbered(self) -> Iterator[tuple[Block, str]]:
        """The blocks, each with the number it is called by: "Figure 1", "Table 1", or none."""
        counts: Counter[str] = Counter()
        for block in self.blocks:
            name = "Figure" if isinstance(block, Chart | Bars) else "Table" if isinstance(block, Table) else ""
            counts[name] += 1
            yield block, f"{name} {counts[name]}" if name else ""

    def lead(self, address: str) -> str:
        """Where a link in a file leads: an address within the site begins with the site's own, if that is known."""
        return self.home.rstrip("/") + address if address.startswith("/") else address


def _check_headings(document: Document) -> None:
    level = 0
    for heading in document.headings(down_to=99):
        if heading.level > level + 1:
            raise ValueError(f"The heading {heading.text!r} skips from level {level} to {heading.level}.")
        level = heading.level


def _check_places(document: Document) -> None:
    places = Counter(place for block in document.blocks if (place := getattr(block, "id", None)))
    if twice := [place for place, count in places.items() if count > 1]:
        raise ValueError(f"Two blocks have the same id: {', '.join(twice)}.")
    wanted = {address[1:] for address in _addresses(document.blocks) if address.startswith("#")}
    if nowhere := sorted(wanted - set(places)):
        raise ValueError(f"A link leads to a place that is not in the document: {', '.join(nowhere)}.")


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for part in value:
            yield from _addresses(part)
    elif is_dataclass(value) and not isinstance(value, Picture | Funnel):
        for field in fields(value):
            inside = getattr(value, field.name)
            if field.name != "address":
                yield from _addresses(inside)
            elif inside:
                yield inside
