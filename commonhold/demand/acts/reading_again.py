"""Kept files read again by another version of a mapping: each wholly or not at all, its old reading replaced."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from commonhold.demand.acts.imports import bring
from commonhold.demand.engine.rows import named
from commonhold.demand.models import SavedMapping
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries.kept import as_file, job_key, kept, kept_files
from commonhold.demand.queries.mappings import is_retired
from commonhold.demand.queries.reading import Progress
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.refusals import Refused, require


@working
@transaction.atomic
def ask_to_read_again(*, by: By, mapping: SavedMapping, digest: str) -> Job:
    """Have a worker read every file that counts as the mapping of this digest reads it by this version instead."""
    require(brings_files(by), "have kept files read again")
    if digest == mapping.digest:
        raise Refused("These files are read by this version already.")
    if is_retired(mapping):
        raise Refused(f"{mapping} is retired. Save a new version, and read the files again by that.")
    if not kept_files(digest):
        raise Refused("No file that counts is read by that mapping any longer.")
    return jobs.ask(
        "demand.read_again",
        by=by,
        key=job_key(mapping.pk, digest),
        title=f"Read kept files again by {mapping}",
        mapping=mapping.pk,
        digest=digest,
    )


@working
def read_again(
    *,
    by: By,
    mapping: int,
    digest: str,
    clock: Callable[[], datetime],
    progress: Progress,
    waiting: Callable[[], None],
) -> str:
    """Read the files one after another, as they became known. What was read stays where this stops; again goes on."""
    row = SavedMapping.objects.get(pk=mapping)
    read_by = row.mapping()
    numbers = kept_files(digest)
    refused: list[str] = []
    for place, number in enumerate(numbers):

        def of_all(share: float, words: str, place: int = place, number: int = number) -> None:
            progress((place + share) / len(numbers), f"Batch {number}: {words}")

        one = kept(number, read_by)
        if not one.can_be_read:
            lacks = f"lacks {named(one.missing)}" if one.sha256 else "is not kept here"
            refused.append(f"Batch {number} {lacks}: bring the file as it came, SHA-256 {one.batch.original_sha256}.")
            continue
        try:
            with evidence.opened(one.sha256) as stream:
                file = as_file(one, read_by, stream)
                bring(by=replace(by, at=clock()), file=file, clock=clock, progress=of_all, waiting=waiting)
        except Refused as refusal:
            refused.append(f"Batch {number} was refused: {refusal.message}")
    done = f"{len(numbers) - len(refused)} of {len(numbers)} read again by {row}."
    return " ".join([done, *refused])
