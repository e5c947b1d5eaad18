"""A document as HTML: literal, accessible, without anything fetched, and the same bytes each time."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.documents.engine.document import Document, Heading, KeyFigure, KeyFigures
from commonhold.documents.engine.words import printable
from commonhold.documents.html import body_html, whole_html
from tests.documents.drawings import drawn, everywhere, square
from tests.documents.reading import Page
from tests.documents.sample import pack


@pytest.fixture(scope="module")
def whole() -> str:
    return whole_html(pack(), drawn)


def test_it_is_one_page_in_english_with_one_main_heading_and_landmarks(whole: str) -> None:
    page = Page(whole)

    assert page.all("html") == [{"lang": "en-GB"}]
    assert len(page.all("h1")) == 1
    assert [len(page.all(landmark)) for landmark in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert "Performance pack: July to September 2026" in page.texts
    skip = page.all("a")[0]
    assert skip["href"] == f"#{page.all('main')[0]['id']}"


def test_it_fetches_nothing_and_runs_nothing(whole: str) -> None:
    page = Page(whole)

    assert not {tag for tag, _ in page.elements} & {"script", "link", "img", "iframe", "object", "base", "form"}
    assert page.attributes("src") == []
    assert set(re.findall(r"url\((.{0,20})", whole)) == {"data:font/woff2;base"}
    assert "@import" not in whole


def test_the_body_obeys_the_sites_policy() -> None:
    page = Page(body_html(pack(), drawn))

    assert page.attributes("style") == []
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert not page.all("style")
    assert not page.all("h1")


def test_no_two_elements_have_the_same_id(whole: str) -> None:
    ids = Page(whole).attributes("id")

    assert len(ids) == len(set(ids))


def test_every_table_has_a_caption_or_figcaption_and_headers_with_a_scope(whole: str) -> None:
    page = Page(whole)

    assert len(page.all("caption")) + whole.count('class="doc-strip"') == len(page.all("table"))
    assert {attributes.get("scope") for attributes in page.all("th")} == {"col", "row"}


def test_every_picture_has_its_text_alternative_and_every_chart_its_table(whole: str) -> None:
    page = Page(whole)

    assert page.all("svg")
    assert all(svg.get("role") == "img" and svg.get("aria-label") for svg in page.all("svg"))
    assert len(page.all("figure")) == len(page.all("figcaption")) == 5
    assert len(page.all("details")) == 4


def test_links_in_a_file_lead_to_the_site_and_on_a_page_stay_within_it() -> None:
    assert 'href="https://service.example.org/evidence/open-at-end/' in whole_html(pack(), drawn)
    assert 'href="/evidence/open-at-end/' in body_html(pack(), drawn)


def test_a_demonstration_bears_the_word(whole: str) -> None:
    assert Page(whole).texts.count("DEMONSTRATION") == 2


def test_where_a_chart_is_not_drawn_yet_its_table_stands_open() -> None:
    page = Page(body_html(pack(), lambda spec: None))

    assert not page.all("details")
    assert "Tickets opened each month, by priority" in page.texts


def test_a_number_with_nothing_to_compare_it_with_says_nothing_of_it() -> None:
    alone = KeyFigures((KeyFigure("Tickets opened", "15,450"),))
    blocks = (Heading(1, "In short", "in-short"), alone)
    page = Page(body_html(Document("Pack", "", date(2026, 6, 30), "A partnership", "", blocks), drawn))

    assert [cell.get("class") for cell in page.all("dd")] == ["doc-figures__value"]


def test_the_same_document_gives_the_same_bytes(whole: str) -> None:
    assert whole_html(pack(), drawn) == whole


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_appears_literally_in_every_place(text: str) -> None:
    page = Page(whole_html(everywhere(text), square))
    said = "".join(page.texts)

    assert said.count(printable(f"x{text}")) >= 30
    assert page.attributes("aria-label").count(printable(f"x{text}")) == 4
    assert not page.attributes("style")
    assert not page.all("script")


@pytest.mark.parametrize("text", ["</title><script>", '" onload="x', "<!--", "]]>", "&lt;b&gt;", "'><svg onload=x>"])
def test_hostile_text_stays_text(text: str) -> None:
    page = Page(whole_html(everywhere(text), square))

    assert not page.all("script")
    assert page.attributes("onload") == []
    assert "".join(page.texts).count(f"x{text}") >= 30
