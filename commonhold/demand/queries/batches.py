"""What was brought in, newest first, and files that wait to be imported."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from commonhold.demand.engine.causes import Cause, causes
from commonhold.demand.engine.rows import Problem
from commonhold.demand.models import Batch, Upload
from commonhold.demand.models.batch import BatchRows
from commonhold.demand.permissions import brings_files
from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import By
from commonhold.partnership.permissions import sees_all_rows

PAGE: Final = 25
LINES: Final = 100
"""Causes of rows left out that one page shows."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of batches, and the number to go on from where there are older ones."""

    batches: list[Batch]
    older: int | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Some of the causes for which a file's rows were left out, from one place on, and the places to go on from."""

    causes: list[Cause]
    count: int
    first: int
    newer: int | None
    older: int | None


def taken() -> BatchRows:
    return Batch.objects.taken().select_related("desk")


def batches(before: int | None = None, desk: str = "") -> Listed:
    """Batches that were taken over, newest first, those of one desk or corrections and new readings among them."""
    rows = taken().filter(number__lt=before) if before else taken()
    if desk:
        rows = rows.filter(desk__name=desk)
    found = list(rows.defer("left_out").order_by("-number")[: PAGE + 1])
    return Listed(found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None)


def taken_with_lines(*, seen_by: By) -> BatchRows:
    """Rows left out quote a file of all partners: they are for those who run the tickets (D2)."""
    return taken() if sees_lines(seen_by) else taken().none()


def sees_lines(by: By) -> bool:
    return sees_all_rows(by)


def left_out(lines: list[dict[str, Any]], first: int) -> LeftOut:
    """A part of the rows left out, by cause."""
    found = causes(Problem(**line) for line in lines)
    begins = first if 0 <= first < len(found) else 0
    ends = begins + LINES
    return LeftOut(
        causes=found[begins:ends],
        count=len(found),
        first=begins,
        newer=max(0, begins - LINES) if begins else None,
        older=ends if ends < len(found) else None,
    )


def uploads(*, seen_by: By) -> QuerySet[Upload]:
    """Uploads are for those who run the tickets, and for the post that brought them."""
    if not brings_files(seen_by):
        return Upload.objects.none()
    return Upload.objects.all() if sees_all_rows(seen_by) else Upload.objects.filter(post=seen_by.post)


def waiting_uploads(*, seen_by: By) -> list[Upload]:
    """Files that were looked through and are not imported yet."""
    return list(uploads(seen_by=seen_by).filter(report__isnull=True).only("mapping", "at", "rows")[:PAGE])


def last_job(key: str) -> Job | None:
    """The job that was asked for last under a key."""
    return Job.objects.filter(key=key).order_by("-pk").first()


def job_of(upload: Upload) -> Job | None:
    return Job.objects.filter(pk=upload.job).first() if upload.job else None
