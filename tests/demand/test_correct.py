"""The command `commonhold correct`: a fact is put right, or that is undone, with exit codes and words."""

import pytest

from commonhold.ledger.models import Entry
from tests.demand.bringing import SNAPSHOTS, bring, everything, known, snapshots
from tests.demand.conftest import Commonhold
from tests.demand.desk import bring_a_month

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
WHY = ("--reason", "Logged as P3 by mistake")


@pytest.fixture(autouse=True)
def month(db: None) -> None:
    bring_a_month()


def test_a_fact_is_put_right_and_that_is_undone(commonhold: Commonhold) -> None:
    said = commonhold("correct", "SD1", "--set", "priority=P2", *WHY)
    assert (said.code, said.out) == (0, "Corrected: the priority of SD1 is P2.\n")
    assert known("SD1").get_priority_display() == "P2"

    undone = commonhold("correct", "SD1", "--undo", "priority")
    assert (undone.code, undone.out) == (0, "Undone: the priority of SD1 is what its desk says.\n")
    assert known("SD1").get_priority_display() == "P3"


def test_it_is_entered_for_the_post_that_acts(commonhold: Commonhold) -> None:
    commonhold("correct", "SD1", "--set", "team=Networks", *WHY, "--acting", "client-lead-of-southmere")

    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    assert (entry.kind, entry.post) == ("ticket.corrected", "client-lead-of-southmere")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("SD99", "--set", "priority=P2", *WHY), "There is no ticket 'SD99'."),
        (("SD1", "--set", "priority=P9", *WHY), "'P9' is no priority. It is one of"),
        (("SD1", "--set", "priority=P3", *WHY), "The priority of SD1 is P3 as it stands"),
        (("SD1", "--set", "weather=fine", *WHY), "weather cannot be corrected. What can is partner, team, service"),
        (("SD1", "--set", "priority", *WHY), "is no priority"),
        (("SD1", "--set", "team=Gardening", *WHY), "There is no team called 'Gardening'."),
        (("SD1", "--set", "priority=P2"), "Say why."),
        (("SD1", "--set", "priority=P2", *WHY, "--acting", "client-lead-of-northgate"), "You may not correct facts"),
        (("SD1", "--set", "priority=P2", *WHY, "--acting", "emperor"), "emperor"),
        (("SD1", "--undo", "priority"), "No correction of the priority of SD1 stands."),
        (("SD1",), "one of the arguments --set --undo is required"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    commonhold: Commonhold, arguments: tuple[str, ...], words: str
) -> None:
    before = everything()

    said = commonhold("correct", *arguments)

    assert (said.code, said.out) == (2, "")
    assert words in said.err and "Traceback" not in said.err
    assert everything() == before


def test_json_is_one_document(commonhold: Commonhold) -> None:
    said = commonhold("correct", "SD1", "--set", "priority=P2", *WHY, "--json")
    undone = commonhold("correct", "SD1", "--undo", "priority", "--json")

    assert said.json == {"ticket": "SD1", "fact": "priority", "value": "P2", "undone": False}
    assert list(undone.json) == ["ticket", "fact", "value", "undone"] and undone.json["undone"] is True


def test_where_two_desks_have_a_reference_one_is_named(commonhold: Commonhold) -> None:
    bring(snapshots("SD1,New,2026-06-01T09:00:00,,3,Desk,"), SNAPSHOTS)

    said = commonhold("correct", "SD1", "--set", "priority=P2", *WHY)
    assert said.code == 2
    assert "Several desks have a ticket SD1: Council desk, canonical. Name one with --desk." in said.err
    assert commonhold("correct", "SD1", "--desk", "Council desk", "--set", "priority=P2", *WHY).code == 0


def test_a_partner_and_none_are_written_as_lists_write_them(commonhold: Commonhold) -> None:
    assert commonhold("correct", "SD1", "--set", "partner=Northgate", *WHY).code == 0
    assert commonhold("correct", "SD1", "--set", "service=none", *WHY).code == 0

    row = known("SD1")
    assert (row.partner and row.partner.name, row.service) == ("Northgate", None)


def test_help_has_an_example(commonhold: Commonhold) -> None:
    said = commonhold("correct", "--help")

    assert said.code == 0
    assert "commonhold correct SD0000042 --set priority=P2" in " ".join(said.out.split())
