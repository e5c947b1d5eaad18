"""Readings for tests, made by calling their acts: a file of some days, one typed with its evidence, a measure."""

import csv
import io
from datetime import date
from io import BytesIO
from typing import Any, Final

from commonhold.ledger.engine.by import By
from commonhold.performance.acts import bringing, comparators, measures, readings_files
from commonhold.performance.engine.before import Basis
from commonhold.performance.engine.brought import rows
from commonhold.performance.engine.brought.given import COLUMNS, Given
from commonhold.performance.engine.brought.lines import lines_of
from commonhold.performance.models import Comparator, OwnMeasure, ReadingsFile, SourceReading
from commonhold.performance.queries.brought import Plan
from commonhold.performance.queries.fed import fed
from tests.universe import NOON, somebody

HEADINGS: Final = ",".join(COLUMNS)
PLAIN: Final = {
    "measure": "calls_offered", "from": "2026-06-01", "to": "2026-06-30", "value": "1200", "unit": "calls",
    "source": "Telephone report", "grade": "counted by the source",
}  # fmt: skip
"""A reading of June as a file states it, its cells by their headings."""


def line(**cells: Any) -> str:
    """A row of a file: `PLAIN`, with these cells instead. `first` and `last` are its days."""
    renamed = {{"first": "from", "last": "to"}.get(name, name): str(value) for name, value in cells.items()}
    said = {**PLAIN, **renamed}
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow([said.get(name, "") for name in COLUMNS])
    return written.getvalue().removesuffix("\n")


def file(*lines: str) -> bytes:
    return "\n".join((HEADINGS, *lines, "")).encode()


def bring(*lines: str, by: By | None = None, reason: str = "") -> Plan:
    """A file of readings, brought by the service analyst."""
    return bringing.bring(by=by or somebody("service-analyst"), stream=BytesIO(file(*lines)), reason=reason)


def a_large_file(by: By) -> ReadingsFile:
    """A file of which a row cannot be taken, as a worker left it."""
    rows_ = lines_of(BytesIO(file(line(), line(value="none"))))
    made = readings_files.keep(by=by, lines=rows_, reason="", only_look=False)
    readings_files.work_through(by=by, file=made.pk, clock=lambda: by, progress=lambda *_: None)
    return made


def given(**cells: Any) -> Given:
    """A reading as it is typed."""
    renamed = {{"first": "from", "last": "to"}.get(name, name): str(value) for name, value in cells.items()}
    said = {name: {**PLAIN, **renamed}.get(name, "") for name in COLUMNS}
    return rows.read_one(said, fed().definitions, parties=None, today=NOON.date())


def enter(by: By | None = None, **cells: Any) -> SourceReading:
    """One reading with its evidence: visits to Southmere's own desk in June."""
    said = {"measure": "site_visits", "partner": "Southmere", "site": "Town Hall", "value": "412", "unit": "visits"}
    attached = bringing.Attached("queue-report.pdf", BytesIO(b"%PDF-1.7\nVisits: 412\n"))
    return bringing.enter(by=by or somebody("service-analyst"), given=given(**{**said, **cells}), attached=attached)


def declare(by: By | None = None, **said: Any) -> OwnMeasure:
    """A measure of the partnership's own: days of training."""
    plain = {
        "name": "training_days",
        "title": "Days of training",
        "unit": "days",
        "counted_in": "days",
        "adding": "sum",
        "better": "higher",
        "formula": "Days that anybody of the service spent in training.",
        "leaves_out": "What people learn at their work.",
        "effective_from": date(2026, 1, 1),
    }
    return measures.declare(by=by or somebody("service-analyst"), **{**plain, **said})


def published_before(by: By | None = None, **said: Any) -> Comparator:
    """A figure of an old report: 66% of P2 tickets within target, from March to June 2025."""
    plain: dict[str, Any] = {
        "measure": "within_target",
        "first": date(2025, 3, 1),
        "last": date(2025, 6, 30),
        "partner": None,
        "priority": "P2",
        "value": "66%",
        "basis": Basis.SAME.value,
        "published_in": "Report to the Joint Committee of 21 July 2025, page 4",
        "attached": bringing.Attached("page-4.pdf", BytesIO(b"%PDF-1.7\nP2 66%\n")),
    }
    return comparators.enter(by=by or somebody("service-analyst"), **{**plain, **said})
