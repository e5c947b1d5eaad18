"""Rule 8 of docs/house.md: a template names addresses and parts of its own app, of apps below, and of govuk."""

import re
from pathlib import Path

import pytest

from tests.house.source import PACKAGE

ORDER = ("govuk", "documents", "ledger", "jobs", "partnership", "governance", "demand", "performance", "web")
NAMED = re.compile(r"""url\(\s*['"](\w+):""")
INCLUDED = re.compile(r"""\{%-?\s*(?:extends|include|import|from)\s+['"](\w+)/""")
SITE_WIDE = {"account", "mfa"}
TEMPLATES = sorted(PACKAGE.glob("*/jinja2/**/*.html"))


def above(app: str, text: str) -> set[str]:
    """The apps above its own that a template names."""
    return {*NAMED.findall(text), *INCLUDED.findall(text)} - {*ORDER[: ORDER.index(app) + 1], *SITE_WIDE}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_knows_only_what_is_below_it(template: Path) -> None:
    app = template.relative_to(PACKAGE).parts[0]

    assert above(app, template.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    "planted",
    [
        "{{ url('demand:tickets') }}",
        '{% include "performance/_rows.html" %}',
        '{% from "demand/_report.html" import told %}',
        '{% extends "web/home.html" %}',
    ],
)
def test_a_planted_way_upwards_is_found(planted: str) -> None:
    assert above("governance", planted)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_holds_nothing_inline(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son\w+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
