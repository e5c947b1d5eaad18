"""Tickets as a flat table: whose rows it holds, in parts, as it was known, in three forms, and what it refuses."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from commonhold.demand.acts import putting_right
from commonhold.demand.models import Ticket
from commonhold.demand.queries.flat import COLUMNS
from commonhold.govuk.flat import Asked
from commonhold.ledger.models import Head
from tests.flat import next_of, read, rows_of
from tests.universe import NOON, browser_of, somebody

pytestmark = pytest.mark.usefixtures("universe", "db")
ALL = [f"SD000{number}" for number in range(1, 10)]
SOUTHMERE = ["SD0001", "SD0004", "SD0008", "SD0009"]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def asked(query: str = "", post: str = "service-analyst", kind: str = "csv", **headers: str) -> Any:
    return read(browser_of(post).get(f"/tables/tickets.{kind}{query}", headers=headers))


def references(answer: Any) -> list[str]:
    return [row["reference"] for row in rows_of(answer)]


@pytest.mark.parametrize(
    ("post", "rows"),
    [
        ("service-analyst", ALL),
        ("managing-director", ALL),
        ("client-lead-of-southmere", SOUTHMERE),
        ("auditor-of-eastwell-vale", ["SD0002", "SD0005"]),
        ("administrator-of-the-shared-service", []),
    ],
)
def test_each_reader_has_the_rows_of_their_own_partner_and_who_runs_the_service_all(post: str, rows: list[str]) -> None:
    assert references(asked(post=post)) == rows


def test_a_row_says_all_that_its_columns_promise() -> None:
    first = rows_of(asked())[0]

    assert list(first) == [column.name for column in COLUMNS]
    assert (first["partner"], first["priority"], first["kind"], first["state"]) == (
        "Southmere", "P3", "Incident", "Resolved",
    )  # fmt: skip
    assert (first["opened_at"], first["resolved_at"]) == ("2026-06-01T09:00:00+01:00", "2026-06-01T13:00:00+01:00")
    assert (first["used_minutes"], first["held_minutes"]) == ("240", "0")
    assert (first["target_missed"], first["desk_says_met"], first["grade"]) == ("FALSE", "TRUE", "intervals")
    assert first["address"].endswith(f"/tickets/{Ticket.objects.get(reference='SD0001').desk_id}/SD0001/")


@pytest.mark.parametrize("size", [1, 2, 4, 8, 9, 10])
def test_its_parts_put_together_are_the_whole_whatever_their_size(size: int) -> None:
    """As Power Query reads it: after the last row's key, until there are no rows; and as its links lead."""
    whole, found, after = references(asked()), [], ""
    while rows := rows_of(asked(f"?size={size}&after={after}")):
        found += [row["reference"] for row in rows]
        after = rows[-1]["key"]
    linked, address = [], f"?size={size}"
    while address:
        answer = asked(address)
        linked += references(answer)
        address = next_of(answer)

    assert found == linked == whole


def test_links_keep_what_was_known_at_the_first_part() -> None:
    assert "Link" not in asked("?size=4&partner=southmere")
    first = asked("?size=2&partner=southmere")
    following = next_of(first)
    ticket = Ticket.objects.get(reference="SD0008")
    putting_right.exclude(by=somebody("service-analyst"), ticket=ticket, reason="A test call.")

    before = {row["reference"]: row["left_out"] for row in rows_of(asked(following))}
    now = {row["reference"]: row["left_out"] for row in rows_of(asked("?partner=southmere"))}

    assert before == {"SD0008": "FALSE", "SD0009": "FALSE"}
    assert now["SD0008"] == "TRUE"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("?from=2026-06-09&to=2026-06-15", ["SD0004", "SD0005"]),
        ("?from=2026-06-22", ["SD0007", "SD0008", "SD0009"]),
        ("?to=2026-06-01", ["SD0001"]),
        ("?partner=southmere", SOUTHMERE),
        ("?partner=Southmere", SOUTHMERE),
        ("?partner=none", []),
        ("?from=2031-01-01", []),
    ],
)
def test_it_is_narrowed_down_in_the_address(query: str, rows: list[str]) -> None:
    assert references(asked(query)) == rows


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?opened=2026-06-01", "not narrowed down by"),
        ("?from=June", "not a day"),
        ("?partner=atlantis", "no partner"),
        ("?after=xyz", "no key"),
        ("?after=1-2-3", "no key"),
        ("?after=99999999999999999999-1", "no key"),
        ("?after=1-99999999999999999999999", "no key"),
        ("?size=0", "from 1 to 50,000"),
        ("?size=50001", "from 1 to 50,000"),
        ("?size=-1", "from 1 to 50,000"),
        ("?size=%C2%B2", "from 1 to 50,000"),
        ("?known_at=0", "No tickets were known"),
        ("?known_at=999999", "no entry"),
        ("?partner=%00", "too long, or holds"),
        (f"?partner={'x' * 400}", "too long, or holds"),
    ],
)
def test_what_makes_no_sense_is_refused_in_plain_words(query: str, words: str) -> None:
    answer = asked(query)

    assert answer.status_code == 400
    assert words in answer.whole.decode()


def test_another_partner_s_rows_are_refused_and_not_counted() -> None:
    answer = asked("?partner=northgate", post="client-lead-of-southmere")

    assert answer.status_code == 403
    assert "You may not read tickets of Northgate" in answer.whole.decode()


def test_the_public_is_asked_for_a_token_and_a_browser_to_sign_in() -> None:
    program, person = asked(post=""), asked(post="", Accept="text/html")

    assert (program.status_code, person.status_code) == (401, 403)
    assert "Basic" in program["WWW-Authenticate"]
    assert "WWW-Authenticate" not in person
    assert "Sign in" in person.whole.decode()


def test_there_are_three_forms_with_the_same_rows() -> None:
    told = json.loads(asked(kind="json").whole)
    book = load_workbook(io.BytesIO(asked(kind="xlsx").whole))
    sheet = [[cell.value for cell in row] for row in book["Table"].iter_rows()]

    assert [row["reference"] for row in told["rows"]] == [row[1] for row in sheet[1:]] == ALL
    assert (told["table"], told["next"]) == ("tickets", None)
    assert told["rows"][0]["used_minutes"] == 240
    assert told["rows"][0]["target_missed"] is False
    assert sheet[0] == [column.name for column in COLUMNS]
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Who may see it"] == "people of the partner concerned, and those who run the service (D2)"
    assert "minutes" in about["Column used_minutes"]
    assert asked(kind="ods").status_code == 404


def test_what_has_not_changed_is_not_sent_again() -> None:
    answer = asked(kind="xlsx")
    tag = answer["ETag"]

    assert asked(kind="xlsx").whole == answer.whole
    again = asked(kind="xlsx", **{"If-None-Match": tag})
    assert (again.status_code, again.whole, again["ETag"]) == (304, b"", tag)
    assert asked("?size=3", kind="xlsx", **{"If-None-Match": tag}).status_code == 200
    assert asked(post="client-lead-of-southmere", kind="xlsx", **{"If-None-Match": tag}).status_code == 200
    ticket = Ticket.objects.get(reference="SD0005")
    putting_right.exclude(by=somebody("service-analyst"), ticket=ticket, reason="A monitoring storm.")
    changed = asked(kind="xlsx", **{"If-None-Match": tag})
    assert (changed.status_code, changed["ETag"] == tag) == (200, False)


def test_since_when_nothing_changed_is_said_only_where_it_is_certain() -> None:
    assert "Last-Modified" not in asked()
    Head.objects.update(origin="commonhold/0123456789abcdef")
    assert "Last-Modified" not in asked()
    with time_machine.travel(NOON.replace(hour=12), tick=False):
        answer = asked()
        assert answer["Last-Modified"] == "Tue, 21 Jul 2026 11:00:00 GMT"
        assert asked(**{"If-Modified-Since": answer["Last-Modified"]}).status_code == 304


def test_any_number_of_rows_is_read_by_the_same_few_queries() -> None:
    from commonhold.demand.queries import flat

    by = somebody("service-analyst")
    for size in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            part = flat.tickets(flat.Wanted(), Asked("", size), seen_by=by, site="")
            assert len(list(part.rows)) == size
        assert len(queries) == 4


def test_a_name_that_a_spreadsheet_would_run_is_text(universe: object) -> None:
    ticket = Ticket.objects.get(reference="SD0001")
    Ticket.objects.filter(pk=ticket.pk).update(reference="=1+1")

    assert rows_of(asked())[0]["reference"] == "'=1+1"


@pytest.mark.parametrize("reference", ["SD0001", "2026/07-1.a_b", "Ünïcode-7", "no such address", "..", "a?b"])
def test_an_address_is_that_of_the_ticket_s_page(reference: str) -> None:
    ticket = Ticket.objects.get(reference="SD0001")
    Ticket.objects.filter(pk=ticket.pk).update(reference=reference)
    ticket.refresh_from_db()

    assert rows_of(asked())[0]["address"].endswith(ticket.get_absolute_url())
