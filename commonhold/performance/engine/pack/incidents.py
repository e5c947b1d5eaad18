"""The part of a pack that tells of P1 and key incidents: counts first, then each by its signed-off account (D3, P3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from commonhold.demand.engine.incidents.account import party_in_words
from commonhold.demand.engine.incidents.counting import Counts, apart
from commonhold.documents.engine.blocks import Definition, Definitions, Heading, Paragraph
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Column, Table
from commonhold.documents.engine.words import Run
from commonhold.govuk.formats import duration, instant, listed, number, period, plural
from commonhold.performance.engine.pack.holding import URGENT, Profile

NAMED: Final = 25
"""Tickets named that are in no account."""


@dataclass(frozen=True, slots=True)
class Told:
    """An incident as its signed-off account tells of it: `ref` and `entry` are those of the account.

    `partners`, `cascade` and `closed` are for the boards; they are empty in a pack for everybody.
    """

    number: int
    ref: str
    entry: int
    title: str
    is_key: bool
    happened: str
    detected: datetime
    restored: datetime
    minutes: int
    result: str
    services: tuple[str, ...]
    party: str
    cause: str
    legacy: str
    legacy_words: str
    lesson: str
    partners: tuple[str, ...] = ()
    cascade: str = ""
    closed: str = ""

    @property
    def address(self) -> str:
        return f"/incidents/{self.number}/"

    def as_json(self) -> dict[str, Any]:
        """What a pack's files say that it rests on."""
        return {"incident": self.number, "account": self.ref, "entry": self.entry}


@dataclass(frozen=True, slots=True)
class Register:
    """The incidents of a period for an audience. `counts` and `unwritten`, references of P1 tickets that are in no
    signed-off account, are for the boards; the public is told only whether `some_unwritten` are.
    """

    told: tuple[Told, ...] = ()
    counts: tuple[Counts, ...] = ()
    unwritten: tuple[str, ...] = ()
    some_unwritten: bool = False


def incidents(register: Register, profile: Profile, span: Any) -> Iterator[Block]:
    """What happened, incident by incident, and which P1 tickets nobody has written up."""
    yield Heading(1, f"{URGENT} and key incidents: what happened", "incidents")
    for sentence in apart(register.counts) if register.counts else ():
        yield Paragraph(sentence)
    if len(register.counts) > 1:
        yield _by_party(register, span)
    yield from _without(register, profile)
    if not register.told:
        yield Paragraph("No account of an incident of this period is signed off.")
    for one in register.told:
        yield from _account(one, profile)


def _by_party(register: Register, span: Any) -> Table:
    return Table(
        caption=f"{URGENT} tickets opened in {period(span)}, by who was responsible",
        columns=(
            Column("Responsible"), Column("Opened", "number"), Column("Within target", "number"),
            Column("Missed", "number"), Column("Open still", "number"), Column("No target", "number"),
        ),
        rows=tuple(
            (one.title, *(number(n) for n in (one.opened, one.met, one.missed, one.running, one.unset)))
            for one in register.counts
        ),
        note="A signed-off account says who was responsible; without one, who answers for the team that had the ticket "
        "last, the host's own teams like all others. Tickets left out of figures are not counted.",
        id="table-incidents",
    )  # fmt: skip


def _without(register: Register, profile: Profile) -> Iterator[Block]:
    if not profile.splits:
        if register.some_unwritten:
            yield Paragraph(f"Not every {URGENT} ticket of the period is in a signed-off account yet.")
        return
    if register.unwritten:
        named = listed(register.unwritten[:NAMED])
        more = len(register.unwritten) - NAMED
        beyond = f", and {number(more)} more" if more > 0 else ""
        yield Paragraph(f"{plural(len(register.unwritten), f'{URGENT} ticket')} not written up yet: {named}{beyond}.")


def _account(one: Told, profile: Profile) -> Iterator[Block]:
    yield Heading(2, f"{one.title}{', a key incident' if one.is_key else ''}", f"incident-{one.number}")
    yield Paragraph(one.happened)
    facts = [
        ("Detected", instant(one.detected)),
        ("Restored", f"{instant(one.restored)}, after {duration(one.minutes)}"),
        ("Target", one.result),
        ("Residents' services hit", listed(one.services) if one.services else "none named"),
        ("Responsible", party_in_words(one.party)),
        ("Cause", one.cause),
        ("Old equipment or want of investment", ": ".join(filter(None, (one.legacy, one.legacy_words)))),
        ("Lesson, and what follows", one.lesson),
    ]
    if profile.splits:
        facts += [
            ("Partners hit", listed(one.partners) if one.partners else "none named"),
            ("Who was told", one.cascade),
        ]
        facts += [("For the boards", one.closed)] if one.closed else []
    yield Definitions(tuple(Definition(term=term, meaning=meaning) for term, meaning in facts if meaning))
    yield Paragraph((Run(f"Incident {one.number} in the register", address=one.address), f", entry {one.entry}."))
