"""Which partner a value in a desk's file stands for: a map of two columns, value and partner."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO, Final

from commonhold.demand.engine import rows
from commonhold.demand.engine.rows import UNSEEN, named, shown, tidy
from commonhold.demand.engine.unpack import Limits
from commonhold.partnership.engine.names import NAME_LIMIT
from commonhold.refusals import Refused

LIMITS: Final = Limits(size=10_000_000, unpacked=10_000_000)
VALUE_LIMIT = 200


@dataclass(frozen=True)
class PartnerMap:
    """Partners by value; "" where the map says that the value has none."""

    partners: dict[str, str]

    @cached_property
    def canonical(self) -> str:
        """The same map as one line of JSON, which `from_canonical` reads."""
        return json.dumps(self.partners, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical text."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()


def from_canonical(text: str) -> PartnerMap:
    """The map whose canonical text this is."""
    return PartnerMap(json.loads(text))


def read(stream: BinaryIO, file: str = "") -> PartnerMap:
    """The map that a CSV file of two columns holds, its first line their headings; refused by line if it is not one.

    `file` is its name, by which a refusal tells it from the ticket file that it is brought with.
    """
    try:
        return _read(stream)
    except Refused as refusal:
        called = f"The map of partners {shown(file)}" if file else "The map of partners"
        raise Refused(f"{called} cannot be used: {refusal.message}", refusal.problems) from None


def _read(stream: BinaryIO) -> PartnerMap:
    table = rows.examine(stream, ("value", "partner"), LIMITS)
    if len(table.headings) != 2:
        raise Refused(
            "A map of partners has two columns, value and partner. "
            f"This one has {len(table.headings)}: {named(table.headings)}."
        )
    partners: dict[str, str] = {}
    problems: list[str] = []
    for block in rows.blocks(stream, table):
        problems += map(str, block.problems)
        for line, *row in zip(block.lines, block.column(0), block.column(1), strict=True):
            value, partner = map(tidy, row)
            if problem := _problem(value, partner, partners):
                problems.append(f"Line {line}: {problem}.")
            partners.setdefault(value, partner)
    if problems:
        raise Refused("Put these lines right." if len(problems) > 1 else "Put this line right.", problems)
    return PartnerMap(partners)


def _problem(value: str, partner: str, partners: dict[str, str]) -> str | None:
    if not value:
        return "there is no value before the partner"
    if len(value) > VALUE_LIMIT or len(partner) > NAME_LIMIT:
        return f"a value may have {VALUE_LIMIT} characters and a partner's name {NAME_LIMIT}"
    if UNSEEN.search(value + partner):
        return "there is a control character in it"
    if partners.get(value, partner) != partner:
        return (
            f"'{shown(value)}' is '{shown(partner)}' here and '{shown(partners[value])}' further up; keep one of them"
        )
    return None
