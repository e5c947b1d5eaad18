"""The command `commonhold exclude`: a ticket is left out of figures, or counts again, with exit codes and words."""

import pytest

from commonhold.ledger.models import Entry
from tests.demand.bringing import everything, known
from tests.demand.conftest import Commonhold
from tests.demand.desk import bring_a_month

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
WHY = ("--reason", "A test of the monitoring")


@pytest.fixture(autouse=True)
def month(db: None) -> None:
    bring_a_month()


def opened(commonhold: Commonhold) -> int:
    """How many tickets of June count as opened."""
    month = ("--from", "2026-06-01", "--to", "2026-06-30", "--measure", "tickets_opened", "--json")
    (figure,) = commonhold("figures", *month).json
    return int(figure["value"])


def test_a_ticket_is_left_out_of_figures_and_counts_again(commonhold: Commonhold) -> None:
    assert opened(commonhold) == 5

    said = commonhold("exclude", "SD1", *WHY)
    assert (said.code, said.out) == (0, "Left out of figures: SD1.\n")
    assert known("SD1").excluded
    assert opened(commonhold) == 4

    undone = commonhold("exclude", "SD1", "--undo")
    assert (undone.code, undone.out) == (0, "Undone: SD1 counts again.\n")
    assert opened(commonhold) == 5


def test_it_is_entered_for_the_post_that_acts(commonhold: Commonhold) -> None:
    commonhold("exclude", "SD1", *WHY, "--acting", "client-lead-of-southmere")

    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    assert (entry.kind, entry.post) == ("ticket.excluded", "client-lead-of-southmere")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("SD99", *WHY), "There is no ticket 'SD99'."),
        (("SD99", "--desk", "canonical", *WHY), "There is no ticket 'SD99' at the desk canonical."),
        (("SD1",), "Say why."),
        (("SD1", "--reason", "x" * 1_001), "A reason has at most 1,000 characters."),
        (("SD1", "--undo"), "SD1 is not left out."),
        (("SD1", *WHY, "--acting", "managing-director"), "You may not leave this ticket out of figures."),
        ((), "the following arguments are required: reference"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    commonhold: Commonhold, arguments: tuple[str, ...], words: str
) -> None:
    before = everything()

    said = commonhold("exclude", *arguments)

    assert (said.code, said.out) == (2, "")
    assert words in said.err and "Traceback" not in said.err
    assert everything() == before


def test_json_is_one_document(commonhold: Commonhold) -> None:
    assert commonhold("exclude", "SD1", *WHY, "--json").json == {"ticket": "SD1", "left_out": True}
    assert commonhold("exclude", "SD1", "--undo", "--json").json == {"ticket": "SD1", "left_out": False}


def test_twice_is_refused(commonhold: Commonhold) -> None:
    commonhold("exclude", "SD1", *WHY)

    again = commonhold("exclude", "SD1", *WHY)

    assert (again.code, again.err) == (2, "This ticket is left out of figures already.\n")


def test_help_has_an_example(commonhold: Commonhold) -> None:
    said = commonhold("exclude", "--help")

    assert said.code == 0
    assert "commonhold exclude SD0000042 --reason" in " ".join(said.out.split())
