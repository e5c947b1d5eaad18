"""A column that the mapping knows and the file lacks is not mapped: what it would say comes from the history."""

from io import BytesIO

import pytest

from commonhold.demand.acts import imports
from commonhold.demand.engine import mapping
from commonhold.demand.models import Batch, Reckoning
from commonhold.demand.queries.files import File
from commonhold.web.demo import founding
from tests import universe

EVENTS = (
    ("A-1", "2026-06-01T09:00:00Z", "open", "", ""),
    ("A-1", "2026-06-02T09:00:00Z", "resolved", "2026-06-02T08:30:00Z", ""),
    ("A-2", "2026-06-01T10:00:00Z", "open", "", ""),
    ("A-2", "2026-06-03T10:00:00Z", "resolved", "", ""),
)


@pytest.fixture(autouse=True)
def founded(db: None) -> None:
    founding.found()


def bring(*headings: str) -> Batch:
    columns = ("reference", "event_at", "state", "resolved_at", "closed_at")
    places = [columns.index(heading) for heading in headings]
    lines = [",".join(headings), *(",".join(event[place] for place in places) for event in EVENTS)]
    file = File(stream=BytesIO("\n".join(lines).encode()), mapping=mapping.built_in("canonical"))
    by = universe.somebody("service-analyst")
    imports.bring(by=by, file=file, clock=lambda: universe.NOON, progress=lambda *_: None)
    return Batch.objects.taken().get()


def resolved_on() -> list[str | None]:
    rows = Reckoning.objects.order_by("ticket__reference").values_list("resolved_at", flat=True)
    return [at.strftime("%d %H:%M") if at else None for at in rows]


def test_without_the_column_a_ticket_is_resolved_when_its_history_says_so() -> None:
    assert not bring("reference", "event_at", "state").own_resolved
    assert resolved_on() == ["02 09:00", "03 10:00"]


def test_with_the_column_its_blank_is_never_filled() -> None:
    batch = bring("reference", "event_at", "state", "resolved_at")

    assert (batch.own_resolved, batch.own_closed) == (True, False)
    assert resolved_on() == ["02 08:30", None]
