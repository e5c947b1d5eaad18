"""commonhold incidents and commonhold exceptions: what their pages list, for whoever reads, in three forms."""

import csv
import json

import pytest

from commonhold.demand.acts import finding_exceptions
from commonhold.demand.models import Batch, FoundException
from commonhold.demand.queries.exceptions import HEADINGS
from commonhold.govuk import terminal
from tests import incidents
from tests.demand.bringing import bring, events, ticket
from tests.demand.conftest import Commonhold, SignIn

JUNE = ("--from", "2026-06-01", "--to", "2026-06-30")
LEAD = ("--acting", "client-lead-of-southmere")


@pytest.fixture
def june(partnership: None, db: None) -> None:
    rest = "incident,Networks"
    bring(
        events(
            f"SD1,2026-06-02T08:00Z,open,P1,{rest},Southmere,Email,Fault",
            f"SD1,2026-06-02T09:30Z,resolved,P1,{rest},Southmere,Email,Fault",
            f"SD2,2026-06-03T08:00Z,open,P1,{rest},Northgate,Email,Fault",
            f"SD2,2026-06-04T08:00Z,resolved,P1,{rest},Northgate,Email,Fault",
            f"SD2,2026-06-05T08:00Z,reopened,P1,{rest},Northgate,Email,Fault",
            f"SD3,2026-05-03T08:00Z,open,P1,{rest},Southmere,Email,Fault",
        )
    )
    finding_exceptions.find_exceptions(batch=Batch.objects.known())


@pytest.mark.usefixtures("june")
def test_incidents_are_listed_in_any_order_and_form(commonhold: Commonhold, sign_in: SignIn) -> None:
    made = incidents.opened(ticket("SD1"))
    table = commonhold("incidents", *JUNE)
    found = json.loads(commonhold("incidents", *JUNE, "--order", "oldest", "--format", "json").out)
    taken = commonhold("incidents", *JUNE, "--format", "csv").out

    assert table.code == 0 and table.out.splitlines()[0].startswith("Incident  Title  Tickets")
    assert len(table.out.splitlines()) == 3 and "2026-06-02 09:00" in table.out, "London's time"
    assert [(row["incident"], row["tickets"]) for row in found] == [(made.pk, "SD1"), (None, "SD2")]
    assert found[0]["minutes_by_the_calendar"] == 90 and found[0]["key_incident"] is False
    page = b"".join(sign_in("service-analyst").get("/incidents.csv?opened_from=2026-06-01&opened_to=2026-06-30"))
    assert list(csv.reader(taken.splitlines())) == list(csv.reader(page.decode("utf-8-sig").splitlines()))


@pytest.mark.usefixtures("june")
def test_rows_are_for_the_partner_concerned_whoever_types(commonhold: Commonhold) -> None:
    assert "SD2" not in commonhold("incidents", *JUNE, *LEAD).out
    assert "SD2" not in commonhold("incidents", *JUNE, "--partner", "southmere").out
    assert "SD2" not in commonhold("exceptions", *JUNE, *LEAD).out
    assert "SD2" in commonhold("exceptions", *JUNE).out


@pytest.mark.usefixtures("june")
def test_exceptions_are_listed_and_narrowed_down(commonhold: Commonhold) -> None:
    everything = json.loads(commonhold("exceptions", *JUNE, "--format", "json").out)
    reopened = json.loads(commonhold("exceptions", *JUNE, "--kind", "reopened", "--format", "json").out)

    assert len(everything) == FoundException.objects.count()
    assert [row["ticket"] for row in reopened] == ["SD2"] and len(reopened[0]) == len(HEADINGS)
    assert json.loads(commonhold("exceptions", *JUNE, "--kind", "in-bulk", "--format", "json").out) == []
    assert json.loads(commonhold("exceptions", *JUNE, "--partner", "southmere", "--format", "json").out) == []


@pytest.mark.usefixtures("june")
@pytest.mark.parametrize("command", ["incidents", "exceptions"])
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--from", "2026-13-01"), "'2026-13-01' is not a day"),
        (("--from", "2026-06-30", "--to", "2026-06-01"), "The period cannot end on 2026-06-01"),
        (("--partner", "atlantis"), "There is no partner 'atlantis'. Choose from: "),
        (("--acting", "nobody-at-all"), "nobody-at-all"),
    ],
)
def test_what_makes_no_sense_is_refused(
    commonhold: Commonhold, command: str, asked: tuple[str, ...], said: str
) -> None:
    refused = commonhold(command, *asked)

    assert refused.code == 2 and said in refused.err and not refused.out


@pytest.mark.parametrize("command", ["incidents", "exceptions"])
def test_an_empty_list_is_no_fault(partnership: None, commonhold: Commonhold, command: str) -> None:
    assert commonhold(command, "--format", "json").json == []
    assert len(commonhold(command, *JUNE).out.splitlines()) == 1


def test_a_terminal_is_given_nothing_that_it_obeys_and_cells_of_any_length() -> None:
    shown = list(terminal.lines("table", ["A", "B"], [["\x1b[2J\nred", None], ["x" * 90, True]]))

    assert not any("\x1b" in line for line in shown) and len(shown) == 3
    assert shown[2].startswith("x" * 39 + "…  yes")
