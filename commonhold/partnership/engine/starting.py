"""The file that starts a partnership, as plain values: who the partners are, and the agreement as it was found (R0)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from commonhold.partnership.engine.names import NAME_LIMIT
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.consents import Consents
from commonhold.partnership.engine.rules.registry import KINDS, Ruled, check_together, kind
from commonhold.refusals import Refused
from commonhold.workdays import read_toml

Reader = Callable[[str], str]
"""Gives the text of a file that the start file names, by its name there."""

FOUNDING_CONSENTS: Final = Consents(1)
"""What a partnership starts with where its file says nothing: data like any other rule, changed like any other."""

BESIDE: Final = tuple(name for name in KINDS if name != "calendars")
TOP: Final = ("name", "partners", "administrators", "agreement", *BESIDE)
AGREEMENT: Final = ("found", "from", "calendars")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a start needs to know. `rules` are the values as found, in the order in which they are entered."""

    name: str
    partners: tuple[str, ...]
    administrators: Mapping[str, str] = field(default_factory=dict)
    found: str = ""
    since: date | None = None
    rules: Mapping[str, Ruled] = field(default_factory=dict)
    consent: Consents = FOUNDING_CONSENTS


def read_plan(text: str, source: str, read_file: Reader) -> Plan:
    """The plan that a start file says, refused with all its problems at once."""
    return plan_of(read_toml(text, source), source, read_file)


def plan_of(form: Mapping[str, Any], source: str, read_file: Reader) -> Plan:
    """The plan that such a form says, whoever wrote it."""
    return _Reading(form, source, read_file).plan()


class _Reading:
    """Reads one form and gathers every problem before it refuses."""

    def __init__(self, form: Mapping[str, Any], source: str, read_file: Reader) -> None:
        self.form = form
        self.source = source
        self.read_file = read_file
        self.problems: list[str] = []

    def plan(self) -> Plan:
        self._unknown(self.form, TOP, "")
        name = self._text(self.form, "name", "the partnership's name")
        partners = self._partners()
        administrators = self._administrators(partners)
        found, since = self._agreement()
        consent = self._rule("consent")
        rules = {rule: value for rule in KINDS if rule != "consent" and (value := self._rule(rule))}
        if rules and not (found and since) and not self.problems:
            self.problems.append(
                '[agreement] must say in which document the rules were found: found = "…", from = DATE.'
            )
        if not self.problems:
            self._check_together(rules)
        if self.problems:
            raise Refused(f"{self.source} cannot start a partnership.", self.problems)
        founding = consent if isinstance(consent, Consents) else FOUNDING_CONSENTS
        return Plan(name, partners, administrators, found, since, rules, founding)

    def _check_together(self, rules: Mapping[str, Ruled]) -> None:
        try:
            check_together(rules)
        except Refused as refused:
            self.problems.append(refused.message)

    def _partners(self) -> tuple[str, ...]:
        said = self.form.get("partners")
        if not isinstance(said, list) or not said or not all(isinstance(name, str) for name in said):
            self.problems.append('partners is a list of names: partners = ["Authority A", "Authority B"].')
            return ()
        names = tuple(" ".join(name.split()) for name in said)
        if not all(names):
            self.problems.append("One of the partners has no name.")
        self.problems += [
            f"The name {name!r} is longer than {NAME_LIMIT} characters." for name in names if len(name) > NAME_LIMIT
        ]
        folded = [name.casefold() for name in names]
        twice = sorted({name for name in names if folded.count(name.casefold()) > 1})
        self.problems += [f"The partner {name!r} is listed twice." for name in twice]
        return names

    def _administrators(self, partners: tuple[str, ...]) -> dict[str, str]:
        said = self.form.get("administrators", {})
        if not isinstance(said, Mapping):
            self.problems.append('administrators is a table: administrators = { "Authority A" = "a@example.org" }.')
            return {}
        found: dict[str, str] = {}
        for key, address in said.items():
            name = " ".join(key.split())
            if name not in partners:
                self.problems.append(f"administrators: {key!r} is not among the partners.")
            elif not isinstance(address, str) or not _is_address(address):
                self.problems.append(f"administrators: {address!r} is not an e-mail address like name@example.org.")
            elif address.strip().casefold() in {other.casefold() for other in found.values()}:
                self.problems.append(f"administrators: {address!r} is given twice; each partner has its own.")
            else:
                found[name] = address.strip()
        return found

    def _agreement(self) -> tuple[str, date | None]:
        said = self.form.get("agreement")
        if said is None:
            return "", None
        if not isinstance(said, Mapping):
            self.problems.append("agreement is a table: [agreement] with found, from and calendars.")
            return "", None
        self._unknown(said, AGREEMENT, "agreement.")
        found = self._text(said, "found", "the document in which the rules were found", "[agreement] ", longest=300)
        since = said.get("from")
        if not isinstance(since, date) or isinstance(since, datetime):
            self.problems.append("[agreement] from is the day from which the rules hold, like from = 2016-01-01.")
            since = None
        return found, since

    def _rule(self, rule: str) -> Ruled | None:
        if rule == "calendars":
            agreement = self.form.get("agreement")
            named = agreement.get("calendars") if isinstance(agreement, Mapping) else None
            if named is None:
                return None
            if not isinstance(named, str):
                self.problems.append('[agreement] calendars names a file: calendars = "calendars.toml".')
                return None
            return self._try("", lambda: Calendars.from_toml(self.read_file(named), named))
        said = self.form.get(rule)
        return None if said is None else self._try(f"[{rule}]: ", lambda: kind(rule).from_json(said))

    def _try(self, where: str, read: Callable[[], Ruled]) -> Ruled | None:
        try:
            return read()
        except Refused as refused:
            self.problems += [f"{where}{words}" for words in (refused.problems or (refused.message,))]
            return None

    def _text(self, form: Mapping[str, Any], key: str, what: str, where: str = "", longest: int = NAME_LIMIT) -> str:
        said = form.get(key)
        if not isinstance(said, str) or not said.strip():
            self.problems.append(f'{where}{key} is missing; say {what}: {key} = "…".')
            return ""
        if len(said) > longest:
            self.problems.append(f"{where}{key} is longer than {longest} characters.")
        return " ".join(said.split())

    def _unknown(self, form: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
        self.problems += [
            f"{where}{key} is not known here; use {', '.join(known)}." for key in form if key not in known
        ]


def _is_address(text: str) -> bool:
    name, _, host = text.strip().rpartition("@")
    return bool(name) and "." in host.strip(".") and " " not in text.strip()
