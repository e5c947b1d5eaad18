"""An export is the record as it is, with what its reader may see, and anybody can verify it without us (L2, L3, D2)."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import connection, transaction

from commonhold.ledger import queries
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By, of_partner
from commonhold.ledger.engine.verify_commonhold import Report, parse_checkpoint
from commonhold.ledger.models import Entry
from commonhold.ledger.queries import exports
from commonhold.partnership.models import ClientBody, Partner
from commonhold.refusals import Refused
from tests.ledger.acting import CLERK, NOON, PUBLIC, body, entry, partner, person, post
from tests.ledger.logs import verified

pytestmark = pytest.mark.django_db


def exported(seen_by: By = PUBLIC) -> bytes:
    return b"".join(queries.export(queries.head(), seen_by))


def files(export: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(export)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def contents(export: bytes) -> dict[int, dict[str, Any]]:
    held = [name for name in files(export) if name.startswith("contents/")]
    lines = [json.loads(line) for name in held for line in files(export)[name].splitlines()]
    return {line["entry"]: {name: held["value"] for name, held in line["contents"].items()} for line in lines}


def verify(export: bytes) -> Report:
    return verified(export)


@pytest.fixture
def only_southmere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body's contents are the clerk's partner's alone."""

    def seen(self: ClientBody, seen_by: By) -> Mapping[str, Any]:
        return self.contents() if seen_by.partner == "southmere" else {}

    monkeypatch.setattr(ClientBody, "contents_seen_by", seen)


def test_it_verifies_and_holds_every_entry() -> None:
    for number in range(5):
        entry("body.added", subject=body(f"Body {number}"), facts={"n": number})
    export = exported()
    head = queries.head()

    assert verify(export).problems == []
    held = files(export)
    assert held["entries.jsonl"].splitlines() == [each.canonical() for each in Entry.objects.all()]
    checkpoint = parse_checkpoint(held[f"checkpoints/{head.size}.txt"])
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (head.origin, head.size, head.tree.root)
    assert b"python3 verify_commonhold.py" in held["README.txt"]
    assert held["README.txt"].isascii()


def test_the_same_record_gives_the_same_bytes() -> None:
    entry("body.added", subject=body())
    assert exported() == exported()

    with zipfile.ZipFile(io.BytesIO(exported())) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2026, 7, 21, 11, 0, 0)}


def test_it_holds_only_what_its_reader_may_see(only_southmere: None) -> None:
    made = entry("body.added", subject=body())

    assert contents(exported()).get(made.number) is None
    assert contents(exported(of_partner("northmere", NOON))).get(made.number) is None
    export = exported(of_partner("southmere", NOON))
    assert contents(export)[made.number] == body_contents(made)
    assert verify(export).problems == []


def body_contents(made: Entry) -> Mapping[str, Any]:
    return ClientBody.objects.get(pk=made.subject.partition("/")[2]).contents()


def test_personal_data_are_in_no_export() -> None:
    entry("person.invited", subject=person("Ada Byron"))
    southmere = partner()

    for reader in (PUBLIC, of_partner(southmere.slug, NOON)):
        assert not any(b"Ada" in data or b"ada@" in data.lower() for data in files(exported(reader)).values())


def test_a_value_that_was_erased_is_simply_not_there(only_southmere: None) -> None:
    there = body()
    made = entry("body.added", subject=there)
    made.salts.all().delete()
    export = exported(of_partner("southmere", NOON))

    assert contents(export).get(made.number) is None
    assert verify(export).ok
    there.delete()
    assert verify(exported(of_partner("southmere", NOON))).ok


def test_a_value_that_was_changed_since_is_found_and_named(only_southmere: None) -> None:
    there = body()
    made = entry("body.added", subject=there)
    ClientBody.objects.update(slug="another", name="Another")
    (problem,) = verify(exported(of_partner("southmere", NOON))).problems

    assert problem.entry == made.number
    assert "its value or its salt was changed" in problem.problem


ALTERATIONS = {
    "another kind": "update ledger_entry set kind = 'x.y' where number = %s",
    "another post": "update ledger_entry set post = 'host' where number = %s",
    "another subject": "update ledger_entry set subject = 'paper/9' where number = %s",
    "another fact": """update ledger_entry set facts = '{"n": 99}' where number = %s""",
    "a fact that none can hold": """update ledger_entry set facts = '{"n": 0.5}' where number = %s""",
    "another cause": "update ledger_entry set because = '[1]' where number = %s",
    "another instant": "update ledger_entry set at = '2026-07-21 11:00:00.5' where number = %s",
    "no such entry": "delete from ledger_entry where number = %s",
}


@pytest.fixture
def owner() -> Iterator[None]:
    """Somebody with the rights of the database's owner, who has dropped what guards the record."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute('drop trigger "ledger_entry_append_only" on ledger_entry')
        else:
            for event in ("update", "delete", "replace"):
                cursor.execute(f'drop trigger "ledger_entry_no_{event}"')
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("statement", ALTERATIONS.values(), ids=ALTERATIONS)
def test_what_the_owner_of_the_database_alters_is_found_and_named(owner: None, statement: str) -> None:
    for number in range(6):
        last = entry(facts={"n": number})
    altered = last.number - 3
    with connection.cursor() as cursor:
        cursor.execute(statement, [altered])
    report = verify(exported())

    assert report.problems[0].entry == altered


def test_an_export_of_many_entries_comes_in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ROWS", 3)
    for number in range(10):
        entry("body.added", subject=body(f"Body {number}"))
    export = exported()

    assert verify(export).problems == []
    assert len([name for name in files(export) if name.startswith("contents/")]) > 2


def test_what_is_entered_meanwhile_is_not_in_it() -> None:
    entry()
    head = queries.head()
    pieces = queries.export(head, PUBLIC)
    entry()

    assert verify(b"".join(pieces)).entries == head.size


def test_its_reader_is_the_public_or_a_partner_by_name_or_slug() -> None:
    southmere = partner()
    assert queries.audience(None, NOON) == PUBLIC
    assert queries.audience("southmere", NOON) == queries.audience("Southmere", NOON) == of_partner("southmere", NOON)
    with pytest.raises(Refused, match=r"There is no partner 'Northmere'. Partners: southmere."):
        queries.audience("Northmere", NOON)
    Partner.objects.filter(pk=southmere.pk).delete()
    with pytest.raises(Refused, match="Partners: none yet"):
        queries.audience("southmere", NOON)


def test_what_a_partner_may_see_is_not_what_the_public_may() -> None:
    assert PUBLIC.is_public
    assert not of_partner("southmere", NOON).is_public


def test_the_export_of_a_record_just_begun(django_assert_max_num_queries: Any) -> None:
    post("Clerk of Southmere")
    record(by=CLERK, kind="meeting.called")
    with django_assert_max_num_queries(12):
        assert verify(exported()).ok
