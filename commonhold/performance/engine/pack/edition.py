"""What a pack is made of: the figures of its period, of the last report, of the same period last year, and the rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from commonhold.figures import Figure, Span
from commonhold.performance.engine import heading
from commonhold.performance.engine.before import Published
from commonhold.performance.engine.brought.counting import Counted
from commonhold.performance.engine.brought.definition import SourceMeasure
from commonhold.performance.engine.pack.disputed import Disputes
from commonhold.performance.engine.pack.exceptional import Exceptional
from commonhold.performance.engine.pack.holding import Profile
from commonhold.performance.engine.pack.incidents import Register
from commonhold.performance.engine.parity import Parity
from commonhold.performance.engine.report.about import About
from commonhold.performance.engine.report.offtarget import Against

Key = tuple[str, tuple[tuple[str, str | None], ...]]


@dataclass(frozen=True, slots=True)
class Held:
    """The figures of one period, found by measure and scope."""

    span: Span
    figures: Mapping[Key, Figure]

    @classmethod
    def of(cls, span: Span, figures: Iterable[Figure]) -> "Held":
        return cls(span, {(figure.measure, tuple(sorted(figure.scope.items()))): figure for figure in figures})

    def find(self, measure: str, **scope: str | None) -> Figure | None:
        return self.figures.get((measure, tuple(sorted(scope.items()))))

    def values(self, word: str) -> list[str | None]:
        """The values of a word that figures are grouped by alone, "none" last."""
        found = {scope[0][1] for _, scope in self.figures if len(scope) == 1 and scope[0][0] == word}
        return sorted(found, key=lambda value: (value is None, value or ""))

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures.values())


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the year that ends with the period: its figures by measure, and those of a year before."""

    span: Span
    figures: Mapping[str, Figure]
    before: Mapping[str, Figure]

    def __iter__(self) -> Iterator[Figure]:
        yield from (*self.figures.values(), *self.before.values())


@dataclass(frozen=True, slots=True)
class Urgent:
    """A P1 ticket opened in the period and what became of it on the clock; minutes are None where none are known."""

    reference: str
    partner: str | None
    about: str | None
    opened: datetime
    resolved: datetime | None
    used: int | None
    breached: bool | None
    address: str


@dataclass(frozen=True, slots=True)
class Source:
    """A batch that the figures rest on: its number, the digest of its file, its mapping; its desk, when it came, and
    until when it tells.
    """

    number: int
    sha256: str
    mapping: str
    desk: str = ""
    came: datetime | None = None
    told_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """The published pack that this one takes the place of: its number, when it was published, its entry, and why."""

    pack: int
    published: datetime
    entry: int
    reason: str

    @property
    def ref(self) -> str:
        return f"pack/{self.pack}"

    def as_json(self) -> dict[str, dict[str, Any]]:
        return {"instead_of": {"pack": self.ref, "entry": self.entry, "reason": self.reason}}


@dataclass(frozen=True, slots=True)
class Explained:
    """Words that a post stands by: why something is as it is, what is done about it, by when; and their entry."""

    about: About
    why: str
    doing: str
    by_when: date | None
    post: str
    at: datetime
    entry: int

    def as_json(self) -> dict[str, Any]:
        return {
            "about": str(self.about),
            "why": self.why,
            "doing": self.doing,
            "by_when": self.by_when.isoformat() if self.by_when else None,
            "post": self.post,
            "entry": self.entry,
        }


@dataclass(frozen=True, slots=True)
class Doubted:
    """A partner's query that is not settled: of what, its words where the audience reads them, and its entry."""

    about: About
    partner: str
    words: str
    is_answered: bool
    entry: int

    def as_json(self) -> dict[str, Any]:
        return {"about": str(self.about), "partner": self.partner, "answered": self.is_answered, "entry": self.entry}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said about the figures: each aim held against them, explanations, and queries that are not settled.

    `aims` is the version of the rule, None where none is agreed; `open_until` the last day for the partners' queries.
    """

    aims: str | None = None
    against: Sequence[Against] = ()
    explained: Sequence[Explained] = ()
    doubted: Sequence[Doubted] = ()
    open_until: date | None = None

    def words_on(self, about: About) -> Explained | None:
        return next((one for one in self.explained if str(one.about) == str(about)), None)

    def doubts_of(self, about: About) -> list[Doubted]:
        return [one for one in self.doubted if str(one.about) == str(about)]

    def as_json(self) -> dict[str, Any]:
        """What figures.json says beside the figures; nothing where nothing is said."""
        said: dict[str, Any] = {
            "explanations": [one.as_json() for one in self.explained],
            "queries": [one.as_json() for one in self.doubted],
        }
        return {name: rows for name, rows in said.items() if rows}


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery that figures of readings rest on: its number, and the digest of what is kept of it."""

    number: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What readings tell: the figures of the period and of those it is held against, by measure in their order; and
    month by month those that have a chart.

    `entry` is the last one by which anything became known of readings; 0 where nothing was brought.
    """

    entry: int = 0
    measures: Mapping[str, SourceMeasure] = field(default_factory=dict)
    now: Sequence[Counted] = ()
    before: Sequence[Counted] = ()
    year_ago: Sequence[Counted] = ()
    months: Sequence[Counted] = ()
    deliveries: Sequence[Delivered] = ()

    def __iter__(self) -> Iterator[Figure]:
        yield from (one.figure for some in (self.now, self.before, self.year_ago, self.months) for one in some)

    def as_json(self) -> dict[str, Any]:
        """What a pack says that its figures of readings were made from; nothing where it has none."""
        if not self.deliveries:
            return {}
        rows = [{"delivery": one.number, "sha256": one.sha256} for one in self.deliveries]
        return {"readings_known_at": self.entry, "readings": rows}


@dataclass(frozen=True, slots=True)
class PublishedBefore:
    """A figure published before Commonhold beside the pack's own, each in words, and what changed or why that cannot
    be said.
    """

    then: Published
    title: str
    printed: str
    figure: Figure
    sentence: str

    def as_json(self) -> dict[str, Any]:
        return {
            "comparator": self.then.number,
            "measure": self.then.measure,
            "scope": dict(self.then.scope),
            "period": {"from": self.then.span.first.isoformat(), "to": self.then.span.last.isoformat()},
            "said": self.printed,
            "basis": str(self.then.basis),
            "published_in": self.then.published_in,
            "verifiable": False,
        }


@dataclass(frozen=True, slots=True)
class Edition:
    """One pack before it is written: everything that stands in it, and nothing that changes by itself.

    `other_services` are how many services are counted together. `heads` is the measure that heads it: our clock's
    verdict or the desk's own (F5), and `graded_none` what the agreement says of that. `targets` are those in words, by
    priority. `remarks` are what a reader must know of the rules, `put_right` of corrected source data.
    """

    partnership: str
    profile: Profile
    now: Held
    before: Held | None
    before_is: str
    year_ago: Held | None
    months: Sequence[Month]
    heads: str
    targets: Mapping[str, str]
    parity: Parity | None
    urgent: Sequence[Urgent]
    register: Register
    as_of: datetime
    known_at: int
    program: str
    rules: str | None
    remarks: Sequence[str]
    sources: Sequence[Source]
    put_right: Sequence[str]
    origin: str
    marking: str | None = None
    home: str = ""
    correction: Correction | None = None
    spoken: Spoken = Spoken()
    brought: Brought = Brought()
    published_before: Sequence[PublishedBefore] = ()
    graded_none: str | None = None
    disputes: Disputes = field(default_factory=Disputes)
    other_services: int = 0
    exceptional: Exceptional | None = None

    @property
    def span(self) -> Span:
        return self.now.span

    @property
    def own(self) -> dict[str, str | None]:
        return self.profile.own

    def head(self, **scope: str | None) -> str:
        """The measure that heads the figures of a part of the tickets, within the pack's own scope."""
        return self.head_of({**self.own, **scope})

    def head_of(self, scope: Mapping[str, str | None]) -> str:
        """The same of a whole scope, such as that of another partner or of the whole service."""
        ours, desks = (self.now.find(name, **scope) for name in (heading.OURS, heading.DESKS))
        whole = self.now.find(heading.OURS, **self.own)
        return heading.DESKS if heading.desks_head(ours, desks, self.graded_none, whole) else heading.OURS

    @property
    def earlier(self) -> list[tuple[Held, str]]:
        """The periods that this one is held against, each with what it is."""
        found = [(self.before, self.before_is), (self.year_ago, "same period last year")]
        return [(held, what) for held, what in found if held]

    def figures(self) -> list[Figure]:
        """Every figure of the pack once, those of this period first."""
        held = [figure for one in (self.now, *(held for held, _ in self.earlier)) for figure in one]
        monthly = [figure for month in self.months for figure in month]
        return list({figure.evidence: figure for figure in (*held, *monthly, *self.brought)}.values())
