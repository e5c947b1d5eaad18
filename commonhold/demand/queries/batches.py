"""What was brought in, newest first, and files that wait to be imported."""

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from commonhold.demand.models import Batch, Upload
from commonhold.demand.models.batch import BatchRows
from commonhold.demand.permissions import brings_files
from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import By

PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of batches, and the number to go on from where there are older ones."""

    batches: list[Batch]
    older: int | None


def taken() -> BatchRows:
    return Batch.objects.taken().select_related("desk")


def batches(before: int | None = None) -> Listed:
    """Batches that were taken over, newest first; corrections, exclusions and new readings among them."""
    rows = taken().filter(number__lt=before) if before else taken()
    found = list(rows.order_by("-number")[: PAGE + 1])
    return Listed(found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None)


def uploads(*, seen_by: By) -> QuerySet[Upload]:
    """Uploads are for those who bring files."""
    return Upload.objects.all() if brings_files(seen_by) else Upload.objects.none()


def waiting_uploads() -> list[Upload]:
    """Files that were looked through and are not imported yet."""
    return list(Upload.objects.filter(report=None)[:PAGE])


def job_of(upload: Upload) -> Job | None:
    return Job.objects.filter(pk=upload.job).first() if upload.job else None
