"""A ticket file as it is brought: its bytes, how to read them, and what was made of the same bytes before."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import IO, Any, BinaryIO, Final, cast

from commonhold.demand.engine.columns import Grade
from commonhold.demand.engine.intake import Intake, Report
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.engine.partners import PartnerMap
from commonhold.demand.engine.rows import NO_LIMITS, Limits, named
from commonhold.demand.models import Batch
from commonhold.demand.models.batch import BatchRows
from commonhold.ledger.secrets import people_key
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import has_started

LONGEST_PROBLEM: Final = 500
PARTNERS_LISTED: Final = 500
MARK: Final = {grade.name.lower(): grade + 1 for grade in reversed(Grade)}
"""What a source can prove about holds (F5), the best first, each with a mark that is not nought."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is brought: its bytes, how to read them, and how much of it may be wrong.

    `reduced_from` is the digest of the file as it came, where the bytes are those it was reduced to (D1). `parties` are
    the names that a row may have as its partner; None where any name will do.
    """

    stream: IO[bytes]
    mapping: Mapping
    partners: PartnerMap | None = None
    time_zone: str | None = None
    tolerate: float = 0.01
    limits: Limits = NO_LIMITS
    reduced_from: str | None = None
    parties: Collection[str] | None = None

    @property
    def partners_digest(self) -> str:
        return self.partners.digest if self.partners else ""

    @property
    def zone(self) -> str:
        """The zone of dates that name none: what was said with the file, else the mapping's."""
        return self.time_zone or self.mapping.time_zone or ""


def intake_of(file: File, reduced: IO[bytes] | None = None, look_at: int | None = None) -> Intake:
    """The reader of a file; `reduced` receives the evidence. `look_at` rows are looked at, all without it."""
    return Intake(
        cast(BinaryIO, file.stream),
        file.mapping,
        key=people_key(),
        partners=file.partners,
        parties=file.parties,
        time_zone=file.time_zone,
        tolerate=file.tolerate,
        evidence=cast(BinaryIO | None, reduced),
        limits=file.limits,
        already_reduced=file.reduced_from is not None,
        look_at=look_at,
    )


def partners_that_may_be_named() -> list[str] | None:
    """Any partner, until the partnership has been started; from then on those that it has."""
    return list(Partner.objects.order_by("name").values_list("name", flat=True)) if has_started() else None


def readings_of(original: str) -> BatchRows:
    """What was made of these bytes before and still counts: one batch, or none."""
    return Batch.objects.telling(Batch.objects.known()).filter(kind=Batch.Kind.FILE, original_sha256=original)


def same_reading(file: File, readings: BatchRows) -> Batch | None:
    """The reading that was made in just this way."""
    same = readings.filter(mapping_digest=file.mapping.digest, partners_digest=file.partners_digest)
    return same.filter(time_zone=file.zone).first()


def as_before(batch: Batch) -> dict[str, Any]:
    """The report on a file that was taken over before in just this way: now all of it is unchanged."""
    tickets = sum(batch.report["tickets"].values())
    said = {name: value for name, value in batch.report.items() if not name.startswith("left_out")}
    return {
        **said,
        "refused": batch.left_out,
        "events": 0,
        "tickets": {"new": 0, "changed": 0, "unchanged": tickets},
    }


def report(
    about: Report,
    *,
    batch: int | None,
    replaces: list[int],
    events: int,
    tickets: dict[str, int],
    grades: list[int],
    remarks: Iterable[str],
) -> dict[str, Any]:
    """What became of a file, or would: the one form in which commands print it and batches keep it."""
    return {
        "batch": batch,
        "replaces": replaces,
        "sha256": about.sha256,
        "original_sha256": about.original_sha256,
        "rows": about.rows,
        "events": events,
        "tickets": tickets,
        "refused": [{**asdict(one), "problem": one.problem[:LONGEST_PROBLEM]} for one in about.refused],
        "grades": {grade: grades[mark] for grade, mark in MARK.items()},
        "warnings": [*about.warnings, *remarks],
        "ask_the_desk_for": list(about.ask_the_desk_for),
    }


def remarks(latest: int, at: datetime, replaced: list[int]) -> Iterator[str]:
    """What else to know of a file that is brought at an instant."""
    last = datetime.fromtimestamp(latest, UTC)
    if last > at:
        yield (
            f"The file tells of moments after it was brought, the last of them {last:%d %B %Y %H:%M} UTC. Look at its "
            "dates and its time zone. Clocks are not read beyond the moment of the import."
        )
    if replaced:
        batches = ", ".join(map(str, replaced))
        yield f"This file was read in another way before, in batch {batches}. This reading takes its place."


def not_yet_parties(names: list[str], were: str) -> str:
    """That partners are added because a file names them."""
    listed = named(names, most=PARTNERS_LISTED)
    return f"{len(names):,} partners {were} added as not yet parties, because the file names them: {listed}."


def digest_of_lines(left_out: list[dict[str, Any]]) -> str:
    """SHA-256 of the rows left out, as JSON without blanks: what the record holds of them."""
    lines = json.dumps(left_out, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(lines.encode()).hexdigest()
