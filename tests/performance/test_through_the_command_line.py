"""Whatever post the command line acts in, the record tells it from what the post's holder does, signed in (D4)."""

from pathlib import Path

import pytest

from commonhold.ledger.models import Entry
from commonhold.performance.models import Pack
from tests import universe as cast
from tests.demand.conftest import Commonhold, SignIn
from tests.demand.test_upload import GOOD, asked_for, brought, work
from tests.reading import words

pytestmark = pytest.mark.django_db

LEAD = "client-lead-of-northgate"
SAID = "through the command line"


def newest() -> Entry:
    return Entry.objects.order_by("-number")[0]


@pytest.mark.parametrize(
    ("options", "post"), [((), "Operator"), (("--acting", LEAD), "Client lead, Northgate")], ids=["operator", "lead"]
)
def test_what_the_command_line_enters_says_so_wherever_the_entry_is_read(
    universe: cast.Committee, commonhold: Commonhold, sign_in: SignIn, options: tuple[str, ...], post: str
) -> None:
    pack = Pack.objects.get(profile="public")
    assert commonhold("withdraw", pack.ref, "--reason", "A wrong file", *options).code == 0
    entry = newest()

    assert (entry.kind, entry.facts["through"]) == ("pack.withdrawn", "the command line")
    for address in (f"/record/entries/{entry.number}/", f"/record/entries/{entry.number}/thread/", "/record/"):
        assert f"{post}, {SAID}" in words(sign_in("").get(address)).replace(" ,", ",")


def test_what_the_holder_of_the_same_post_does_on_the_site_does_not(universe: cast.Committee, sign_in: SignIn) -> None:
    pack = Pack.objects.get(profile="public")
    assert sign_in(LEAD).post(f"{pack.get_absolute_url()}withdraw/", {"reason": "A wrong file"}).status_code == 302
    entry = newest()

    assert (entry.kind, entry.post) == ("pack.withdrawn", LEAD)
    assert "through" not in entry.facts
    assert SAID not in words(sign_in("").get(f"/record/entries/{entry.number}/"))


def test_of_two_files_the_one_that_was_typed_in_says_so_and_the_one_that_a_worker_did_for_somebody_not(
    universe: cast.Committee, commonhold: Commonhold, sign_in: SignIn, tmp_path: Path
) -> None:
    analyst = sign_in("service-analyst")
    brought(analyst)
    asked_for(analyst)
    work()
    uploaded = newest()
    typed = tmp_path / "typed.csv"
    typed.write_text(GOOD.replace("SD", "AB"), encoding="utf-8")
    assert commonhold("import-tickets", typed, "--mapping", "canonical", "--acting", "service-analyst").code == 0

    assert (uploaded.kind, uploaded.post) == (newest().kind, newest().post) == ("tickets.imported", "service-analyst")
    assert uploaded.number < newest().number
    assert "through" not in uploaded.facts
    assert newest().facts["through"] == "the command line"


def test_the_rest_of_the_record_does_not_say_so_and_all_of_it_verifies(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    before = newest().number
    assert not Entry.objects.filter(facts__has_key="through").exists()

    commonhold("withdraw", Pack.objects.get(profile="public").ref, "--reason", "A wrong file", "--acting", LEAD)
    marked = set(Entry.objects.filter(facts__has_key="through").values_list("number", flat=True))
    export = tmp_path / "record.zip"

    assert marked == set(range(before + 1, newest().number + 1))
    assert commonhold("export-ledger", "--out", export).code == 0
    assert commonhold("verify-ledger", export, "--json").json["ok"] is True
