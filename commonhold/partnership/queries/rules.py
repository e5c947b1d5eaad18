"""The agreement's rules as versions, the instants they hold from, and how far the partners stand behind each (R0)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from commonhold.databases.prepared import prepared, prepared_together
from commonhold.databases.together import together
from commonhold.ledger.models import Entry
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.communication_plan import CommunicationPlan
from commonhold.partnership.engine.rules.consents import Consents
from commonhold.partnership.engine.rules.figure_basis import FigureBasis
from commonhold.partnership.engine.rules.hold_reasons import HoldReasons
from commonhold.partnership.engine.rules.priority_matrix import PriorityMatrix
from commonhold.partnership.engine.rules.registry import KINDS, Kind, Ruled
from commonhold.partnership.engine.rules.shown import Beside, side_by_side
from commonhold.partnership.engine.rules.targets import Targets
from commonhold.partnership.engine.text import digest_of
from commonhold.partnership.models import Confirmation, Partner, RuleVersion
from commonhold.partnership.queries.who import day_of
from commonhold.workdays import midnight


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the partners stand behind a version: who confirmed it, and who says that it is not what they agreed."""

    how: str
    confirmed: tuple[str, ...] = ()
    disputed: tuple[tuple[str, str], ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def partners(self) -> int:
        return len(self.confirmed) + len(self.disputed) + len(self.waiting)

    @property
    def is_whole(self) -> bool:
        """Whether nothing need stand beside a figure: changed by consent, or confirmed by every partner."""
        return self.how == RuleVersion.How.CHANGED or (bool(self.confirmed) and not self.disputed and not self.waiting)

    @property
    def count(self) -> str:
        """How many partners stand behind it."""
        if self.how == RuleVersion.How.CHANGED:
            return "changed by consent"
        return f"confirmed by {len(self.confirmed)} of {self.partners} partners"

    @property
    def words(self) -> str:
        """What stands beside a figure that uses the version."""
        if not self.disputed:
            return self.count
        return f"{self.count}; {' and '.join(name for name, _ in self.disputed)}: not what we agreed"


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a rule: what it says, from which instant, and how far the partners stand behind it."""

    rule: str
    number: int
    since: datetime
    value: Ruled
    standing: Standing
    row: RuleVersion = field(compare=False, repr=False)

    @property
    def label(self) -> str:
        return f"{self.rule} v{self.number}"

    @property
    def instant(self) -> int:
        """Seconds since 1970."""
        return int(self.since.timestamp())


@dataclass(frozen=True, slots=True)
class Rules:
    """Every version of every rule, as it was known, by the instant from which each holds."""

    at: datetime
    versions: Mapping[str, tuple[Version, ...]]
    parties: tuple[Partner, ...] = ()

    def in_force(self, rule: str, at: datetime | None = None) -> Version | None:
        """The version in force at an instant, else at that of the question; None: not set."""
        asked = self.at if at is None else at
        return next((v for v in reversed(self.versions.get(rule, ())) if v.since <= asked), None)

    def value(self, rule: str, at: datetime | None = None) -> Ruled | None:
        version = self.in_force(rule, at)
        return version.value if version else None

    @property
    def calendars(self) -> tuple[tuple[int, Calendars], ...]:
        """The versions of the calendars, each with the second since 1970 that it holds from: what the clock takes."""
        return tuple((v.instant, v.value) for v in self.versions.get("calendars", ()) if isinstance(v.value, Calendars))

    @property
    def targets(self) -> tuple[tuple[int, Targets], ...]:
        return tuple((v.instant, v.value) for v in self.versions.get("targets", ()) if isinstance(v.value, Targets))

    @property
    def priority_matrix(self) -> PriorityMatrix | None:
        value = self.value("priority_matrix")
        return value if isinstance(value, PriorityMatrix) else None

    @property
    def hold_reasons(self) -> tuple[tuple[int, HoldReasons], ...]:
        versions = self.versions.get("hold_reasons", ())
        return tuple((v.instant, v.value) for v in versions if isinstance(v.value, HoldReasons))

    @property
    def figure_basis(self) -> FigureBasis | None:
        value = self.value("figure_basis")
        return value if isinstance(value, FigureBasis) else None

    def communication_plan(self, at: datetime) -> CommunicationPlan | None:
        """The plan in force at an instant; None: not set."""
        value = self.value("communication_plan", at)
        return value if isinstance(value, CommunicationPlan) else None

    @property
    def consent(self) -> Consents | None:
        value = self.value("consent")
        return value if isinstance(value, Consents) else None

    def used(self, rule: str, since: datetime, until: datetime) -> tuple[Version, ...]:
        """The versions that were in force at some time from one instant to another: what a figure is measured by."""
        versions = self.versions.get(rule, ())
        begin = [version.since for version in versions if version.since <= until]
        return tuple(
            version
            for place, version in enumerate(versions[: len(begin)])
            if place + 1 == len(begin) or begin[place + 1] > since
        )

    def remarks(self, *rules: str, since: datetime | None = None, until: datetime | None = None) -> tuple[str, ...]:
        """What stands beside a figure that uses these rules, where they are not wholly agreed, or not set: of the
        versions in force at the instant of the question, or at some time from one instant to another (R0).
        """
        said: list[str] = []
        for rule in rules or KINDS:
            used = self.used(rule, since or self.at, until or self.at)
            if not used:
                said.append(f"{KINDS[rule].title}: not set")
            doubted = (version for version in used if not version.standing.is_whole)
            said += (f"{KINDS[rule].title} v{version.number}: {version.standing.words}" for version in doubted)
        return tuple(said)

    def digest(self, *rules: str) -> str:
        """One digest of every version of these rules, or of all: the same digest, the same rules."""
        return digest_of(
            {
                rule: [[v.since.isoformat(), v.number, v.value.to_json()] for v in self.versions.get(rule, ())]
                for rule in rules or KINDS
            }
        )


def rules(at: datetime, known_at: int | datetime | None = None) -> Rules:
    """The rules as known at an entry's number or an instant; without one, as known now."""
    read = together(asked(at, known_at)) if known_at is not None else _now(day_of(at))
    return of_rows(read["versions"], read["said"], read["parties"], at, known_at)


def asked(at: datetime, known_at: int | datetime | None = None) -> dict[str, QuerySet[Any]]:
    """What the rules are read from, for a page that reads it together with other things."""
    return _asked(day_of(at), known_at)


def _asked(day: date, known_at: int | datetime | None = None) -> dict[str, QuerySet[Any]]:
    return {
        "versions": _known(RuleVersion.objects.select_related("corrects"), known_at),
        "said": _known(Confirmation.objects.select_related("partner"), known_at),
        "parties": Partner.objects.parties(day),
    }


@prepared_together
def _now(day: date, /) -> dict[str, QuerySet[Any]]:
    return _asked(day)


def of_rows(
    rows: Iterable[RuleVersion],
    words: Iterable[Confirmation],
    partners: Iterable[Partner],
    at: datetime,
    known_at: int | datetime | None = None,
) -> Rules:
    """The rules of what they were read from, in whatever order that came."""
    rows, said = list(rows), sorted(words, key=lambda word: word.pk)
    parties = tuple(sorted(partners, key=lambda partner: partner.name))
    if isinstance(known_at, int):
        rows, said = _entered(rows, said, known_at)
    standings = standings_of(rows, said, parties)
    corrected = {row.corrects_id for row in rows if row.corrects_id}
    found: dict[str, dict[datetime, Version]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.number):
        if row.pk not in corrected:
            since = midnight(row.effective_from)
            # Of two versions from one day the later one stands.
            found[row.rule][since] = Version(row.rule, row.number, since, row.ruled, standings[row.pk], row)
    versions = {name: tuple(by_since[s] for s in sorted(by_since)) for name, by_since in found.items()}
    return Rules(at, versions, parties)


def standings_of(
    versions: Iterable[RuleVersion], said: Iterable[Confirmation], parties: Iterable[Partner]
) -> dict[int, Standing]:
    """How far the parties stand behind each version, by its key; the latest word of each counts."""
    latest: dict[int, dict[int, Confirmation]] = defaultdict(dict)
    for word in said:
        latest[word.version_id][word.partner_id] = word
    parties = list(parties)
    return {version.pk: _standing(version, latest[version.pk], parties) for version in versions}


def _standing(version: RuleVersion, words: Mapping[int, Confirmation], parties: list[Partner]) -> Standing:
    confirmed, disputed, waiting = [], [], []
    for partner in parties:
        word = words.get(partner.pk)
        if word is None:
            waiting.append(partner.name)
        elif word.word == Confirmation.Word.CONFIRMED:
            confirmed.append(partner.name)
        else:
            disputed.append((partner.name, word.words))
    return Standing(version.how, tuple(confirmed), tuple(disputed), tuple(waiting))


def _known(rows: Any, known_at: int | datetime | None) -> Any:
    return rows.filter(at__lte=known_at) if isinstance(known_at, datetime) else rows


def _entered(
    rows: list[RuleVersion], said: list[Confirmation], number: int
) -> tuple[list[RuleVersion], list[Confirmation]]:
    """Those whose entry is not after this one."""
    refs = {row.entered for row in rows} | {word.ref for word in said}
    kinds = ("rule.found", "rule.changed", "rule.confirmed", "rule.disputed")
    entries = Entry.objects.filter(number__lte=number, kind__in=kinds, subject__in=refs)
    known = set(entries.values_list("subject", flat=True))
    return [row for row in rows if row.entered in known], [word for word in said if word.ref in known]


def disputes(*rules: str, first: date, last: date) -> tuple[str, ...]:
    """Who says "not what we agreed" of versions of these rules in force within these days: in one query, for a page
    that joins much.
    """
    return tuple(
        f"{row.version.kind.title} v{row.version.number}: {row.partner}: not what we agreed"
        for row in _disputed(first, last, of=rules)
    )


@prepared
def _disputed(first: date, last: date, /, *, of: tuple[str, ...]) -> QuerySet[Confirmation]:
    later = Confirmation.objects.filter(version=OuterRef("version"), partner=OuterRef("partner"), pk__gt=OuterRef("pk"))
    after = RuleVersion.objects.filter(
        rule=OuterRef("version__rule"), corrected_by=None, number__gt=OuterRef("version__number"),
        effective_from__gte=OuterRef("version__effective_from"), effective_from__lte=first,
    )  # fmt: skip
    rows = Confirmation.objects.filter(
        ~Exists(later), ~Exists(after), version__rule__in=of, word=Confirmation.Word.DISPUTED,
        version__corrected_by=None, version__effective_from__lte=last,
    ).select_related("version", "partner")  # fmt: skip
    return rows.order_by("version__rule", "version__number", "partner__name")


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule of the agreement on a page: in force, and to come."""

    kind: Kind
    now: Version | None
    coming: tuple[Version, ...]


def agreement(known: Rules) -> list[Clause]:
    """Every kind of rule with what is in force and what is to come."""
    return [
        Clause(
            kind=kind,
            now=known.in_force(name),
            coming=tuple(v for v in known.versions.get(name, ()) if v.since > known.at),
        )
        for name, kind in KINDS.items()
    ]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of a rule, row by row."""

    before: RuleVersion
    after: RuleVersion
    rows: tuple[Beside, ...]


def compared(past: Sequence["Past"], before: str, after: str) -> Compared | None:
    """The versions of these numbers side by side; without numbers, the latest and the one before it."""
    by_number = {str(told.row.number): told.row for told in past}
    latest = list(by_number.values())[:2]
    earlier = by_number.get(before) or (latest[1] if len(latest) > 1 else None)
    later = by_number.get(after) or (latest[0] if latest else None)
    if earlier is None or later is None:
        return None
    shown = later.kind.shown
    return Compared(earlier, later, side_by_side(shown(earlier.ruled), shown(later.ruled)))


@dataclass(frozen=True, slots=True)
class Past:
    """A version in a rule's history: what it says, how far the partners stand behind it, and what became of it."""

    row: RuleVersion
    standing: Standing
    since: date
    until: date | None
    corrected_by: RuleVersion | None
    said: Mapping[str, str]
    """What each partner said of it last, by its slug: confirmed, disputed."""

    def is_in_force(self, on: date) -> bool:
        return self.corrected_by is None and self.since <= on and (self.until is None or on < self.until)


def history(rule: str, at: datetime) -> list[Past]:
    """Every version of a rule, newest first, those put right included."""
    rows = list(RuleVersion.objects.filter(rule=rule).select_related("corrects", "last_consent__proposal"))
    said = list(Confirmation.objects.filter(version__rule=rule).select_related("partner"))
    standings = standings_of(rows, said, Partner.objects.parties(day_of(at)))
    words: dict[int, dict[str, str]] = defaultdict(dict)
    for word in said:
        words[word.version_id][word.partner.slug] = word.word
    corrected = {row.corrects_id: row for row in rows if row.corrects_id}
    standing_rows = sorted((r for r in rows if r.pk not in corrected), key=lambda r: (r.effective_from, r.number))
    until = {earlier.pk: later.effective_from for earlier, later in pairwise(standing_rows)}
    return [
        Past(row, standings[row.pk], row.effective_from, until.get(row.pk), corrected.get(row.pk), words[row.pk])
        for row in sorted(rows, key=lambda row: -row.number)
    ]
