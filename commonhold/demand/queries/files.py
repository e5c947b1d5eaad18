"""A ticket file before it is imported: how it is read, and what an import would make of it."""

import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import IO, Any, BinaryIO, cast

from commonhold.demand.engine.columns import Grade
from commonhold.demand.engine.intake import Intake, Report
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.engine.partners import PartnerMap
from commonhold.demand.engine.rows import NO_LIMITS, Limits
from commonhold.demand.models import Batch, Desk
from commonhold.demand.queries.told import Told
from commonhold.ledger.secrets import people_key


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is brought: its bytes, how to read them, and how much of it may be wrong.

    `reduced_from` is the digest of the file as it came, where the bytes are those it was reduced to (D1).
    """

    stream: IO[bytes]
    mapping: Mapping
    partners: PartnerMap | None = None
    time_zone: str | None = None
    tolerate: float = 0.01
    limits: Limits = NO_LIMITS
    reduced_from: str | None = None


def intake_of(file: File, reduced: IO[bytes] | None = None) -> Intake:
    """The reader of a file; `reduced` receives the evidence."""
    return Intake(
        cast(BinaryIO, file.stream),
        file.mapping,
        key=people_key(),
        partners=file.partners,
        time_zone=file.time_zone,
        tolerate=file.tolerate,
        evidence=cast(BinaryIO | None, reduced),
        limits=file.limits,
        already_reduced=file.reduced_from is not None,
    )


def rehearsal(file: File, reduced: IO[bytes] | None = None) -> dict[str, Any]:
    """What an import would report of a file; nothing is stored. `reduced` receives the reduced file."""
    began = time.monotonic()
    intake = intake_of(file, reduced)
    desk = Desk.objects.filter(name=file.mapping.desk).first()
    known = dict(desk.tickets.values_list("reference", "pk")) if desk else {}
    first_new = max(known.values(), default=0) + 1
    batch = Batch.objects.known() + 1
    told = Told(is_history=file.mapping.kind == "events")
    grades: dict[str, str] = {}
    changed: set[str] = set()
    for chunk in intake.chunks():
        tickets = [known.get(reference, first_new) for reference in chunk.reference]
        fresh = told.fresh(chunk, tickets, first_new=first_new, batch=batch)
        changed.update(chunk.reference[place] for place in fresh)
        grades.update(zip(chunk.reference, chunk.grade, strict=True))
    new = sum(reference not in known for reference in grades)
    return {
        **said(intake.report),
        "batch": None,
        "events": intake.report.kept,
        "tickets": {"new": new, "changed": len(changed) - new, "unchanged": len(grades) - len(changed)},
        "grades": counted(Counter(grades.values())),
        "seconds": round(time.monotonic() - began, 3),
    }


def said(about: Report) -> dict[str, Any]:
    """What the reading of a file tells, whatever becomes of it."""
    return {
        "sha256": about.sha256,
        "original_sha256": about.original_sha256,
        "rows": about.rows,
        "refused": [asdict(problem) for problem in about.refused],
        "warnings": list(about.warnings),
        "ask_the_desk_for": list(about.ask_the_desk_for),
    }


def counted(grades: Counter[str]) -> dict[str, int]:
    """How many tickets have each grade, the best first (F5)."""
    return {grade.name.lower(): grades.get(grade.name.lower(), 0) for grade in reversed(Grade)}
