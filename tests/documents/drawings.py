"""Stand-ins for drawings, and drawings drawn once for all the tests of a run."""

from functools import cache

from commonhold.documents import charts
from commonhold.documents.engine.document import Chart, Document, Spec
from tests.documents.sample import pack

SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="9" height="9"/></svg>'


def square(spec: Spec) -> bytes:
    return SQUARE


@cache
def kept() -> dict[str, bytes]:
    pictures = (block.picture for block in pack().blocks if isinstance(block, Chart))
    specs = (spec for picture in pictures for spec in (picture.wide, picture.narrow))
    return {charts.digest(spec): charts.render(spec) for spec in specs}


def drawn(spec: Spec) -> bytes:
    return kept()[charts.digest(spec)]


def everywhere(text: str) -> Document:
    """A document that says one text in every place where a text can stand."""
    from datetime import date

    from commonhold.documents.engine import document as d
    from commonhold.documents.engine import graphs

    name = f"x{text}"
    table = d.Table(name, (d.Column(name), d.Column(name, "number")), ((name, d.Cell(name, "#place")),), note=name)
    picture = graphs.horizontal([graphs.Row("a", 1, "1")], unit="tickets")
    return d.Document(
        name,
        name,
        date(2026, 9, 30),
        name,
        name,
        (
            d.Heading(1, name, "place"),
            d.Contents(name),
            d.Paragraph((name, d.Run(name, strong=True), d.Run(name, address="https://example.org/"))),
            d.BulletList((name,)),
            d.Note((name,), warning=True),
            d.Definitions((d.Definition(name, name),)),
            d.KeyFigures((d.KeyFigure(name, name, name, name, "#place"),)),
            table,
            d.Table(name, (d.Column(name),), (), nothing=name),
            d.Chart(picture, name, name, name, name, name, table, note=name),
            d.PageBreak(),
            d.Bars(name, name, name, name, name, (d.Bar(name, 1.0, 0.9, 1.1, name, name),), note=name),
        ),
        marking=name,
    )
