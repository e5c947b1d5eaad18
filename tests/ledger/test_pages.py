"""The pages of the record: the list, an entry with its proof, the thread, checkpoint and export (L2, L3, L4)."""

import html
import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from commonhold.ledger import queries, views
from commonhold.ledger.engine.verify_commonhold import parse_checkpoint
from commonhold.ledger.models import Entry
from commonhold.partnership.models import Appointment, Person
from tests.ledger.acting import NOON, entry, partner, person, post
from tests.ledger.logs import verified

pytestmark = pytest.mark.django_db


def words(response: HttpResponse) -> str:
    """What the page says, without its tags."""
    body = response.content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body[body.index("<main") :])).split())


@pytest.fixture
def clerk(client: Client) -> Client:
    """Somebody signed in who holds a post of Southmere."""
    ada = Person.objects.create(email="clerk@southmere.example", name="Clerk")
    held = post("Governance officer of Southmere", partner())
    Appointment.objects.create(post=held, person=ada, starts=NOON.date().replace(year=2020))
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def story() -> list[Entry]:
    first = entry("story.began", facts={"rows": 141_712})
    second = entry("story.went_on", because=first)
    return [first, second, entry("story.ended", because=second)]


def test_the_list_says_what_the_record_is_and_shows_the_newest_entries(client: Client, story: list[Entry]) -> None:
    response = client.get("/record/")
    head = queries.head()

    assert response.status_code == 200
    assert "<h1" in response.content.decode()
    for said in ("The record", f"Entries {head.size}", head.origin, "evidence, not prevention", "Story went on"):
        assert said in words(response)
    assert f'href="/record/entries/{story[2].number}/"' in response.content.decode()


def test_filters_stand_in_the_address(client: Client, story: list[Entry]) -> None:
    seen = words(client.get("/record/?kind=story.went_on&since=2026-07-21&until=2026-07-21"))

    assert f"Entry {story[1].number}" in seen
    assert f"Entry {story[0].number}" not in seen
    assert "What happened: Story went on" in seen
    assert "From: 21 July 2026" in seen


def test_a_list_without_entries_says_what_to_do(client: Client, story: list[Entry]) -> None:
    assert "No entry is like that Take a filter off" in words(client.get("/record/?subject=paper/99"))


@pytest.mark.parametrize(
    "address",
    ["since=yesterday", "kind=x.y", "older=x", "newer=-1", "older=99999999999999999999", "since-day=3", "%00"],
)
def test_an_address_that_makes_no_sense_is_no_fault(client: Client, story: list[Entry], address: str) -> None:
    assert client.get(f"/record/?{address}").status_code == 200


def test_the_list_goes_on_page_by_page(client: Client) -> None:
    for _ in range(30):
        entry()
    first = client.get("/record/?kind=meeting.called").content.decode()
    older = html.unescape(re.search(r'href="(\?[^"]*older=[^"]*)"', first)[1])
    second = client.get(f"/record/{older}").content.decode()

    assert "kind=meeting.called" in older
    shown = re.findall(r'href="/record/entries/(\d+)/"', first) + re.findall(r'href="/record/entries/(\d+)/"', second)
    assert len(shown) == len(set(shown)) == 30
    assert "newer=" in second


def test_htmx_is_given_the_entries_alone(client: Client, story: list[Entry]) -> None:
    asked = {"HX-Request": "true", "HX-Request-Type": "partial"}
    body = client.get("/record/?kind=story.went_on", headers=asked).content.decode()

    assert body.lstrip().startswith('<div id="entries">')
    assert "<html" not in body


def test_an_entry_is_told_in_words_with_its_causes_effects_and_proof(client: Client, story: list[Entry]) -> None:
    number = story[1].number
    seen = words(client.get(f"/record/entries/{number}/"))

    assert f"Entry {number}: Story went on" in seen
    assert "21 July 2026 at midday" in seen
    assert f"Because of Story began Entry {story[0].number}" in seen
    assert f"What came of it Story ended Entry {story[2].number}" in seen
    assert "In the record" in seen
    assert bytes(story[1].digest).hex() in seen
    assert queries.head().tree.root.hex() in seen
    assert "Rows 141,712" in words(client.get(f"/record/entries/{story[0].number}/"))


@pytest.fixture
def owner() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute('drop trigger "ledger_entry_append_only" on ledger_entry')
        else:
            cursor.execute('drop trigger "ledger_entry_no_update"')
        yield
        transaction.set_rollback(True)


def test_an_entry_that_was_changed_behind_our_back_says_so(client: Client, story: list[Entry], owner: None) -> None:
    Entry.objects.filter(number=story[1].number).update(post="host")

    assert "Not as entered" in words(client.get(f"/record/entries/{story[1].number}/"))


@pytest.mark.parametrize("number", [0, 10**6, 10**30])
@pytest.mark.parametrize("part", ["", "thread/"])
def test_an_entry_that_is_not_there_is_not_found(client: Client, number: int, part: str) -> None:
    assert client.get(f"/record/entries/{number}/{part}").status_code == 404


def test_the_thread_reads_from_first_to_last(client: Client, story: list[Entry]) -> None:
    first, second, third = (each.number for each in story)
    response = client.get(f"/record/entries/{second}/thread/")
    seen = words(response)

    assert f"The thread of entry {second}: Story went on" in seen
    assert "1 entry led to it; 1 entry came of it." in seen
    places = [seen.index(said) for said in ("What led to it", "The entry itself", "What came of it")]
    assert places == sorted(places)
    body = response.content.decode()
    assert all(f'id="entry-{number}"' in body for number in (first, second, third))
    assert f'href="#entry-{first}"' in body


def test_a_thread_of_one_says_so(client: Client) -> None:
    alone = entry()
    assert "No other entry led to it, and none has come of it yet." in words(
        client.get(f"/record/entries/{alone.number}/thread/")
    )


def test_a_long_thread_is_paged_and_opens_where_its_entry_stands(client: Client) -> None:
    made = [entry()]
    for _ in range(150):
        made.append(entry(because=made[-1]))
    here = client.get(f"/record/entries/{made[-1].number}/thread/").content.decode()

    assert f'id="entry-{made[-1].number}"' in here
    assert f'id="entry-{made[0].number}"' not in here
    assert "?page=1" in here
    earlier = client.get(f"/record/entries/{made[-1].number}/thread/?page=1").content.decode()
    assert f'id="entry-{made[0].number}"' in earlier
    assert f'href="/record/entries/{made[100].number}/thread/#entry-{made[100].number}"' in earlier


def test_the_public_sees_no_person_and_nothing_is_taken_for_markup(client: Client) -> None:
    invited = entry("person.invited", subject=person("<b>Ada</b>"))
    page = client.get(f"/record/entries/{invited.number}/")

    assert "Ada" not in words(page)
    assert "A person (not all of it is open to you)" in words(page)
    marked = post("<i>Clerk</i>")
    assert b"<i>Clerk" not in client.get(f"/record/entries/{entry(post=marked.slug).number}/").content


def test_the_checkpoint_is_text_that_others_can_keep(client: Client, story: list[Entry]) -> None:
    response = client.get("/record/checkpoint")
    head = queries.head()

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    kept = parse_checkpoint(response.content)
    assert (kept.origin, kept.size, kept.root) == (head.origin, head.size, head.tree.root)


def test_the_public_export_verifies_against_the_checkpoint(client: Client, story: list[Entry]) -> None:
    kept = parse_checkpoint(client.get("/record/checkpoint").content)
    entry()
    response = client.get("/record/export/")
    report = verified(b"".join(response), {"kept": kept})

    assert response["Content-Type"] == "application/zip"
    assert re.fullmatch(
        r'attachment; filename="commonhold-[0-9a-f]+-DEMONSTRATION-\d+-public.zip"', response["Content-Disposition"]
    )
    assert report.problems == []
    assert report.entries == queries.head().size


def test_a_partner_s_export_is_for_its_own_posts(clerk: Client, story: list[Entry]) -> None:
    assert "/record/export/southmere/" in clerk.get("/record/").content.decode()
    assert verified(b"".join(clerk.get("/record/export/southmere/"))).ok
    assert clerk.get("/record/export/northmere/").status_code == 403
    assert Client().get("/record/export/southmere/").status_code == 403
    assert "/record/export/southmere/" not in Client().get("/record/").content.decode()


def test_a_record_too_long_for_a_page_is_exported_by_command(
    client: Client, story: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_AT_ONCE", 2)

    assert "Ask the operator for an export" in words(client.get("/record/"))
    refused = client.get("/record/export/")
    assert refused.status_code == 400
    assert "commonhold export-ledger" in words(refused)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [("", 8), ("entries/{}/", 9), ("entries/{}/thread/", 8)])
def test_pages_take_as_many_queries_for_one_row_as_for_three(
    clerk: Client, rows: int, address: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    last = None
    for number in range(rows):
        last = entry("person.invited", subject=person(f"P{number}"), because=last, post="operator")
    assert last
    where = f"/record/{address.format(last.number)}" + ("?kind=person.invited" if not address else "")
    clerk.get(where)
    with django_assert_num_queries(queries):
        clerk.get(where)


def test_only_reading_is_answered(client: Client) -> None:
    for address in ("", "checkpoint", "export/", "entries/1/", "entries/1/thread/"):
        assert client.post(f"/record/{address}").status_code == 405
