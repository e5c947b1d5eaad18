"""Measures: examples that can be checked by hand, then every measure by any grouping against a slow recomputation."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.demand.engine.columns import Grade, State
from commonhold.figures import Figure
from commonhold.performance.engine.groups import KINDS, WORDS, figures, members
from commonhold.performance.engine.measures import MEASURES, NUMBERED, definition
from commonhold.performance.engine.pack.words import beside, cell, value
from commonhold.refusals import Refused
from tests.performance.engine_samples import DAY, MARCH, NAMES, STAMP, Sample, at, extracted


def figure(measure: str, *samples: Sample, attributed: bool = False) -> Figure:
    numbered = [Sample(**{**vars(sample), "id": n}) for n, sample in enumerate(samples, 1)]
    (found,) = figures([extracted(numbered, attributed=attributed)], [measure], (), NAMES, STAMP)
    return found


MIDNIGHT = MARCH.end + 1
RESOLVED = {"resolved": at("2016-03-10T19:00"), "state": State.RESOLVED}
CLOSED = {**RESOLVED, "closed": at("2016-03-12T09:00"), "state": State.CLOSED}


class TestByHand:
    def test_the_last_second_of_a_london_day_belongs_to_the_day(self) -> None:
        # Summer time began on 27 March 2016, so 31 March ended at 23:00 UTC.
        last, first_of_april = Sample(opened=at("2016-03-31T22:59:59")), Sample(opened=at("2016-03-31T23:00:00"))
        assert figure("tickets_opened", last, first_of_april).value == 1

    def test_a_share_has_its_counts(self) -> None:
        met, missed = Sample(**RESOLVED), Sample(**RESOLVED, used=9_000, breached=True)
        found = figure("within_target", met, met, missed)
        assert (found.numerator, found.denominator, found.value) == (2, 3, 2 / 3)
        assert found.definition == "within_target.v1"

    def test_nothing_resolved_is_no_share_of_nought(self) -> None:
        found = figure("within_target", Sample())
        assert (found.value, found.numerator, found.denominator) == (None, 0, 0)
        assert found.reason == "no tickets were resolved in the period"

    def test_a_pack_writes_it_as_not_known(self) -> None:
        found = figure("within_target", Sample())
        assert (value(found), beside(found)) == ("Not known", "No tickets were resolved in the period")
        assert cell(found).text == "not known"

    def test_where_no_target_is_in_force_the_figure_says_for_what(self) -> None:
        samples = [Sample(**RESOLVED, priority=2, kind=1, target=None)]
        (found,) = figures([extracted(samples)], ["within_target"], ("priority", "kind"), NAMES, STAMP)
        assert found.value is None
        assert found.reason == "no target is in force for P2 requests"

    def test_tickets_without_a_target_are_left_out_and_counted(self) -> None:
        found = figure("within_target", Sample(**RESOLVED), Sample(**RESOLVED, target=None))
        assert (found.value, found.denominator) == (1.0, 1)
        assert found.notes == ("1 resolved ticket has no target in force and is left out",)

    def test_open_tickets_without_a_target_do_not_hide_that_none_is_late(self) -> None:
        assert figure("breached_open", Sample(), Sample(target=None)).value == 0
        assert figure("breached_open", Sample(target=None)).value is None
        assert figure("breached_open", Sample(**CLOSED)).value == 0

    def test_a_breach_is_not_cured_by_a_priority_without_a_target(self) -> None:
        found = figure("within_target", Sample(**RESOLVED, breached=True, target=None), Sample(**RESOLVED))
        assert (found.numerator, found.denominator) == (1, 2)

    def test_a_blank_resolution_is_not_filled_from_the_closing(self) -> None:
        closed = Sample(closed=at("2016-03-12T09:00"), state=State.CLOSED)
        assert figure("closed_without_resolution", closed).value == 1
        assert figure("tickets_resolved", closed).value == 0
        assert figure("open_at_end", closed).value == 0

    def test_without_a_column_the_history_says_what_was_open(self) -> None:
        reopened_later = Sample(resolved=at("2016-04-09T09:00"), own_resolved=False, own_closed=False)
        assert figure("open_at_end", reopened_later).value == 1
        assert figure("open_at_end", Sample(**{**vars(reopened_later), "state": State.RESOLVED})).value == 0
        assert figure("unclosed_at_end", Sample(**{**vars(reopened_later), "state": State.RESOLVED})).value == 1

    def test_a_cancelled_ticket_is_not_open(self) -> None:
        assert figure("open_at_end", Sample(state=State.CANCELLED)).value == 0
        assert figure("unclosed_at_end", Sample(state=State.CANCELLED)).value == 0

    def test_thirty_days_exactly_is_not_yet_aged(self) -> None:
        exactly, more = Sample(opened=MIDNIGHT - 30 * DAY), Sample(opened=MIDNIGHT - 30 * DAY - 1)
        assert figure("aged_open", exactly, more).value == 1

    def test_ninety_days_exactly_is_not_yet_aged_very_much(self) -> None:
        exactly, more = Sample(opened=MIDNIGHT - 90 * DAY), Sample(opened=MIDNIGHT - 90 * DAY - 1)
        assert figure("aged_open_90", exactly, more).value == 1

    def test_untriaged_lacks_a_priority_or_a_team(self) -> None:
        assert (
            figure("untriaged_open", Sample(priority=0), Sample(team=0), Sample(), Sample(**CLOSED, team=0)).value == 2
        )

    def test_percentiles_lie_between_order_statistics(self) -> None:
        hours = [
            Sample(opened=at("2016-03-01T00:00"), resolved=at("2016-03-01T00:00") + h * 3600) for h in (1, 2, 4, 9)
        ]
        assert figure("resolution_hours_median", *hours).value == 3
        assert figure("resolution_hours_p90", *hours).value == 7.5
        assert figure("resolution_hours_median", *hours).denominator == 4

    def test_reopenings_of_a_snapshot_are_the_sources_own_and_said_so(self) -> None:
        own = Sample(**RESOLVED, has_history=False, source_reopens=2)
        found = figure("reopenings", own, Sample(**RESOLVED, reopenings=(1, 2)))
        assert (found.value, found.denominator) == (3, 2)
        assert found.notes == ("1 ticket has no history: the source's own count is used, dated on its last resolution",)

    def test_reassignments_need_a_history(self) -> None:
        found = figure("reassigned_tickets", Sample(has_history=False))
        assert (found.value, found.reason) == (None, "no history of these tickets is known")
        assert figure("reassigned_tickets", Sample(), Sample(reassignments=(1, 2))).value == 1

    def test_minutes_go_to_those_who_held_them(self) -> None:
        shared = Sample(**RESOLVED, used=600, team=2, shares=((1, 1, 240), (2, 2, 360)))
        found = figures([extracted([shared], attributed=True)], ["minutes_used"], ("team",), NAMES, STAMP)
        assert [(f.scope["team"], f.value, f.denominator) for f in found] == [("Desk", 4, 1), ("Network", 6, 1)]
        by_party = figures([extracted([shared], attributed=True)], ["minutes_used"], ("responsible",), NAMES, STAMP)
        assert {f.scope["responsible"]: f.value for f in by_party} == {"service": 4, "authority: Ashby": 6}

    def test_seconds_become_whole_minutes_without_one_more_or_less(self) -> None:
        shared = Sample(**RESOLVED, used=180, team=2, shares=((1, 1, 50), (2, 2, 80), (1, 1, 50)))
        found = figures([extracted([shared], attributed=True)], ["minutes_used"], ("team",), NAMES, STAMP)
        assert [(f.scope["team"], f.value) for f in found] == [("Desk", 2), ("Network", 1)]
        halves = figure(
            "minutes_used", *(Sample(**RESOLVED, used=n, shares=((1, 1, n),)) for n in (90, 150)), attributed=True
        )
        assert (halves.value, type(halves.value)) == (4, int)
        assert figure("on_hold_minutes", Sample(held=(29, 61)), Sample(held=(0, 10))).value == 1
        assert figure("on_hold_minutes", Sample(held=(29, 61)), Sample(held=(0, 10))).denominator == 2

    def test_typical_minutes_are_whole_and_hours_are_not(self) -> None:
        found = [Sample(**RESOLVED, used=minutes * 60) for minutes in (1, 2, 4, 9)]
        assert (figure("working_minutes_p90", *found).value, figure("working_minutes_median", *found).value) == (8, 3)
        assert figure("working_minutes_median", *found[:2]).value == 2, "half to even"
        assert figure("working_minutes_median", *found[1:3], Sample(**RESOLVED, used=180)).value == 3

    def test_a_measure_named_twice_is_one_figure(self) -> None:
        twice = ["tickets_opened", "open_at_end", "tickets_opened.v1"]
        found = figures([extracted([])], twice, (), NAMES, STAMP)
        assert [f.measure for f in found] == ["tickets_opened", "open_at_end"]

    def test_minutes_that_do_not_add_up_are_a_fault(self) -> None:
        with pytest.raises(ValueError, match="do not add up"):
            figure("minutes_used", Sample(**RESOLVED, used=600, shares=((1, 1, 240),)), attributed=True)

    def test_without_a_calendar_there_are_no_minutes_and_not_nought(self) -> None:
        unclocked = Sample(**RESOLVED, used=None, target=None)
        for measure in ("minutes_used", "on_hold_minutes", "working_minutes_median"):
            found = figure(measure, unclocked, attributed=True)
            assert (found.value, found.reason) == (None, "no calendar is in force for these tickets")
        assert figure("on_hold_minutes", Sample(), unclocked).value == 0
        assert (
            figure("on_hold_minutes", Sample(grade=Grade.NONE)).reason
            == "no source tells when these tickets were on hold"
        )

    def test_an_excluded_ticket_counts_nowhere_and_is_mentioned(self) -> None:
        found = figure("tickets_opened", Sample(), Sample(excluded=True))
        assert (found.value, found.notes) == (1, ("1 ticket is excluded on the record",))

    def test_the_desks_verdict_and_ours_are_told_apart(self) -> None:
        agree = Sample(**CLOSED, verdict=1)
        differ = Sample(**CLOSED, verdict=1, breached=True)
        unknown = Sample(**CLOSED)
        assert figure("source_verdict_met", agree, differ, unknown).numerator == 2
        differs = figure("verdict_differs", agree, differ, unknown)
        assert (differs.numerator, differs.denominator) == (1, 2)
        assert differs.notes == ("1 closed ticket has no verdict of the desk and is left out",)

    def test_what_the_source_cannot_prove_becomes_a_low_and_a_high(self) -> None:
        # Held for an unknown time: the two hours may have been used, or none of them.
        unknown = Sample(**RESOLVED, grade=Grade.NONE, used=9_000, least=0, most=9_000, breached=True)
        found = figure("within_target", Sample(**RESOLVED), unknown)
        assert (found.low, found.value, found.high) == (0.5, 0.5, 1.0)
        assert found.notes == (
            "mixes sources that prove different things about holds: nothing for 1, every hold for 1",
        )
        minutes = figure("working_minutes_median", unknown)
        assert (minutes.low, minutes.value, minutes.high) == (0, 150, 150)

    def test_every_measure_of_targets_carries_the_doubt(self) -> None:
        doubtful = {"grade": Grade.NONE, "used": 9_000, "least": 0, "most": 9_000, "breached": True}
        late = figure("breached_open", Sample(**doubtful), Sample(breached=True))
        assert (late.low, late.value, late.high) == (1, 2, 2)
        # The desk says met; by our clock it was late, unless it was on hold.
        differs = figure("verdict_differs", Sample(**CLOSED, verdict=1, **doubtful))
        assert (differs.low, differs.value, differs.high) == (0, 1, 1)
        agrees = figure("verdict_differs", Sample(**CLOSED, verdict=0, **doubtful))
        assert (agrees.low, agrees.value, agrees.high) == (0, 0, 1)

    def test_a_target_used_up_exactly_is_met_whatever_the_doubt(self) -> None:
        exactly = Sample(**RESOLVED, grade=Grade.NONE, used=7_200, least=0, most=7_200, target=7_200)
        assert (figure("within_target", exactly).value, figure("within_target", exactly).low) == (1.0, None)

    def test_certain_figures_have_no_bounds(self) -> None:
        sure = Sample(**RESOLVED, grade=Grade.NONE, used=3_600, least=0, most=3_600)
        found = figure("within_target", sure)
        assert (found.value, found.low, found.high) == (1.0, None, None)

    def test_a_figure_names_its_rules_only_where_it_rests_on_them(self) -> None:
        assert figure("within_target", Sample(**RESOLVED)).rule_version == "targets 1"
        assert figure("tickets_opened", Sample()).rule_version is None

    def test_an_unknown_measure_is_refused_with_those_there_are(self) -> None:
        with pytest.raises(Refused, match=r"no measure called 'sla'.*within_target"):
            definition("sla")
        assert definition("within_target.v1") is definition("within_target")


def test_every_measure_of_the_interface_is_there() -> None:
    promised = (
        "tickets_opened tickets_resolved closed_without_resolution open_at_end unclosed_at_end aged_open "
        "resolution_hours_median resolution_hours_p90 working_minutes_median working_minutes_p90 within_target "
        "breached_open on_hold_tickets on_hold_minutes reopened_tickets reopenings reassigned_tickets "
        "source_verdict_met verdict_differs"
    )
    assert set(promised.split()) <= set(MEASURES)
    assert len(NUMBERED) == len({d.rule for d in NUMBERED.values()})
    for one in NUMBERED.values():
        assert one.rule.__name__ == f"{one.name}_v{one.version}"
        assert all((one.title, one.unit, one.formula, one.leaves_out, one.source))


def test_the_guide_says_of_every_measure_what_its_definition_says() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "guide" / "measures.md").read_text()
    for one in MEASURES.values():
        _, _, section = guide.partition(f"### {one.name}\n")
        section, _, _ = section.partition("\n#")
        said = (str(one), one.title, one.unit, one.formula, one.leaves_out, one.source, one.numerator, one.denominator)
        assert [words for words in said if words and words not in section] == []


INSTANTS = st.integers(MARCH.start - 45 * DAY, MARCH.end + 10 * DAY)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    opened = draw(INSTANTS)
    later = st.none() | st.integers(0, 40 * DAY).map(lambda seconds: opened + seconds)
    used = draw(st.none() | st.integers(0, 20_000))
    grade = draw(st.sampled_from(list(Grade)))
    doubted = used is not None and grade != Grade.INTERVALS
    before = draw(st.tuples(*[st.integers(0, 3)] * 3))
    shares = _split(draw, used or 0)
    return Sample(
        partner=draw(st.integers(0, 3)),
        priority=draw(st.integers(0, 5)),
        kind=draw(st.integers(0, 3)),
        team=draw(st.integers(0, 3)),
        service=draw(st.integers(0, 2)),
        category=draw(st.integers(0, 2)),
        party=draw(st.integers(0, 2)),
        opened=opened,
        resolved=draw(later),
        closed=draw(later),
        own_resolved=draw(st.booleans()),
        own_closed=draw(st.booleans()),
        verdict=draw(st.integers(-1, 1)),
        grade=grade,
        source_reopens=draw(st.none() | st.integers(0, 3)),
        excluded=draw(st.integers(0, 9)) == 0,
        has_history=draw(st.booleans()),
        state=draw(st.sampled_from(list(State))),
        used=used,
        least=draw(st.integers(0, used)) if doubted and used is not None else None,
        most=draw(st.integers(used, 25_000)) if doubted and used is not None else None,
        held=(before[0] * 600, before[0] * 600 + draw(st.integers(0, 2)) * 457),
        breached=draw(st.booleans()),
        target=draw(st.none() | st.integers(1, 25_000)) if used is not None else None,
        reopenings=(before[1], before[1] + draw(st.integers(0, 2))),
        reassignments=(before[2], before[2] + draw(st.integers(0, 1))),
        shares=shares,
    )


def _split(draw: st.DrawFn, used: int) -> tuple[tuple[int, int, int], ...]:
    cut = draw(st.integers(0, used))
    parts = [(1, 1, cut), (draw(st.sampled_from((0, 2, 3))), 2, used - cut)]
    return tuple(part for part in parts if part[2])


def inside(instant: int | None) -> bool:
    return instant is not None and MARCH.start <= instant <= MARCH.until


def by_now(instant: int | None) -> bool:
    return instant is not None and instant <= MARCH.until


def is_unclosed(s: Sample) -> bool:
    cancelled = s.state == State.CANCELLED
    closed = by_now(s.closed) if s.own_closed else s.state == State.CLOSED
    return by_now(s.opened) and not cancelled and not closed


def is_open(s: Sample) -> bool:
    stopped = {State.RESOLVED, State.CLOSED, State.CANCELLED}
    return is_unclosed(s) and not (by_now(s.resolved) if s.own_resolved else s.state in stopped)


def reopenings(s: Sample) -> int:
    if s.has_history:
        return s.reopenings[1] - s.reopenings[0]
    dated = s.resolved if s.resolved is not None else s.closed if s.closed is not None else s.opened
    return (s.source_reopens or 0) if inside(dated) else 0


def targeted(s: Sample) -> bool:
    return s.target is not None or s.breached


def doubted(s: Sample) -> bool:
    least, most = s.bounds
    if least == most:
        return False
    if s.breached:
        return s.target is None or least <= s.target
    return s.target is not None and most > s.target


def between(values: list[int], tenths: int, per: int) -> Fraction | None:
    """The point so many tenths of the way along the ordered values, by the book."""
    if not values:
        return None
    ordered = sorted(values)
    place = Fraction(len(ordered) - 1) * tenths / 10
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return (ordered[below] + (ordered[above] - ordered[below]) * (place - below)) / Fraction(per)


Slow = Callable[[list[Sample]], tuple[Fraction | int | None, int | None, int | None]]


def counted(holds: Callable[[Sample], bool], known: Callable[[Sample], bool] | None = None) -> Slow:
    def count(of: list[Sample]) -> tuple[int | None, int | None, int | None]:
        n = sum(map(holds, of))
        if known is not None and of and not any(map(known, of)):
            return None, None, None
        return n, n, None

    return count


def minutes(seconds: int) -> int:
    return round(Fraction(seconds, 60))


def shared(counts: Callable[[Sample], bool], met: Callable[[Sample], bool]) -> Slow:
    def share(of: list[Sample]) -> tuple[Fraction | None, int, int]:
        n, m = sum(map(counts, of)), sum(counts(s) and met(s) for s in of)
        return (Fraction(m, n) if n else None), m, n

    return share


def pointed(counts: Callable[[Sample], bool], seconds: Callable[[Sample], int], tenths: int, per: int) -> Slow:
    def point(of: list[Sample]) -> tuple[Fraction | None, None, int]:
        values = [seconds(s) for s in of if counts(s)]
        value = between(values, tenths, per)
        return round(value) if per == 60 and value is not None else value, None, len(values)

    return point


def summed(
    amount: Callable[[Sample], int], counts: Callable[[Sample], bool], known: Callable[[Sample], bool] = lambda s: True
) -> Slow:
    def total(of: list[Sample]) -> tuple[int | None, None, int]:
        n = sum(map(counts, of))
        told = n > 0 or not of or any(map(known, of))
        return sum(map(amount, of)) if told else None, None, n

    return total


def late_and_known(of: list[Sample]) -> tuple[int | None, int | None, int | None]:
    open_now = [s for s in of if is_open(s)]
    if open_now and not any(map(targeted, open_now)):
        return None, None, None
    n = sum(s.breached for s in open_now)
    return n, n, None


def taken(s: Sample) -> int:
    assert s.resolved is not None
    return s.resolved - s.opened


def used(s: Sample) -> int:
    assert s.used is not None
    return s.used


SLOW: dict[str, Slow] = {
    "tickets_opened": counted(lambda s: inside(s.opened)),
    "tickets_resolved": counted(lambda s: inside(s.resolved)),
    "tickets_closed": counted(lambda s: inside(s.closed)),
    "closed_without_resolution": counted(lambda s: inside(s.closed) and s.resolved is None),
    "open_at_end": counted(is_open),
    "unclosed_at_end": counted(is_unclosed),
    "aged_open": counted(lambda s: is_open(s) and MIDNIGHT - s.opened > 30 * DAY),
    "aged_open_90": counted(lambda s: is_open(s) and MIDNIGHT - s.opened > 90 * DAY),
    "untriaged_open": counted(lambda s: is_open(s) and (s.priority == 0 or s.team == 0)),
    "resolution_hours_median": pointed(lambda s: inside(s.resolved), taken, 5, 3600),
    "resolution_hours_p90": pointed(lambda s: inside(s.resolved), taken, 9, 3600),
    "working_minutes_median": pointed(lambda s: inside(s.resolved) and s.used is not None, used, 5, 60),
    "working_minutes_p90": pointed(lambda s: inside(s.resolved) and s.used is not None, used, 9, 60),
    "within_target": shared(lambda s: inside(s.resolved) and targeted(s), lambda s: not s.breached),
    "breached_open": late_and_known,
    "on_hold_tickets": counted(lambda s: is_open(s) and s.state == State.ON_HOLD),
    "on_hold_minutes": summed(
        lambda s: minutes(s.held[1]) - minutes(s.held[0]),
        lambda s: s.held[1] > s.held[0],
        known=lambda s: s.used is not None and s.grade >= Grade.OBSERVED,
    ),
    "reopened_tickets": counted(lambda s: reopenings(s) > 0),
    "reopenings": summed(reopenings, lambda s: reopenings(s) > 0),
    "reassigned_tickets": counted(
        lambda s: s.has_history and s.reassignments[1] > s.reassignments[0], known=lambda s: s.has_history
    ),
    "source_verdict_met": shared(lambda s: inside(s.closed) and s.verdict >= 0, lambda s: s.verdict == 1),
    "verdict_differs": shared(
        lambda s: inside(s.closed) and s.verdict >= 0 and targeted(s),
        lambda s: (s.verdict == 1) == s.breached,
    ),
}


def matters(s: Sample) -> bool:
    return (
        inside(s.opened)
        or inside(s.resolved)
        or inside(s.closed)
        or is_unclosed(s)
        or s.held[1] > s.held[0]
        or reopenings(s) > 0
        or s.reassignments[1] > s.reassignments[0]
    )


def value_of(s: Sample, word: str) -> str | None:
    if word == "priority":
        return f"P{s.priority}" if s.priority else None
    if word == "kind":
        return KINDS[s.kind]
    known = {"partner": NAMES.partner, "team": NAMES.team, "service": NAMES.service, "category": NAMES.category}
    names = NAMES.party if word == "responsible" else known[word]
    return names.get(s.party if word == "responsible" else getattr(s, word))


def same(found: float | None, awaited: Fraction | int | None) -> bool:
    return found == (None if awaited is None else float(awaited)) and (found is None) == (awaited is None)


GROUPINGS = st.lists(st.sampled_from([word for word in WORDS if word != "month"]), unique=True, max_size=3)


def numbered(found: Iterable[Sample]) -> list[Sample]:
    return [Sample(**{**vars(sample), "id": n * 7}) for n, sample in enumerate(found, 1)]


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(st.lists(samples(), max_size=25).map(numbered), GROUPINGS)
def test_every_measure_by_any_grouping_equals_the_slow_recomputation(found: list[Sample], by: list[str]) -> None:
    extract = extracted(found, attributed=True)
    groups: dict[tuple[str | None, ...], list[Sample]] = {} if by else {(): []}
    for sample in filter(matters, found):
        groups.setdefault(tuple(value_of(sample, word) for word in by), []).append(sample)
    for measure, slow in SLOW.items():
        of_measure = figures([extract], [measure], by, NAMES, STAMP)
        assert [tuple(f.scope.values()) for f in of_measure] == sorted(
            groups, key=lambda scope: [(value is None, value or "") for value in scope]
        )
        for one in of_measure:
            counts = [s for s in groups[tuple(one.scope.values())] if not s.excluded]
            value, numerator, denominator = slow(counts)
            assert same(one.value, value), measure
            assert (one.numerator, one.denominator) == (numerator, denominator), measure
            assert (one.reason is None) == (one.value is not None)
            behind = members(extract, measure, one.scope, NAMES)
            if one.value is not None:
                if denominator is not None:
                    assert len(behind.tickets) == denominator
                if numerator is not None:
                    assert int(behind.counted.sum()) == numerator


@settings(max_examples=80, deadline=None)
@given(st.lists(samples(), max_size=25).map(numbered), GROUPINGS)
def test_the_minutes_of_all_holders_add_up_to_the_minutes_used(found: list[Sample], by: list[str]) -> None:
    of_measure = figures([extracted(found, attributed=True)], ["minutes_used"], by, NAMES, STAMP)
    whole = [s for s in found if not s.excluded and inside(s.resolved) and s.used is not None]
    assert sum(f.value or 0 for f in of_measure) == sum(minutes(used(s)) for s in whole)
    held: dict[tuple[str | None, ...], int] = {}
    for s in whole:
        so_far = 0
        for team, party, seconds in s.shares:
            holder = Sample(**{**vars(s), "team": team, "party": party})
            scope = tuple(value_of(holder, word) for word in by)
            held[scope] = held.get(scope, 0) + minutes(so_far + seconds) - minutes(so_far)
            so_far += seconds
    assert {tuple(f.scope.values()): f.value for f in of_measure if f.value} == {
        scope: whole for scope, whole in held.items() if whole
    }


@settings(max_examples=80, deadline=None)
@given(st.lists(samples(), max_size=15).map(numbered))
def test_bounds_hold_whatever_the_doubtful_tickets_turn_out_to_be(found: list[Sample]) -> None:
    (share,) = figures([extracted(found)], ["within_target"], (), NAMES, STAMP)
    of = [s for s in found if inside(s.resolved) and targeted(s) and not s.excluded]
    unsure = sum(map(doubted, of))
    met = sum(not s.breached for s in of if not doubted(s))
    if not of:
        assert share.value is share.low is share.high is None
    elif unsure:
        assert (share.low, share.high) == (met / len(of), (met + unsure) / len(of))
    else:
        assert share.low is share.high is None
