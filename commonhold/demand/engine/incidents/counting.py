"""How many P1 tickets each responsible party had, and how many were within target."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from commonhold.demand.engine.incidents.account import SERVICE, party_in_words

MET: Final = "met"
MISSED: Final = "missed"
RUNNING: Final = frozenset({"running", "on hold"})


@dataclass(frozen=True, slots=True)
class Group:
    """So many tickets of one party with one result; `party` is None where no team is named."""

    party: str | None
    result: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The tickets of one party, or of several: opened, and of these met, missed, open still, without a target."""

    party: str | None
    opened: int
    met: int
    missed: int
    running: int
    unset: int

    @property
    def title(self) -> str:
        return party_in_words(self.party)

    @property
    def sentence(self) -> str:
        """9 of 16 within target; 2 are open still."""
        said = f"{self.met:,} of {self.opened:,} within target"
        more = [f"{self.running:,} open still"] if self.running else []
        more += [f"{self.unset:,} without a target"] if self.unset else []
        return f"{said} ({', '.join(more)})" if more else said


def counted(groups: Iterable[Group]) -> list[Counts]:
    """The shared service first, then every other party by name, each once; nobody named last."""
    found: dict[str | None, list[Group]] = {}
    for group in groups:
        found.setdefault(group.party, []).append(group)
    return [summed(party, found[party]) for party in sorted(found, key=_order)]


def summed(party: str | None, groups: Iterable[Group]) -> Counts:
    """All of these as one."""
    listed = list(groups)

    def tickets(results: frozenset[str]) -> int:
        return sum(group.tickets for group in listed if group.result in results)

    opened = sum(group.tickets for group in listed)
    met, missed, running = tickets(frozenset({MET})), tickets(frozenset({MISSED})), tickets(RUNNING)
    return Counts(party, opened, met, missed, running, opened - met - missed - running)


def apart(counts: Iterable[Counts]) -> Iterator[str]:
    """The shared service's own first, then what others answer for, shown apart, in sentences."""
    listed = list(counts)
    own = [one for one in listed if one.party == SERVICE]
    others = [one for one in listed if one.party != SERVICE]
    if own:
        yield f"The shared service's own: {own[0].sentence}."
    else:
        yield "The shared service's own: none."
    if others:
        total = summed(None, [group for one in others for group in _groups(one)])
        yield f"Answered for by others, shown apart: {total.sentence}."


def _groups(counts: Counts) -> Iterator[Group]:
    yield Group(counts.party, MET, counts.met)
    yield Group(counts.party, MISSED, counts.missed)
    yield Group(counts.party, "running", counts.running)
    yield Group(counts.party, "not set", counts.unset)


def _order(party: str | None) -> tuple[bool, bool, str]:
    return (party is None, party != SERVICE, party or "")
