"""A document that could not be read by everybody cannot be made (U1, U2)."""

from datetime import date
from typing import Any

import pytest

from commonhold.documents.engine import graphs
from commonhold.documents.engine.document import (
    Bar,
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Heading,
    Paragraph,
    Picture,
    Run,
    Table,
)
from commonhold.documents.engine.words import printable
from tests.documents.sample import pack

TABLE = Table("Tickets each month", (Column("Month"), Column("Tickets", "number")), (("July", "12"),))
PICTURE = graphs.monthly([graphs.Month("Jul 2026", 12, "12")], now="2026", before="2025", unit="tickets")
CHART = {
    "picture": PICTURE,
    "title": "Tickets each month",
    "unit": "tickets",
    "period": "July 2026",
    "scope": "all partners",
    "alternative": "One bar: 12 tickets in July.",
    "table": TABLE,
}


def document(*blocks: Block) -> Document:
    return Document("Pack", "July 2026", date(2026, 7, 31), "A partnership", "For the Joint Committee", blocks)


def test_the_sample_pack_can_be_made() -> None:
    assert [number for _, number in pack().numbered() if number.startswith("Figure")] == [
        "Figure 1",
        "Figure 2",
        "Figure 3",
        "Figure 4",
        "Figure 5",
    ]


@pytest.mark.parametrize("part", ["title", "unit", "period", "scope", "alternative"])
def test_a_chart_cannot_be_made_without_what_a_reader_needs(part: str) -> None:
    Chart(**CHART)
    with pytest.raises(ValueError, match="is missing"):
        Chart(**{**CHART, part: " "})


def test_a_chart_cannot_be_made_without_its_figures_as_a_table() -> None:
    with pytest.raises(ValueError, match="has no data table"):
        Chart(**{**CHART, "table": Table("Nothing", (Column("Month"),), ())})


@pytest.mark.parametrize("data", [{"url": "https://example.org/data.csv"}, [{"layer": [{"data": {"url": "x"}}]}]])
def test_a_chart_fetches_nothing(data: Any) -> None:
    with pytest.raises(ValueError, match="names no address"):
        Picture({"data": data}, {})


def test_headings_do_not_skip_levels() -> None:
    document(Heading(1, "One", "one"), Heading(2, "Two", "two"), Heading(1, "Three", "three"))
    with pytest.raises(ValueError, match="skips from level 1 to 3"):
        document(Heading(1, "One", "one"), Heading(3, "Two", "two"))
    with pytest.raises(ValueError, match="skips from level 0 to 2"):
        document(Heading(2, "Two", "two"))


def test_a_link_within_the_document_leads_somewhere() -> None:
    to_parity = Paragraph(Run("See", address="#parity"))
    document(Heading(1, "Parity", "parity"), to_parity)
    with pytest.raises(ValueError, match="not in the document: parity"):
        document(to_parity)
    with pytest.raises(ValueError, match="not in the document: nowhere"):
        document(Table("T", (Column("A"),), ((Cell("x", "#nowhere"),),)))


def test_two_places_have_two_names() -> None:
    with pytest.raises(ValueError, match="same id: one"):
        document(Heading(1, "One", "one"), Heading(1, "Two", "one"))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/evidence/1?by=partner#rows",
        "http://example.org",
        "/evidence/within-target/2026-07-01/",
        "/evidence/a:b/",
        "figures.json",
        "?page=2",
    ],
)
def test_links_lead_to_the_web_or_into_the_site(address: str) -> None:
    assert Run("x", address=address).address == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\nscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:a@example.org",
        "//example.org/",
        "https://",
        "https://name:password@example.org/",
        'https://example.org/"onmouseover="x',
        "https://example.org/a b",
        "\\\\example.org\\x",
        "#",
        "#Not A Place",
        "",
    ],
)
def test_links_lead_nowhere_else(address: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        Run("x", address=address)


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="not one cell for each column"):
        Table("T", (Column("A"), Column("B")), (("x",),))
    with pytest.raises(ValueError, match="not one cell for each column"):
        Table("T", (Column("A"), Column("B")), (("x", "y"),), total=("x",))


def test_a_value_lies_within_its_interval() -> None:
    with pytest.raises(ValueError, match="does not lie between"):
        Bar("Southmere", 2.0, 0.9, 1.1, "2.0", "Worse.")


def test_text_keeps_every_character_that_a_page_can_hold() -> None:
    assert printable("<b>Ŵ & 中 'x'") == "<b>Ŵ & 中 'x'"
    assert printable("two\r\nlines\tand\u2028more") == "two  lines and more"
    assert printable("a\x00b\x1bc\u202ed\ufffe") == "a\ufffdb\ufffdc\ufffdd\ufffd"


def test_addresses_in_files_begin_with_the_sites_own() -> None:
    assert pack().lead("/evidence/1/") == "https://service.example.org/evidence/1/"
    assert pack().lead("figures.json") == "figures.json"
    assert pack().lead("#parity") == "#parity"
