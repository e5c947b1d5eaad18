"""How much came and went: tickets opened, resolved, closed without a resolution, reopened, reassigned."""

from commonhold.performance.engine.counting import Aside, Count, Total
from commonhold.performance.engine.extract import Bit, Extract
from commonhold.performance.engine.measures.definition import Definition, Nature, Need


def tickets_opened_v1(extract: Extract) -> Count:
    return Count(extract.has(Bit.OPENED))


def tickets_resolved_v1(extract: Extract) -> Count:
    return Count(extract.has(Bit.RESOLVED))


def tickets_closed_v1(extract: Extract) -> Count:
    return Count(extract.has(Bit.CLOSED))


def closed_without_resolution_v1(extract: Extract) -> Count:
    return Count(extract.has(Bit.CLOSED) & ~extract.has(Bit.HAS_RESOLUTION))


def reopened_tickets_v1(extract: Extract) -> Count:
    reopened = extract.records["reopenings"] > 0
    return Count(reopened, asides=_by_the_source(extract))


def reopenings_v1(extract: Extract) -> Total:
    reopenings = extract.records["reopenings"]
    return Total(reopenings > 0, reopenings.astype("int64"), per=1, asides=_by_the_source(extract))


def reassigned_tickets_v1(extract: Extract) -> Count:
    history = extract.has(Bit.HISTORY)
    untold = Aside(
        ~history,
        "{n} {tickets} {have} no history, so {their} reassignments are not known",
        needed="no history of {them} is known",
    )
    return Count(extract.has(Bit.REASSIGNED) & history, among=history, asides=(untold,))


def _by_the_source(extract: Extract) -> tuple[Aside, ...]:
    counted = ~extract.has(Bit.HISTORY) & (extract.records["reopenings"] > 0)
    words = "{n} {tickets} {have} no history: the source's own count is used, dated on {their} last resolution"
    return (Aside(counted, words),)


DEFINITIONS = (
    Definition(
        name="tickets_opened",
        version=1,
        title="Tickets opened",
        unit="tickets",
        nature=Nature.FLOW,
        better=None,
        formula="Tickets whose opening lies in the period.",
        leaves_out="Contacts that never became a ticket. Tickets excluded on the record.",
        source="The desk's opening time; where the mapping names no such column, the ticket's first event.",
        rule=tickets_opened_v1,
    ),
    Definition(
        name="tickets_resolved",
        version=1,
        title="Tickets resolved",
        unit="tickets",
        nature=Nature.FLOW,
        better=None,
        formula="Tickets whose last resolution lies in the period. A ticket resolved twice counts once, when it was "
        "last resolved.",
        leaves_out="Tickets without a resolution time of their own, although they may be closed: see "
        "closed_without_resolution. A blank is never filled from another column.",
        source="The desk's resolution time; where the mapping names no such column, the last resolution in the "
        "ticket's history that was not undone by a reopening.",
        rule=tickets_resolved_v1,
    ),
    Definition(
        name="tickets_closed",
        version=1,
        title="Tickets closed",
        unit="tickets",
        nature=Nature.FLOW,
        better=None,
        formula="Tickets whose closing lies in the period, resolved before or not.",
        leaves_out="Tickets reopened since, where the closing is the history's: only the last one stands.",
        source="The desk's closing time; where the mapping names no such column, the ticket's history.",
        rule=tickets_closed_v1,
    ),
    Definition(
        name="closed_without_resolution",
        version=1,
        title="Tickets closed without a resolution time",
        unit="tickets",
        nature=Nature.FLOW,
        better="lower",
        formula="Tickets closed in the period that have no resolution time of their own.",
        leaves_out="Tickets that are resolved and closed at once, which have both times.",
        source="The desk's closing and resolution times; where the mapping names no such column, the ticket's history.",
        rule=closed_without_resolution_v1,
    ),
    Definition(
        name="reopened_tickets",
        version=1,
        title="Tickets reopened",
        unit="tickets",
        nature=Nature.FLOW,
        better="lower",
        formula="Tickets that went back to work after they had been resolved or closed, at least once in the period.",
        leaves_out="Complaints that led to a new ticket instead.",
        source="The ticket's state history. For a ticket without a history the source's own count, taken as of its "
        "last resolution (or closing, or opening, where it has none); the figure says for how many.",
        rule=reopened_tickets_v1,
    ),
    Definition(
        name="reopenings",
        version=1,
        title="Reopenings",
        unit="reopenings",
        nature=Nature.FLOW,
        better="lower",
        formula="How often tickets went back to work in the period after they had been resolved or closed.",
        leaves_out="Complaints that led to a new ticket instead.",
        source="As for reopened_tickets.",
        rule=reopenings_v1,
        denominator="tickets reopened in the period",
    ),
    Definition(
        name="reassigned_tickets",
        version=1,
        title="Tickets passed to another team",
        unit="tickets",
        nature=Nature.FLOW,
        better="lower",
        formula="Tickets that went from one team to another at least once in the period. A blank is no team: from "
        "nobody to the first team is no change, nor is it from a team to nobody and back; from a team by nobody to "
        "another is one, at the instant when the other has the ticket.",
        leaves_out="Tickets without a history, which leave no trace of it; the figure says how many.",
        source="The teams named in the ticket's history.",
        rule=reassigned_tickets_v1,
        needs=frozenset({Need.HISTORY}),
    ),
)
