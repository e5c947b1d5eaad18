"""What words, remarks and queries are about: a part of the pack, or one figure of the period.

A part is written `part/targets`, a figure as in its reference without period and instants: `within_target?priority=P1`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import quote, unquote

from commonhold.figures import Figure
from commonhold.performance.engine.brought.definition import OWN
from commonhold.performance.engine.brought.definition import WORDS as SOURCE_WORDS
from commonhold.performance.engine.brought.measures import BUILT_IN, SECTIONS
from commonhold.performance.engine.groups import WORDS
from commonhold.performance.engine.measures import MEASURES, definition
from commonhold.refusals import Refused

PARTS: Final[Mapping[str, str]] = {
    "volumes": "How much was asked for",
    "targets": "Resolved within target",
    "verdicts": "The desk's own verdict beside ours",
    "urgent": "P1 tickets, the most urgent",
    "incidents": "P1 and key incidents: what happened",
    "services": "Service by service",
    "categories": "What P2 and P3 tickets were about",
    "backlog": "Open at the end of the period",
    "exceptions": "Exceptions",
    "parity": "Are the partners served alike?",
    "partners": "Partner by partner",
    "holders": "Who held the time",
    "disputed": "What is disputed",
    "readings-phones": "Telephones",
    "readings-sites": "On-site desks",
    "readings-satisfaction": "Satisfaction",
    "readings-availability": "Availability of services",
    "readings-protection": "Patching, backups and restore tests",
    "readings-audit": "Audit actions",
    "readings-people": "People",
    "readings-own": "Measures of the partnership's own",
}
"""The parts of a pack that words can be about, by the place that links to them lead to, in the pack's order; after them
comes a part for each measure of the partnership's own.
"""

PART_OF: Final[Mapping[str, str]] = {
    "within_target": "targets",
    "breached_open": "backlog",
    "source_verdict_met": "verdicts",
    "verdict_differs": "verdicts",
    "open_at_end": "backlog",
    "unclosed_at_end": "backlog",
    "aged_open": "backlog",
    "aged_open_90": "backlog",
    "untriaged_open": "backlog",
    "on_hold_tickets": "backlog",
    "on_hold_minutes": "backlog",
    "minutes_used": "holders",
    **{one.name: f"readings-{section}" for section, measures in SECTIONS.items() for one in measures},
}
"""In which part a measure is told; the others under how much was asked for and done."""

SCOPES: Final = frozenset((*WORDS, *SOURCE_WORDS))
LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class About:
    """A part of the pack, or a measure in a scope; of a figure the part is the one in which its measure is told.

    `called` is what a measure of the partnership's own is called.
    """

    part: str
    measure: str | None = None
    scope: Mapping[str, str | None] = field(default_factory=dict)
    called: str = field(default="", compare=False)

    def __str__(self) -> str:
        if self.measure is None:
            return f"part/{self.part}"
        words = [word if value is None else f"{word}={quote(value, safe='')}" for word, value in self.scope.items()]
        return f"{self.measure}?{'&'.join(words)}" if words else self.measure

    @property
    def partner(self) -> str | None:
        """The partner whose figure it is alone."""
        return self.scope.get("partner")

    @property
    def title(self) -> str:
        """In plain words, as a page or a list has it."""
        if self.measure is None:
            return PARTS.get(self.part) or self.called
        of = ", ".join(f"{value or 'none named'}" for value in self.scope.values())
        return f"{self.called or _title(self.measure)}{f': {of}' if of else ''}"

    @property
    def place(self) -> tuple[int, str]:
        """Where its part stands: the pack's own in their order, then the partnership's own measures by name."""
        order = list(PARTS)
        return (order.index(self.part), "") if self.part in PARTS else (len(order), self.part)

    @classmethod
    def measured(cls, measure: str, scope: Mapping[str, str | None], called: str = "") -> Self:
        """What is said about a measure in a scope, in the part in which the measure is told."""
        if measure.startswith(OWN):
            return cls(part_of_own(measure), measure, dict(scope), called)
        return cls(PART_OF.get(measure, "volumes"), measure, dict(scope))

    @classmethod
    def of(cls, figure: Figure, own: Mapping[str, str]) -> Self:
        """What is said about this figure; `own` are the partnership's own measures, each with what it is called."""
        return cls.measured(figure.measure, figure.scope, own.get(figure.measure, ""))


def part_of_own(measure: str) -> str:
    """The part of a measure of the partnership's own: readings-own-training-days, for own_training_days."""
    return f"readings-{measure.replace('_', '-')}"


def is_part(place: str) -> bool:
    """Whether a place in a pack begins a part that words can be about."""
    return place in PARTS or place.startswith(part_of_own(OWN))


def parts(own: Mapping[str, str]) -> dict[str, str]:
    """Every part that words can be about, with its title."""
    return {**PARTS, **{part_of_own(name): title for name, title in own.items()}}


def of_part(part: str, own: Mapping[str, str]) -> About:
    """What is said about a part as a whole."""
    return About(part, called=parts(own).get(part, ""))


def parse(text: str, own: Mapping[str, str]) -> About:
    """What this text stands for. Refused where it is neither a part of the pack nor a figure.

    `own` are the partnership's own measures, each with what it is called.
    """
    wrong = Refused(f"This is neither a part of the pack nor a figure: {text[:80]}")
    if len(text) > LONGEST or "\0" in text:
        raise wrong
    head, slash, part = text.partition("/")
    if slash and head == "part":
        if part not in parts(own):
            raise wrong
        return of_part(part, own)
    measure, _, query = text.partition("?")
    scope: dict[str, str | None] = {}
    for word, equals, value in (said.partition("=") for said in query.split("&") if said):
        if word not in SCOPES or word in scope or "\0" in unquote(value):
            raise wrong
        scope[word] = unquote(value) if equals else None
    if not any(measure in known for known in (MEASURES, BUILT_IN, own)):
        raise wrong
    return About.measured(measure, scope, own.get(measure, ""))


def _title(measure: str) -> str:
    return BUILT_IN[measure].title if measure in BUILT_IN else definition(measure).title
