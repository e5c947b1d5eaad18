"""Two tellings of a desk: facts taken over one after another tell every difference, and planted causes are found."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.demand.engine.columns import Bools
from commonhold.performance.engine.groups import Scope
from commonhold.performance.engine.measures import MEASURES, definition
from commonhold.performance.engine.reconciling import working
from commonhold.performance.engine.reconciling.causes import Cause
from commonhold.performance.engine.reconciling.mixing import path
from commonhold.performance.engine.reconciling.typed import stated
from commonhold.performance.engine.reconciling.working import Worked
from commonhold.performance.engine.reconciling.worlds import Fact, World, answered_for, records
from tests.performance import desks
from tests.performance.two_sides import Told, worlds

HEADINGS = "reference,event_at,state,priority,kind,partner,team,source_verdict"


def compared(ours: str, theirs: str, measure: str = "within_target.v1", scope: Scope | None = None) -> Worked:
    told = Told()
    one, other = worlds(told.file(ours), told.file(theirs), measure)
    return working.of_two_tellings(one, other, told.about(scope))


def desk(*tickets: tuple[str, ...]) -> str:
    """A file of tickets: reference, when opened and resolved, and what else is not usual."""
    lines = [HEADINGS]
    for reference, opened, resolved, *other in tickets:
        said = dict(one.split("=") for one in other)
        facts = ",".join(
            said.get(word, usual)
            for word, usual in (("priority", "P3"), ("kind", "incident"), ("partner", "Southmere"))
        )
        lines.append(f"{reference},{opened},open,{facts},Desk,")
        for hold in filter(None, (said.get("held", ""),)):
            begins, ends = hold.split("/")
            lines += [f"{reference},{begins},on_hold,{facts},Desk,", f"{reference},{ends},in_progress,{facts},Desk,"]
        lines.append(f"{reference},{resolved},{said.get('ends', 'resolved')},{facts},Desk,{said.get('verdict', '')}")
    return "\n".join(lines) + "\n"


DESK = (
    ("A", "2024-12-23T10:00:00Z", "2024-12-23T12:00:00Z"),
    ("B", "2024-12-23T10:00:00Z", "2025-01-03T12:00:00Z"),
    ("C", "2025-01-02T09:00:00Z", "2025-01-06T15:00:00Z", "held=2025-01-02T11:00:00Z/2025-01-06T14:00:00Z"),
    ("D", "2025-01-02T09:00:00Z", "2025-01-04T09:00:00Z", "priority=P2"),
)


def changed(reference: str, *ticket: str) -> str:
    """The desk with one ticket told in another way."""
    return desk(*((reference, *ticket) if one[0] == reference else one for one in DESK))


def causes(found: Worked) -> dict[str, int]:
    return {line.cause.value: len(line.tickets) for line in found.bridge.lines}


def test_the_same_desk_has_no_causes() -> None:
    found = compared(desk(*DESK), desk(*DESK))
    assert (causes(found), found.bridge.alike) == ({}, 4)


@pytest.mark.parametrize(
    ("cause", "theirs"),
    [
        (Cause.ONLY, desk(*DESK[:3])),
        (Cause.ONLY, desk(*DESK, ("E", "2024-12-23T10:00:00Z", "2024-12-24T12:00:00Z"))),
        (Cause.PRIORITY, changed("D", *DESK[3][1:3], "priority=P3")),
        (Cause.KIND, changed("A", *DESK[0][1:3], "kind=request")),
        (Cause.PARTNER, changed("A", *DESK[0][1:3], "partner=Thornley")),
        (Cause.HOLDS, changed("C", *DESK[2][1:3])),
        (Cause.CANCELLED, changed("A", *DESK[0][1:3], "ends=cancelled")),
    ],
)
def test_a_planted_cause_is_found(cause: Cause, theirs: str) -> None:
    found = compared(desk(*DESK), theirs, scope={"kind": "incident", "partner": "Southmere"})

    assert causes(found) == {cause.value: 1}
    (line,) = found.differences
    assert line.cause == cause and line.ours != line.theirs
    assert found.bridge.is_whole


def test_a_file_read_an_hour_off_is_a_matter_of_time_zones() -> None:
    edge = [
        (name, "2024-12-23T10:00:00Z", resolved)
        for name, resolved in (
            ("A", "2025-01-06T23:30:00Z"),
            ("B", "2025-01-06T23:45:00Z"),
            ("C", "2025-01-03T09:00:00Z"),
        )
    ]
    later = [
        (name, "2024-12-23T11:00:00Z", resolved)
        for name, resolved in (
            ("A", "2025-01-07T00:30:00Z"),
            ("B", "2025-01-07T00:45:00Z"),
            ("C", "2025-01-03T10:00:00Z"),
        )
    ]
    found = compared(desk(*edge), desk(*later), "tickets_resolved.v1")

    assert causes(found) == {"zone": 2}
    assert (found.bridge.ours, found.bridge.theirs) == (3, 1)


def test_one_date_that_is_otherwise_is_no_time_zone() -> None:
    found = compared(desk(*DESK), changed("B", DESK[1][1], "2025-01-09T12:07:00Z"), "tickets_resolved.v1")

    assert causes(found) == {"dates": 1}


@pytest.mark.parametrize(("ours", "theirs"), [("true", "false"), ("false", "true"), ("true", ""), ("", "false")])
def test_the_desk_s_verdict_is_a_cause_of_its_own(ours: str, theirs: str) -> None:
    closed = [(*one, "ends=closed", "verdict=true") for one in DESK[1:]]
    one, other = (desk((*DESK[0], "ends=closed", f"verdict={said}"), *closed) for said in (ours, theirs))
    found = compared(one, other, "source_verdict_met.v1")

    assert causes(found) == {"verdict": 1}
    words = {"true": "the desk says kept", "false": "the desk says missed", "": "the desk does not say"}
    assert [(row.ours, row.theirs) for row in found.differences] == [(words[ours], words[theirs])]


def test_of_a_corrected_ticket_only_the_corrected_fact_is_put_right() -> None:
    told = Told()
    one = told.file(desk(*DESK[:3], (*DESK[3], "kind=request")))
    other = told.file(changed("D", DESK[3][1], "2025-01-05T09:00:00Z", "priority=P3", "kind=incident"))
    flags = np.array([False, False, False, True])
    for measure, scope, cause in (
        ("tickets_resolved.v1", {"kind": "incident"}, "kind"),
        ("tickets_resolved.v1", {"priority": "P2"}, "put-right"),
        ("resolution_hours_median.v1", {}, "dates"),
    ):
        ours, theirs = worlds(one, other, measure)
        tickets = replace(ours.tickets, corrected=flags, priority=np.array([3, 3, 3, 2], np.int8))
        ours = replace(ours, tickets=tickets, corrected={Fact.PRIORITY: flags})
        found = working.of_two_tellings(ours, theirs, told.about(scope))
        assert causes(found) == {cause: 1}, measure


def put_right(random: Random, world: World, both: Bools) -> World:
    """The world with some tickets of both sides left out, some facts corrected, and a party for some teams."""

    def some() -> Bools:
        return both & np.array([random.random() < 0.2 for _ in range(len(both))], np.bool_)

    tickets = replace(world.tickets, excluded=some(), corrected=some())
    parties = {team: random.choice((1, 2)) for team in range(1, 6) if random.random() < 0.7}
    corrected = {fact: some() for fact in (Fact.PRIORITY, Fact.STATES, Fact.NAMES)}
    return replace(world, tickets=answered_for(tickets, parties), parties=parties, corrected=corrected)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(MEASURES)))
def test_facts_tell_every_difference_of_any_two_desks(seed: int, measure: str) -> None:
    random = Random(seed)
    ours = desks.desk(random, 12)
    theirs = {reference: ticket for reference, ticket in ours.items() if random.random() < 0.8}
    other = desks.desk(random, 16)
    theirs |= {reference: other[reference] for reference in other if random.random() < 0.5}
    columns = next(iter(ours.values())).columns
    theirs = {reference: type(ticket)(ticket.rows, columns) for reference, ticket in theirs.items()}
    told = Told()
    one, two = worlds(
        told.file(desks.file(random, ours), desks.MAPPING),
        told.file(desks.file(random, theirs), desks.MAPPING),
        str(definition(measure)),
    )
    both = one.there & two.there
    one, two = put_right(random, one, both), put_right(random, two, both)
    about = told.about()
    last = [one, *(world for _, world in path(one, two))][-1]
    assert not records(last, about).differ(records(two, about)).any(), "the last mixture is their telling"
    if records(one, about).counted.any() and records(two, about).counted.any():
        found = working.of_two_tellings(one, two, about)
        back = working.of_two_tellings(two, one, about).bridge
        assert found.bridge.is_whole and back.is_whole
        assert back.theirs - back.ours == -(found.bridge.theirs - found.bridge.ours)
        assert Cause.OWN not in [line.cause for line in found.bridge.lines]
        listed = {(difference.cause, difference.row) for difference in found.differences}
        assert listed == {(line.cause, row) for line in found.bridge.lines for row in line.tickets.tolist()}


def numbered(text: str, measure: str = "within_target.v1") -> tuple[World, Told]:
    told = Told()
    one = told.file(text)
    world, _ = worlds(one, one, measure)
    return world, told


@pytest.mark.parametrize(
    ("written", "measure", "ways"),
    [
        ("25%", "within_target.v1", ("without-holds",)),
        ("4", "tickets_resolved.v1", ("with-cancelled",)),
        ("5", "tickets_resolved.v1", ("by-opening",)),
    ],
)
def test_a_number_is_explained_by_the_fewest_ways_that_come_to_it(
    written: str, measure: str, ways: tuple[str, ...]
) -> None:
    tickets = [*DESK]
    if measure == "tickets_resolved.v1":
        tickets = [
            *DESK[:3],
            ("D", *DESK[3][1:3], "ends=cancelled"),
            ("E", "2025-01-04T09:00:00Z", "2025-02-01T09:00:00Z"),
        ]
    world, told = numbered(desk(*tickets), measure)
    found = working.of_a_number(world, told.about(), stated(written, is_share=measure.startswith("within")))

    assert found.nearest is not None and found.nearest.fits
    assert found.bridge.is_whole
    assert tuple(map(str, found.nearest.ways)) == ways


def test_a_number_that_nothing_comes_to_is_left_over_and_said_so() -> None:
    world, told = numbered(desk(*DESK))
    found = working.of_a_number(world, told.about(), stated("61.8%", is_share=True))

    assert not found.bridge.is_whole and found.nearest is not None and not found.nearest.fits
    assert (
        found.bridge.ours + sum(line.effect for line in found.bridge.lines) + found.bridge.left_over
        == found.bridge.theirs
    )
