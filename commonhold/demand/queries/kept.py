"""Kept files, to be read again by another mapping: which of them have the columns that it needs, and which have not."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine import partners as areas
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.engine.rows import tidy
from commonhold.demand.models import Batch
from commonhold.demand.queries.files import File
from commonhold.demand.queries.mappings import counting
from commonhold.ledger import evidence

LEAST_TOLERATED: Final = 0.01
SHOWN: Final = 50
"""Files of which one page says whether they can be read again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that counts, the kept reduction of it that has most of what a mapping needs, and what that has not.

    Without the `missing` columns it cannot be read by the mapping; `unknown` are those that may be missing, which the
    file as it came may have had all the same.
    """

    batch: Batch
    sha256: str
    missing: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def can_be_read(self) -> bool:
        return bool(self.sha256) and not self.missing


def job_key(mapping: int, digest: str) -> str:
    """What the job is asked for under: one at a time for the same files and the same version."""
    return f"read-again-{mapping}-{digest}"


def kept_files(digest: str) -> list[int]:
    """The batches, in the order in which they became known, of files that count as the mapping of this digest reads."""
    return list(counting().filter(mapping_digest=digest).order_by("number").values_list("number", flat=True))


def kept(number: int, mapping: Mapping) -> Kept:
    """What is kept of a batch's file, as far as a mapping needs it: each reading before kept what it named."""
    batch = Batch.objects.select_related("desk").defer("left_out").get(number=number)
    digests = Batch.objects.taken().filter(original_sha256=batch.original_sha256).order_by("-number")
    best = Kept(batch, "", tuple(_needed(mapping)), ())
    for sha256 in dict.fromkeys(digests.values_list("sha256", flat=True)):
        if not evidence.is_kept(sha256):
            continue
        there = set(_headings(sha256))
        missing = tuple(heading for heading in _needed(mapping) if heading not in there)
        unknown = tuple(sorted(heading for heading in _optional(mapping) if heading not in there))
        if not best.sha256 or (len(missing), len(unknown)) < (len(best.missing), len(best.unknown)):
            best = Kept(batch, sha256, missing, unknown)
    return best


def as_file(one: Kept, mapping: Mapping, stream: IO[bytes]) -> File:
    """The kept file as it is brought again: map of partners, a zone that was said, when it was exported stay."""
    batch = one.batch
    old = mappings.from_canonical(evidence.content(batch.mapping_digest).decode(), batch.mapping)
    said = batch.time_zone if batch.time_zone != (old.time_zone or "") else None
    partners = evidence.content(batch.partners_digest).decode() if batch.partners_digest else ""
    rows = batch.report.get("rows") or 1
    return File(
        stream=stream,
        mapping=mapping,
        partners=areas.from_canonical(partners) if partners else None,
        time_zone=said,
        tolerate=min(1.0, max(LEAST_TOLERATED, batch.report.get("left_out", 0) / rows)),
        reduced_from=batch.original_sha256,
        exported_at=batch.exported_at,
    )


def _needed(mapping: Mapping) -> Iterator[str]:
    yield from dict.fromkeys(theirs for ours, theirs in mapping.columns.items() if ours not in mapping.optional)
    if mapping.several_rows:
        yield from mapping.leave_out


def _optional(mapping: Mapping) -> set[str]:
    named = {mapping.columns[ours] for ours in mapping.optional} | mapping.leave_out.keys()
    return named - set(_needed(mapping))


def _headings(sha256: str) -> list[str]:
    """The headings of a reduced file, whose form is known."""
    with evidence.opened(sha256) as stream, io.TextIOWrapper(stream, encoding="utf-8", newline="") as text:
        return [tidy(heading) for heading in next(csv.reader(text), [])]
