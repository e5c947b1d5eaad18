"""The rule "targets": in how many minutes of which calendar a ticket is to be resolved (C6, R3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Self

from commonhold.refusals import Refused

PRIORITIES: Final = ("P1", "P2", "P3", "P4", "P5")
KINDS: Final = ("incident", "request", "problem", "change")
MOST_MINUTES: Final = 10 * 366 * 24 * 60
"""Ten years: a longer target is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Target:
    """At most so many minutes on the clock, counted by this calendar."""

    resolve_minutes: int
    calendar: str

    def __post_init__(self) -> None:
        if not 0 < self.resolve_minutes <= MOST_MINUTES:
            raise ValueError(f"resolve_minutes is {self.resolve_minutes}; it must be from 1 to {MOST_MINUTES:,}")


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets by priority, and by priority within a kind where that kind has its own."""

    general: Mapping[str, Target] = field(default_factory=dict)
    by_kind: Mapping[str, Mapping[str, Target]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = {kind: dict(targets) for kind, targets in self.by_kind.items() if targets}
        unknown = (set(self.general).union(*named.values()) - set(PRIORITIES)) | (set(named) - set(KINDS))
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))}: no such priority or kind")
        object.__setattr__(self, "general", MappingProxyType(dict(self.general)))
        object.__setattr__(self, "by_kind", MappingProxyType({k: MappingProxyType(t) for k, t in named.items()}))

    def find(self, priority: str, kind: str) -> Target | None:
        """The target of a ticket: its kind's own, else its priority's general one, else none."""
        return self.by_kind.get(kind, {}).get(priority) or self.general.get(priority)

    @property
    def calendars(self) -> frozenset[str]:
        """The calendars that some target is counted by."""
        groups = (self.general, *self.by_kind.values())
        return frozenset(target.calendar for group in groups for target in group.values())

    def check_against(self, calendars: Mapping[str, object]) -> None:
        """Refuse targets that name a calendar the agreement does not have."""
        missing = sorted(self.calendars - set(calendars))
        if missing:
            raise Refused(
                f"The targets name calendars that are not there: {', '.join(missing)}. "
                f"Add them, or use one of {', '.join(calendars)}."
            )

    @classmethod
    def from_form(cls, value: object, source: str = "The targets") -> Self:
        """The rule as a `start` file's [targets] or its JSON says it, refused with all its problems at once."""
        problems: list[str] = []
        general: dict[str, Target] = {}
        by_kind: dict[str, dict[str, Target]] = {}
        for key, said in _table(value, "targets", problems.append).items():
            if key in KINDS:
                inside = _table(said, f"targets.{key}", problems.append)
                found = {
                    name: _target(target, f"targets.{key}.{name}", problems.append) for name, target in inside.items()
                }
                by_kind[key] = {name: target for name, target in found.items() if target}
            elif target := _target(said, f"targets.{key}", problems.append):
                general[key] = target
        if problems:
            raise Refused(f"{source} cannot be used.", problems)
        return cls(general, by_kind)

    from_json = from_form

    def to_json(self) -> dict[str, Any]:
        """The same form as JSON: equal targets, equal JSON."""
        kinds = {kind: _written(self.by_kind[kind]) for kind in KINDS if kind in self.by_kind}
        return {**_written(self.general), **kinds}


def _written(targets: Mapping[str, Target]) -> dict[str, Any]:
    return {
        priority: {"resolve_minutes": targets[priority].resolve_minutes, "calendar": targets[priority].calendar}
        for priority in PRIORITIES
        if priority in targets
    }


def _table(value: object, where: str, problem: Callable[[str], None]) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    problem(f"[{where}] must hold priorities such as [targets.P1], each with resolve_minutes and calendar.")
    return {}


def _target(value: object, where: str, problem: Callable[[str], None]) -> Target | None:
    priority = where.rpartition(".")[2]
    if priority not in PRIORITIES:
        problem(f"[{where}]: unknown key; use {', '.join(PRIORITIES)} or a kind ({', '.join(KINDS)}).")
        return None
    if not isinstance(value, Mapping) or set(value) != {"resolve_minutes", "calendar"}:
        problem(f"[{where}] needs resolve_minutes and calendar, and nothing else.")
        return None
    minutes, calendar = value["resolve_minutes"], value["calendar"]
    if type(minutes) is not int or not isinstance(calendar, str):
        problem(f"[{where}]: resolve_minutes is a whole number and calendar the name of one.")
        return None
    try:
        return Target(minutes, calendar)
    except ValueError as words:
        problem(f"[{where}]: {words}.")
        return None
