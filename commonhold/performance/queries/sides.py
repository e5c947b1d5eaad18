"""The two sides of a reconciliation as the engine takes them: our tickets, and beside them a file's or our own earlier.

Only what matters to the period is read, and on the other side every ticket that either names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import Final

import numpy as np

from commonhold.databases.choosing import chosen
from commonhold.demand.engine.aside import Codes, read_aside
from commonhold.demand.engine.clock import Histories
from commonhold.demand.engine.columns import Tickets, Verdict
from commonhold.demand.models import Batch, Correction, Desk, Reckoning, Ticket
from commonhold.demand.queries import columns
from commonhold.demand.queries.files import File, moment_of
from commonhold.demand.queries.putting_right import stood
from commonhold.demand.queries.reading import Progress, read_whole
from commonhold.demand.queries.told import Numbers
from commonhold.govuk.formats import plural
from commonhold.partnership.models import Partner
from commonhold.performance.engine import groups, periods
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Need
from commonhold.performance.engine.periods import Period
from commonhold.performance.engine.reconciling import filling, worlds
from commonhold.performance.engine.reconciling.counted import Listed
from commonhold.performance.engine.reconciling.worlds import About, Fact, Side, World
from commonhold.performance.engine.references import Reference
from commonhold.performance.queries.fed import is_of_tickets
from commonhold.performance.queries.periods import Basis, basis, the_period
from commonhold.refusals import Refused

OPEN: Final = (
    f'select r.ticket_id from "{Reckoning._meta.db_table}" r join "{Partner._meta.db_table}" p on p.id = r.partner_id '
    "where {chosen} and r.known_until is null and p.slug = %s"
)
CALLED: Final = (
    f'select t.id, t.reference, d.name from "{Ticket._meta.db_table}" t join "{Desk._meta.db_table}" d '
    "on d.id = t.desk_id where {chosen}"
)

CORRECTED: Final[Mapping[Correction.Fact, Fact]] = {
    Correction.Fact.PARTNER: Fact.PARTNER,
    Correction.Fact.PRIORITY: Fact.PRIORITY,
    Correction.Fact.KIND: Fact.KIND,
    Correction.Fact.TEAM: Fact.NAMES,
    Correction.Fact.SERVICE: Fact.NAMES,
    Correction.Fact.HOLD: Fact.STATES,
    Correction.Fact.RESPONSIBLE: Fact.PUT_RIGHT,
}
"""With which of a telling's facts one that was corrected is taken over."""

REMARKS: Final = 10
LONGEST_REMARK: Final = 300


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides as worlds of the same tickets; `numbers` are their numbers row by row.

    A ticket that only a file knows has a number beyond all of ours, and its reference in `named`.
    """

    ours: World
    theirs: World
    about: About
    numbers: Sequence[int]
    named: Mapping[int, str]
    partners: Mapping[int, str]
    inside: Collection[int] = field(default=())
    judges: bool = True
    """Whether a file has the desk's own verdict; a list without one says of no ticket that its target was missed."""
    remarks: tuple[str, ...] = ()

    @property
    def listed(self) -> Listed:
        """The file as a list of what was counted."""
        inside = np.isin(np.array(self.numbers, np.int64), np.array(sorted(self.inside), np.int64))
        theirs = filling.as_listed(self.ours, self.theirs)
        if not self.judges and Need.VERDICT not in definition(self.ours.measure).needs:
            unsaid = np.full(len(inside), Verdict.UNKNOWN, np.int8)
            theirs = replace(theirs, tickets=replace(theirs.tickets, verdict=unsaid))
        return Listed(self.ours, theirs, inside, self.about)

    def partner(self, row: int) -> str:
        """The slug of the partner that a ticket is known by here, else that its file names; empty for none."""
        world = self.ours if self.ours.there[row] else self.theirs
        return self.partners.get(int(world.tickets.partner[row]), "")

    def called(self, rows: Collection[int]) -> dict[int, tuple[int | None, str]]:
        """The number of each ticket where it is one of ours, and its reference, by row."""
        wanted = {row: self.numbers[row] for row in rows}
        known = {
            number: reference
            for found in chosen(CALLED, "t.id", sorted({n for n in wanted.values() if n not in self.named}))
            for number, reference, _ in found
        }
        return {
            row: (None, self.named[number]) if number in self.named else (number, known[number])
            for row, number in wanted.items()
        }


def checked(reference: Reference) -> None:
    """Refused where tickets do not feed a figure, or its scope makes no sense."""
    if not is_of_tickets(reference.definition):
        raise Refused("No tickets are behind this figure: readings are. Only figures of tickets can be reconciled.")
    groups.check(tuple(reference.scope))
    definition(reference.definition)


def alone(reference: Reference) -> Sides:
    """Our side beside itself: for a number of which nothing else is known."""
    on, period = resting(reference)
    side = _side(columns.touching(on.known.batch, period.start, max(period.end, period.as_of)), on)
    about = About(reference.scope, on.names)
    mine, other = worlds.joined(side, side, on.rules.compiled, period, reference.definition)
    return Sides(mine, other, about, mine.tickets.id.tolist(), {}, _slugs())


def earlier(reference: Reference, other: Reference) -> Sides:
    """The same figure as it was known at another entry, read at another instant, or by another version."""
    on, period = resting(reference)
    was, read = resting(other)
    first, last = min(period.start, read.start), max(period.end, period.as_of, read.end, read.as_of)
    mine, theirs = (columns.touching(one.known.batch, first, last) for one in (on, was))
    ours = _with(mine, on, set(theirs[0].id.tolist()) - set(mine[0].id.tolist()))
    then = _with(theirs, was, set(mine[0].id.tolist()) - set(theirs[0].id.tolist()))
    left, right = worlds.joined(ours, then, on.rules.compiled, period, reference.definition)
    right = replace(right, rules=was.rules.compiled, period=read, measure=other.definition)
    about = About(reference.scope, on.names)
    return Sides(left, right, about, left.tickets.id.tolist(), {}, _slugs())


def of_file(
    reference: Reference, file: File, *, whose: str, at: datetime, progress: Progress = lambda *_: None
) -> Sides:
    """Our side beside what a file tells of its tickets. Refused where none of them is known here.

    A file that a partner brings tells of its own tickets: another's reference is as unknown as one that nobody has, so
    that no file can find out of one whether it is there, or what is known of it (D2). `whose` is empty for those who
    run the service.
    """
    on, period = resting(reference)
    with read_whole(file, None, progress) as whole:
        named = {one for chunk in whole.chunks() for one in chunk.reference}
        if not named:
            raise Refused("The file has no row that can be read, so there is nothing to compare.")
        numbers, beyond = _numbers(file, named, whose)
        own = on.named
        codes = Codes(_by_name(own.partner), _by_name(own.team), _by_name(own.service), _by_name(own.category))
        aside = read_aside(
            whole.chunks(),
            is_history=file.mapping.kind == "events",
            columns=whole.columns,
            exported=int(moment_of(file, whole.latest, at).timestamp()),
            codes=codes,
            numbers=numbers,
            parties=own.party_of,
            rules=on.rules.compiled,
        )
        report, told = whole.report, whole.columns
    mine = columns.touching(on.known.batch, period.start, max(period.end, period.as_of))
    ours = _with(mine, on, {number for number in numbers.values() if number < beyond} - set(mine[0].id.tolist()))
    left, right = worlds.joined(
        ours, Side(aside.tickets, aside.histories, own.party_of), on.rules.compiled, period, reference.definition
    )
    right = filling.as_told(left, right, told)
    about = About(reference.scope, _names(on, codes))
    lost = {number: name for name, number in numbers.items() if number >= beyond}
    return Sides(
        left, right, about, left.tickets.id.tolist(), lost, _slugs(codes), set(aside.tickets.id.tolist()),
        "source_verdict" in told,
        tuple(_remarks(len(aside.tickets), len(lost), report.refused_rows, report.warnings)),
    )  # fmt: skip


def resting(reference: Reference) -> tuple[Basis, Period]:
    """What a figure rests on, and its period as it is read."""
    on = basis(reference.known_at)
    the_period(reference.span, on.known)
    return on, periods.period(reference.span, as_of=int(reference.as_of.timestamp()))


def _side(found: tuple[Tickets, Sequence[bytes]], on: Basis) -> Side:
    tickets, timelines = found
    return Side(tickets, Histories.joined(timelines), on.named.party_of, _corrected(on.known.batch))


def _corrected(batch: int) -> dict[Fact, set[int]]:
    """The tickets of which a fact stood corrected when this batch was the last one known."""
    found: dict[Fact, set[int]] = {}
    for ticket, fact in Correction.objects.filter(stood(batch)).values_list("ticket", "fact"):
        found.setdefault(CORRECTED[Correction.Fact(fact)], set()).add(ticket)
    return found


def _with(found: tuple[Tickets, list[bytes]], on: Basis, missing: Collection[int]) -> Side:
    """A side with tickets that the other one names and that do not matter to the period here."""
    if not missing:
        return _side(found, on)
    more, timelines = columns.of_tickets(on.known.batch, missing)
    return _side((worlds.end_to_end(found[0], more), [*found[1], *timelines]), on)


def _numbers(file: File, named: Collection[str], whose: str) -> tuple[dict[str, int], int]:
    """The number of every ticket that a file names, and from which number on they are not ours.

    Looked for in the mapping's own desk, then in the others. Refused where none of them is found.
    """
    desks = sorted(Desk.objects.values_list("name", "pk"), key=lambda one: (one[0] != file.mapping.desk, one[0]))
    references = sorted(named)
    found: dict[str, int] = {}
    for _, desk in desks:
        left = [reference for reference in references if reference not in found]
        told = zip(left, Numbers(desk).of(left), strict=True)
        found |= {reference: number for reference, number in told if number is not None}
    if whose:
        open_ = {
            number for (number,) in chain.from_iterable(chosen(OPEN, "r.ticket_id", sorted(found.values()), whose))
        }
        found = {reference: number for reference, number in found.items() if number in open_}
    if not found:
        ours = _example(whose)
        like = f" Ours look like {ours}." if ours else ""
        raise Refused(
            f"None of the {len(references):,} references in the file is known here; the first is {references[0][:60]}."
            f"{like} Is the column of references the right one in the mapping {file.mapping.called}?"
        )
    beyond = (Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    new = (reference for reference in references if reference not in found)
    found |= {reference: number for number, reference in enumerate(new, start=beyond)}
    return found, beyond


def _example(whose: str) -> str | None:
    """A reference as we write them, of a ticket that whoever brought the file may see."""
    known = Reckoning.objects.known(Batch.objects.known())
    found = known.filter(partner__slug=whose) if whose else known
    return found.order_by("-ticket").values_list("ticket__reference", flat=True).first()


def _by_name(named: Mapping[int, str]) -> dict[str, int]:
    return {name: number for number, name in named.items()}


def _names(on: Basis, codes: Codes) -> groups.Names:
    """Our names, with those that only the file has."""
    own = on.names
    said = (
        {**{number: name for name, number in new.items()}, **known}
        for new, known in (
            (codes.partner, own.partner), (codes.team, own.team), (codes.service, own.service),
            (codes.category, own.category),
        )
    )  # fmt: skip
    partner, team, service, category = said
    return groups.Names(partner, team, service, own.party, category)


def _slugs(codes: Codes | None = None) -> dict[int, str]:
    """Whose tickets those of each partner's code are; a name that only a file has is nobody's here."""
    found = dict(Partner.everyone.values_list("pk", "slug"))
    return found | {number: "?" for number in (codes.partner.values() if codes else ()) if number not in found}


def _remarks(tickets: int, lost: int, refused: int, warnings: Sequence[str]) -> Iterator[str]:
    if lost:
        yield f"{lost:,} of the {tickets:,} tickets in the file {'is' if lost == 1 else 'are'} not known here"
    if refused:
        are = "is" if refused == 1 else "are"
        yield f"{plural(refused, 'row')} of the file could not be read and {are} not in this comparison"
    yield from (shortened(warning.rstrip(".")) for warning in warnings[:REMARKS])


def shortened(words: str) -> str:
    return words if len(words) <= LONGEST_REMARK else f"{words[: LONGEST_REMARK - 1]}…"
