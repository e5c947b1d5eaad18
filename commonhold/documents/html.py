"""A document as HTML: its body for a page of the site, or one whole file that needs no connection (U1, U2).

Text is always escaped. There are no scripts, no style attributes and nothing fetched from elsewhere; the same document
gives the same bytes.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from markupsafe import Markup

from commonhold.documents import funnels
from commonhold.documents.charts import Draw, render
from commonhold.documents.engine.document import (
    Bars,
    Block,
    BulletList,
    Cell,
    Chart,
    Contents,
    Definitions,
    Document,
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Spec,
    Table,
    Words,
)
from commonhold.documents.engine.funnels import Funnel
from commonhold.documents.engine.sheets import place_of
from commonhold.documents.engine.words import printable, runs
from commonhold.documents.strips import strip
from commonhold.govuk.taking import KINDS, WORD

HERE: Final = Path(__file__).resolve().parent
TYPEFACES: Final = HERE.parent / "govuk" / "static" / "vendor" / "source-sans"

Lead = Callable[[str], str]
"""Where a link leads from the place that the HTML is read in."""


def whole_html(document: Document, draw: Draw = render) -> str:
    """One file with everything in it, to be kept and read anywhere."""
    title = _text(f"{document.title}: {document.subtitle}" if document.subtitle else document.title)
    return (
        f'<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="author" content="{_text(document.author)}">\n'
        f'<meta name="date" content="{document.date.isoformat()}">\n'
        f"<style>\n{_style()}</style>\n</head>\n<body>\n"
        '<a class="page-skip" href="#document">Skip to the document</a>\n'
        f'<header class="page-header"><div class="page-width">{_title_block(document)}</div></header>\n'
        f'<main class="page-width" id="document">\n{_body(document, draw, document.lead)}</main>\n'
        f'<footer class="page-footer"><div class="page-width"><p>{_text(document.author)}</p>\n'
        f"<p>{title}</p>{_marking(document)}</div></footer>\n</body>\n</html>\n"
    )


def body_html(document: Document, draw: Draw = render) -> Markup:
    """The blocks alone, headings from h2 down, for a page of the site that shows the title itself, and that hands over
    its tables.

    The page links the style sheet `documents/document.css`.
    """
    return Markup(_body(document, draw, lambda address: address, taken=True))  # noqa: S704 - every text in it was escaped


def _body(document: Document, draw: Draw, lead: Lead, *, taken: bool = False) -> str:
    blocks = (
        _block(document, block, number, draw, lead) + (_taken(block, number) if taken else "")
        for block, number in document.numbered()
    )
    return f'<div class="doc">\n{"".join(blocks)}</div>\n'


def _block(document: Document, block: Block, number: str, draw: Draw, lead: Lead) -> str:
    match block:
        case Heading(level, text, place):
            return f'<h{level + 1} id="{place}">{_text(text)}</h{level + 1}>\n'
        case Contents():
            return _contents(document, block)
        case Paragraph(words):
            return f"<p>{_words(words, lead)}</p>\n"
        case BulletList(items):
            inside = "".join(f"<li>{_words(item, lead)}</li>\n" for item in items)
            return f"<ul>\n{inside}</ul>\n"
        case Note(paragraphs, warning):
            inside = "".join(f"<p>{_words(words, lead)}</p>" for words in paragraphs)
            return f'<div class="doc-note{" doc-note--warning" if warning else ""}">{inside}</div>\n'
        case Definitions(items):
            inside = "".join(f"<dt>{_text(item.term)}</dt><dd>{_words(item.meaning, lead)}</dd>\n" for item in items)
            return f'<dl class="doc-definitions">\n{inside}</dl>\n'
        case KeyFigures():
            return _key_figures(block, lead)
        case Table():
            return _table(block, number, lead)
        case Chart():
            return _chart(block, number, draw, lead)
        case Bars():
            return _bars(block, number, lead)
        case PageBreak():
            return '<div class="doc-page-break"></div>\n'


def _taken(block: Block, number: str) -> str:
    """Where a table, or a chart's, can be taken away from the page that it is on."""
    place = place_of(block) if isinstance(block, Table | Chart) else ""
    if not place:
        return ""
    links = ", ".join(
        f'<a href="?{WORD}={place}.{kind}" download>{number} as {name}</a>' for kind, name in KINDS.items()
    )
    return f'<p class="doc-taken">{links}</p>\n'


def _contents(document: Document, contents: Contents) -> str:
    links = (
        f'<li class="doc-contents__{heading.level}"><a href="#{heading.id}">{_text(heading.text)}</a></li>\n'
        for heading in document.headings(contents.down_to)
    )
    title = _text(contents.title)
    return f'<nav class="doc-contents" aria-label="{title}">\n<p>{title}</p>\n<ol>\n{"".join(links)}</ol>\n</nav>\n'


def _key_figures(block: KeyFigures, lead: Lead) -> str:
    figures = (
        f"<div><dt>{_text(figure.label)}</dt>\n"
        f'<dd class="doc-figures__value">{_link(figure.value, figure.address, lead)}</dd>\n'
        + (f"<dd>{_text(figure.detail)}</dd>\n" if figure.detail else "")
        + (f'<dd class="doc-figures__comparison">{_text(figure.comparison)}</dd>\n' if figure.comparison else "")
        + "</div>\n"
        for figure in block.figures
    )
    beside = min(len(block.figures), 4)
    return f'<dl class="doc-figures doc-figures--{beside}">\n{"".join(figures)}</dl>\n'


def _table(table: Table, number: str, lead: Lead, *, small: bool = False) -> str:
    classes = ["doc-table"]
    classes += [] if table.fits_a_phone() else ["doc-table--rows"]
    classes += ["doc-table--crowded"] if table.is_crowded() else []
    classes += ["doc-table--small"] if small else []
    classes += ["doc-table--compact"] if small and table.is_compact() else []
    note = f'<p class="doc-remark">{_text(table.note)}</p>\n' if table.note else ""
    caption = f"<b>{number}.</b> {_text(table.caption)}" if number else _text(table.caption)
    return (
        f'<table class="{" ".join(classes)}"{_id(table.id)} role="table">\n<caption>{caption}</caption>\n'
        f'<thead role="rowgroup">\n<tr role="row">{"".join(_headings(table))}</tr>\n</thead>\n'
        f'<tbody role="rowgroup">\n{"".join(_rows(table, lead))}</tbody>\n'
        f"{_total(table, lead)}</table>\n{note}"
    )


def _headings(table: Table) -> Iterator[str]:
    for column in table.columns:
        yield f'<th scope="col" role="columnheader" class="doc-{column.kind}">{_text(column.heading)}</th>'


def _rows(table: Table, lead: Lead) -> Iterator[str]:
    brief = table.brief()
    for row in table.cells():
        yield f'<tr role="row">{"".join(_row(table, row, brief, lead))}</tr>\n'
    if not table.rows:
        yield f'<tr role="row"><td role="cell" colspan="{len(table.columns)}">{_text(table.nothing)}</td></tr>\n'


def _row(table: Table, cells: tuple[Cell, ...], brief: tuple[bool, ...], lead: Lead) -> Iterator[str]:
    for at, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
        inside = _link(cell.text, cell.address, lead)
        inside = f"<strong>{inside}</strong>" if cell.strong else inside
        if at == 0:
            yield f'<th scope="row" role="rowheader" class="doc-{column.kind}">{inside}</th>'
        else:
            heading = _text(column.heading)
            classes = f"doc-{column.kind} doc-brief" if brief[at] else f"doc-{column.kind}"
            yield f'<td role="cell" class="{classes}" data-heading="{heading}">{inside}</td>'


def _total(table: Table, lead: Lead) -> str:
    if table.total is None:
        return ""
    cells = "".join(_row(table, table.totals(), table.brief(), lead))
    return f'<tfoot role="rowgroup">\n<tr role="row">{cells}</tr>\n</tfoot>\n'


def funnel_html(chart: Chart) -> Markup:
    """A funnel plot alone, for a page of the site that has the same figures in a table of its own."""
    pictures = _pictures(*_drawings(chart, _undrawn), chart.alternative)
    inside = f"{_figcaption(chart, '')}{pictures}{_remark(chart.note)}"
    return Markup(f'<div class="doc"><figure class="doc-chart">\n{inside}</figure></div>\n')  # noqa: S704 - as above


def _undrawn(_: Spec) -> None:
    """Charts that a worker draws are none of a page's."""


def _chart(chart: Chart, number: str, draw: Draw, lead: Lead) -> str:
    wide, narrow = _drawings(chart, draw)
    table = _table(chart.table, "", lead, small=True)
    if wide and narrow:
        table = f"<details><summary>The figures of {number.lower()} as a table</summary>\n{table}</details>\n"
    inside = f"{_figcaption(chart, number)}{_pictures(wide, narrow, chart.alternative)}{_remark(chart.note)}{table}"
    return f'<figure class="doc-chart"{_id(chart.id)}>\n{inside}</figure>\n'


def _drawings(chart: Chart, draw: Draw) -> tuple[bytes | None, bytes | None]:
    """Its drawings for a page and for a phone."""
    if isinstance(chart.picture, Funnel):
        return funnels.on_page(chart.picture)
    return draw(chart.picture.wide), draw(chart.picture.narrow)


def _pictures(wide: bytes | None, narrow: bytes | None, alternative: str) -> str:
    return "".join(
        f'<div class="doc-picture doc-picture--{name}">{_svg(drawing, alternative)}</div>\n'
        for name, drawing in (("wide", wide), ("narrow", narrow))
        if drawing
    )


def _remark(note: str) -> str:
    return f'<p class="doc-remark">{_text(note)}</p>\n' if note else ""


def _bars(bars: Bars, number: str, lead: Lead) -> str:
    rows = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{_text(bar.label)}</th>\n'
        f'<td role="cell">{strip(bar, reference=bars.reference, largest=bars.largest)}</td>\n'
        f'<td role="cell" class="doc-strip__value">{_link(bar.printed, bar.address, lead)}</td>\n'
        f'<td role="cell">{_text(bar.sentence)}</td></tr>\n'
        for bar in bars.bars
    )
    headings = "".join(
        f'<th scope="col" role="columnheader">{_text(heading)}</th>'
        for heading in (bars.heading, "Picture", bars.unit[:1].upper() + bars.unit[1:], "In words")
    )
    return (
        f'<figure class="doc-chart"{_id(bars.id)}>\n{_figcaption(bars, number)}'
        f'<table class="doc-strip" role="table" aria-label="{_text(bars.title)}">\n'
        f'<thead role="rowgroup"><tr role="row">{headings}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{rows}</tbody></table>\n'
        f'<p class="doc-remark">{_text(bars.remark)}</p>\n</figure>\n'
    )


def _figcaption(figure: Chart | Bars, number: str) -> str:
    what = " · ".join(_text(part) for part in (figure.unit, figure.period, figure.scope))
    name = f"<b>{number}.</b> " if number else ""
    return f'<figcaption><p>{name}{_text(figure.title)}</p>\n<p class="doc-remark">{what}</p></figcaption>\n'


def _svg(drawing: bytes, alternative: str) -> str:
    described = f'<svg role="img" aria-label="{_text(alternative)}" '
    return drawing.decode().replace("<svg ", described, 1)


def _title_block(document: Document) -> str:
    subtitle = f'<p class="page-subtitle">{_text(document.subtitle)}</p>\n' if document.subtitle else ""
    audience = f"<p>{_text(document.audience)}</p>\n" if document.audience else ""
    return (
        f'<p class="page-author">{_text(document.author)}</p>\n<h1>{_text(document.title)}</h1>\n'
        f"{subtitle}{audience}{_marking(document)}"
    )


def _marking(document: Document) -> str:
    return f'<p class="page-marking">{_text(document.marking)}</p>' if document.marking else ""


def _words(words: Words, lead: Lead) -> str:
    parts = ((run, _link(run.text, run.address, lead)) for run in runs(words))
    return "".join(f"<strong>{inside}</strong>" if run.strong else inside for run, inside in parts)


def _link(text: str, address: str | None, lead: Lead) -> str:
    return f'<a href="{_text(lead(address))}">{_text(text)}</a>' if address else _text(text)


def _id(place: str | None) -> str:
    return f' id="{place}"' if place else ""


def _text(text: str) -> str:
    return escape(printable(text))


@cache
def _style() -> str:
    faces = "".join(
        f'@font-face{{font-family:"Source Sans 3";font-weight:{weight};font-display:swap;'
        f"src:url(data:font/woff2;base64,{_base64(f'source-sans-3-latin-{weight}.woff2')})}}\n"
        for weight in (400, 700)
    )
    sheets = (HERE / "static" / "documents" / "document.css", HERE / "page.css")
    return faces + "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


def _base64(name: str) -> str:
    return b64encode((TYPEFACES / name).read_bytes()).decode()
