"""Answers of flat tables, as a program reads them."""

import csv
import io
from typing import Any


def read(answer: Any) -> Any:
    """The answer, read to its end, which closes it; `whole` is what it held."""
    answer.whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def rows_of(answer: Any) -> list[dict[str, str]]:
    """The rows of a table as CSV, by their columns."""
    assert answer.status_code == 200, answer.whole
    return list(csv.DictReader(io.StringIO(answer.whole.decode("utf-8-sig"), newline="")))


def next_of(answer: Any) -> str:
    """The query of the next part, where there is one."""
    return "?" + answer["Link"].partition("?")[2].partition(">")[0] if "Link" in answer else ""
