"""What the site says of itself: the glossary, kept once, its accessibility, its cookies."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils.text import slugify

from commonhold.web import glossary
from tests.reading import body_of, words

ROOT = Path(__file__).resolve().parents[2]
WORDS = [word for section in glossary.sections() for word in section.words]


def test_the_document_and_the_page_are_made_of_one_source() -> None:
    written = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")

    assert written == glossary.markdown(), "write it anew: python -m commonhold.web.glossary > docs/glossary.md"


@pytest.mark.django_db
def test_every_word_has_its_place_on_the_page(client: Client) -> None:
    page = body_of(client.get("/glossary/"))

    for word in WORDS:
        assert f'id="{slugify(word)}"' in page, word


def test_words_are_told_apart_and_in_order() -> None:
    anchors = [slugify(word) for word in WORDS]

    assert len(set(anchors)) == len(anchors)
    for section in glossary.sections():
        assert list(section.words) == sorted(section.words, key=str.casefold), section.title


def test_every_term_that_a_page_links_to_is_in_the_glossary() -> None:
    templates = (ROOT / "commonhold").glob("**/*.html")
    linked = {
        word for path in templates for word in re.findall(r'govuk\.term\("([^"]+)"', path.read_text(encoding="utf-8"))
    }

    assert linked <= {word.casefold() for word in WORDS} | set(WORDS)


@pytest.mark.django_db
def test_the_accessibility_statement_says_what_is_known_and_what_is_not(client: Client) -> None:
    seen = words(client.get("/accessibility/"))

    for said in ("version 2.2", "We know of these limits", "It has not yet been audited", "Equality Advisory"):
        assert said in seen


@pytest.mark.django_db
def test_the_cookies_named_are_those_that_are_set(client: Client) -> None:
    seen = words(client.get("/cookies/"))
    client.get("/accounts/login/")

    assert set(client.cookies) <= {"csrftoken", "sessionid"}
    for name in ("csrftoken", "sessionid"):
        assert name in seen
