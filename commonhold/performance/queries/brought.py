"""Readings as they were brought: what a file would do, the list and its pages, and what figures of them rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO, Final, TypeAlias

from django.db.models import OuterRef, QuerySet, Subquery

from commonhold.demand.engine.rows import Limits, Problem
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries.files import parties_named
from commonhold.demand.queries.knowledge import until
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import day_of
from commonhold.performance.engine.brought import rows, standing
from commonhold.performance.engine.brought.given import Given
from commonhold.performance.engine.brought.lines import LIMITS, Lines, lines_of
from commonhold.performance.engine.brought.standing import Sorted, Stood
from commonhold.performance.models import Delivery, SourceReading
from commonhold.performance.models.brought import DELIVERED, SourceReadings
from commonhold.performance.permissions import brings_readings, opens_files_of, reads_unpublished_figures
from commonhold.performance.queries.fed import DECLARED, fed
from commonhold.refusals import Refused

PAGE: Final = 50
LISTED: Final = 200
"""Lines of a refused file that a refusal names."""
KEPT: Final = 1_000
"""Problems of a refused file that are kept for its page, of each of which the same file could have ten a row."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of readings: the last entry that counts, and the last delivery; 0 where there was none."""

    entry: int
    delivery: int


def known(known_at: str | int | None = None) -> Known:
    """What is known now, or was at an entry or an instant (F7)."""
    return of_entries(last_entry(known_at))


def last_entry(known_at: str | int | None = None) -> QuerySet[Entry, tuple[int, str | None]]:
    """The last entry that counts, with the delivery that was the last one then: what `known` is read from."""
    entries = Entry.objects.filter(kind__in=(*DELIVERED, DECLARED))
    if known_at is not None:
        entries = entries.filter(**until(str(known_at)))
    delivered = Entry.objects.filter(kind__in=DELIVERED, number__lte=OuterRef("number")).order_by("-number")
    last = entries.annotate(delivered=Subquery(delivered.values("subject")[:1]))
    return last.order_by("-number").values_list("number", "delivered")[:1]


def of_entries(rows: Iterable[tuple[int, str | None]]) -> Known:
    """What was known, from the entry that was read."""
    for entry, subject in rows:
        return Known(entry, int(subject.partition("/")[2]) if subject else 0)
    return Known(0, 0)


def standing_at(delivery: int | None = None) -> SourceReadings:
    """The readings that count, or counted when a delivery was the last one."""
    return SourceReading.objects.standing(delivery).select_related("partner")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file of readings would do. `reserved` are partners that nobody has named before."""

    original_sha256: str
    rows: int
    sorted: Sorted
    problems: Sequence[Problem]
    warnings: Sequence[str]
    new_partners: Sequence[str]
    delivery: int | None = None

    @property
    def given(self) -> list[Given]:
        """The readings that it would add, in the file's order."""
        return sorted((*self.sorted.new, *(row for row, _ in self.sorted.corrections)), key=lambda one: one.line)

    def as_json(self) -> dict[str, object]:
        return {
            "delivery": self.delivery,
            "original_sha256": self.original_sha256,
            "rows": self.rows,
            "readings": {
                "new": len(self.sorted.new),
                "corrected": len(self.sorted.corrections),
                "unchanged": len(self.sorted.unchanged),
            },
            "refused": [
                {"line": one.line, "column": one.column, "value": one.value, "problem": one.problem}
                for one in self.problems
            ],
            "warnings": list(self.warnings),
        }

    def as_kept(self) -> dict[str, object]:
        """The same with the first problems alone, and how many there are, of how many rows."""
        lines = {one.line for one in self.problems}
        counts = {"problems": len(self.problems), "bad_rows": len(lines)}
        return {**replace(self, problems=self.problems[:KEPT]).as_json(), **counts}


def plan(stream: BinaryIO, *, by: By, reason: str = "", limits: Limits = LIMITS) -> Plan:
    """What a file would do beside what stands, by line; nothing is changed."""
    return plan_of(lines_of(stream, limits), by=by, reason=reason)


def plan_of(lines: Lines, *, by: By, reason: str = "", progress: Callable[[int], None] = lambda _: None) -> Plan:
    """What the rows of a file would do, `progress` told now and then how many were looked at."""
    brought = rows.check(lines, fed().definitions, parties=parties_named(), today=day_of(by.at), progress=progress)
    problems = [*brought.problems, *_not_theirs(brought.given, by)]
    before = _brought_before(brought.original_sha256)
    if before is not None and not problems:
        return Plan(
            brought.original_sha256,
            len(brought.given),
            Sorted((), (), brought.given, ()),
            (),
            [*brought.warnings, f"This very file was brought before, as delivery {before.pk}."],
            (),
            before.pk,
        )
    found = standing.sort(brought.given, _beside(brought.given), why=reason.strip())
    new = new_partners(brought.given)
    warnings = [*brought.warnings]
    if new:
        warnings.append(f"Added as not yet a party, because the file names it: {', '.join(new)}.")
    problems = sorted((*problems, *found.problems), key=lambda one: one.line)
    return Plan(brought.original_sha256, len(brought.given), found, problems, warnings, new)


Ground: TypeAlias = tuple[Known, frozenset[str] | None]
"""What a check of a file rests on: what is known of readings and measures, and whom a row may name as its partner."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was checked: its rows, what they would do, and by what."""

    lines: Lines
    plan: Plan
    ground: Ground


def ground() -> Ground:
    parties = parties_named()
    return known(), None if parties is None else frozenset(parties)


def checked(lines: Lines, *, by: By, reason: str, progress: Callable[[int], None]) -> Checked:
    # What it rests on is read first: what becomes known while rows are looked at makes the check one of the past.
    by_what = ground()
    return Checked(lines, plan_of(lines, by=by, reason=reason, progress=progress), by_what)


def _brought_before(digest: str) -> Delivery | None:
    """The delivery of this very file, all of whose readings still are what was made of it, corrected since or not."""
    row = Delivery.objects.filter(kind=Delivery.Kind.FILE, original_sha256=digest).order_by("-pk").first()
    if row is None or row.readings.filter(taken_back__isnull=False).exists():
        return None
    return row


def new_partners(given: Iterable[Given]) -> list[str]:
    named = {one.partner for one in given} - {""}
    return sorted(named - set(Partner.objects.filter(name__in=named).values_list("name", flat=True)))


def _not_theirs(given: Iterable[Given], by: By) -> Iterator[Problem]:
    """Rows of others, in a file that a client lead brings."""
    if brings_files(by):
        return
    own = set(Partner.objects.filter(slug=by.partner or "").values_list("name", flat=True))
    for one in given:
        if one.partner not in own:
            yield Problem(
                one.line, "partner", one.partner,
                "A client lead brings readings of their own partner. Those who run the service's figures bring others.",
            )  # fmt: skip


def _beside(given: Sequence[Given]) -> list[Stood]:
    """The readings that stand in the days of these, of the same measures."""
    if not given:
        return []
    found = standing_at().filter(
        measure__in={one.measure for one in given},
        first__lte=max(one.last for one in given),
        last__gte=min(one.first for one in given),
    )
    return [Stood(row.pk, row.given) for row in found]


def beside(given: Given) -> list[Stood]:
    return _beside([given])


def refuse_problems(problems: Sequence[Problem]) -> None:
    """Refuse a file that has bad rows, by line; a file is taken wholly or not at all."""
    if problems:
        count = len({one.line for one in problems})
        more = [f"and {len(problems) - LISTED:,} more"] if len(problems) > LISTED else []
        raise Refused(
            f"{count:,} {'row' if count == 1 else 'rows'} cannot be taken, so nothing was. Put right what is named and "
            "bring the whole file again.",
            [*map(str, problems[:LISTED]), *more],
        )


def may_change(by: By, reading: SourceReading) -> bool:
    """Whether somebody may correct a reading or take it back: who may bring one of its partner."""
    return brings_readings(by, reading.partner.slug if reading.partner else None)


def sees_evidence(by: By, delivery: Delivery) -> bool:
    """A file is one: it is for those who may open what every reading in it was taken from."""
    partners = delivery.readings.order_by().values_list("partner__slug", flat=True).distinct()
    return reads_unpublished_figures(by) and all(opens_files_of(by, partner) for partner in partners)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the list of readings down; every part may be left open."""

    measure: str = ""
    partner: str = ""
    service: str = ""
    site: str = ""
    first: date | None = None
    last: date | None = None
    grade: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of readings, the newest first, and the last one on it where there are older ones."""

    rows: list[SourceReading]
    older: int | None


def readings(wanted: Wanted, *, seen_by: By) -> SourceReadings:
    """The readings as asked, the newest first; none for the public, who see what packs publish."""
    rows_ = SourceReading.objects.select_related("partner", "delivery", "taken_back", "corrects").weighed()
    if not reads_unpublished_figures(seen_by):
        return rows_.none()
    exact = {"measure": wanted.measure, "partner__slug": wanted.partner, "grade": wanted.grade}
    rows_ = rows_.filter(**{name: value for name, value in exact.items() if value})
    if wanted.service:
        rows_ = rows_.filter(service__icontains=wanted.service)
    if wanted.site:
        rows_ = rows_.filter(site__icontains=wanted.site)
    if wanted.first:
        rows_ = rows_.filter(last__gte=wanted.first)
    if wanted.last:
        rows_ = rows_.filter(first__lte=wanted.last)
    if wanted.state != "all":
        rows_ = rows_.standing()
    return rows_.order_by("-pk")


def listed(wanted: Wanted, *, seen_by: By, before: int | None = None) -> Listed:
    rows_ = readings(wanted, seen_by=seen_by)
    found = list((rows_.filter(pk__lt=before) if before else rows_)[: PAGE + 1])
    return Listed(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def one(number: int, *, seen_by: By) -> QuerySet[SourceReading]:
    return readings(Wanted(state="all"), seen_by=seen_by).filter(pk=number)


@dataclass(frozen=True, slots=True)
class Thread:
    """What came before a reading and after it: what it corrects, what corrects it, whether it was taken back."""

    earlier: list[SourceReading]
    later: list[SourceReading]


def thread(reading: SourceReading) -> Thread:
    """The chain of corrections through one reading, the oldest first."""
    same = SourceReading.objects.filter(
        measure=reading.measure, partner=reading.partner_id, service=reading.service, site=reading.site,
        threshold=reading.threshold, first=reading.first, last=reading.last,
    ).select_related("partner", "delivery", "taken_back").weighed()  # fmt: skip
    found = list(same.exclude(pk=reading.pk).order_by("pk"))
    return Thread([row for row in found if row.pk < reading.pk], [row for row in found if row.pk > reading.pk])


def deliveries(*, seen_by: By) -> QuerySet[Delivery]:
    return Delivery.objects.all() if reads_unpublished_figures(seen_by) else Delivery.objects.none()


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the readings of a delivery, in the file's order, and the line to go on from."""

    rows: list[SourceReading]
    more: int | None


def of_delivery(delivery: Delivery, after: int | None = None) -> Part:
    rows_ = delivery.readings.select_related("partner", "delivery", "taken_back", "corrects").weighed()
    found = list(rows_.filter(line__gt=after or 0).order_by("line")[: PAGE + 1])
    return Part(found[:PAGE], found[PAGE - 1].line if len(found) > PAGE else None)


def taken_back_in(delivery: Delivery) -> SourceReading | None:
    """The reading that a delivery takes back, where it does."""
    return SourceReading.objects.filter(taken_back__delivery=delivery).select_related("partner").first()
