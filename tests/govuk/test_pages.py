"""page(): the whole page, or the part that htmx asks for; and the frame that every page has."""

import re

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from commonhold.govuk.pages import page
from commonhold.govuk.shell import Link, Shell, marked

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_a_page_says_its_title_once_and_means_it_twice(site: Settings, client: Client) -> None:
    written = client.get("/bare/").text

    assert "<title>Sign in again - Three Rivers ICT Service</title>" in written
    assert re.findall(r"<h1[^>]*>([^<]+)</h1>", written) == ["Sign in again"]


def test_a_page_with_mistakes_says_so_in_its_title(site: Settings, client: Client) -> None:
    assert "<title>Error: Record what was resolved - Three Rivers ICT Service</title>" in client.get("/wrong/").text


def test_a_page_is_in_british_english_and_can_be_skipped_into(site: Settings, client: Client) -> None:
    written = client.get("/bare/").text

    assert '<html lang="en-GB" class="govuk-template">' in written
    assert '<a href="#main-content" class="govuk-skip-link"' in written
    assert '<main class="govuk-main-wrapper" id="main-content">' in written


@pytest.mark.parametrize("path", ["/", "/form/", "/wrong/", "/bare/"])
def test_a_page_holds_nothing_inline_and_no_id_twice(site: Settings, client: Client, path: str) -> None:
    written = client.get(path).text
    ids = re.findall(r' id="([^"]*)"', written)

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", written)
    assert all(" src=" in script for script in re.findall(r"<script[^>]*>", written))
    assert sorted(ids) == sorted(set(ids)) and "" not in ids
    assert "None" not in written


def test_a_demonstration_says_so_on_every_page(site: Settings, client: Client) -> None:
    assert "DEMONSTRATION:" in client.get("/bare/").text


def test_who_reads_is_said_with_the_post_they_act_in(site: Settings, client: Client) -> None:
    written = client.get("/form/").text

    assert "Amara Okafor" in written and "acting as Clerk, Ashmere" in written
    assert re.search(
        r'<form method="post" action="/sign-out/">\s*<input type="hidden" name="csrfmiddlewaretoken"', written
    )
    assert 'href="/sign-in/">Sign in</a>' in client.get("/bare/").text


def test_the_frame_can_be_printed_when_nothing_is_known(site: Settings) -> None:
    # Without a request no context processor speaks: the database may be what is wrong.
    written = render_to_string("gallery/bare.html")

    assert "<title>Sign in again - Commonhold</title>" in written
    assert "DEMONSTRATION" not in written


def test_the_crown_is_nowhere(site: Settings, client: Client) -> None:
    for path in ("/", "/form/"):
        assert not re.search(r"crown|crest|govuk-logo|gov\.uk/assets", client.get(path).text, re.IGNORECASE)


def test_htmx_is_answered_with_the_part_it_asks_for(site: Settings, client: Client) -> None:
    part = client.get("/", headers=PART)

    assert part.text.startswith('<section id="results">')
    assert "<html" not in part.text
    assert {"HX-Request", "HX-Request-Type"} <= {word.strip() for word in part["Vary"].split(",")}


@pytest.mark.parametrize(
    "headers",
    [{}, {"HX-Request": "true", "HX-Request-Type": "full"}, {"HX-Request-Type": "partial"}, {"HX-Request": "true"}],
)
def test_everybody_else_is_answered_with_the_page(site: Settings, client: Client, headers: dict[str, str]) -> None:
    answer = client.get("/", headers=headers)

    assert "<html" in answer.text and '<section id="results">' in answer.text
    assert "HX-Request" in answer["Vary"]


def offered(subject: object, seen_by: object) -> list[Link]:
    """What apps above offer, in this test."""
    return [Link(f"Take up {subject}", f"/{seen_by}/")]


def test_a_page_shows_what_apps_above_offer_for_its_subject(site: Settings, rf: RequestFactory) -> None:
    site.OFFERS = "tests.govuk.test_pages.offered"
    request: HttpRequest = rf.get("/")
    request.by = "clerk"

    written = page(request, "gallery/bare.html", subject="minute 4").text

    assert '<a class="govuk-link" href="/clerk/">Take up minute 4</a>' in written
    assert "What you can do" in written
    assert "What you can do" not in page(request, "gallery/bare.html").text


def test_a_page_can_be_answered_with_another_status(site: Settings, rf: RequestFactory) -> None:
    assert page(rf.get("/"), "gallery/bare.html", status=403).status_code == 403


LINKS = [Link("Home", "/"), Link("Meetings", "/meetings/"), Link("Minutes", "/meetings/minutes/")]


@pytest.mark.parametrize(
    ("path", "current", "active"),
    [
        ("/", ["Home"], ["Home"]),
        ("/meetings/", ["Meetings"], ["Meetings"]),
        ("/meetings/joint-committee/", [], ["Meetings"]),
        ("/meetings/minutes/4/", [], ["Minutes"]),
        ("/me/", [], []),
    ],
)
def test_the_navigation_marks_where_one_is(path: str, current: list[str], active: list[str]) -> None:
    links = marked(LINKS, path)

    assert [link.text for link in links if link.current] == current
    assert [link.text for link in links if link.active] == active


def test_a_shell_has_a_default_for_everything() -> None:
    assert Shell().partnership == "Commonhold"
