"""Large files of readings: reduced and kept as they come, checked and taken over by a worker (D1)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Final

from django.db import transaction

from commonhold.databases.alone import in_turn
from commonhold.databases.room import with_room
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job
from commonhold.jobs.queries import refuse_more
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.ledger.queries.resting import is_named
from commonhold.ledger.workings import working
from commonhold.performance.acts import bringing
from commonhold.performance.engine.brought.checks import trimmed
from commonhold.performance.engine.brought.lines import Lines
from commonhold.performance.models import ReadingsFile
from commonhold.performance.permissions import brings_some_readings
from commonhold.performance.queries import brought as queries
from commonhold.refusals import Refused, require

MANY: Final = 2_000
"""Rows of a file beyond which a worker checks it, not the request that brings it."""

KEPT: Final = timedelta(days=7)
"""How long a file waits, and what became of it can be read, before it is forgotten."""

AT_ONCE: Final = 3
"""Files of one post that wait or are worked on."""

JOB: Final = "performance.bring_readings"
FILES: Final = "files of readings"
BRING: Final = "bring readings"
NO_ROOM: Final = "The file was not kept. Make room, and bring it again."


@working
@transaction.atomic
def keep(*, by: By, lines: Lines, reason: str, only_look: bool) -> ReadingsFile:
    """Keep a file's rows, and have a worker check them and, unless it is only to look, take them over. One that waits
    or is worked on already answers for the same.
    """
    require(brings_some_readings(by), BRING)
    reason = trimmed(reason)
    in_turn(f"files of readings of {by.post}")
    kept = BytesIO(lines.kept())
    same = ReadingsFile.objects.filter(
        sha256=evidence.digest_of(kept), reason=reason, only_look=only_look, post=by.post, outcome=None
    )
    waits = same.filter(job__in=Job.objects.filter(name=JOB, ended_at=None).values("pk")).first()
    if waits is not None:
        return waits
    refuse_more(JOB, by=by, at_once=AT_ONCE, what=FILES)
    with with_room(NO_ROOM):
        digest = evidence.keep(kept)
    file = ReadingsFile.objects.create(
        sha256=digest,
        original_sha256=lines.original_sha256,
        rows=len(lines),
        reason=reason,
        only_look=only_look,
        post=by.post,
        at=by.at,
    )
    return _asked_for(by, file)


@working
@transaction.atomic
def ask_to_bring(*, by: By, file: ReadingsFile) -> ReadingsFile:
    """Have a file taken over that was looked through, or whose job came to no end."""
    require(brings_some_readings(by), BRING)
    in_turn(f"files of readings of {by.post}")
    file = ReadingsFile.objects.select_for_update().get(pk=file.pk)
    if file.outcome is None and file.job and Job.objects.filter(pk=file.job, ended_at=None).exists():
        raise Refused("A worker is at this file. The page shows how far it is.")
    if file.outcome is not None and not file.only_look:
        raise Refused("This file was taken over already, or has rows that cannot be taken.")
    if file.refused:
        raise Refused("This file has rows that cannot be taken. Put them right and bring the whole file again.")
    refuse_more(JOB, by=by, at_once=AT_ONCE, what=FILES)
    file.only_look, file.outcome = False, None
    return _asked_for(by, file)


def _asked_for(by: By, file: ReadingsFile) -> ReadingsFile:
    job = jobs.ask(JOB, by=by, key=f"readings-{file.pk}", title="Bring a file of readings", file=file.pk)
    file.job, file.problem = job.pk, ""
    file.save(update_fields=("job", "problem", "only_look", "outcome"))
    return file


@working
def work_through(*, by: By, file: int, clock: Callable[[], By], progress: Callable[[int, int, str], None]) -> str:
    """Check a file and take it over; done twice it changes nothing. `clock` is who acts, at the moment of asking."""
    row = ReadingsFile.objects.filter(pk=file).first()
    if row is None:
        raise Refused("This file was forgotten after a week. Bring it again.")
    if row.outcome is not None:
        return _in_words(row)
    lines = Lines.from_kept(evidence.content(row.sha256))
    try:
        checked = queries.checked(
            lines,
            by=by,
            reason=row.reason,
            progress=lambda done: progress(done, len(lines), "Checking rows"),
        )
        if row.only_look or checked.plan.problems:
            ReadingsFile.objects.filter(pk=file, outcome__isnull=True).update(outcome=checked.plan.as_kept())
        else:
            progress(len(lines), len(lines), "Taking the readings over")
            bringing.bring_waiting(by=clock(), file=row, checked=checked)
    except Refused as refusal:
        ReadingsFile.objects.filter(pk=file).update(problem=refusal.message)
        raise
    row.refresh_from_db()
    return _in_words(row)


def _in_words(row: ReadingsFile) -> str:
    if row.refused:
        return f"{row.bad_rows:,} rows cannot be taken"
    if row.only_look:
        return "It can be taken"
    return f"Delivery {row.delivery_id}" if row.delivery_id else "Nothing in it was new"


@working
def forget_files(*, at: datetime) -> int:
    """Remove files of a week ago, and their rows unless anything else rests on the same bytes."""
    forgotten = 0
    for file in ReadingsFile.objects.filter(at__lt=at - KEPT).only("sha256"):
        file.delete()
        forgotten += 1
        if not is_named(file.sha256):
            evidence.remove(file.sha256)
    return forgotten
