"""Large files of readings that wait for a worker, or were worked through, for whoever brought them."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import By
from commonhold.partnership.permissions import sees_all_rows
from commonhold.performance.models import ReadingsFile
from commonhold.performance.permissions import brings_some_readings

SHOWN: Final = 25
"""Files that the page lists on which others are brought."""


def files(*, seen_by: By) -> QuerySet[ReadingsFile]:
    """Files are for those who see all rows, and for the post that brought them (D2)."""
    if not brings_some_readings(seen_by):
        return ReadingsFile.objects.none()
    rows = ReadingsFile.objects.all()
    return rows if sees_all_rows(seen_by) else rows.filter(post=seen_by.post)


def last_files(*, seen_by: By) -> list[ReadingsFile]:
    """The files of the last days, the newest first, without their rows."""
    return list(files(seen_by=seen_by).only("at", "rows", "post", "only_look", "delivery")[:SHOWN])


def job_of(file: ReadingsFile) -> Job | None:
    return Job.objects.filter(pk=file.job).first() if file.job else None
