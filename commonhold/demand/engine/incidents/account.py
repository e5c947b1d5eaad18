"""The account of an incident as an officer writes it: plain values, what it still lacks, where it differs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, time
from typing import Any, Final, Self

from commonhold.refusals import Refused
from commonhold.workdays import LONDON

SERVICE: Final = "service"
AUTHORITY: Final = "authority"
SUPPLIER: Final = "supplier"

LEGACY: Final[Mapping[str, str]] = {"yes": "Yes", "no": "No", "unknown": "Not known"}
"""Whether age of equipment or want of investment was a cause."""

LONGEST_TITLE: Final = 120
LONGEST_WORDS: Final = 4_000
LONGEST_NAME: Final = 60
MOST_LINKS: Final = 50
MINUTE: Final = 60

NEEDED: Final[Mapping[str, str]] = {
    "title": "a title",
    "happened": "what happened",
    "detected": "when it was detected",
    "restored": "when the service was restored",
    "partners": "which partners it hit",
    "cause": "the cause",
    "party": "the responsible party",
    "legacy": "whether legacy or investment was a cause",
    "lesson": "the lesson",
}
"""What an account needs before it is signed off; all else may stay empty."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is written of an incident. All of it is for everybody but `partners`, `actions` and `closed`.

    `party` is written as mappings do: "service", "authority: NAME", "supplier: NAME". `services`, `partners` and
    `actions` are numbers of rows.
    """

    title: str = ""
    happened: str = ""
    detected: datetime | None = None
    restored: datetime | None = None
    services: tuple[int, ...] = ()
    partners: tuple[int, ...] = ()
    cause: str = ""
    party: str = ""
    legacy: str = ""
    legacy_words: str = ""
    lesson: str = ""
    actions: tuple[int, ...] = ()
    closed: str = ""

    @property
    def lacks(self) -> list[str]:
        """What it needs still before it can be signed off, in words."""
        return [words for name, words in NEEDED.items() if not getattr(self, name)]

    @property
    def minutes(self) -> int | None:
        """From detected to restored by the calendar, in whole minutes; None while one of them is not said."""
        return minutes_between(self.detected, self.restored)

    def checked(self, now: datetime) -> Self:
        """The same, trimmed. Refuses what makes no sense whatever else is written."""
        said = replace(self, **{name: getattr(self, name).strip() for name in TEXTS})
        problems = [
            f"{NAMES[name]} has at most {most:,} characters."
            for name, most in TEXTS.items()
            if len(getattr(said, name)) > most
        ]
        problems += [f"{NAMES[name]} cannot hold a null character." for name in TEXTS if "\x00" in getattr(said, name)]
        problems += _instants(said, now)
        if said.party and not is_party(said.party):
            problems.append("The responsible party is the shared service, an authority, or a supplier with a name.")
        if said.legacy and said.legacy not in LEGACY:
            problems.append("Legacy or investment as a cause is yes, no, or not known.")
        if any(len(getattr(said, name)) > MOST_LINKS for name in ("services", "partners", "actions")):
            problems.append(f"At most {MOST_LINKS} services, partners and actions can be named.")
        if problems:
            raise Refused("This account cannot be kept.", problems)
        return said

    def to_json(self) -> dict[str, Any]:
        said = asdict(self)
        return said | {name: said[name].isoformat() if said[name] else None for name in INSTANTS}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        known = {field.name: said[field.name] for field in fields(cls) if field.name in said}
        known |= {name: datetime.fromisoformat(known[name]) for name in INSTANTS if known.get(name)}
        return cls(**known | {name: tuple(known.get(name, ())) for name in ("services", "partners", "actions")})


INSTANTS: Final = ("detected", "restored")
TEXTS: Final[Mapping[str, int]] = {
    "title": LONGEST_TITLE,
    "happened": LONGEST_WORDS,
    "cause": LONGEST_WORDS,
    "legacy_words": LONGEST_WORDS,
    "lesson": LONGEST_WORDS,
    "closed": LONGEST_WORDS,
}
NAMES: Final[Mapping[str, str]] = {
    "title": "The title",
    "happened": "What happened",
    "cause": "The cause",
    "legacy_words": "What is said of legacy or investment",
    "lesson": "The lesson",
    "closed": "The closed wording",
}


def _instants(said: Account, now: datetime) -> Iterator[str]:
    if said.detected and said.detected > now:
        yield "It cannot have been detected in the time to come."
    if said.restored and said.restored > now:
        yield "The service cannot have been restored in the time to come."
    if said.detected and said.restored and said.restored <= said.detected:
        yield "The service was restored after the incident was detected: one of the two times is a slip."


def is_party(words: str) -> bool:
    """Whether these words name a responsible party."""
    kind, _, name = words.partition(": ")
    if kind == SERVICE:
        return words == SERVICE
    return kind in (AUTHORITY, SUPPLIER) and 0 < len(name.strip()) <= LONGEST_NAME and "\x00" not in name


def party_in_words(party: str | None) -> str:
    """The shared service; Northgate: own teams; Calldale, supplier."""
    kind, _, name = (party or "").partition(": ")
    words = {SERVICE: "The shared service", AUTHORITY: f"{name}: own teams", SUPPLIER: f"{name}, supplier"}
    return words.get(kind, "Nobody named")


def minutes_between(earlier: datetime | None, later: datetime | None) -> int | None:
    """Whole minutes by the calendar; None where one of the two is not there."""
    return None if earlier is None or later is None else int((later - earlier).total_seconds()) // MINUTE


def instant_of(day: date | None, at: time | None, what: str) -> datetime | None:
    """The instant of a local day and time in London, the first where an hour comes twice; None where neither is given.

    Refused where only one of them is given, and where the clocks went past that moment.
    """
    if day is None and at is None:
        return None
    if day is None or at is None:
        raise Refused(f"{what}: give both the day and the time.")
    local = datetime.combine(day, at, tzinfo=LONDON)
    instant = local.astimezone(UTC)
    if instant.astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused(f"{what}: there was no such time on that day, the clocks went forward.")
    return instant


@dataclass(frozen=True, slots=True)
class Clocked:
    """What is known of one of an incident's tickets: its own instants, and its minutes against its target.

    `used` and `target` are minutes on the clock; `result` is met, missed, running, on hold or not set.
    """

    reference: str
    opened: datetime
    resolved: datetime | None
    used: int | None
    target: int | None
    result: str

    @property
    def minutes(self) -> int | None:
        """From opened to resolved by the calendar."""
        return minutes_between(self.opened, self.resolved)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "opened": self.opened.isoformat(),
            "resolved": self.resolved.isoformat() if self.resolved else None,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        at = {name: datetime.fromisoformat(said[name]) if said[name] else None for name in ("opened", "resolved")}
        return cls(**{**said, **at})


def result_of(tickets: Sequence[Clocked]) -> str:
    """The result of several tickets as one: missed where one of them is, then running, met, and not set."""
    found = {ticket.result for ticket in tickets}
    return next((word for word in ("missed", "running", "on hold", "met") if word in found), "not set")


def differences(account: Account, tickets: Sequence[Clocked]) -> list[str]:
    """Where the account's instants are not those of its tickets, a minute or more apart, in sentences."""
    found: list[str] = []
    if account.detected and tickets:
        first = min(tickets, key=lambda ticket: ticket.opened)
        found += _apart("Detected", account.detected, first.opened, f"{first.reference} was opened")
    resolved = [(ticket.resolved, ticket.reference) for ticket in tickets if ticket.resolved]
    if account.restored and resolved:
        last, reference = max(resolved)
        found += _apart("Restored", account.restored, last, f"{reference} was resolved")
    if account.restored and len(resolved) < len(tickets):
        open_still = [ticket.reference for ticket in tickets if not ticket.resolved]
        found.append(f"Restored, while as the desk tells {', '.join(open_still)} is not resolved.")
    return found


def _apart(word: str, said: datetime, told: datetime, what: str) -> Iterator[str]:
    minutes = abs(int((said - told).total_seconds())) // MINUTE
    if minutes:
        yield f"{word} {_long(minutes)} {'after' if said > told else 'before'} {what}."


def _long(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours:,} hour{'' if hours == 1 else 's'}"] if hours else []
    parts += [f"{rest} minute{'' if rest == 1 else 's'}"] if rest else []
    return " ".join(parts)
