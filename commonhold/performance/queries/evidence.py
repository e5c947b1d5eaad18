"""What a figure came from: its definition, period, scope, rules, files, and for those entitled its rows (D2).

Everybody sees what was published and cited, as it was published, with definition, counts and digests. Whoever holds a
post sees any figure, computed again from what is kept, and beside it how it was published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.db.models import Exists, QuerySet
from django.http import Http404

from commonhold import __version__
from commonhold.databases.together import together
from commonhold.demand.engine.incidents.account import party_in_words
from commonhold.demand.models import Batch, DeskAge, Dispute, Reckoning
from commonhold.demand.queries import read_anew
from commonhold.demand.queries.ages import Age, in_order
from commonhold.demand.queries.read_anew import ReadAnew
from commonhold.demand.queries.read_anew import Readings as HowRead
from commonhold.demand.queries.tickets import RELATED
from commonhold.demand.queries.touching import Touching, touching
from commonhold.figures import Figure
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner
from commonhold.partnership.permissions import sees_all_rows
from commonhold.partnership.queries import rules
from commonhold.performance.engine import groups, periods, references
from commonhold.performance.engine.brought import counting
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.groups import Members, Names, Stamp, check, members, one_figure
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Definition
from commonhold.performance.engine.references import Reference
from commonhold.performance.models import Delivery, Period, SourceReading
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries import published, source_figures
from commonhold.performance.queries.disputed import Beneath, of_figure
from commonhold.performance.queries.fed import Described, is_of_tickets
from commonhold.performance.queries.opened import extract_of
from commonhold.performance.queries.periods import beside, beyond, key, names_of, ruled_at, told_then
from commonhold.performance.queries.published import Place
from commonhold.refusals import Refused, require

PAGE: Final = 25
FILES: Final = 12
PUT_RIGHT: Final = 100
"""Of so many tickets corrected, and as many left out, the page says what was put right."""


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket behind a figure, whether its numerator counts it, and what it brings in the figure's unit."""

    reckoning: Reckoning
    counted: bool
    amount: float | None


@dataclass(frozen=True, slots=True)
class Behind:
    """The tickets behind a figure: how many, how many the numerator counts, how many this reader sees, and some."""

    all: int
    counted: int
    seen: int
    start: int
    rows: list[Row]

    @property
    def older(self) -> int | None:
        return self.start + PAGE if self.start + PAGE < self.seen else None

    @property
    def newer(self) -> int | None:
        return max(0, self.start - PAGE) if self.start else None


@dataclass(frozen=True, slots=True)
class PutRight:
    """What was put right of the tickets of a figure: how many are corrected, how many left out, and those this reader
    may see, each with its reason; of `shut` more the reader sees that they are there.
    """

    corrected: int
    excluded: int
    shut: int
    rows: list[Touching]


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings that are in a figure: how many, and some of them from a place on."""

    all: int
    start: int
    rows: list[SourceReading]
    deliveries: list[Delivery]
    """Those that brought them: their kept files are known by digest to everybody who may see the figure."""

    @property
    def older(self) -> int | None:
        return self.start + PAGE if self.start + PAGE < self.all else None

    @property
    def newer(self) -> int | None:
        return max(0, self.start - PAGE) if self.start else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind a figure. `figure` is None while it is not known; `differs` says that it is now computed
    otherwise than it was published; `behind` and `put_right` are None for the public, and where its period is not kept
    ready, `put_right` also where nothing of its tickets was put right.
    """

    reference: Reference
    definition: Described
    figure: Figure | None
    published: list[Place]
    differs: bool
    files: list[Batch]
    more_files: int
    remarks: tuple[str, ...] = ()
    behind: Behind | None = field(default=None)
    put_right: PutRight | None = field(default=None)
    beyond: str | None = None
    """Why it cannot be computed, where its clocks would be read after the last instant that any file tells of."""
    readings: Readings | None = None
    """Of a figure that readings feed: those that are in it."""
    disputed: Beneath = field(default_factory=Beneath)
    """The disputes that stand and touch it, with what it would be otherwise; none for the public."""
    period: int | None = None
    """The number of its period, where that is kept ready."""
    ages: list[Age] = field(default_factory=list)
    """How old the file of each desk is; none of a figure that readings feed."""
    files_at: int = 0
    """How many newer files stand on pages before this one."""
    anew: HowRead = field(default_factory=HowRead)
    """By which mappings its files were read, and which were read anew."""

    @property
    def earlier(self) -> Reference | None:
        """The same figure as it was known before files were read anew, for those who may see it."""
        return self._known_at(self.anew.before)

    @property
    def later(self) -> Reference | None:
        """The same figure as it was known once files that it rests on had been read anew."""
        return self._known_at(self.anew.since)

    def _known_at(self, anew: ReadAnew | None) -> Reference | None:
        return replace(self.reference, known_at=anew.entry) if anew else None

    @property
    def newer_files_at(self) -> int:
        return max(self.files_at - FILES, 0)

    @property
    def withdrawn(self) -> bool:
        """Whether all that it was published in was taken down (L6)."""
        return bool(self.published) and all(place.withdrawn for place in self.published)


def evidence(text: str, *, seen_by: By, start: int = 0, files_at: int = 0) -> Evidence:
    """The evidence of the figure that a reference stands for, with its files from a place on. Refused where
    it is not one.
    """
    reference = references.parse(text)
    if not is_of_tickets(reference.definition):
        return _of_readings(text, reference, seen_by, start)
    check(tuple(reference.scope))
    defined = definition(reference.definition)
    places = published.places(text, seen_by=seen_by)
    batch = Batch.objects.known(reference.known_at)
    files, more, old, anew = _files(batch, seen_by, files_at)
    agreed = rules(seen_by.at) if defined.ruled else None
    remarks = beside(agreed, reference.span) if agreed else ()
    if not reads_unpublished_figures(seen_by):
        figure = published.for_everybody(text, places)
        require(figure is not None or bool(places), "see figures that are not published")
        known = HowRead(anew.called)
        return Evidence(
            reference, defined, figure, places, False, files, more, remarks, ages=old, files_at=files_at, anew=known
        )
    kept = _kept(reference, batch)
    found = kept.figure(reference) if kept else None
    frozen = next((place.figure for place in places if place.figure.value is not None), None)
    if found is None and frozen is None and not _has_partner(reference):
        raise Http404(f"There is no partner called {reference.scope['partner']}.")
    own = _own(seen_by, agreed.parties if agreed else ())
    return Evidence(
        reference=reference,
        definition=defined,
        figure=found or frozen,
        published=places,
        differs=found is not None and frozen is not None and published.differ(found, frozen),
        files=files,
        more_files=more,
        files_at=files_at,
        ages=old,
        anew=anew,
        remarks=remarks,
        behind=_behind(kept, reference, seen_by, own, start) if kept else None,
        put_right=_put_right(kept, reference, batch, seen_by, own) if kept else None,
        disputed=kept.disputed(reference, seen_by) if kept else Beneath(),
        period=kept.number if kept else None,
        beyond=None if kept else beyond(reference.as_of, Batch.objects.known_through(batch)),
    )


def _of_readings(text: str, reference: Reference, seen_by: By, start: int) -> Evidence:
    """The evidence of a figure that readings feed: added up again, as it was known at its entry."""
    on = source_figures.source(reference.known_at)
    defined = on.fed.numbered(reference.definition)
    if defined is None:
        raise Refused(f"There is no measure called '{reference.definition}'.")
    counting.check(tuple(reference.scope))
    places = published.places(text, seen_by=seen_by)
    counted = source_figures.one(on, defined, reference.span, reference.scope, reference.as_of)
    numbers = list(counted.readings) if counted else []
    deliveries = list(Delivery.objects.filter(readings__in=numbers).distinct().order_by("pk"))
    if not reads_unpublished_figures(seen_by):
        figure = published.for_everybody(text, places)
        require(figure is not None or bool(places), "see figures that are not published")
        shown = deliveries if figure is not None and figure.value is not None else []
        return Evidence(reference, defined, figure, places, False, [], 0, readings=Readings(0, 0, [], shown))
    frozen = next((place.figure for place in places if place.figure.value is not None), None)
    if counted is None and frozen is None:
        raise Http404("No reading is of what this figure would be of.")
    found = counted.figure if counted else None
    rows = SourceReading.objects.filter(pk__in=numbers[start : start + PAGE]).select_related("partner", "delivery")
    return Evidence(
        reference=reference,
        definition=defined,
        figure=found or frozen,
        published=places,
        differs=found is not None and frozen is not None and published.differ(found, frozen),
        files=[],
        more_files=0,
        readings=Readings(
            len(numbers), start, sorted(rows.weighed(), key=lambda row: numbers.index(row.pk)), deliveries
        ),
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """The tickets behind a figure to take away: how many there are, how many this reader may see, and each of these."""

    reference: Reference
    definition: Definition
    all: int
    seen: int
    rows: Iterator[Row]


def taken(text: str, *, seen_by: By) -> Taken:
    """All of the tickets behind a figure that this reader may see, a few at a time, for a download."""
    require(reads_unpublished_figures(seen_by), "see the tickets behind a figure")
    reference = references.parse(text)
    if not is_of_tickets(reference.definition):
        raise Refused("No tickets are behind this figure: readings are, which its evidence lists.")
    check(tuple(reference.scope))
    defined = definition(reference.definition)
    kept = _kept(reference, Batch.objects.known(reference.known_at))
    if kept is None:
        raise Refused("This period is not kept ready. Open the figure's evidence and have it computed first.")
    everything = kept.members(reference)
    seen = _seen(kept, reference, everything, seen_by, _own(seen_by))
    count = len(seen.tickets)
    rows = (row for start in range(0, count, 1_000) for row in _rows(seen, defined.unit, start, start + 1_000))
    return Taken(reference, defined, len(everything.tickets), count, rows)


@dataclass(frozen=True, slots=True)
class Population:
    """The tickets behind a figure that this reader may draw from: how many there are in all, and theirs by number with
    whether the numerator counts each. `partner` is whose they all are, empty for anybody's.
    """

    reference: Reference
    definition: Definition
    all: int
    counted: dict[int, bool]
    partner: str


def population(text: str, *, seen_by: By) -> Population:
    """Whom a sample of a figure can be drawn from. Refused where it is not kept ready, or no ticket is behind it."""
    require(reads_unpublished_figures(seen_by), "draw from the tickets behind a figure")
    reference = references.parse(text)
    if not is_of_tickets(reference.definition):
        raise Refused("No tickets are behind this figure: readings are, which its evidence lists.")
    check(tuple(reference.scope))
    kept = _kept(reference, Batch.objects.known(reference.known_at))
    if kept is None:
        raise Refused("This period is not kept ready. Open the figure's evidence and have it computed first.")
    everything = kept.members(reference)
    seen = _seen(kept, reference, everything, seen_by, _own(seen_by))
    named = Partner.objects.filter(name=reference.scope.get("partner") or "").values_list("slug", flat=True).first()
    return Population(
        reference=reference,
        definition=definition(reference.definition),
        all=len(everything.tickets),
        counted=dict(zip(seen.tickets.tolist(), seen.counted.tolist(), strict=True)),
        partner=named or ("" if sees_all_rows(seen_by) else seen_by.partner or ""),
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """A period that is kept ready: its extract, the names it is grouped by, the rules in force within it."""

    number: int
    extract: Extract
    names: Names
    rule_version: str | None
    is_beyond: bool
    any_disputed: bool
    """Whether a dispute of anything stands."""

    def figure(self, reference: Reference) -> Figure | None:
        return one_figure(self.extract, reference, self.names, self._stamp(reference))

    def disputed(self, reference: Reference, seen_by: By) -> Beneath:
        if not self.any_disputed:
            return Beneath()
        return of_figure(self.number, definition(reference.definition), reference.scope, seen_by=seen_by)

    def _stamp(self, reference: Reference) -> Stamp:
        return Stamp(reference.known_at, __version__, self.rule_version, self.is_beyond)

    def members(self, reference: Reference, **narrower: str) -> Members:
        return members(self.extract, reference.definition, {**reference.scope, **narrower}, self.names)

    def put_right(self, reference: Reference, **narrower: str) -> groups.PutRight:
        return groups.put_right(self.extract, reference.definition, {**reference.scope, **narrower}, self.names)


def _kept(reference: Reference, batch: int) -> _Kept | None:
    """The period of a figure as it was known at its entry, tickets and rules alike, where it is kept ready."""
    period = periods.period(reference.span, as_of=int(reference.as_of.timestamp()))
    rows = Period.objects.light().filter(**key(period, batch, ruled_at(reference.known_at)))
    row = rows.annotate(told=told_then(), any_disputed=Exists(Dispute.objects.contested())).first()
    if row is None:
        return None
    is_beyond = beyond(reference.as_of, row.told) is not None  # type: ignore[attr-defined]  # annotated
    any_disputed: bool = row.any_disputed  # type: ignore[attr-defined]  # annotated
    return _Kept(row.pk, extract_of(row), names_of(row), row.rule_version, is_beyond, any_disputed)


def _has_partner(reference: Reference) -> bool:
    """Whether there is the partner that a figure is of, if it is of one."""
    name = reference.scope.get("partner")
    return name is None or Partner.objects.filter(name=name).exists()


def _files(batch: int, seen_by: By, at: int) -> tuple[list[Batch], int, list[Age], HowRead]:
    """A page of the files that a figure rests on, newest first; how many earlier ones there are; how old each
    desk's is, and how the files were read.
    """
    rows = _telling(batch)
    read = together({"files": rows[at : at + FILES + 1], "ages": DeskAge.objects.all(), **read_anew.asked(batch)})
    found = sorted(read["files"], key=lambda one: -one.number)
    more = rows.count() - at - FILES if len(found) > FILES else 0
    return found[:FILES], more, in_order(read["ages"], seen_by), read_anew.of_rows(read)


def _telling(batch: int) -> QuerySet[Batch]:
    return Batch.objects.telling(batch).exclude(sha256="").defer("left_out", "report").order_by("-number")


def all_files(found: Evidence) -> Iterator[tuple[str, str, str]]:
    """Every file that a figure rests on which its reader sees evidence of, newest first: its batch, its digest, the
    mapping that read it.
    """
    for batch in _telling(Batch.objects.known(found.reference.known_at)).iterator():
        yield str(batch), batch.sha256, found.anew.of(batch)


def _behind(kept: _Kept, reference: Reference, seen_by: By, own: str | None, start: int) -> Behind:
    everything = kept.members(reference)
    seen = _seen(kept, reference, everything, seen_by, own)
    rows = list(_rows(seen, definition(reference.definition).unit, start, start + PAGE))
    return Behind(len(everything.tickets), int(everything.counted.sum()), len(seen.tickets), start, rows)


def _own(seen_by: By, parties: Iterable[Partner] = ()) -> str | None:
    """The name of the reader's partner, found among the parties where these are at hand."""
    if seen_by.partner is None:
        return None
    known = next((partner.name for partner in parties if partner.slug == seen_by.partner), None)
    return known or Partner.objects.filter(slug=seen_by.partner).values_list("name", flat=True).first()


def _seen(kept: _Kept, reference: Reference, everything: Members, seen_by: By, own: str | None) -> Members:
    """Those that this reader may see: all for who runs the tickets, else those of the reader's partner, else none."""
    if sees_all_rows(seen_by):
        return everything
    if own is None or reference.scope.get("partner", own) != own:
        return Members(everything.tickets[:0], everything.counted[:0], None)
    return kept.members(reference, partner=own)


def _put_right(kept: _Kept, reference: Reference, batch: int, seen_by: By, own: str | None) -> PutRight | None:
    """What was put right of the tickets behind a figure and of those left out of it, as it stood then (F6)."""
    found = kept.put_right(reference)
    corrected, excluded = len(found.corrected), len(found.excluded)
    if not corrected + excluded:
        return None
    if not sees_all_rows(seen_by):
        if own is None or reference.scope.get("partner", own) != own:
            return PutRight(corrected, excluded, corrected + excluded, [])
        found = kept.put_right(reference, partner=own)
    shut = corrected + excluded - len(found.corrected) - len(found.excluded)
    shown = found.corrected[:PUT_RIGHT].tolist(), found.excluded[:PUT_RIGHT].tolist()
    names = {
        "partner": kept.names.partner,
        "team": kept.names.team,
        "service": kept.names.service,
        "responsible": {number: party_in_words(name) for number, name in kept.names.party.items()},
    }
    return PutRight(corrected, excluded, shut, touching(*shown, batch, names) if any(shown) else [])


def _rows(behind: Members, unit: str, start: int, stop: int) -> Iterator[Row]:
    numbers: Sequence[int] = behind.tickets[start:stop].tolist()
    found = Reckoning.objects.filter(pk__in=numbers).select_related(*RELATED).defer("timeline").in_bulk()
    for place, number in enumerate(numbers, start=start):
        amount = None if behind.amounts is None else int(behind.amounts[place]) / PER.get(unit, 1)
        yield Row(found[number], bool(behind.counted[place]), amount)


PER: Final = {"hours": 3_600, "minutes": 60}
"""Seconds in a unit; other amounts are counts."""
