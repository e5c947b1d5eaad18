"""What is there at the end of a period: open, not closed, aged, untriaged, on hold; and the time spent on hold."""

from dataclasses import replace

import numpy as np

from commonhold.demand.engine.columns import Grade
from commonhold.performance.engine.counting import Aside, Count, Total
from commonhold.performance.engine.extract import Bit, Extract
from commonhold.performance.engine.measures.definition import Definition, Nature, Need

OPEN = "opened, and by then neither resolved, closed nor cancelled"
AT_THE_END = "at the end of the period, or at the as-of instant where that is earlier"


def open_at_end_v1(extract: Extract) -> Count:
    return Count(extract.has(Bit.OPEN))


def unclosed_at_end_v1(extract: Extract) -> Count:
    return Count(extract.has(Bit.UNCLOSED))


def aged_open_v1(extract: Extract) -> Count:
    return Count(extract.has(Bit.AGED))


def aged_open_90_v1(extract: Extract) -> Count:
    return Count(extract.has(Bit.LONG_AGED))


def untriaged_open_v1(extract: Extract) -> Count:
    lacking = (extract.records["priority"] == 0) | (extract.records["team"] == 0)
    return Count(extract.has(Bit.OPEN) & lacking)


def on_hold_tickets_v1(extract: Extract) -> Count:
    return Count(extract.has(Bit.ON_HOLD))


def on_hold_tickets_v2(extract: Extract) -> Count:
    on_hold, doubted = extract.has(Bit.ON_HOLD), extract.has(Bit.HOLD_DOUBTED)
    return Count(on_hold, surely=on_hold & ~doubted, perhaps=on_hold | doubted)


def on_hold_minutes_v2(extract: Extract) -> Total:
    records = extract.records
    told = on_hold_minutes_v1(extract)
    return replace(told, bounded=extract.has(Bit.CLOCKED), least=records["least_held"], most=records["most_held"])


def on_hold_minutes_v1(extract: Extract) -> Total:
    held, clocked = extract.records["held"], extract.has(Bit.CLOCKED)
    told = np.isin(extract.records["grade"], (Grade.INTERVALS, Grade.OBSERVED))
    untold = Aside(
        ~told,
        "{n} {tickets} {are} from a source that does not tell when {their} holds were",
        needed="no source tells when {them} were on hold",
    )
    unclocked = Aside(
        told & ~clocked,
        "{n} {tickets} {have} no calendar in force and {are} left out",
        needed="no calendar is in force for {them}",
    )
    return Total(extract.has(Bit.HELD), held, per=60, among=told & clocked, asides=(untold, unclocked))


DEFINITIONS = (
    Definition(
        name="open_at_end",
        version=1,
        title="Tickets open",
        unit="tickets",
        nature=Nature.STOCK,
        better="lower",
        formula=f"Tickets {OPEN}, {AT_THE_END}.",
        leaves_out="Tickets opened after that instant.",
        source="The desk's resolution and closing times, whose blanks stay blank; where the mapping names no such "
        "column, the state in the ticket's history at that instant.",
        rule=open_at_end_v1,
    ),
    Definition(
        name="unclosed_at_end",
        version=1,
        title="Tickets not yet closed",
        unit="tickets",
        nature=Nature.STOCK,
        better="lower",
        formula=f"Tickets opened, and neither closed nor cancelled, {AT_THE_END}. Resolved tickets that wait to be "
        "closed are among them.",
        leaves_out="Tickets opened after that instant.",
        source="As for open_at_end.",
        rule=unclosed_at_end_v1,
    ),
    Definition(
        name="aged_open",
        version=1,
        title="Tickets open for more than 30 days",
        unit="tickets",
        nature=Nature.STOCK,
        better="lower",
        formula=f"Open tickets (see open_at_end) that were opened more than 30 days of 24 hours earlier, {AT_THE_END}. "
        "The 30 days are part of this version of the definition.",
        leaves_out="Time on hold is not taken out: a ticket that waits for somebody grows old all the same.",
        source="As for open_at_end.",
        rule=aged_open_v1,
    ),
    Definition(
        name="aged_open_90",
        version=1,
        title="Tickets open for more than 90 days",
        unit="tickets",
        nature=Nature.STOCK,
        better="lower",
        formula=f"Open tickets (see open_at_end) that were opened more than 90 days of 24 hours earlier, {AT_THE_END}. "
        "The 90 days are part of this version of the definition.",
        leaves_out="As for aged_open.",
        source="As for open_at_end.",
        rule=aged_open_90_v1,
    ),
    Definition(
        name="untriaged_open",
        version=1,
        title="Open tickets without a priority or a team",
        unit="tickets",
        nature=Nature.STOCK,
        better="lower",
        formula=f"Open tickets (see open_at_end) that have no priority or no team, {AT_THE_END}.",
        leaves_out="Priority and team are those of the ticket's last event as it is known, so a ticket triaged since "
        "then is not counted: read it with the knowledge of its day.",
        source="The desk's priority and team.",
        rule=untriaged_open_v1,
    ),
    Definition(
        name="on_hold_tickets",
        version=1,
        title="Open tickets on hold",
        unit="tickets",
        nature=Nature.STOCK,
        better=None,
        formula=f"Open tickets (see open_at_end) whose state is on hold, {AT_THE_END}.",
        leaves_out="Tickets that were on hold earlier in the period and are at work again.",
        source="The ticket's state history; without one the state in its last export.",
        rule=on_hold_tickets_v1,
        needs=frozenset({Need.HOLDS}),
    ),
    Definition(
        name="on_hold_tickets",
        version=2,
        title="Open tickets on hold",
        unit="tickets",
        nature=Nature.STOCK,
        better=None,
        formula=f"Open tickets (see open_at_end) whose state is on hold, {AT_THE_END}.",
        leaves_out="Tickets that were on hold earlier in the period and are at work again.",
        source="The ticket's state history; without one the states in its exports. Where these do not tell the state "
        "at that instant, low counts the tickets that were on hold for certain, and high all that may have been.",
        rule=on_hold_tickets_v2,
        needs=frozenset({Need.HOLDS}),
    ),
    Definition(
        name="on_hold_minutes",
        version=1,
        title="Minutes on hold",
        unit="minutes",
        nature=Nature.FLOW,
        better=None,
        formula="The minutes of opening hours within the period, through its last second, during which tickets were on "
        "hold, added up over all tickets. Each ticket brings whole minutes, rounded half to even.",
        leaves_out="Hours in which the ticket's calendar is shut. Holds for a reason that the agreement does not "
        "accept: their minutes count as used. Tickets whose source does not tell when they were on hold, or for which "
        "no calendar is in force; the figure says how many.",
        source="The ticket's state history, read on the service-level clock.",
        rule=on_hold_minutes_v1,
        denominator="tickets on hold in opening hours at some time in the period",
        needs=frozenset({Need.HOLDS, Need.CALENDAR}),
    ),
    Definition(
        name="on_hold_minutes",
        version=2,
        title="Minutes on hold",
        unit="minutes",
        nature=Nature.FLOW,
        better=None,
        formula="The minutes of opening hours within the period, through its last second, during which tickets were on "
        "hold, added up over all tickets. Each ticket brings whole minutes, rounded half to even.",
        leaves_out="Hours in which the ticket's calendar is shut. Holds for a reason that the agreement does not "
        "accept: their minutes count as used. Tickets whose source does not tell when they were on hold, or for which "
        "no calendar is in force; the figure says how many.",
        source="The ticket's state history, read on the service-level clock; without one, as exports and files of "
        "holds tell. Low is what is certain. High counts every open hour of which nobody knows, but no more than a "
        "stated total; of tickets whose source tells nothing, all their open hours.",
        rule=on_hold_minutes_v2,
        denominator="tickets on hold in opening hours at some time in the period",
        needs=frozenset({Need.HOLDS, Need.CALENDAR}),
    ),
)
