"""From bytes to rows: what is understood, what is listed by line, what is refused and in which words."""

import csv
import gzip
import io
import re
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.demand.engine import rows, unpack
from commonhold.demand.engine.unpack import Limits
from commonhold.refusals import Refused
from tests.demand.reading import problems, table

PLAIN = "number,state\nA1,New\nA2,Closed\n"
ROWS = [(2, ["A1", "New"]), (3, ["A2", "Closed"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_any_delimiter_newline_and_encoding(
    delimiter: str, newline: str, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    text = "number,state,site\nA1,New,Café\n".replace(",", delimiter).replace("\n", newline)
    assert table(pack(text.encode(encoding))) == [(2, ["A1", "New", "Café"])]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(PLAIN.rstrip("\n"), ROWS, id="no newline at the end"),
        pytest.param("number,state\r\nA1,New\rA2,Closed\n", ROWS, id="mixed newlines"),
        pytest.param("\n\n" + PLAIN, [(line + 2, row) for line, row in ROWS], id="blank lines above the headings"),
        pytest.param(
            "number,state\nA1,New\n\n,,,\nA2,Closed\n", [(2, ["A1", "New"]), (5, ["A2", "Closed"])], id="blank"
        ),
        pytest.param('number,state\nA1,"a\nb"\nA2,c\n', [(2, ["A1", "a\nb"]), (4, ["A2", "c"])], id="quoted newline"),
        pytest.param('number,state\r\nA1,"a\r\nb"\r\nA2,c\r\n', [(2, ["A1", "a\r\nb"]), (4, ["A2", "c"])], id="CRLF"),
        pytest.param('number,state\nA1,"say ""yes"""\n', [(2, ["A1", 'say "yes"'])], id="doubled marks"),
        pytest.param('number,state\nA1,15" screen\n', [(2, ["A1", '15" screen'])], id="a mark inside a cell"),
        pytest.param('"a, b",c;d\nx,y\n', [(2, ["x", "y"])], id="delimiters inside headings"),
        pytest.param("=1+1,state\n@A1,+New\n", [(2, ["@A1", "+New"])], id="formulas are data"),
        pytest.param("a,a,b\n1,2,3\n", [(2, ["1", "2", "3"])], id="repeated headings"),
    ],
)
def test_what_is_understood(given: str, expected: list[tuple[int, list[str]]]) -> None:
    assert table(given) == expected


def test_the_delimiter_is_the_one_under_which_the_wanted_headings_are_found() -> None:
    given = "number;state, of the ticket, today\nA1;New\n"
    assert table(given, wanted=("number",)) == [(2, ["A1", "New"])]


def test_cp1252_is_said_with_the_first_line_that_is_not_utf_8() -> None:
    file = unpack.examine(io.BytesIO("number,site\nA1,Town\nA2,Café\n".encode("cp1252")))
    assert file.encoding == "cp1252"
    (warning,) = file.warnings
    assert warning.startswith("The file is not UTF-8 (line 3 is not), so all of it was read as Windows-1252.")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (b"", "The file is empty."),
        (b"\n \r\n", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"number,state\n", "a heading line but no rows"),
        (b"number,state\n,\n\n", "a heading line but no rows"),
        (b"number,state\nA1,New\nA\x002,New\n", "Line 3 holds a NUL byte"),
        (PLAIN.encode("utf-16"), "UTF-16"),
        (PLAIN.encode("utf-16-le"), "UTF-16"),
        (PLAIN.encode("utf-16-be"), "UTF-16"),
        (PLAIN.encode("utf-32"), "UTF-16"),
        (b"\xef\xbb\xbfnumber,state\nA1,Caf\xe9\n", "says that it is UTF-8, but line 2 is not"),
        (b"number,state\nA1,Caf\xe9\nA2,\x81\n", "neither UTF-8 (line 2 is not) nor Windows-1252 (line 3 is not)"),
        (b"PK\x03\x04rest of a workbook", "an Excel workbook or a zip file, not CSV. Open it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "an old Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"{\\rtf1", "a word-processed document"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"BZh91AY", "packed with bzip2"),
        (b"<!DOCTYPE html><title>Sign in</title>", "a web page or XML"),
        (b"\n <table><tr>", "a web page or XML"),
        (b'{"result": [', "This JSON file cannot be read after its record 0"),
        (b'[["number", "state"], [1, "New"]]', "Record 1 of this JSON file is no object"),
        (b"number\nA1\n", "No comma, semicolon or tab divides the heading line"),
        (b"x" * 3_000_000, "No comma, semicolon or tab divides the heading line"),
        (b",".join(b"c%d" % n for n in range(2001)) + b"\n", "2,001 columns"),
        (gzip.compress(PLAIN.encode())[:-9], "cut short"),
        (gzip.compress(PLAIN.encode())[:-8] + b"\0" * 8, "damaged"),
        (gzip.compress(PLAIN.encode()) + b"more", "damaged"),
        (gzip.compress(gzip.compress(PLAIN.encode())), "packed with gzip twice"),
        (gzip.compress(b"") * 200, "very many tiny parts"),
        (b"number,state\nA1," + b"x" * 2_000_001, "After line 1 more than 2,000,000 characters"),
        (b'number,state\nA1,New\nA2,"New\nA3,New\n', "The quotation mark opened in line 3 is not closed"),
        (b'number,state\nA1,New\n"A\n2","New\n' + b"A3,New\n" * 50_000, "The quotation mark opened in line 4"),
        (b'number,state\nA1,"' + b'x""\n' * 700_000, "The quotation mark opened in line 2"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused_and_in_which_words(given: bytes, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        table(given)
    assert words in refusal.value.message
    assert refusal.value.message.count("\n") == 0


@pytest.mark.parametrize(
    ("given", "line", "column", "words"),
    [
        ("a,b\n1,2\n3\n", 3, "", "The row has 1 cell where the heading line has 2."),
        ("a,b\n1,2,3\n", 2, "", "The row has 3 cells where the heading line has 2. A cell that holds a comma must"),
        ('a,b\n1,"2\n3",4\n', 2, "", "It runs on to line 3: a quotation mark may be missing or one too many."),
        (f"a,b\n1,{'x' * 1_000_000}\n", 2, "b", "A cell has more than 100,000 characters."),
        (f'a,b\n1,"{"x" * 100_001}"\n', 2, "b", "A cell has more than 100,000 characters."),
        (f'a,b\n1,"{"x" * 500_000}\n{"y" * 500_000}"\n', 2, "", "A cell has more than 100,000 characters."),
    ],
)
def test_what_is_listed_by_line(given: str, line: int, column: str, words: str) -> None:
    (problem,) = problems(given)
    assert (problem.line, problem.column) == (line, column)
    assert words in problem.problem
    assert problem.value == "", "what cannot be told apart may be personal, so no message repeats it"


def test_text_inside_a_cell_that_is_too_large_is_never_taken_for_rows() -> None:
    """A description of several hundred thousand characters whose author wrote lines that look like the export's own."""
    forged = "A9,Closed\n" * 30_000
    given = f'number,state,description\nA1,New,"{forged}"\nA2,New,plain\n'
    assert table(given) == [(30_003, ["A2", "New", "plain"])]
    assert [problem.line for problem in problems(given)] == [2]


def test_a_message_shows_nothing_that_acts_on_a_screen() -> None:
    assert rows.shown("\x1b[2Ja\u202eb") == "\ufffd[2Ja\ufffdb"
    assert rows.shown("x" * 200) == "x" * 80 + "…"


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(size=1_000_000), "larger than 1 MB"),
        (Limits(unpacked=2_000_000), "Unpacked, the file passes 2 MB"),
    ],
)
def test_an_upload_is_limited_as_it_comes_and_unpacked(limits: Limits, words: str) -> None:
    with pytest.raises(Refused, match=words):
        rows.examine(io.BytesIO(PLAIN.encode() * 100_000), limits=limits)


class Endless(io.RawIOBase):
    """A file that would never end, to show how early reading stops."""

    def __init__(self, start: bytes, again: bytes) -> None:
        self._start, self._again, self.given = start, again, 0
        self._left = start

    def seek(self, position: int, whence: int = 0) -> int:
        self._left = self._start
        return position

    def read(self, size: int = -1) -> bytes:
        if not self._left:
            self._left = self._again * (1 + size // len(self._again))
        piece, self._left = self._left[:size], self._left[size:]
        self.given += len(piece)
        return piece


def test_a_gzip_that_grows_more_than_200_fold_is_stopped_early_and_without_memory() -> None:
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 20_000_000)
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(Refused, match="grows more than 200-fold"):
        rows.examine(io.BytesIO(bomb))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - began < 5
    assert most < 5_000_000

    small = gzip.compress(b"a,b\n" + b"1,2\n" * 100_000)
    with pytest.raises(Refused, match="grows more than 200-fold"):
        rows.examine(io.BytesIO(small))

    member = gzip.compress(b"1,2\n" * 1_000_000)
    endless = Endless(gzip.compress(b"a,b\n"), member)
    with pytest.raises(Refused, match="grows more than 200-fold"):
        rows.examine(endless)
    assert endless.given < 1_000_000


class Trickle(io.BytesIO):
    """A stream that gives a byte at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(1)


def test_a_stream_may_give_little_at_a_time() -> None:
    found = rows.examine(Trickle(gzip.compress(PLAIN.encode())))
    assert found.headings == ("number", "state")
    with pytest.raises(Refused, match="an Excel workbook"):
        rows.examine(Trickle(b"PK\x03\x04rest of a workbook"))


@pytest.mark.parametrize("later", ["number,state\nA1,New\nA2,Open\n", PLAIN + "A3,New\n", PLAIN[:-10], "caf\xe9", ""])
def test_a_file_that_changes_while_it_is_read_is_refused(later: str) -> None:
    stream = io.BytesIO(PLAIN.encode())
    found = rows.examine(stream)
    stream.seek(0)
    stream.truncate()
    stream.write(later.encode("cp1252"))
    with pytest.raises(Refused, match="The file changed while it was being read"):
        list(rows.blocks(stream, found))


def test_a_gzip_of_several_parts_with_padding_is_one_file() -> None:
    half = len(PLAIN) // 2
    parts = gzip.compress(PLAIN[:half].encode()) + b"\0" * 10 + gzip.compress(PLAIN[half:].encode()) + b"\0" * 700
    assert table(parts) == ROWS


@pytest.mark.long
@pytest.mark.parametrize("line", ["\n", "\r", ",,\n"])
def test_lines_without_content_are_passed_over_but_not_without_end(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spreadsheet may end in a million of them."""
    monkeypatch.setattr(rows, "BLANK_LIMIT", 100_000)
    assert table("a,b,c\n1,2,3\n" + line * 99_000) == [(2, ["1", "2", "3"])]
    with pytest.raises(Refused, match="More than 100,000 lines have no content at all"):
        table("a,b,c\n1,2,3\n" + line * 500_000)


@pytest.mark.long
@pytest.mark.parametrize(
    "row", ["A{n},{n:0200}\n", '"A{n}","{n:0200}"\n', 'A{n},"{n:0200}\nrest"\n', '"spoilt {n:0200}\n']
)
def test_memory_stays_flat_however_long_the_file(row: str) -> None:
    """Four times as many rows, plain, quoted, over two lines or spoilt, of which none repeats, take no more memory."""

    def most_used(count: int) -> int:
        stream = io.BytesIO(b"number,state\n" + "".join(row.format(n=n) for n in range(count)).encode())
        tracemalloc.start()
        found = rows.examine(stream)
        assert sum(len(block) + len(block.problems) for block in rows.blocks(stream, found)) in (count, count // 2)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few = 2 * (1_200_000 // len(row.format(n=1)))
    assert most_used(4 * few) < 1.2 * most_used(few)


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from('",;\t\n\r '), max_size=8
)  # fmt: skip


@settings(max_examples=150)
@given(
    data=st.data(),
    width=st.integers(2, 5),
    delimiter=st.sampled_from([",", ";", "\t"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    packed=st.booleans(),
    piece=st.integers(2, 40),
)
def test_any_table_that_is_written_is_read_back_the_same(
    data: st.DataObject,
    width: int,
    delimiter: str,
    newline: str,
    encoding: str,
    quoting: int,
    packed: bool,
    piece: int,
) -> None:
    """However it is written and wherever the pieces of the file happen to end."""
    cells = st.text(st.sampled_from('ab é€",;\t\n\r'), max_size=6) if encoding == "cp1252" else CELL
    body = data.draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=12))
    headings = [f"heading {n}" for n in range(width)]
    out = io.StringIO()
    # The lone carriage return is a newline to readers, and csv's writer does not quote it where it is not its own.
    careful = csv.QUOTE_ALL if newline != "\r\n" else quoting
    csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=careful).writerows([headings, *body])
    given = out.getvalue().encode(encoding)
    expected = [row for row in body if any(row)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unpack, "PIECE", piece)
        if not expected:
            with pytest.raises(Refused):
                table(gzip.compress(given) if packed else given)
            return
        found = table(gzip.compress(given) if packed else given)
    assert [row for _, row in found] == expected


@settings(max_examples=150)
@given(text=st.text(st.sampled_from('ab",;\n\r\t é'), max_size=60), piece=st.integers(2, 30))
def test_any_text_gives_rows_with_their_lines_or_plain_words(text: str, piece: int) -> None:
    """Rows are those of Python's csv module, except that a mark left open refuses the file."""
    given = f"a,b\n{text}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unpack, "PIECE", piece)
        try:
            found = table(given)
        except Refused as refusal:
            assert re.search("opened in line [0-9]+ is not closed|no rows", refusal.message)
            return
    peer = [row for row in csv.reader(io.StringIO(given, newline="")) if any(row)]
    assert [row for _, row in found] == [row for row in peer[1:] if len(row) == 2]
    lines = io.StringIO(given, newline="").readlines()
    for line, row in found:
        assert lines[line - 1].lstrip('"')[:1] == row[0][:1] or not row[0] or row[0][0] == '"'


@settings(max_examples=200)
@given(noise=st.binary(max_size=300), packed=st.booleans())
def test_no_bytes_end_in_a_fault(noise: bytes, packed: bool) -> None:
    for given_bytes in (
        noise,
        b"a,b\n" + noise,
        gzip.compress(noise) if packed else gzip.compress(b"a,b\n1,2\n")[:-1] + noise,
    ):
        try:
            table(given_bytes)
        except Refused as refusal:
            assert str(refusal)
