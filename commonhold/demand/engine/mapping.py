"""How one desk's export says what we need: which column, which words, which dates. The form is a TOML file.

Only the columns that a mapping names are ever kept (D1), so everything it says is checked before a row is read, and its
canonical text can be kept beside the file as evidence.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from typing import Any, Final

from commonhold.demand.engine import moments
from commonhold.demand.engine.rows import UNSEEN, shown, tidy
from commonhold.partnership.engine.names import NAME_LIMIT
from commonhold.refusals import Refused
from commonhold.workdays import has_long_keys

STATES: Final = ("open", "in_progress", "on_hold", "reopened", "resolved", "closed", "cancelled")
IGNORE: Final = "ignore"
HOLD_REASONS: Final = (
    *("awaiting_customer", "awaiting_supplier", "awaiting_change"),
    *("awaiting_problem", "awaiting_evidence", "other"),
)
PRIORITIES: Final = ("P1", "P2", "P3", "P4", "P5")
KINDS: Final = ("incident", "request", "problem", "change")
SERVICE: Final = "service"
AUTHORITY: Final = "authority: "
PARTY: Final = re.compile(r"(authority|supplier)\s*:\s*(\S.*)", re.DOTALL)

FACTS: Final = (
    *("reference", "state", "hold_reason", "opened_at", "resolved_at", "closed_at", "partner", "team", "assignee"),
    *("priority", "category", "service", "kind", "channel", "reopen_count", "source_verdict"),
)
HOLDS: Final = "holds"
"""The kind of a companion file that says from when to when tickets were on hold."""

COLUMNS: Final = {
    "events": (*FACTS, "event_at"),
    "tickets": (*FACTS, "held_minutes", "updated_at", "clock_from", "clock_to"),
    HOLDS: ("reference", "held_from", "held_to", "hold_reason"),
}
HOLD_HEADINGS: Final = {"reference": "reference", "held_from": "from", "held_to": "to", "hold_reason": "reason"}
"""What a file of holds calls its columns where no mapping of its own says otherwise."""

REQUIRED: Final = {
    "events": ("reference", "event_at", "state"),
    "tickets": ("reference", "opened_at"),
    HOLDS: ("reference", "held_from", "held_to"),
}
TABLES: Final = {
    "states": (*STATES, IGNORE),
    "hold_reasons": HOLD_REASONS,
    "priorities": PRIORITIES,
    "kinds": KINDS,
}
UNITS: Final = {"minutes": 60, "seconds": 1, "hours": 3600}
"""What a bare number of time on hold may count, in seconds; the first where a mapping says nothing."""

CLOCKS: Final = ("clock_from", "clock_to")
"""From when to when a clock of a ticket ran: of files with several rows for a ticket, one for each of its clocks."""

COMPLETE: Final = "complete"
KEYS: Final = (
    *("kind", "desk", "version", "missing", "dates", "time_zone", COMPLETE, "held_unit", "several_rows", "optional"),
    *("columns", *TABLES, "teams", "leave_out"),
)
VERDICT_WORDS: Final = "source_verdict_true"
VERDICT_IS: Final = "source_verdict_is"
TIME_LEFT: Final = "time-left"
SIZE_LIMIT: Final = 1 << 18
LINE_LIMIT: Final = 500
DESK_LIMIT: Final = 100

BUILT_IN: Final = (
    *("servicenow-audit", "servicenow-table", "servicenow-task-sla", "hornbill", "jira-sm", "glpi", "zammad"),
    *("freshservice", "redmine", "canonical"),
)


@dataclass(frozen=True)
class Mapping:
    """A checked mapping. Words and headings are held without blanks around them and in Unicode's composed form.

    `complete` says of a file of holds that it tells every hold of its desk, so that a ticket which it does not list was
    not on hold. `verdict_left`: the desk's verdict is a time left, less than nothing where the target was missed.
    `leave_out` are words by heading: a row that has one of them says nothing of its ticket. `file` is the name of the
    file that it was read from, where it is not built in.
    """

    name: str
    kind: str
    desk: str
    version: int
    missing: frozenset[str]
    dates: tuple[str, ...]
    time_zone: str | None
    columns: dict[str, str]
    optional: frozenset[str]
    verdict_true: frozenset[str]
    states: dict[str, str]
    hold_reasons: dict[str, str]
    priorities: dict[str, str]
    kinds: dict[str, str]
    teams: dict[str, str]
    held_unit: str = next(iter(UNITS))
    verdict_left: bool = False
    several_rows: bool = False
    leave_out: dict[str, frozenset[str]] = field(default_factory=dict)
    complete: bool = False
    file: str = field(default="", compare=False)

    @property
    def called(self) -> str:
        """How a message names it: by its file, as whoever is to put it right knows it."""
        return shown(self.file or self.name)

    @cached_property
    def canonical(self) -> str:
        """The same mapping as one line of JSON, whatever its file's order and comments; `from_canonical` reads it."""
        content: dict[str, Any] = {
            "kind": self.kind,
            "desk": self.desk,
            "version": self.version,
            "missing": sorted(self.missing),
            "dates": list(self.dates),
            "optional": sorted(self.optional),
            "columns": dict(self.columns),
            "teams": self.teams,
            **{table: getattr(self, table) for table in TABLES},
        }
        if self.time_zone is not None:
            content["time_zone"] = self.time_zone
        if self.complete:
            content[COMPLETE] = True
        if self.verdict_true:
            content["columns"][VERDICT_WORDS] = sorted(self.verdict_true)
        # Said only where they say something, so that mappings which stand on the record keep their digests.
        if self.verdict_left:
            content["columns"][VERDICT_IS] = TIME_LEFT
        if self.held_unit != next(iter(UNITS)):
            content["held_unit"] = self.held_unit
        if self.several_rows:
            content["several_rows"] = True
        if self.leave_out:
            content["leave_out"] = {heading: sorted(words) for heading, words in self.leave_out.items()}
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical text: two files that say the same have the same digest."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()


def refuse_unread(kind: object) -> None:
    """Refuse a kind of file of which nobody can read the rows."""
    if kind not in COLUMNS:
        raise Refused(f"Files of the kind '{shown(str(kind))}' cannot be read; allowed are {', '.join(COLUMNS)}.")


def of_holds(mapping: Mapping, *, complete: bool = False) -> Mapping:
    """How a companion file of holds is read: by a mapping of its own, or with our headings and what else this one says
    of the desk, its dates and its reasons.
    """
    if mapping.kind == HOLDS:
        return replace(mapping, complete=mapping.complete or complete)
    return replace(
        mapping,
        kind=HOLDS,
        columns=HOLD_HEADINGS,
        optional=frozenset({"hold_reason"}),
        verdict_true=frozenset(),
        states={},
        priorities={},
        kinds={},
        teams={},
        verdict_left=False,
        held_unit=next(iter(UNITS)),
        several_rows=False,
        leave_out={},
        complete=complete,
    )


def built_in(name: str) -> Mapping:
    """One of the mappings that come with Commonhold."""
    if name not in BUILT_IN:
        raise Refused(f"There is no mapping '{shown(name)}'. Built in are {', '.join(BUILT_IN)}; or give a TOML file.")
    return parse((resources.files("commonhold.demand.engine") / "mappings" / f"{name}.toml").read_bytes(), name)


def parse(toml: bytes, name: str, file: str = "") -> Mapping:
    """The mapping that TOML holds; of its name the beginning counts. Messages call it by its `file`, if given."""
    name, called = name[:DESK_LIMIT], file or name
    if len(toml) > SIZE_LIMIT or max(map(len, toml.splitlines()), default=0) > LINE_LIMIT:
        raise Refused(
            f"The mapping {shown(called)} is larger than {SIZE_LIMIT // 1024} kB or has a line of more than "
            f"{LINE_LIMIT:,} characters. It should be short lines of TOML; a long list may run over many."
        )
    try:
        text = toml.decode()
        if has_long_keys(text):
            raise Refused(f"The mapping {shown(called)} has a key of very many parts. No mapping needs one.")
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"The mapping {shown(called)} is not TOML in UTF-8: {shown(str(error))}") from None
    return _checked(content, name, file)


def from_canonical(text: str, name: str) -> Mapping:
    """The mapping whose canonical text this is."""
    return _checked(json.loads(text), name)


def _checked(content: dict[str, Any], name: str, file: str = "") -> Mapping:
    check = _Check(content)
    kind = check.word("kind", tuple(COLUMNS))
    columns, verdict_true, verdict_left = check.columns(kind)
    mapping = Mapping(
        name=name,
        kind=kind,
        desk=check.desk(name),
        version=check.version(),
        missing=frozenset({*check.texts("missing", [""]), ""}),
        dates=check.dates(),
        time_zone=check.time_zone(),
        columns=columns,
        optional=check.optional(kind, columns),
        verdict_true=verdict_true,
        **{table: check.table(table, allowed) for table, allowed in TABLES.items()},
        teams=check.teams(),
        held_unit=check.held_unit(columns),
        verdict_left=verdict_left,
        several_rows=check.several_rows(kind, columns),
        leave_out=check.leave_out(columns),
        complete=check.complete(kind),
        file=file,
    )
    if "state" in columns and not mapping.states:
        check.problems.append(f"[states]: names no state, but the column '{columns['state']}' is the state")
    if check.problems:
        raise Refused(
            f"The mapping {mapping.called} cannot be used.", (f"{mapping.called}, {it}." for it in check.problems)
        )
    return mapping


class _Check:
    """Reads the parts of a mapping one by one and gathers everything that is wrong, so that it is put right at once."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._content = content
        self.problems: list[str] = []
        for key in content:
            if key in (VERDICT_WORDS, VERDICT_IS):
                self.problems.append(f"{key}: belongs under [columns]")
            elif key not in KEYS:
                self._wrong(shown(key), "is no key of a mapping", KEYS)

    def word(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self._content.get(key)
        if value in allowed:
            return str(value)
        self._wrong(key, "is missing" if value is None else f"'{shown(str(value))}' is not known", allowed)
        return allowed[0]

    def texts(self, key: str, default: list[str]) -> list[str]:
        return self._texts(key, self._content.get(key, default))

    def dates(self) -> tuple[str, ...]:
        forms = self._texts("dates", self._content.get("dates", ["iso"]), tidied=False)
        if not forms:
            self.problems.append("dates: names no form of date")
        for form in forms:
            try:
                moments.form(form)
            except ValueError as why:
                self.problems.append(f"dates: '{shown(form)}' {why}")
        return tuple(forms)

    def time_zone(self) -> str | None:
        value = self._content.get("time_zone")
        if value is None:
            return None
        try:
            return moments.zone(str(value)).key
        except ValueError as why:
            self.problems.append(f"time_zone: '{shown(str(value))}' {why}")
            return None

    def desk(self, name: str) -> str:
        value = self._content.get("desk", name)
        if isinstance(value, str) and 0 < len(tidy(value)) <= DESK_LIMIT:
            return tidy(value)
        self.problems.append(f"desk: must be a name of at most {DESK_LIMIT} characters")
        return name

    def version(self) -> int:
        value = self._content.get("version", 1)
        if type(value) is int and 0 < value < 1_000_000:
            return value
        self.problems.append("version: must be a whole number from 1")
        return 1

    def complete(self, kind: str) -> bool:
        value = self._content.get(COMPLETE, False)
        if type(value) is not bool:
            self.problems.append(f"{COMPLETE}: must be true or false")
        elif value and kind != HOLDS:
            self.problems.append(f'{COMPLETE}: is only for kind = "{HOLDS}", of a file that tells every hold')
        return value is True

    def columns(self, kind: str) -> tuple[dict[str, str], frozenset[str], bool]:
        given = dict(self._table("columns"))
        verdict_true = frozenset(self._texts(VERDICT_WORDS, given.pop(VERDICT_WORDS, [])))
        verdict_is = given.pop(VERDICT_IS, None)
        columns: dict[str, str] = {}
        for ours, theirs in given.items():
            if ours not in COLUMNS[kind]:
                elsewhere = [other for other, known in COLUMNS.items() if ours in known]
                what = f'is only for kind = "{elsewhere[0]}"' if elsewhere else "is no column of ours"
                self._wrong(f"[columns] {shown(ours)}", what, COLUMNS[kind])
            elif not isinstance(theirs, str) or not theirs.strip():
                self.problems.append(f"[columns] {ours}: must be a heading of the file, in quotation marks")
            else:
                columns[ours] = tidy(theirs)
        for ours in REQUIRED[kind]:
            if ours not in given:
                self.problems.append(f'[columns] {ours}: is missing; kind = "{kind}" needs it')
        if verdict_is not in (None, TIME_LEFT):
            self._wrong(f"[columns] {VERDICT_IS}", f"'{shown(str(verdict_is))}' is not known", [TIME_LEFT])
        elif ("source_verdict" in columns) != (bool(verdict_true) or verdict_is is not None):
            self.problems.append(f"[columns] source_verdict and {VERDICT_WORDS}, or {VERDICT_IS}: go together")
        elif verdict_true and verdict_is:
            self.problems.append(f"[columns] {VERDICT_WORDS} and {VERDICT_IS}: say two things, keep one of them")
        people = columns.get("assignee")
        if people is not None and list(columns.values()).count(people) > 1:
            self.problems.append(f"[columns] assignee: '{shown(people)}' holds people, so no other column may read it")
        return columns, verdict_true, verdict_is == TIME_LEFT

    def held_unit(self, columns: dict[str, str]) -> str:
        value = self._content.get("held_unit", next(iter(UNITS)))
        if "held_unit" in self._content and "held_minutes" not in columns:
            self.problems.append("held_unit: says the unit of [columns] held_minutes, which is missing")
        if isinstance(value, str) and value in UNITS:
            return value
        self._wrong("held_unit", f"'{shown(str(value))}' is not known", UNITS)
        return next(iter(UNITS))

    def several_rows(self, kind: str, columns: dict[str, str]) -> bool:
        value = self._content.get("several_rows", False)
        if not isinstance(value, bool):
            self.problems.append("several_rows: must be true or false, without quotation marks")
        elif value and (kind != "tickets" or not set(CLOCKS) <= columns.keys()):
            self.problems.append(f'several_rows: is for kind = "tickets" with [columns] {" and ".join(CLOCKS)}')
        elif not value and set(CLOCKS) & columns.keys():
            self.problems.append(f"[columns] {' and '.join(CLOCKS)}: are only for several_rows = true")
        return value is True

    def leave_out(self, columns: dict[str, str]) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for heading, words in self._table("leave_out").items():
            if tidy(heading) == columns.get("assignee"):
                self.problems.append(f"[leave_out] '{shown(heading)}': holds people, whose names are not looked at")
            else:
                found[tidy(heading)] = frozenset(self._texts(f"[leave_out] '{shown(heading)}'", words))
        return found

    def optional(self, kind: str, columns: dict[str, str]) -> frozenset[str]:
        names = frozenset(self.texts("optional", []))
        for ours in sorted(names - columns.keys()):
            self.problems.append(f"optional: '{shown(ours)}' is not named under [columns]")
        for ours in sorted(names.intersection(REQUIRED[kind])):
            self.problems.append(f'optional: {ours} cannot be; kind = "{kind}" needs it')
        return names

    def table(self, key: str, allowed: tuple[str, ...]) -> dict[str, str]:
        words: dict[str, str] = {}
        for theirs, ours in self._table(key).items():
            if ours not in allowed:
                self._wrong(f"[{key}] '{shown(theirs)}'", f"'{shown(str(ours))}' is not known", allowed)
            elif words.setdefault(tidy(theirs), ours) != ours:
                self.problems.append(f"[{key}] '{shown(theirs)}': stands twice and means two things")
        return words

    def teams(self) -> dict[str, str]:
        teams: dict[str, str] = {}
        for theirs, given in self._table("teams").items():
            party = _party(given)
            if party is None:
                self._wrong(f"[teams] '{shown(theirs)}'", f"'{shown(str(given))}' is nobody", _PARTIES)
            elif teams.setdefault(tidy(theirs), party) != party:
                self.problems.append(f"[teams] '{shown(theirs)}': stands twice and means two parties")
        return teams

    def _table(self, key: str) -> dict[str, Any]:
        value = self._content.get(key, {})
        if isinstance(value, dict):
            return value
        self.problems.append(f"{key}: must be a table, which begins [{key}]")
        return {}

    def _texts(self, key: str, value: object, *, tidied: bool = True) -> list[str]:
        if isinstance(value, list) and all(isinstance(text, str) for text in value):
            return [tidy(text) if tidied else text for text in value]
        self.problems.append(f'{key}: must be a list of words in quotation marks, as in ["a", "b"]')
        return []

    def _wrong(self, key: str, what: str, allowed: Iterable[str]) -> None:
        self.problems.append(f"{key}: {what}; allowed are {', '.join(allowed)}")


_PARTIES: Final = (f'"{SERVICE}"', '"authority: NAME"', '"supplier: NAME"')


def _party(given: object) -> str | None:
    if not isinstance(given, str):
        return None
    text = tidy(given)
    if text == SERVICE:
        return text
    match = PARTY.fullmatch(text)
    return f"{match[1]}: {match[2]}" if match and len(match[2]) <= NAME_LIMIT and not UNSEEN.search(text) else None
