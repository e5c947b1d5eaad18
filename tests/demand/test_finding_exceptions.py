"""Finding exceptions in what a batch made known: what is kept, what stays known, and that it can be done again."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from commonhold.demand.acts import putting_right
from commonhold.demand.acts.finding_exceptions import find_exceptions
from commonhold.demand.engine.exceptional import IN_BULK
from commonhold.demand.models import Batch, BulkClosing, FoundException
from commonhold.ledger.models import Entry
from commonhold.web.demo import founding
from tests.demand.bringing import bring, events, ticket
from tests.universe import somebody

pytestmark = pytest.mark.django_db

LINES = (
    "SD1,2026-06-01T08:00Z,open,P3,incident,Service Desk,Southmere,Email,Fault",
    "SD1,2026-06-03T16:30Z,open,P4,incident,Service Desk,Southmere,Email,Fault",
    "SD2,2026-06-01T08:00Z,open,P3,incident,Networks,Northgate,Network,Fault",
    "SD2,2026-06-01T09:00Z,closed,P3,incident,Networks,Northgate,Network,Fault",
    "SD2,2026-06-02T09:00Z,in_progress,P3,incident,Networks,Northgate,Network,Fault",
    "SD3,2026-06-01T08:00Z,open,P3,incident,Networks,Northgate,Network,Fault",
)
TOLD = [("Closed and at work again", "SD2", 1440), ("Priority lowered near the target", "SD1", 1710)]


@pytest.fixture(scope="module", autouse=True)
def founded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        founding.found()
        yield
        transaction.set_rollback(True)


def bulk(count: int, at: str = "2026-06-09T10:00:30Z", first: int = 0) -> str:
    """So many tickets of one team, opened one after another and closed within one minute."""
    lines = []
    for number in range(first, first + count):
        told = "P4,incident,Moves,Southmere,Desktop,Move"
        lines += [f"M{number:03},2026-06-08T09:{number % 60:02}Z,open,{told}", f"M{number:03},{at},closed,{told}"]
    return events(*lines)


def kept(batch: int | None = None) -> list[tuple[str, str, int | None]]:
    rows = FoundException.objects.select_related("reckoning__ticket").order_by("kind", "at", "pk")
    rows = rows.filter(known_from=batch) if batch else rows
    return sorted((row.get_kind_display(), row.reckoning.ticket.reference, row.amount) for row in rows)


def test_what_a_file_made_known_is_found_and_again_the_same() -> None:
    report = bring(events(*LINES))
    before = Entry.objects.count()

    assert find_exceptions(batch=report["batch"]) == 2
    assert kept() == TOLD
    assert find_exceptions(batch=report["batch"]) == 2
    assert kept() == TOLD
    assert Entry.objects.count() == before, "workings leave no entry"
    row = FoundException.objects.get(kind=0)
    assert (row.of, row.team and row.team.name) == (1_800, "Service Desk")


def test_a_correction_is_looked_at_alone_and_what_was_known_before_stays() -> None:
    report = bring(events(*LINES))
    find_exceptions(batch=report["batch"])
    known = Batch.objects.known()

    putting_right.correct(
        by=somebody("service-analyst"), ticket=ticket("SD1"), fact="priority", value="P2", reason="Logged wrongly."
    )
    find_exceptions(batch=Batch.objects.known())

    assert kept(known) == TOLD
    assert kept(Batch.objects.known()) == [], "corrected from the opening on, it was never lowered"


@pytest.mark.parametrize(("count", "found"), [(IN_BULK - 1, 0), (IN_BULK, IN_BULK)])
def test_many_tickets_of_a_team_closed_within_a_minute_are_found(count: int, found: int) -> None:
    report = bring(bulk(count))

    assert find_exceptions(batch=report["batch"]) == found
    assert [one.tickets for one in BulkClosing.objects.all()] == ([count] if found else [])


def test_a_ticket_corrected_later_stays_closed_in_bulk() -> None:
    find_exceptions(batch=bring(bulk(IN_BULK))["batch"])
    putting_right.correct(
        by=somebody("service-analyst"), ticket=ticket("M001"), fact="priority", value="P3", reason="Logged wrongly."
    )

    assert find_exceptions(batch=Batch.objects.known()) == 1
    assert kept(Batch.objects.known()) == [("Closed in bulk", "M001", IN_BULK)]


def test_a_batch_that_made_nothing_known_has_none() -> None:
    assert find_exceptions(batch=10**6) == 0
