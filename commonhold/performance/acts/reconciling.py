"""Why two figures differ: bringing a file of others' tickets, asking, working out, and removing what was worked out.

Bringing a file is an act and stays on the record with the file's reduced form; what is made of it are workings.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from commonhold.databases.alone import in_turn
from commonhold.databases.room import with_room
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.queries.files import File
from commonhold.demand.queries.reading import read_whole
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import ENDED, Job
from commonhold.jobs.permissions import may_stop
from commonhold.ledger import evidence
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.partnership.models import Partner
from commonhold.partnership.permissions import sees_all_rows
from commonhold.performance.engine import references
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.reconciling.typed import stated
from commonhold.performance.engine.references import Reference
from commonhold.performance.models import DifferingTicket, Reconciliation, TheirList
from commonhold.performance.models.reconciliation import LONGEST
from commonhold.performance.permissions import brings_lists, reconciles, removes_reconciliations
from commonhold.performance.queries import reconciliations as queries
from commonhold.performance.queries.reconciliations import opened
from commonhold.performance.queries.reconciling import Earlier, FromFile, Number, Other, explained
from commonhold.performance.queries.sides import checked
from commonhold.refusals import Refused, require

TURN: Final = "their lists"
ASKING: Final = "why figures differ"
BRING: Final = "bring a file of tickets to be held against ours"
LOOKED_AT: Final = 200_000
"""Rows of a file that are looked at while somebody waits; the job reads them all."""
AT_ONCE: Final = 1_000
CUT: Final = {"reference": 200, "before": 100, "after": 100, "ours": 700, "theirs": 700}
NO_ROOM: Final = "The file was not kept. Make room, and bring it again."


@dataclass(frozen=True, slots=True)
class Reduced:
    """A file of others' tickets as it is kept: how it is read, its digests, and how many rows it has."""

    file: File
    sha256: str
    original_sha256: str
    rows: int


@working
def reduce(*, by: By, file: File) -> Reduced:
    """Keep a file's reduced form (D1), before the short transaction in which it is brought; refused where no row of it
    can be read.
    """
    require(brings_lists(by), BRING)
    if file.mapping.kind == mappings.HOLDS:
        raise Refused("A file of holds alone is no list of tickets. Bring the tickets.")
    mappings.refuse_unread(file.mapping.kind)
    with with_room(NO_ROOM), evidence.gathered() as reduced:
        with read_whole(file, reduced, lambda *_: None, LOOKED_AT) as whole:
            report = whole.report
        if not report.kept:
            raise Refused("The file has no row that can be read, so there is nothing to compare.")
        return Reduced(file, evidence.keep(reduced), report.original_sha256, report.rows)


@transaction.atomic
def bring_list(*, by: By, reduced: Reduced) -> TheirList:
    """Bring a file of others' tickets to be held against ours; the same again leaves no entry (L1)."""
    require(brings_lists(by), BRING)
    file = reduced.file
    in_turn(TURN)
    about = {
        "mapping_digest": file.mapping.digest,
        "partners_digest": file.partners_digest,
        "time_zone": file.time_zone or "",
        "exported": file.exported_at.isoformat() if file.exported_at else "",
        "original_sha256": reduced.original_sha256,
        "partner": by.partner or "",
    }
    before = TheirList.objects.filter(**about).first()
    if before is not None:
        return before
    made = TheirList.objects.create(
        **about,
        mapping=file.mapping.name,
        mapping_text=file.mapping.canonical,
        partners_text=file.partners.canonical if file.partners else "",
        sha256=reduced.sha256,
        rows=reduced.rows,
        post=by.post,
        at=by.at,
    )
    facts = {"sha256": reduced.sha256, "original_sha256": reduced.original_sha256, "rows": reduced.rows}
    record(by=by, kind="list.brought", subject=made, facts=facts)
    return made


@working
@transaction.atomic
def ask(
    *,
    by: By,
    figure: str,
    kind: str,
    other: str = "",
    written: str = "",
    numerator: int | None = None,
    denominator: int | None = None,
    brought: TheirList | None = None,
) -> Reconciliation:
    """Have a worker find out why a figure and another one differ. Refused where the reader could open none of it, and
    while the same post waits for another answer about this figure: each is work on the whole service's tickets.
    """
    in_turn(ASKING)
    reference = check(by=by, figure=figure, written=written, numerator=numerator, denominator=denominator)
    if other:
        checked(references.parse(other))
    made = Reconciliation.objects.create(
        figure=str(reference),
        kind=kind,
        other=other,
        written=written.strip(),
        numerator=numerator,
        denominator=denominator,
        brought=brought,
        partner=by.partner or "",
        post=by.post,
        at=by.at,
    )
    job = jobs.ask(
        "performance.reconcile",
        by=by,
        key=f"reconciliation-{made.pk}",
        title=f"Why two figures differ: {definition(reference.definition).title}",
        reconciliation=made.pk,
    )
    made.job = job.pk
    made.save(update_fields=("job",))
    return made


@working
def check(
    *, by: By, figure: str, written: str = "", numerator: int | None = None, denominator: int | None = None
) -> Reference:
    """Whether it makes sense to ask of this figure, and the other one is a number; refused before a file is kept."""
    require(reconciles(by), "ask why figures differ")
    reference = references.parse(figure)
    checked(reference)
    if len(str(reference)) > LONGEST:
        raise Refused(f"The reference of this figure is longer than {LONGEST:,} characters.")
    _of_the_reader(by, reference)
    if written:
        is_share = definition(reference.definition).unit == "share"
        stated(written, is_share=is_share, numerator=numerator, denominator=denominator)
    if queries.is_waited_for(str(reference), by):
        raise Refused(
            "Why this figure differs is being worked out for you already. Wait until that is done, or remove it, and "
            "ask again. You find it under Why figures differ."
        )
    return reference


def _of_the_reader(by: By, reference: Reference) -> None:
    """Another partner's tickets open to nobody else, so a figure of theirs alone would be explained to no one (D2)."""
    named = reference.scope.get("partner")
    if sees_all_rows(by) or by.partner is None or named is None:
        return
    if Partner.objects.filter(name=named).values_list("slug", flat=True).first() != by.partner:
        raise Refused(
            f"This figure is of {named}'s tickets alone, and those are shut to you. Its own people, or those who run "
            "the service, can ask why it differs."
        )


@working
def work_out(*, reconciliation: int, at: datetime, progress: Callable[[str], None]) -> str:
    """Work a reconciliation out and keep its bridge and its tickets; nothing, where it was removed meanwhile."""
    row = Reconciliation.objects.select_related("brought").filter(pk=reconciliation).first()
    if row is None:
        return "It was removed meanwhile"
    try:
        with _other_of(row) as other:
            outcome = explained(references.parse(row.figure), other, at=at, progress=progress)
    except Refused as refusal:
        Reconciliation.objects.filter(pk=row.pk).update(problem=str(refusal)[:2_000])
        return "There was nothing to compare"
    places: dict[str, int] = {}
    made = []
    for one in outcome.rows:
        places[one.cause] = places.get(one.cause, -1) + 1
        said = {name: getattr(one, name)[:most] for name, most in CUT.items()}
        made.append(
            DifferingTicket(
                reconciliation=row,
                cause=one.cause,
                place=places[one.cause],
                ticket=one.ticket,
                partner=one.partner,
                **said,
            )
        )
    with transaction.atomic():
        if not Reconciliation.objects.select_for_update().filter(pk=row.pk).exists():
            return "It was removed meanwhile"
        DifferingTicket.objects.filter(reconciliation=row).delete()
        DifferingTicket.objects.bulk_create(made, batch_size=AT_ONCE)
        Reconciliation.objects.filter(pk=row.pk).update(result=outcome.result, problem="")
    return "Nothing is left over" if outcome.is_whole else "Something is left over"


@contextmanager
def _other_of(row: Reconciliation) -> Iterator[Other]:
    number = Number(row.written, row.numerator, row.denominator) if row.written else None
    if row.brought is not None:
        with opened(row.brought) as file:
            yield FromFile(file, row.kind == Reconciliation.Kind.LIST, number, row.partner)
    elif row.other:
        yield Earlier(references.parse(row.other))
    elif number is not None:
        yield number


@working
@transaction.atomic
def remove(*, by: By, reconciliation: Reconciliation) -> None:
    """Remove what was worked out, for whoever asked for it, and cancel its job; a file that was brought for it stays on
    the record. A job that only somebody else may stop finds that it was removed.
    """
    require(
        removes_reconciliations(by, reconciliation.post, reconciliation.partner), "remove what somebody else asked for"
    )
    unfinished = Job.objects.select_for_update().filter(pk=reconciliation.job or 0).exclude(state__in=ENDED).first()
    if unfinished is not None and may_stop(by, unfinished):
        jobs.cancel(by=by, job=unfinished)
    Reconciliation.objects.filter(pk=reconciliation.pk).delete()
