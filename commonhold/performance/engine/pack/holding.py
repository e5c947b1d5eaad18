"""Which figures a pack holds, for each audience: those that stand in it, and no others (P3, F8)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from commonhold.figures import Figure
from commonhold.performance.engine import top
from commonhold.performance.engine.audiences import PUBLIC

EVERYBODY: Final = (
    "tickets_opened",
    "tickets_resolved",
    "reopened_tickets",
    "reassigned_tickets",
    "resolution_hours_median",
    "resolution_hours_p90",
    "within_target",
    "source_verdict_met",
    "verdict_differs",
    "open_at_end",
    "aged_open",
    "untriaged_open",
    "on_hold_tickets",
    "breached_open",
    "minutes_used",
)
"""Measures of the whole service in every pack. What else would let the public subtract is for the boards."""

BOARDS: Final = (*EVERYBODY, "closed_without_resolution", "unclosed_at_end")
BY_PRIORITY: Final = ("tickets_opened", "within_target", "source_verdict_met", "verdict_differs")
VERDICTS: Final = ("within_target", "source_verdict_met")
"""Of which one heads each share of tickets in time (F5)."""
BY_PARTNER: Final = (
    "tickets_opened",
    "tickets_resolved",
    "within_target",
    "source_verdict_met",
    "resolution_hours_median",
    "open_at_end",
    "aged_open",
    "reopened_tickets",
)
BY_SERVICE: Final = ("tickets_opened", "within_target", "source_verdict_met", "breached_open")
MONTHLY: Final = ("tickets_opened", "within_target", "source_verdict_met")
"""Measures that are followed month by month."""

URGENT: Final = "P1"


@dataclass(frozen=True, slots=True)
class Profile:
    """The audience: the public without the partner split, a board with it, or one partner's own people (P3)."""

    name: str
    partner: str | None = None

    @property
    def splits(self) -> bool:
        return self.name != PUBLIC

    @property
    def own(self) -> dict[str, str | None]:
        """The scope that the main figures of a partner's own pack have; empty for the whole service."""
        return {"partner": self.partner} if self.partner else {}

    @property
    def audience(self) -> str:
        if self.name == PUBLIC:
            return "For the public: the service as a whole"
        if self.partner is None:
            return "For the partners' boards: the service as a whole, and each partner"
        return f"For {self.partner}: its own figures beside the whole service's"


@dataclass(frozen=True, slots=True)
class Grouped:
    """Measures by some words, within the scope that is held fast."""

    measures: tuple[str, ...]
    by: tuple[str, ...] = ()
    only: tuple[tuple[str, str | None], ...] = ()

    def of(self, figures: Iterable[Figure]) -> list[Figure]:
        return [figure for figure in figures if all(figure.scope.get(word) == value for word, value in self.only)]


def held(profile: Profile) -> Iterator[Grouped]:
    """The groups of figures that a pack for this audience holds of each of its periods."""
    if profile.partner is not None:
        own = (("partner", profile.partner),)
        yield Grouped(top.MEASURES, ("partner", *top.BY), own)
        yield Grouped(BY_PARTNER)
        yield Grouped(BOARDS, ("partner",), own)
        yield Grouped(("tickets_opened",), ("partner", "kind"), own)
        yield Grouped(BY_PRIORITY, ("partner", "priority"), own)
        yield Grouped(("minutes_used",), ("partner", "responsible"), own)
        yield Grouped(BY_SERVICE, ("partner", "service"), own)
        yield Grouped(("tickets_opened",), ("partner", "service", "priority"), (*own, ("priority", URGENT)))
        return
    yield Grouped(BOARDS if profile.splits else EVERYBODY)
    yield Grouped(("tickets_opened",), ("kind",))
    yield Grouped(BY_PRIORITY, ("priority",))
    yield Grouped(top.MEASURES, top.BY)
    yield Grouped(BY_SERVICE, ("service",))
    yield Grouped(("tickets_opened",), ("service", "priority"), (("priority", URGENT),))
    yield Grouped(("minutes_used",), ("responsible",))
    yield Grouped(VERDICTS, ("responsible", "priority"), (("priority", URGENT),))
    if profile.splits:
        yield Grouped(BY_PARTNER, ("partner",))
        yield Grouped(VERDICTS, ("partner", "priority"))


def monthly(profile: Profile) -> Grouped:
    """The group of figures that a pack holds of each month."""
    if profile.partner is None:
        return Grouped(MONTHLY)
    return Grouped(MONTHLY, ("partner",), (("partner", profile.partner),))
