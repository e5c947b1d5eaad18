"""A document as PDF/UA-1 by typst: tagged, in English, with the packaged typeface alone (U1).

Everything said goes to the template as JSON, so text is literal. The file's date is the document's; the same document
gives the same bytes.
"""

import json
import re
from functools import cache
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

from commonhold.documents import funnels
from commonhold.documents.charts import Draw, render
from commonhold.documents.engine.document import (
    Bars,
    Block,
    BulletList,
    Cell,
    Chart,
    Column,
    Contents,
    Definitions,
    Document,
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Table,
    Words,
)
from commonhold.documents.engine.funnels import Funnel
from commonhold.documents.engine.theme import TYPEFACE, WIDE
from commonhold.documents.engine.words import printable, runs
from commonhold.documents.glyphs import FOLDER, drawable
from commonhold.documents.rowheaders import name_rows
from commonhold.documents.strips import strip

if TYPE_CHECKING:
    import typst

TEMPLATE: Final = FOLDER.parent / "typst" / "document.typ"

LONG: Final = 24
"""Letters of a word that may be broken anywhere, such as a digest."""

PIECE: Final = 8

HEADING: Final = 18
"""Letters of a line of a heading above numbers."""

Json = dict[str, Any]


class NotSet(Exception):
    """The document could not be set as PDF/UA-1; the message is typst's."""


def pdf(document: Document, draw: Draw = render) -> bytes:
    """The document as a tagged PDF that declares PDF/UA-1."""
    import typst  # not for the processes that serve pages

    try:
        made = typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=_typefaces(),
            format="pdf",
            pdf_standards="ua-1",
            sys_inputs={"document": json.dumps(_document(document, draw))},
        )
    except typst.TypstError as problem:
        raise NotSet(f"{problem.message} {' '.join(problem.hints)}".strip()) from problem
    return name_rows(made)


@cache
def _typefaces() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER])


def _document(document: Document, draw: Draw) -> Json:
    whole = f"{document.title}: {document.subtitle}" if document.subtitle else document.title
    return {
        "typeface": TYPEFACE,
        "title": printable(whole),
        "running": _literal(whole),
        "heading": _text(document.title),
        "subtitle": _text(document.subtitle),
        "author": _literal(document.author),
        "partnership": _text(document.author),
        "audience": _text(document.audience),
        "marking": _literal(document.marking or ""),
        "date": [document.date.year, document.date.month, document.date.day],
        "blocks": [_block(document, block, number, draw) for block, number in document.numbered()],
    }


def _block(document: Document, block: Block, number: str, draw: Draw) -> Json:
    match block:
        case Heading(level, text, place):
            return {"kind": "heading", "level": level, "text": _text(text), "id": place}
        case Contents(title, down_to):
            return {"kind": "contents", "title": _text(title), "down_to": down_to}
        case Paragraph(words):
            return {"kind": "paragraph", "words": _words(document, words)}
        case BulletList(items):
            return {"kind": "list", "items": [_words(document, item) for item in items]}
        case Note(paragraphs, warning):
            said = [_words(document, words) for words in paragraphs]
            return {"kind": "note", "paragraphs": said, "warning": warning}
        case Definitions(items):
            defined = [{"term": _text(item.term), "meaning": _words(document, item.meaning)} for item in items]
            return {"kind": "definitions", "items": defined}
        case KeyFigures():
            return _key_figures(document, block)
        case Table():
            return {"kind": "table", "number": number, "title": _text(block.caption), **_table(document, block)}
        case Chart():
            return _chart(document, block, number, draw)
        case Bars():
            return _bars(document, block, number)
        case PageBreak():
            return {"kind": "page-break"}


def _key_figures(document: Document, block: KeyFigures) -> Json:
    figures = [
        {
            "label": _text(figure.label),
            "value": _text(figure.value),
            "detail": _text(figure.detail),
            "comparison": _text(figure.comparison),
            "address": _address(document, figure.address),
        }
        for figure in block.figures
    ]
    return {"kind": "figures", "figures": figures}


def _table(document: Document, table: Table) -> Json:
    shares = list(table.shares())
    return {
        "id": table.id,
        "columns": [{"heading": _heading(column), "kind": column.kind} for column in table.columns],
        # The first column takes the room that is left where none is of text.
        "shares": shares if any(shares) else [1, *shares[1:]],
        "compact": table.is_compact(),
        "rows": [[_cell(document, cell) for cell in row] for row in table.cells()],
        "total": [_cell(document, cell) for cell in table.totals()],
        "nothing": _text(table.nothing),
        "note": _text(table.note),
    }


def _heading(column: Column) -> list[list[str | list[str]]]:
    """The lines of a heading: above numbers it is broken, so that it takes no room from the words beside them."""
    lines = wrap(column.heading, HEADING, break_long_words=False) if column.kind == "number" else []
    return [_text(line) for line in lines or [column.heading]]


def _cell(document: Document, cell: Cell) -> Json:
    return {"text": _text(cell.text), "address": _address(document, cell.address), "strong": cell.strong}


def _chart(document: Document, chart: Chart, number: str, draw: Draw) -> Json:
    picture = chart.picture
    drawing = funnels.drawn(picture, WIDE) if isinstance(picture, Funnel) else draw(picture.wide)
    return {
        "kind": "chart",
        "id": chart.id,
        "number": number,
        "title": _text(chart.title),
        "about": _text(f"{chart.unit} · {chart.period} · {chart.scope}"),
        "alternative": printable(chart.alternative),
        "svg": _svg(drawing) if drawing else None,
        "note": _text(chart.note),
        "table": _table(document, chart.table),
    }


def _bars(document: Document, bars: Bars, number: str) -> Json:
    rows = [
        {
            "label": _text(bar.label),
            "svg": strip(bar, reference=bars.reference, largest=bars.largest),
            "alternative": printable(f"{bar.label}: {bar.printed}. {bar.sentence}"),
            "printed": _text(bar.printed),
            "sentence": _text(bar.sentence),
            "address": _address(document, bar.address),
        }
        for bar in bars.bars
    ]
    return {
        "kind": "strip",
        "id": bars.id,
        "number": number,
        "title": _text(bars.title),
        "about": _text(f"{bars.unit} · {bars.period} · {bars.scope}"),
        "headings": [
            _text(bars.heading),
            _text("Picture"),
            _text(bars.unit[:1].upper() + bars.unit[1:]),
            _text("In words"),
        ],
        "bars": rows,
        "note": _text(bars.remark),
    }


def _words(document: Document, words: Words) -> list[Json]:
    return [
        {"text": _text(run.text), "strong": run.strong, "address": _address(document, run.address)}
        for run in runs(words)
    ]


def _address(document: Document, address: str | None) -> str | None:
    """Where a link leads, or nothing for an address within a site that the file does not know."""
    led = document.lead(address) if address else None
    return led if led and re.match(r"#|https?:", led) else None


def _text(text: str) -> list[str | list[str]]:
    """The text as strings and long words, which are cut into the pieces between which a line may be broken."""
    parts = re.split(rf"(\S{{{LONG},}})", _literal(text))
    return [_cut(part) if at % 2 else part for at, part in enumerate(parts) if part]


def _cut(word: str) -> list[str]:
    """At the signs within a name or an address, and where there are none anywhere."""
    parts = re.findall(r"[^_/.&=?-]*[_/.&=?-]+|[^_/.&=?-]+", word)
    return [part[at : at + PIECE] for part in parts for at in range(0, len(part), PIECE)]


def _literal(text: str) -> str:
    return drawable(printable(text))


def _svg(drawing: bytes) -> str:
    """The drawing with only such characters as the typeface can draw."""
    return re.sub(r">[^<>]+<", lambda found: drawable(found.group()), drawing.decode())
