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


RESTS_ON_DESKS = re.compile(r"""govuk\.(?:figure|score)\(|headed\(|demand:numbered_ticket|ticket\.get_absolute_url""")
INCLUDES = re.compile(r"""\{%-?\s*include\s+['"]([\w/.]+)['"]""")
AGES = "demand/_ages.html"
SAYS_NOTHING_OF_AGES = {
    "demand/dispute.html": "of tickets as they were when it was raised",
    "demand/dispute_raise.html": "a form",
    "demand/put_right.html": "what was put right, by whom",
    "demand/put_right_form.html": "a form",
    "demand/incident_open.html": "a form",
    "performance/cause.html": "of what was known at an entry that it names",
    "performance/sample.html": "of what was known at an entry that it names",
    "performance/reading.html": "of readings, which no desk brings",
    "performance/readings.html": "of readings, which no desk brings",
    "performance/delivery.html": "of readings, which no desk brings",
    "performance/comparator.html": "of figures published before",
}


def whole(name: str) -> tuple[str, set[str]]:
    """The text of a template with that of the parts it includes, and their names."""
    (path,) = [one for one in TEMPLATES if str(one).endswith(f"/jinja2/{name}")]
    text, names = path.read_text(encoding="utf-8"), {name}
    for part in INCLUDES.findall(text):
        more, further = whole(part)
        text, names = text + more, names | further
    return text, names


def test_every_page_that_rests_on_a_desk_says_how_old_its_file_is() -> None:
    silent = []
    for path in TEMPLATES:
        name = str(path).rpartition("/jinja2/")[2]
        text = path.read_text(encoding="utf-8")
        if not name.startswith(("demand/", "performance/", "web/")) or "govuk/page.html" not in text:
            continue
        said, parts = whole(name)
        if RESTS_ON_DESKS.search(said) and AGES not in parts and name not in SAYS_NOTHING_OF_AGES:
            silent.append(name)
    assert silent == [], "include demand/_ages.html, or say here why not"
