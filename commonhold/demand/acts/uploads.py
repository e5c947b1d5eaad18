"""Files brought to the page: reduced and looked through at once, imported by a job when somebody says so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO, Any, Final

from django.conf import settings
from django.db import transaction

from commonhold.databases.alone import Taken, alone
from commonhold.databases.room import with_room
from commonhold.demand.acts.imports import bring
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine import partners as areas
from commonhold.demand.engine.rows import Limits
from commonhold.demand.models import Sketch, Upload
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries.files import File
from commonhold.demand.queries.reading import Progress
from commonhold.demand.queries.rehearsal import rehearsal
from commonhold.jobs import acts as jobs
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.ledger.queries.resting import is_named
from commonhold.ledger.workings import working
from commonhold.refusals import Refused, require

KEPT: Final = timedelta(days=7)
"""How long an upload waits before it is forgotten."""


LOOKED_AT: Final = 200_000
"""Rows of a file that are looked at while somebody waits for the page; the import reads them all."""

LOOKING: Final = "looking-through"
NO_ROOM: Final = "The file was not looked through. Make room, and bring it again."


@working
def look_through(*, by: By, file: File) -> Upload:
    """Reduce a file and keep what an import would make of it; only the reduced bytes are ever stored (D1)."""
    require(brings_files(by), "bring ticket files")
    mappings.refuse_unread(file.mapping.kind)
    with _one_at_a_time(), with_room(NO_ROOM), evidence.gathered() as reduced:
        report = rehearsal(file, by.at, reduced, LOOKED_AT)
        digest = evidence.keep(reduced)
    return Upload.objects.create(
        mapping=file.mapping.name,
        mapping_text=file.mapping.canonical,
        partners_text=file.partners.canonical if file.partners else "",
        time_zone=file.time_zone or "",
        exported_at=file.exported_at,
        tolerate=file.tolerate,
        original_sha256=report["original_sha256"],
        sha256=digest,
        rows=report["rows"],
        rehearsal=report,
        post=by.post,
        at=by.at,
    )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """A second file would take what pages need to be answered, so whoever brings it is asked to wait."""
    try:
        with alone(LOOKING, wait=False):
            yield
    except Taken:
        raise Refused("Another file is being looked through just now. Bring this one again in a minute.") from None


@working
@transaction.atomic
def ask_for_import(*, by: By, upload: Upload) -> Upload:
    """Have an upload imported by a worker."""
    require(brings_files(by), "bring ticket files")
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.report is not None:
        raise Refused("This file has been imported.")
    job = jobs.ask(
        "demand.import_upload", by=by, key=f"upload-{upload.pk}", title="Import a ticket file", upload=upload.pk
    )
    upload.job, upload.problem = job.pk, ""
    upload.save(update_fields=("job", "problem"))
    return upload


@working
def import_upload(
    *, by: By, upload: int, clock: Callable[[], datetime], progress: Progress, waiting: Callable[[], None]
) -> dict[str, Any]:
    """Import an upload now, and keep its report; doing it twice changes nothing."""
    row = Upload.objects.filter(pk=upload).first()
    if row is None:
        raise Refused("This upload was forgotten, because nobody imported it for a week. Bring the file again.")
    if row.report is not None:
        return dict(row.report)
    try:
        with evidence.opened(row.sha256) as stream:
            report = bring(by=by, file=_file(row, stream), clock=clock, progress=progress, waiting=waiting)
    except Refused as refusal:
        Upload.objects.filter(pk=row.pk).update(problem=refusal.message)
        raise
    Upload.objects.filter(pk=row.pk).update(report=report)
    return report


@working
def forget_uploads(*, at: datetime) -> int:
    """Remove uploads and sketches of a week ago, and their bytes unless anything else rests on them."""
    _forget_sketches(at)
    forgotten = 0
    for upload in Upload.objects.filter(at__lt=at - KEPT).defer("rehearsal", "report", "mapping_text", "partners_text"):
        upload.delete()
        forgotten += 1
        if not is_named(upload.sha256):
            evidence.remove(upload.sha256)
    return forgotten


def _forget_sketches(at: datetime) -> None:
    for sketch in Sketch.objects.filter(at__lt=at - KEPT).only("sha256"):
        sketch.delete()
        if sketch.sha256 and not is_named(sketch.sha256):
            evidence.remove(sketch.sha256)


def _file(upload: Upload, stream: IO[bytes]) -> File:
    return File(
        stream=stream,
        mapping=mappings.from_canonical(upload.mapping_text, upload.mapping),
        partners=areas.from_canonical(upload.partners_text) if upload.partners_text else None,
        time_zone=upload.time_zone or None,
        exported_at=upload.exported_at,
        tolerate=upload.tolerate,
        limits=Limits(settings.UPLOAD_LIMIT, settings.UNPACKED_LIMIT),
        reduced_from=upload.original_sha256,
    )
