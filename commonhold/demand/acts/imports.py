"""Ticket files: gathered aside in small commits, taken over in one short transaction that leaves the entry."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import IO, Any, Final

from django.db import transaction
from django.db.models import Count, Max

from commonhold import __version__
from commonhold.databases.alone import Taken, alone
from commonhold.demand.acts.gathering import add_events, latest
from commonhold.demand.acts.naming import Names, names_of
from commonhold.demand.acts.reckoning import in_parts, reckon_tickets
from commonhold.demand.engine.columns import Grade
from commonhold.demand.engine.intake import Report
from commonhold.demand.models import Batch, Desk, Event, Reckoning, Ticket
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries.files import File, counted, intake_of, said
from commonhold.demand.queries.rules import clock_rules
from commonhold.demand.queries.told import Told
from commonhold.ledger import evidence
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.partnership.acts import people
from commonhold.refusals import Refused, require

IMPORTING: Final = "importing"
Progress = Callable[[float, str], None]


@dataclass(slots=True)
class Gathered:
    """How a file went: its batch while it is being gathered, and the tickets that it changed or left as they were."""

    batch: Batch
    names: Names
    told: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    last_instant: int = 0


def bring(*, by: By, file: File, clock: Callable[[], datetime], progress: Progress) -> dict[str, Any]:
    """Import a file wholly, or not at all as anybody sees it; the same file again changes nothing. Returns a report."""
    require(brings_files(by), "bring ticket files")
    began = time.monotonic()
    original = file.reduced_from or evidence.digest_of(file.stream)
    try:
        with alone(IMPORTING, wait=False):
            sweep_stopped()
            report = _brought_before(file, original)
            if report is None:
                with evidence.gathered() as reduced:
                    gathered, about = _gather(by, file, reduced, progress)
                    about = replace(about, original_sha256=original)
                    report = _take_over(replace(by, at=clock()), file, gathered, about, reduced)
    except Taken:
        raise Refused("Another file is being imported. Give this one again when that has ended.") from None
    return {**report, "seconds": round(time.monotonic() - began, 3)}


def _brought_before(file: File, original: str) -> dict[str, Any] | None:
    """The report on a file that was taken over before in just this way: now all of it is unchanged."""
    same = Batch.objects.taken().filter(original_sha256=original, mapping_digest=file.mapping.digest)
    batch = same.filter(partners_digest=_partners_digest(file), time_zone=file.time_zone or "").first()
    if batch is None:
        return None
    tickets = sum(batch.report["tickets"].values())
    return {**batch.report, "events": 0, "tickets": {"new": 0, "changed": 0, "unchanged": tickets}}


def _gather(by: By, file: File, reduced: IO[bytes], progress: Progress) -> tuple[Gathered, Report]:
    intake = intake_of(file, reduced)
    gathered = begin_batch(at=by.at, file=file)
    try:
        told = Told(is_history=gathered.batch.has_history)
        for chunk in intake.chunks():
            progress(0.6 * intake.share_read, f"{gathered.names.next_ticket - 1:,} tickets so far")
            gathered.changed |= add_events(
                chunk=chunk, names=gathered.names, told=told, is_history=gathered.batch.has_history
            )
            gathered.told.update(map(gathered.names.tickets.__getitem__, chunk.reference))
            gathered.last_instant = max(gathered.last_instant, latest(chunk))
        _reckon(gathered, progress)
    except BaseException:
        sweep(batch=gathered.batch)
        raise
    return gathered, intake.report


def _reckon(gathered: Gathered, progress: Progress) -> None:
    changed = sorted(gathered.changed)
    if not changed:
        return
    as_of = note_observation(batch=gathered.batch, at=gathered.last_instant)
    rules = clock_rules(as_of).compiled
    for number, part in enumerate(in_parts(changed)):
        share = number * len(part) / len(changed)
        progress(0.6 + 0.4 * share, "Reading the clocks")
        reckon_tickets(batch=gathered.batch, tickets=part, rules=rules, as_of=as_of)


@working
@transaction.atomic
def begin_batch(*, at: datetime, file: File) -> Gathered:
    """Begin a batch under the next number."""
    last = Batch.objects.aggregate(last=Max("number"))["last"] or 0
    mapping = file.mapping
    desk, _ = Desk.objects.get_or_create(name=mapping.desk)
    batch = Batch.objects.create(
        number=last + 1,
        kind=Batch.Kind.FILE,
        desk=desk,
        mapping=mapping.name,
        mapping_digest=mapping.digest,
        partners_digest=_partners_digest(file),
        time_zone=file.time_zone or "",
        has_history=mapping.kind == "events",
        own_resolved="resolved_at" in mapping.columns,
        own_closed="closed_at" in mapping.columns,
        began_at=at,
    )
    return Gathered(batch, names_of(desk=desk, batch=batch.number))


@working
def note_observation(*, batch: Batch, at: int) -> int:
    """Keep the last instant that the file tells of; returns the last that any file does."""
    batch.observed_at = datetime.fromtimestamp(at, UTC)
    batch.save(update_fields=("observed_at",))
    return known_through()


def known_through() -> int:
    """The last instant that any file taken over or being gathered tells of."""
    last = Batch.objects.exclude(state=Batch.State.SWEPT).aggregate(last=Max("observed_at"))["last"]
    return int(last.timestamp()) if last else 0


def _take_over(by: By, file: File, gathered: Gathered, about: Report, reduced: IO[bytes]) -> dict[str, Any]:
    report = _report(gathered, about)
    if not gathered.changed:
        sweep(batch=gathered.batch)
        return report
    evidence.keep(reduced)
    for text in (file.mapping.canonical, file.partners.canonical if file.partners else None):
        if text is not None:
            evidence.keep_text(text)
    take_over(by=by, batch=gathered.batch, report=report, original_sha256=about.original_sha256)
    return report


@transaction.atomic
def take_over(*, by: By, batch: Batch, report: dict[str, Any], original_sha256: str) -> None:
    """Make known what was gathered: from this entry on, every page and figure sees the whole file."""
    require(brings_files(by), "bring ticket files")
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.GATHERING:
        raise Refused("This import was stopped and swept in the meantime. Give the file again.")
    partners = Event.objects.filter(batch=batch.number).exclude(partner=None).values_list("partner", flat=True)
    named = people.name_reserved_partners(numbers=partners.distinct())
    report["warnings"] += [f"{name} is not yet a party; it was added because the file names it." for name in named]
    batch.state, batch.taken_at, batch.report = Batch.State.TAKEN, by.at, report
    batch.sha256, batch.original_sha256 = report["sha256"], original_sha256
    batch.save()
    counts = {name: report[name] for name in ("rows", "events", "tickets", "grades", "sha256", "original_sha256")}
    record(
        by=by,
        kind="tickets.imported",
        subject=batch,
        facts={
            **counts,
            "batch": batch.number,
            "desk": batch.desk.name if batch.desk else "",
            "mapping": batch.mapping_digest,
            "partners": batch.partners_digest,
            "time_zone": batch.time_zone,
            "left_out": len(report["refused"]),
            "partners_named": named,
            "program": __version__,
        },
    )


@working
def sweep(*, batch: Batch) -> None:
    """Remove what was gathered under a batch that is not taken over, in small commits."""
    number = batch.number
    for model, condition in (
        (Reckoning, {"known_from": number}),
        (Event, {"batch": number}),
        (Ticket, {"known_from": number}),
    ):
        while rows := list(model._default_manager.filter(**condition).values_list("pk", flat=True)[:20_000]):
            model._default_manager.filter(pk__in=rows).delete()
    Reckoning.objects.filter(known_until=number).update(known_until=None)
    batch.state = Batch.State.SWEPT
    batch.save(update_fields=("state",))


@working
def sweep_stopped() -> None:
    """Whoever is alone at importing knows that any batch still being gathered was left by a process that ended."""
    for batch in Batch.objects.filter(state=Batch.State.GATHERING):
        sweep(batch=batch)


def _report(gathered: Gathered, about: Report) -> dict[str, Any]:
    new = sum(ticket > gathered.names.known_before for ticket in gathered.changed)
    rows = Reckoning.objects.filter(known_from=gathered.batch.number).order_by()
    grades = {Grade(grade).name.lower(): number for grade, number in rows.values_list("grade").annotate(Count("pk"))}
    return {
        **said(about),
        "batch": gathered.batch.number if gathered.changed else None,
        "events": Event.objects.filter(batch=gathered.batch.number).count(),
        "tickets": {
            "new": new,
            "changed": len(gathered.changed) - new,
            "unchanged": len(gathered.told) - len(gathered.changed),
        },
        "grades": counted(Counter(grades)),
    }


def _partners_digest(file: File) -> str:
    return file.partners.digest if file.partners else ""
