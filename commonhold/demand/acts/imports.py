"""Ticket files: gathered aside in small commits, taken over in one short transaction that leaves the entry."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import repeat
from typing import IO, Any, Final

import numpy as np
from django.db import transaction

from commonhold import __version__
from commonhold.databases.loading import say_what_is_there
from commonhold.databases.room import with_room
from commonhold.demand.acts.ages import keep_ages
from commonhold.demand.acts.gathering import add_events
from commonhold.demand.acts.importing import begin, give_up, importing, sweep
from commonhold.demand.acts.naming import Names, names_of
from commonhold.demand.acts.reckoning import reckon_new, reckon_tickets
from commonhold.demand.engine.intake import Chunk, Report
from commonhold.demand.engine.mapping import HOLDS, refuse_unread
from commonhold.demand.engine.marks import Marks
from commonhold.demand.models import Batch, Desk, Event, FeedVersion, Reckoning, Ticket
from commonhold.demand.permissions import brings_files, brings_to
from commonhold.demand.queries import files
from commonhold.demand.queries.files import File
from commonhold.demand.queries.first_told import FirstTold, first_told
from commonhold.demand.queries.holding import ToldOfHolds, sifted
from commonhold.demand.queries.knowledge import last_told
from commonhold.demand.queries.mappings import behind
from commonhold.demand.queries.reading import Progress, Whole, read_whole
from commonhold.demand.queries.reckoned import TOGETHER, grades_of
from commonhold.demand.queries.rules import clock_rules
from commonhold.demand.queries.told import Told
from commonhold.ledger import evidence
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.partnership.acts import people
from commonhold.refusals import Refused, require

MANY: Final = 1_000
"""Tickets after whose change the database looks at the tables again before it plans by them."""

NO_ROOM: Final = "Nothing was imported. Make room, and give the file again."

READ: Final = 0.3
GATHERED: Final = 0.7
"""How far an import is once its file is read, and once its rows are gathered."""


@dataclass(slots=True)
class Gathered:
    """What was gathered under a batch, the readings of the same file that it replaces, and the tickets it is about.

    Those told of `again` are as they were, and known to be so through a later moment. What a history tells of new ones
    stands `aside`.
    """

    batch: Batch
    names: Names
    replaced: list[int]
    aside: FirstTold
    changed: Marks = field(default_factory=Marks)
    again: Marks = field(default_factory=Marks)
    told: Marks = field(default_factory=Marks)
    events: int = 0


@working
def bring(
    *,
    by: By,
    file: File,
    clock: Callable[[], datetime],
    progress: Progress,
    waiting: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Import a file wholly, or not at all as anybody sees it; the same file again changes nothing. Returns a report."""
    require(brings_files(by) or _is_fed(by, file.feed), "bring ticket files")
    refuse_unread(file.mapping.kind)
    began = time.monotonic()
    original = file.reduced_from or evidence.digest_of(file.stream)
    with with_room(NO_ROOM), importing(waiting=waiting):
        readings = files.readings_of(original)
        same = files.same_reading(file, readings)
        if same is not None:
            report = files.as_before(same)
        else:
            replaced = [reading.number for reading in readings]
            file = files.as_agreed(file)
            report = _bring(by, file, original, replaced, clock, progress)
    return {**report, "seconds": round(time.monotonic() - began, 3)}


def _bring(
    by: By, file: File, original: str, replaced: list[int], clock: Callable[[], datetime], progress: Progress
) -> dict[str, Any]:
    def reading(share: float, words: str) -> None:
        progress(READ * share, words)

    with evidence.gathered() as reduced, read_whole(file, reduced, reading) as whole, first_told() as aside:
        at = clock()
        moment = files.moment_of(file, whole.latest, at)
        rows: Iterable[Chunk] = whole.chunks()
        if file.mapping.kind == HOLDS:
            whole, rows = sifted(file, whole)
        about = replace(whole.report, original_sha256=original)
        gathered = begin_gathering(at=at, moment=moment, file=file, whole=whole, replaced=replaced, aside=aside)
        try:
            _gather(gathered, file, whole.report, rows, progress)
            _reckon(gathered, progress)
            report = _report(gathered, file, whole, about)
            if gathered.changed or gathered.again:
                _keep_evidence(file, reduced)
                take_over(
                    by=replace(by, at=clock()),
                    batch=gathered.batch,
                    report=report,
                    named=gathered.names.reserved,
                    feed=file.feed,
                )
            else:
                sweep(batch=gathered.batch)
        except BaseException:
            give_up(batch=gathered.batch)
            raise
    return report


@working
@transaction.atomic
def begin_gathering(
    *, at: datetime, moment: datetime, file: File, whole: Whole, replaced: list[int], aside: FirstTold
) -> Gathered:
    """Begin a file's batch; earlier readings of the same file count until it, once it is taken over."""
    mapping = file.mapping
    batch = begin(
        kind=Batch.Kind.HOLDS if mapping.kind == HOLDS else Batch.Kind.FILE,
        at=at,
        mapping=mapping.name,
        mapping_digest=mapping.digest,
        partners_digest=file.partners_digest,
        parties=file.parties,
        time_zone=file.zone,
        has_history=mapping.kind == "events",
        own_resolved="resolved_at" in whole.columns,
        own_closed="closed_at" in whole.columns,
        observed_at=moment,
        exported_at=file.exported_at,
        complete=mapping.complete,
    )
    batch.desk, _ = Desk.objects.get_or_create(name=mapping.desk, defaults={"known_from": batch.number})
    batch.save(update_fields=("desk",))
    Batch.objects.filter(number__in=replaced).update(known_until=batch.number)
    return Gathered(batch, names_of(desk=batch.desk, batch=batch.number), replaced, aside)


def _gather(gathered: Gathered, file: File, about: Report, chunks: Iterable[Chunk], progress: Progress) -> None:
    names, batch = gathered.names, gathered.batch
    how: dict[str, Any] = {"names": names, "mapping": file.mapping, "aside": gathered.aside}
    rows = 0
    for chunk, fresh, again in _new(gathered, chunks):
        for places, seen in ((fresh, False), (again, batch.kind == Batch.Kind.FILE)):
            if places:
                gathered.events += add_events(chunk=chunk, fresh=places, again=seen, **how)
        tickets = [names.tickets[reference] for reference in chunk.reference]
        gathered.told.set(tickets, map(files.MARK.__getitem__, chunk.grade))
        gathered.changed.set([tickets[place] for place in fresh], repeat(1))
        gathered.again.set([tickets[place] for place in again], repeat(1))
        rows += len(chunk)
        progress(READ + (GATHERED - READ) * rows / about.kept, f"{rows:,} rows gathered")
    if batch.complete or Batch.objects.filter(number__in=gathered.replaced, complete=True).exists():
        # Such a file says, or said, of every other ticket of the desk that it was not on hold.
        others = Ticket.objects.filter(desk=batch.desk).order_by("pk").values_list("pk", flat=True)
        gathered.again.set(list(others), repeat(1))
    for number in gathered.replaced:
        told_then = Event.objects.filter(batch=number).order_by().values_list("ticket", flat=True).distinct()
        gathered.changed.set(list(told_then), repeat(1))


def _new(gathered: Gathered, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, list[int], list[int]]]:
    """Each chunk with the places of what is new in it, and of what is known to be so through a later moment."""
    names, batch = gathered.names, gathered.batch
    moment = int(batch.observed_at.timestamp()) if batch.observed_at else 0
    if batch.kind == Batch.Kind.HOLDS:
        chunks = list(chunks)
        of_holds = ToldOfHolds(chunks, names.tickets, batch=batch.number, moment=moment)
        yield from ((chunk, *of_holds.fresh(chunk)) for chunk in chunks)
        return
    told = Told(is_history=batch.has_history, batch=batch.number, moment=moment)
    for chunk in chunks:
        yield (chunk, *told.fresh(chunk, names.tickets.of(chunk.reference)))


def _reckon(gathered: Gathered, progress: Progress) -> None:
    as_of = last_told()
    rules = clock_rules(as_of).compiled
    batch, count = gathered.batch, 0
    about = np.union1d(gathered.changed.numbers, gathered.again.numbers)
    known = np.setdiff1d(about, gathered.aside.tickets, assume_unique=True).tolist()

    def reading() -> None:
        progress(GATHERED + (1 - GATHERED) * count / len(about), "Reading the clocks")

    for events in gathered.aside.parts(TOGETHER):
        reading()
        count += reckon_new(batch=batch, events=events, rules=rules, as_of=as_of)
    for first in range(0, len(known), TOGETHER):
        reading()
        part = known[first : first + TOGETHER]
        reckon_tickets(batch=batch.number, tickets=part, rules=rules, as_of=as_of)
        count += len(part)
    if len(about) > MANY:
        say_what_is_there(*(model._meta.db_table for model in (Ticket, Event, Reckoning)))


def _keep_evidence(file: File, reduced: IO[bytes]) -> None:
    evidence.keep(reduced)
    evidence.keep_text(file.mapping.canonical)
    if file.partners:
        evidence.keep_text(file.partners.canonical)


@transaction.atomic
def take_over(
    *, by: By, batch: Batch, report: dict[str, Any], named: set[int], feed: FeedVersion | None = None
) -> None:
    """Make known what was gathered: from this entry on, every page and figure sees the whole file."""
    require(brings_files(by) or _is_fed(by, feed), "bring ticket files")
    if not Batch.objects.select_for_update().filter(pk=batch.pk, state=Batch.State.GATHERING).exists():
        raise Refused("This import was stopped and swept in the meantime. Give the file again.")
    partners = people.name_reserved_partners(numbers=named)
    if partners:
        report["warnings"].append(files.not_yet_parties(partners, ("was", "were")))
    batch.state, batch.taken_at = Batch.State.TAKEN, by.at
    batch.sha256, batch.original_sha256 = report["sha256"], report["original_sha256"]
    batch.left_out = report["refused"]
    batch.report = {
        **{name: value for name, value in report.items() if name != "refused"},
        "left_out": len(batch.left_out),
        "left_out_sha256": files.digest_of_lines(batch.left_out),
    }
    batch.save()
    keep_ages(at=by.at)
    mapping = behind(batch.mapping, batch.mapping_digest)
    counts = {name: report[name] for name in ("rows", "events", "tickets", "grades", "sha256", "original_sha256")}
    record(
        by=by,
        kind="tickets.imported",
        subject=batch,
        because=[mapping.entry if mapping else None, feed.entry if feed else None],
        facts={
            **counts,
            **({"feed": feed.feed.name} if feed else {}),
            "batch": batch.number,
            "desk": batch.desk.name if batch.desk else "",
            "mapping": batch.mapping_digest,
            "partners": batch.partners_digest,
            "time_zone": batch.time_zone,
            "left_out": len(batch.left_out),
            "partners_named": partners,
            "replaces": report["replaces"],
            "program": __version__,
        },
    )


def _is_fed(by: By, feed: FeedVersion | None) -> bool:
    """Whether a file came by a feed that named the post then."""
    return feed is not None and brings_to(by, feed)


def _report(gathered: Gathered, file: File, whole: Whole, about: Report) -> dict[str, Any]:
    changed, told = gathered.changed.numbers, gathered.told
    new = int((changed > gathered.names.known_before).sum())
    return files.report(
        about,
        file=file,
        columns=whole.columns,
        batch=gathered.batch.number if gathered.changed or gathered.again else None,
        replaces=gathered.replaced,
        events=gathered.events,
        tickets={
            "new": new,
            "changed": len(changed) - new,
            "unchanged": len(told) - sum(ticket in told for ticket in changed.tolist()),
        },
        grades=told.counts() if gathered.batch.has_history else _graded(told),
        remarks=files.remarks(file, whole.latest, gathered.batch.began_at, gathered.replaced),
    )


def _graded(told: Marks) -> list[int]:
    """By mark, how many of the tickets that a file tells of are graded so, with all that is known of them (F5)."""
    return files.marked(grades_of(told.numbers.tolist()))
