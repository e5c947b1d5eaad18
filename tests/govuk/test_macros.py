"""Our own macros: what they print, by role and text."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.govuk.gallery import Said
from tests.govuk.rendering import rendered


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_a_table_names_its_rows_and_columns_and_scrolls_by_keyboard() -> None:
    written = rendered(
        '{{ govuk.table("Tickets", [{"text": "Partner"}, {"text": "Count", "numeric": true}], [["Ashmere", 5]]) }}'
    )

    assert 'role="region" aria-labelledby="tickets-caption" tabindex="0"' in written
    assert re.search(r'<caption [^>]*id="tickets-caption"><span [^>]*>Tickets</span></caption>', written)
    assert re.search(r'<th scope="col"[^>]*>Partner</th>', written)
    assert re.search(r'<th scope="row"[^>]*>Ashmere</th>', written)
    assert re.search(r'<td class="govuk-table__cell govuk-table__cell--numeric">5</td>', written)


def test_a_column_that_sorts_is_a_link_and_says_how_it_is_sorted() -> None:
    written = rendered(
        '{{ govuk.table("Tickets", [{"text": "Opened", "href": "?order=opened", "sorted": "descending"}]) }}'
    )

    assert 'aria-sort="descending"' in written
    assert re.search(r'<a [^>]*href="\?order=opened">Opened</a>', written)


def test_a_page_can_print_the_rows_itself() -> None:
    written = rendered('{% call govuk.table("Tickets", [{"text": "A"}]) %}<tr><td>mine</td></tr>{% endcall %}')

    assert re.search(r'<tbody class="govuk-table__body">\s*<tr><td>mine</td></tr>\s*</tbody>', written)


def test_going_on_in_a_list() -> None:
    written = rendered('{{ govuk.pager(older="?older=17", what="tickets") }}')

    assert 'aria-label="More tickets"' in written
    assert "Older" in written and "Newer" not in written
    assert rendered("{{ govuk.pager() }}").strip() == ""


def test_going_on_by_htmx_keeps_the_address() -> None:
    written = rendered('{{ govuk.pager(newer="?newer=1", older="?older=2", target="#results") }}')

    assert re.findall(r'hx-get="([^"]+)"', written) == ["?newer=1", "?older=2"]
    assert written.count('hx-push-url="true"') == 2


def test_a_summary_says_what_can_be_changed_and_what_is_not_set() -> None:
    written = rendered(
        '{{ govuk.summary([("Team", none), ("State", "Open", "/state/"), ("Note", note)]) }}', note="<b>"
    )

    assert "not set" in written and "&lt;b&gt;" in written
    assert re.search(r'href="/state/">Change<span class="govuk-visually-hidden"> State</span>', written)


def test_progress_says_how_far_it_is_and_looks_again() -> None:
    running = rendered('{{ govuk.progress("Reading", 12400, 51000, "/jobs/1/") }}')
    ended = rendered('{{ govuk.progress("Reading", 51000, 51000, "/jobs/1/", words="Done", ended=true) }}')
    waiting = rendered('{{ govuk.progress("Reading", 0, 0, "/jobs/1/") }}')

    assert 'value="12400" max="51000"' in running and "12,400 of 51,000" in running
    assert 'hx-get="/jobs/1/"' in running and '<a class="govuk-link" id="reading-now" href="/jobs/1/">' in running
    assert "hx-" not in ended and "Done" in ended and "<a" not in ended
    assert "Waiting" in waiting and "value=" not in waiting


@pytest.mark.parametrize(
    ("tone", "colour"), [("good", "green"), ("bad", "red"), ("waiting", "yellow"), ("plain", "grey")]
)
def test_a_state_has_a_tone_and_its_word(tone: str, colour: str) -> None:
    written = rendered(f'{{{{ govuk.state("Published", "{tone}") }}}}')

    assert f"govuk-tag--{colour}" in written and text(written) == "Published"


def test_an_instant_is_exact_for_programs() -> None:
    at = datetime(2026, 7, 21, 17, 30, tzinfo=UTC)

    assert rendered("{{ govuk.instant(at) }}", at=at) == (
        '<time datetime="2026-07-21T17:30:00+00:00">21 July 2026 at 6:30pm</time>'
    )
    assert rendered("{{ govuk.day(on) }}", on=date(2026, 7, 21)) == '<time datetime="2026-07-21">21 July 2026</time>'


def test_a_term_leads_to_the_glossary(site: Settings) -> None:
    assert 'href="/glossary/#known-at"' in rendered('{{ govuk.term("Known at") }}')
    assert text(rendered('{{ govuk.term("Hold", "holds") }}')) == "holds"


def test_a_download_says_what_it_is() -> None:
    assert text(rendered('{{ govuk.download("Tickets", "/t.csv", "CSV", 48213) }}')) == "Tickets (CSV, 47 KB)"


def test_nothing_yet_says_what_to_do() -> None:
    written = rendered('{{ govuk.empty("No packs yet", "A pack is published each quarter.", "/new/", "Make one") }}')

    assert text(written) == "No packs yet A pack is published each quarter. Make one"


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ([Said("Published")], "Success"),
        ([Said("Published"), Said("It has no chair", "warning")], "Important"),
    ],
)
def test_messages_stand_in_one_banner(said: list[Said], title: str) -> None:
    written = rendered("{{ govuk.messages(said) }}", said=said)

    assert written.count('data-module="govuk-notification-banner"') == 1
    assert title in written and all(one.message in written for one in said)


def test_no_message_no_banner() -> None:
    assert rendered("{{ govuk.messages([]) }}").strip() == ""


EVERY: list[tuple[str, dict[str, Any]]] = [
    ("{{ govuk.table(h, [{'text': h, 'href': h}], [[h]]) }}", {}),
    ("{{ govuk.pager(h, h, h, h, h, h) }}", {}),
    ("{{ govuk.summary([(h, h, h, h)], title=h) }}", {}),
    ("{{ govuk.progress(h, 1, 2, h, words=h) }}", {}),
    ("{{ govuk.state(h) }}", {}),
    ("{{ govuk.empty(h, h, h, h) }}", {}),
    ("{{ govuk.download(h, h, h) }}", {}),
    ("{{ govuk.messages([h]) }}", {}),
    ("{{ govuk.button(text=h, href=h) }}", {}),
    ("{{ govuk.details(summaryText=h, text=h) }}", {}),
    ("{{ govuk.breadcrumbs(items=[{'text': h, 'href': h}]) }}", {}),
]


@pytest.mark.parametrize(("template", "context"), EVERY, ids=lambda one: str(one)[:30])
def test_no_word_becomes_markup(template: str, context: dict[str, Any]) -> None:
    written = rendered(template, h='"><script>alert(1)</script>', **context)

    assert "<script" not in written
