"""A document as PDF/UA-1: tagged, titled, in English, literal, and the same bytes each time."""

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.documents.engine.document import Column, Document, Heading, Paragraph, Table
from commonhold.documents.engine.words import printable
from commonhold.documents.glyphs import drawable
from commonhold.documents.pdf import pdf
from tests.documents.drawings import drawn, everywhere, square
from tests.documents.sample import pack

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf(pack(), drawn)


def elements(made: bytes) -> Iterator[pikepdf.Dictionary]:
    """Every structure element of the file, in order of reading."""

    def under(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
        if isinstance(node, pikepdf.Array):
            for inside in node:
                yield from under(inside)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield node
            if "/K" in node:
                yield from under(node["/K"])

    with pikepdf.open(io.BytesIO(made)) as opened:
        yield from under(opened.Root.StructTreeRoot)


def text_of(made: bytes, *options: str) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here (package poppler-utils); the text of the PDF is not compared.")
    command = ["pdftotext", "-enc", "UTF-8", *options, "-", "-"]
    return subprocess.run(command, input=made, capture_output=True, check=True).stdout.decode()


def test_it_is_tagged_titled_in_english_and_declares_pdf_ua(made: bytes) -> None:
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.check_pdf_syntax() == []
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.Lang == "en-GB"
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Performance pack: July to September 2026"
            assert metadata["dc:creator"] == ["Shared ICT Service of Southmere, Eastwell Cross and Northgate Vale"]
            assert metadata["xmp:CreateDate"].startswith("2026-09-30")
        assert len(opened.pages) == 5


def test_only_the_packaged_typeface_is_in_it(made: bytes) -> None:
    fonts = set(re.findall(rb"/FontName/[A-Z]{6}\+([A-Za-z-]+)", made))

    assert fonts == {b"SourceSansPro-Regular", b"SourceSansPro-Bold"}


def test_every_picture_has_its_text_alternative(made: bytes) -> None:
    alternatives = [str(element.get("/Alt", "")) for element in elements(made) if element.S == "/Figure"]

    assert len(alternatives) == 7
    assert all(alternatives)
    assert any(alternative.startswith("Bars for three months: 12,204 in July") for alternative in alternatives)


def test_tables_have_headers_of_columns_and_of_rows(made: bytes) -> None:
    kinds = [str(element.S) for element in elements(made)]
    scopes = [str(element.A[0].get("/Scope", "")) for element in elements(made) if element.S == "/TH"]

    assert kinds.count("/Table") == 11
    assert scopes.count("/Column") == 48
    assert scopes.count("/Row") == kinds.count("/TR") - kinds.count("/THead")
    assert not [e for e in elements(made) if e.S == "/TD" and "/Headers" in e.A[0]]


def test_headings_follow_the_document(made: bytes) -> None:
    assert [str(e.T) for e in elements(made) if e.S == "/H2"] == ["The desk's own verdict"]
    assert len([e for e in elements(made) if e.S == "/H1"]) == 1 + len(pack().headings(1))


def test_links_lead_to_the_site(made: bytes) -> None:
    with pikepdf.open(io.BytesIO(made)) as opened:
        links = [
            str(note.A.URI)
            for page in opened.pages
            for note in page.get("/Annots", [])
            if "/A" in note and "/URI" in note.A
        ]

    assert "https://service.example.org/evidence/open-at-end/2026-07-01/2026-09-30/" in links
    assert all(link.startswith("https://service.example.org/") for link in links)


def test_page_one_is_read_in_order(made: bytes) -> None:
    assert text_of(made, "-l", "1", "-raw").splitlines()[:15] == [
        "Shared ICT Service of Southmere, Eastwell Cross and Northgate Vale",
        "Performance pack",
        "July to September 2026",
        "For the Joint Committee. Every number leads to its evidence.",
        "DEMONSTRATION",
        "In one minute",
        "Resolved within target",
        "92.6%",
        "29,296 of 31,625 tickets",
        "Up 1.3 percentage points on April to June 2026",
        "(91.3%).",
        "Tickets opened, each month",
        "12,012",
        "36,035 in three months",
        "1.0% fewer a month than in April to June 2026",
    ]


def test_every_later_page_bears_the_title_the_marking_and_its_number(made: bytes) -> None:
    pages = text_of(made, "-layout").split("\f")[1:5]

    for number, page in enumerate(pages, start=2):
        first, *_, last = page.strip().splitlines()
        assert re.fullmatch(r"Performance pack: July to September 2026 +DEMONSTRATION", first)
        assert last.endswith(f"Page {number} of 5")


def test_a_long_table_repeats_its_header(made: bytes) -> None:
    document = everywhere("")
    rows = tuple((f"Row {at}", "1") for at in range(120))
    table = next(block for block in document.blocks if hasattr(block, "columns"))
    longer = Document(**{**fields(document), "blocks": (type(table)("Many rows", table.columns, rows),)})

    pages = text_of(pdf(longer, square)).split("\f")

    assert len(pages) > 3
    assert all("\nx\n" in page for page in pages[1:3])


def test_a_word_without_an_end_stays_on_the_page_and_is_read_whole() -> None:
    word = "9f86d081884c7d65" * 20
    document = Document(**{**fields(everywhere("")), "blocks": (Heading(1, "One", "one"), Paragraph(word))})

    assert word in re.sub(r"\s", "", text_of(pdf(document, square)))


def test_where_a_chart_is_not_drawn_its_table_stands_alone() -> None:
    assert len([e for e in elements(pdf(pack(), lambda spec: None)) if e.S == "/Figure"]) == 3


def test_the_same_document_gives_the_same_bytes_anywhere(made: bytes, tmp_path: Path) -> None:
    code = (
        "from hashlib import sha256\nfrom tests.documents.sample import pack\n"
        "from commonhold.documents import html, pdf\n"
        "print(sha256(html.whole_html(pack()).encode()).hexdigest(), sha256(pdf.pdf(pack())).hexdigest())"
    )
    elsewhere = {"TZ": "Pacific/Auckland", "LANG": "C", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, **elsewhere, "SOURCE_DATE_EPOCH": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    from commonhold.documents.html import whole_html

    here = [whole_html(pack(), drawn).encode(), made]
    assert told.stdout.split() == [hashlib.sha256(part).hexdigest() for part in here]
    assert pdf(pack(), drawn) == made


def test_rendering_what_was_drawn_loads_no_renderer() -> None:
    code = "import sys; from commonhold.documents import html, pdf; assert 'vl_convert' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.long
@given(st.text())
@settings(max_examples=60, deadline=None)
def test_any_text_appears_literally_in_the_pdf(text: str) -> None:
    made = pdf(everywhere(text), square)
    said = drawable(printable(f"x{text}"))

    assert squeezed(text_of(made)).count(squeezed(said)) >= 25
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.check_pdf_syntax() == []


@pytest.mark.parametrize("text", ['#import "x"', "*a* _b_ $c$ `d`", "\\u{41}", "#sys.inputs", "@place <place>", "= H"])
def test_markup_stays_text(text: str) -> None:
    assert squeezed(text_of(pdf(everywhere(text), square))).count(squeezed(f"x{text}")) >= 25


@pytest.mark.parametrize(
    "text", ["\u202ereversed", "中文 😀", "\u0301\u0301", "e\u0301", "\u200d\u00ad\ufeff", "x\u0336"]
)
def test_what_the_typeface_lacks_is_written_as_its_number(text: str) -> None:
    made = pdf(everywhere(text), square)

    assert made.startswith(b"%PDF-1.7")
    assert drawable("中a😀") == "[U+4E2D]a[U+1F600]"
    assert drawable("a\u200d\ufeffb") == "ab"


def fields(document: Document) -> dict[str, object]:
    return {name: getattr(document, name) for name in document.__dataclass_fields__}


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u200b-\u200f\u2060-\u2064\u034f]", "", text)


def test_long_headings_above_numbers_leave_the_words_beside_them_their_line() -> None:
    headings = (
        "April to June 2026",
        "January to March 2026 (last report)",
        "April to June 2025 (same period last year)",
    )
    words = "Half of the tickets were resolved within"
    table = Table(
        caption="How long it took",
        columns=(Column("Measure"), *(Column(heading, "number") for heading in headings)),
        rows=((words, "54.0 hours", "53.3 hours", "55.9 hours"),),
    )
    document = Document(**{**fields(everywhere("")), "blocks": (table,)})
    text = text_of(pdf(document, drawn), "-layout")

    assert re.search(rf"{words} +54\.0 hours +53\.3 hours +55\.9 hours", text)


def test_a_long_name_is_broken_between_its_words() -> None:
    paragraphs = tuple(Paragraph(f"{'word ' * count}closed_without_resolution.") for count in range(10, 24))
    text = text_of(pdf(Document(**{**fields(everywhere("")), "blocks": paragraphs}), drawn))
    ends = re.findall(r"closed\S*$", text, re.M)

    assert set(ends) >= {"closed_without_resolution."}
    assert set(ends) <= {"closed_without_resolution.", "closed_without_", "closed_"}
