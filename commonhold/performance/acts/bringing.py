"""Readings brought as a file or on a form, corrected and taken back: each act becomes known wholly or not at all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from typing import IO, Any, BinaryIO, Final

from django.db import transaction

from commonhold.databases.alone import in_turn
from commonhold.databases.loading import load
from commonhold.ledger import evidence
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.partnership.acts import people
from commonhold.partnership.models import Partner
from commonhold.performance.engine.brought import rows, standing
from commonhold.performance.engine.brought.checks import trimmed
from commonhold.performance.engine.brought.given import Given
from commonhold.performance.engine.brought.measures import BUILT_IN
from commonhold.performance.models import Delivery, ReadingsFile, SourceReading, TakenBack
from commonhold.performance.models.brought import in_force
from commonhold.performance.permissions import brings_readings, brings_some_readings
from commonhold.performance.queries import brought as queries
from commonhold.performance.queries.brought import Checked, Plan
from commonhold.performance.queries.fed import fed
from commonhold.refusals import Refused, require

TURN: Final = "readings"
COLUMNS: Final = (
    "delivery_id", "line", "measure", "version", "partner_id", "service", "site", "threshold", "first", "last",
    "numerator", "denominator", "value", "unit", "source", "grade", "note", "corrects_id",
)  # fmt: skip
LARGEST_EVIDENCE: Final = 20 * 2**20


@dataclass(frozen=True, slots=True)
class Attached:
    """What a typed reading was taken from, to be kept as evidence under its digest."""

    name: str
    file: IO[bytes]


@transaction.atomic
def bring(*, by: By, stream: BinaryIO, reason: str = "") -> Plan:
    """Bring a file of readings wholly or not at all; the same file again changes nothing and leaves no entry (L1)."""
    require(brings_some_readings(by), "bring readings")
    in_turn(TURN)
    reason = trimmed(reason)
    plan = queries.plan(stream, by=by, reason=reason)
    queries.refuse_problems(plan.problems)
    return _taken_over(by, plan, reason)


@transaction.atomic
def bring_waiting(*, by: By, file: ReadingsFile, checked: Checked) -> Plan:
    """Bring a file that was checked, by what stands as its turn comes; brought already it changes nothing (L1)."""
    require(brings_some_readings(by), "bring readings")
    in_turn(TURN)
    found = ReadingsFile.objects.select_for_update().get(pk=file.pk)
    plan = checked.plan
    if found.delivery_id is not None:
        return replace(plan, delivery=found.delivery_id)
    # Checking takes long and others wait for this turn, so it is done again only where something else stands by now.
    if queries.ground() != checked.ground:
        plan = queries.plan_of(checked.lines, by=by, reason=found.reason)
    if plan.problems:
        _keep_outcome(found, plan)
        return plan
    return _taken_over(by, plan, found.reason, found)


def _taken_over(by: By, plan: Plan, reason: str, file: ReadingsFile | None = None) -> Plan:
    if not plan.given:
        if file is not None:
            _keep_outcome(file, plan)
        return plan
    _reserve(plan.new_partners)
    kept = rows.canonical(plan.given)
    delivery = Delivery.objects.create(
        kind=Delivery.Kind.FILE,
        sha256=evidence.keep(BytesIO(kept)),
        original_sha256=plan.original_sha256,
        reason=reason if plan.sorted.corrections else "",
        rows=plan.rows,
        post=by.post,
        at=by.at,
    )
    corrects = {row.line: number for row, number in plan.sorted.corrections}
    _add(delivery, plan.given, [corrects.get(row.line) for row in plan.given])
    done = replace(plan, delivery=delivery.pk)
    if file is not None:
        _keep_outcome(file, done)
    record(
        by=by,
        kind="readings.imported",
        subject=delivery,
        because=_entries(corrects.values()),
        facts={
            "sha256": delivery.sha256,
            "original_sha256": delivery.original_sha256,
            "rows": plan.rows,
            "new": len(plan.sorted.new),
            "corrected": len(plan.sorted.corrections),
        },
    )
    return done


def _keep_outcome(file: ReadingsFile, plan: Plan) -> None:
    ReadingsFile.objects.filter(pk=file.pk).update(outcome=plan.as_kept(), delivery=plan.delivery, problem="")


@transaction.atomic
def enter(*, by: By, given: Given, attached: Attached | None) -> SourceReading:
    """Enter a reading with what it was taken from; one of the same days as another is a correction of that one."""
    require(brings_readings(by, _slug(given.partner)), "enter readings of this partner")
    in_turn(TURN)
    if attached is None:
        raise Refused("Attach what the number was taken from, such as the report or the page of it.")
    found = standing.sort([given], queries.beside(given), why="")
    queries.refuse_problems(found.problems)
    if found.unchanged:
        raise Refused("This very reading stands already.")
    return _entered(by, given, attached, None, "")


@transaction.atomic
def correct(
    *, by: By, reading: SourceReading, given: Given, reason: str, attached: Attached | None = None
) -> SourceReading:
    """Put a reading right: a new one that names the old one and why, in every figure from now on (F6)."""
    in_turn(TURN)
    found = _standing(reading)
    require(queries.may_change(by, found), "correct this reading")
    require(brings_readings(by, _slug(given.partner)), "enter readings of this partner")
    if not trimmed(reason):
        raise Refused("Say why. The reason stands beside every figure that this touches.")
    if standing.about(given) != standing.about(found.given) or (given.first, given.last) != (found.first, found.last):
        raise Refused(
            "A correction is of the same measure, partner, service, site, threshold and days. Where one of these is "
            "wrong, take the reading back and enter another."
        )
    if found.given.cells == given.cells:
        raise Refused("Nothing in it is other than it was.")
    return _entered(by, given, attached, found, trimmed(reason))


@transaction.atomic
def take_back(*, by: By, reading: SourceReading, reason: str) -> TakenBack:
    """Take a reading back: from now on it does not count, and what it had corrected counts again (F6)."""
    in_turn(TURN)
    found = _standing(reading)
    require(queries.may_change(by, found), "take this reading back")
    if not trimmed(reason):
        raise Refused("Say why. The reason is shown to all partners.")
    delivery = Delivery.objects.create(kind=Delivery.Kind.BACK, reason=trimmed(reason), rows=1, post=by.post, at=by.at)
    made = TakenBack.objects.create(reading=found, delivery=delivery)
    record(
        by=by,
        kind="reading.taken-back",
        subject=delivery,
        because=found.delivery.entry,
        facts={"reading": found.pk, "measure": found.measure},
    )
    return made


def _entered(
    by: By, given: Given, attached: Attached | None, corrects: SourceReading | None, reason: str
) -> SourceReading:
    delivery = Delivery.objects.create(
        kind=Delivery.Kind.CORRECTION if corrects else Delivery.Kind.FORM,
        sha256=evidence.keep(BytesIO(rows.canonical([given]))),
        attached=evidence.keep(attached.file) if attached else "",
        attached_name=attached.name[:200] if attached else "",
        reason=reason,
        rows=1,
        post=by.post,
        at=by.at,
    )
    _add(delivery, [given], [corrects.pk if corrects else None])
    made = delivery.readings.get()
    record(
        by=by,
        kind="reading.corrected" if corrects else "reading.entered",
        subject=delivery,
        because=corrects.delivery.entry if corrects else None,
        facts={
            "reading": made.pk,
            "measure": made.measure,
            "sha256": delivery.sha256,
            **({"attached": delivery.attached} if delivery.attached else {}),
            **({"corrects": corrects.pk} if corrects else {}),
        },
    )
    return made


def _add(delivery: Delivery, given: Sequence[Given], corrects: Sequence[int | None]) -> None:
    """The readings of a delivery, each with the version of its measure in force on its first day."""
    partners = dict(Partner.objects.values_list("name", "pk"))
    own = fed().own

    def rows_of() -> Iterator[tuple[Any, ...]]:
        for line, (one, old) in enumerate(zip(given, corrects, strict=True), start=2):
            version = in_force(own[one.measure], one.first) if one.measure in own else None
            yield (
                delivery.pk, line, one.measure, version.version if version else BUILT_IN[one.measure].version,
                partners[one.partner] if one.partner else None, one.service, one.site, one.threshold,
                one.first.isoformat(), one.last.isoformat(), _text(one.numerator), _text(one.denominator),
                _text(one.value), one.unit, one.source, one.grade.value, one.note, old,
            )  # fmt: skip

    load(SourceReading._meta.db_table, COLUMNS, rows_of())


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:.3f}"


def _reserve(names: Iterable[str]) -> None:
    """Partners that a file names before the partnership is started: not yet parties."""
    people.name_reserved_partners(numbers=[people.reserve_partner(name=name).pk for name in names])


def _standing(reading: SourceReading) -> SourceReading:
    rows_ = SourceReading.objects.standing().select_related("partner", "delivery", "corrects__partner")
    found = rows_.filter(pk=reading.pk).first()
    if found is None:
        raise Refused("This reading was corrected or taken back before. Look at what stands now.")
    return found


def _entries(readings: Iterable[int]) -> list[Entry | None]:
    """The entries by which readings became known."""
    deliveries = Delivery.objects.filter(readings__in=list(readings)).distinct()
    subjects = [delivery.ref for delivery in deliveries]
    return list(Entry.objects.filter(subject__in=subjects))


def _slug(name: str) -> str | None:
    """The slug of the partner of this name; None for the whole service."""
    return Partner.objects.filter(name=name).values_list("slug", flat=True).first() if name else None
