"""The part of a pack that says what partners dispute: headline figures with, without and as disputed (F6, F8)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commonhold.documents.engine.blocks import BulletList, Heading, Paragraph
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Cell, Column, Table
from commonhold.documents.engine.words import Run
from commonhold.govuk.formats import plural
from commonhold.performance.engine.disputed import Beside, Value
from commonhold.performance.engine.smallnumbers import FEWEST

WHY_NOT: Final = (
    "What the figures would be without these tickets, and as disputed, is not shown here: it would tell of a group of "
    "fewer than five tickets, or how figures divide between the partners, or could be held against an earlier pack."
)

KEPT_BACK: Final = (
    "Of how many tickets a dispute is, and what it would mean for figures, is not shown here where that is fewer than "
    "five tickets, or none: it would tell of each ticket."
)


@dataclass(frozen=True, slots=True)
class InPack:
    """A dispute that stood when the pack was written: whose, of what, how far it was, and what it would mean.

    `about` and `said` are empty where the audience is not told of which tickets; `tickets` is 0 where it is not told of
    how many. `besides` are the headline figures that it touches, of the whole service or of the audience's own partner.
    """

    number: int
    partner: str
    fact: str
    state: str
    entry: int
    tickets: int = 0
    about: str = ""
    said: str = ""
    besides: Sequence[Beside] = ()

    @property
    def ref(self) -> str:
        return f"dispute/{self.number}"

    def as_json(self) -> dict[str, Any]:
        tickets = {"tickets": self.tickets} if self.tickets else {}
        told = {**tickets, "about": self.about, "said": self.said} if self.about else {}
        figures = {"figures": [one.as_json() for one in self.besides]} if self.besides else {}
        whose = {"dispute": self.ref, "partner": self.partner, "fact": self.fact, "state": self.state}
        return {**whose, "entry": self.entry, **told, **figures}


@dataclass(frozen=True, slots=True)
class Disputes:
    """What is disputed: one by one, and for everybody all together where small numbers allow it (F8)."""

    rows: Sequence[InPack] = ()
    together: Sequence[Beside] = ()
    splits: bool = True

    def as_json(self) -> dict[str, Any]:
        """What figures.json says beside the figures; nothing where nothing is disputed."""
        if not self.rows:
            return {}
        together = {"disputed_together": [one.as_json() for one in self.together]} if self.together else {}
        return {"disputes": [one.as_json() for one in self.rows], **together}


def may_be_told(partners: Sequence[int], besides: Sequence[Beside]) -> bool:
    """Whether everybody may be told what figures would be without the disputed tickets: these are of several partners,
    of each of whom at least five, and no count differs by fewer than five, so nothing small is had by subtraction (F8).
    """
    some = [count for count in partners if count]
    if len(some) < 2 or min(some) < FEWEST:
        return False
    return not any(_tells_of_few(one) for one in besides)


def _tells_of_few(one: Beside) -> bool:
    counts = _counts(one.stands)
    others = (_counts(other) for other in (one.without, one.disputed))
    return any(0 < abs(a - b) < FEWEST for other in others for a, b in zip(counts, other, strict=True))


def _counts(value: Value) -> list[int | float]:
    """Every count that is printed of a figure or follows from it: those that a share counts and those that it does not,
    as it is and where sources leave a doubt at the least and at the most.
    """
    of = value.denominator or 0
    counted = (value.value if value.numerator is None and value.denominator is None else value.numerator) or 0
    ends = [counted if end is None else round(end * of) if of else end for end in (value.low, value.high)]
    return [of, *(count for end in (counted, *ends) for count in (end, of - end))]


def disputed(disputes: Disputes, title: Callable[[Beside], str]) -> Iterator[Block]:
    """Each dispute that stands, `title` saying what its figures are called; nothing where there is none."""
    if not disputes.rows:
        return
    yield Heading(1, "What is disputed", "disputed")
    yield Paragraph(
        "Partners say of these tickets that a fact is not as the figures count it. The figures of this pack count them "
        "as they stand. Until a dispute is put right or its partner settles it, it is said here."
    )
    yield BulletList(tuple(_line(one) for one in disputes.rows))
    if disputes.splits:
        rows = [(one, beside) for one in disputes.rows for beside in one.besides]
        keeps_back = not all(one.tickets for one in disputes.rows)
        if rows:
            yield _table([(f"Dispute {one.number}", beside) for one, beside in rows], "Dispute", title)
        if keeps_back:
            yield Paragraph(KEPT_BACK)
        elif not rows:
            yield Paragraph("None of them changes a headline figure of this pack.")
    elif disputes.together:
        yield _table([("All together", beside) for beside in disputes.together], "Disputes", title)
    else:
        yield Paragraph(WHY_NOT)


def _line(one: InPack) -> tuple[str | Run, ...]:
    about = f": {one.about}. {one.said}" if one.about else f": the {one.fact.lower()} of some tickets"
    touches = f", {plural(one.tickets, 'ticket')} of this period" if one.tickets else ""
    entry = Run(f"entry {one.entry} of the record", address=f"/record/entries/{one.entry}/")
    return (f"Dispute {one.number} of {one.partner}{about}{touches}. {one.state}, ", entry)


def _table(rows: Sequence[tuple[str, Beside]], first: str, title: Callable[[Beside], str]) -> Table:
    return Table(
        caption="Headline figures with, without and as disputed",
        columns=(
            Column(first, "short"), Column("Figure"), Column("As it stands"), Column("Without these tickets"),
            Column("As disputed"),
        ),
        rows=tuple(
            (name, title(one), Cell(one.stands.words), Cell(one.without.words), Cell(one.disputed.words))
            for name, one in rows
        ),
        id="table-disputed",
    )  # fmt: skip
