"""Parity (P2): like for like, the sentence, and what must hold whatever the partners are called."""

import random
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.demand.engine.columns import Grade, State
from commonhold.performance.engine.chance import interval
from commonhold.performance.engine.groups import Names
from commonhold.performance.engine.parity import DOUBTED, NEITHER, NO_DOUBT, Parity, Standing, on_one_basis, parity
from commonhold.refusals import Refused
from tests.performance.engine_samples import NAMES, Sample, at, extracted

RESOLVED = {"resolved": at("2016-03-10T19:00"), "state": State.RESOLVED}


def tickets(partner: int, missed: int, of: int, **facts: int) -> list[Sample]:
    return [Sample(**{**RESOLVED, **facts}, partner=partner, breached=n < missed) for n in range(of)]


def compared(*groups: list[Sample], names: Names = NAMES, measure: str = "within_target") -> Parity:
    numbered = [Sample(**{**vars(s), "id": n}) for n, s in enumerate(s for group in groups for s in group)]
    return parity(extracted(numbered), measure, names)


def first(*groups: list[Sample]) -> Standing:
    return compared(*groups).partners[0]


class TestByHand:
    def test_one_mix_two_partners(self) -> None:
        # 60 of 400 missed over both, so 30 of each partner's 200 would be expected.
        found = compared(tickets(1, 40, 200), tickets(2, 20, 200))
        ashby, brook = found.partners
        assert (ashby.numerator, ashby.denominator, ashby.rate) == (160, 200, 0.8)
        assert (ashby.observed, ashby.expected, ashby.ratio) == (40, 30, 40 / 30)
        low, high = interval(40, 0.025)
        assert (ashby.ratio_low, ashby.ratio_high) == (low / 30, high / 30)
        assert found.level == 0.975
        assert (ashby.difference, brook.difference) == ("none", "none")
        assert ashby.own_part == 20 / 30  # half of its 40 is in the 30 that were expected

    def test_harder_work_is_not_held_against_a_partner(self) -> None:
        # Ashby misses twice as often, only because nearly all its work is of the kind that everybody misses.
        found = compared(
            tickets(1, 90, 180, priority=1),
            tickets(1, 2, 20, priority=4),
            tickets(2, 10, 20, priority=1),
            tickets(2, 18, 180, priority=4),
        )
        ashby, brook = found.partners
        assert ashby.rate == 0.54
        assert brook.rate == 0.86
        assert (ashby.expected, brook.expected) == (92, 28)
        assert (ashby.difference, brook.difference) == ("none", "none")

    def test_worse_and_better(self) -> None:
        found = compared(tickets(1, 90, 300), tickets(2, 30, 300), tickets(3, 45, 300))
        assert [one.difference for one in found.partners] == ["worse", "better", "none"]
        assert found.partners[0].sentence == (
            "Ashby: 90 tickets missed their target where 55 would be expected of the whole service's results for the "
            "same mix; that is more than chance."
        )
        assert found.partners[1].sentence.endswith("that is fewer than chance explains.")
        assert found.partners[2].sentence.endswith("that is within what chance explains.")

    def test_tiny_counts_cannot_tell(self) -> None:
        one = first(tickets(1, 1, 8), tickets(2, 1, 9))
        assert one.difference == "cannot tell"
        assert one.sentence == (
            "Ashby: 1 ticket missed its target where 0.9 would be expected of the whole service's results for the same "
            "mix; those are too few to tell."
        )

    def test_nobody_missed_anything(self) -> None:
        one = first(tickets(1, 0, 300), tickets(2, 0, 300))
        assert (one.observed, one.expected, one.ratio, one.difference) == (0, 0, None, "cannot tell")
        assert "nothing to compare" in one.sentence

    def test_one_partner_has_nobody_to_be_compared_with(self) -> None:
        found = compared(tickets(1, 30, 300))
        assert found.level == 0.95
        assert (found.partners[0].expected, found.partners[0].ratio) == (30, 1)
        assert found.partners[0].difference == "cannot tell"

    def test_work_that_nobody_else_has_is_named(self) -> None:
        one = first(tickets(1, 50, 100, service=2), tickets(1, 30, 100), tickets(2, 30, 100))
        assert one.alone == 100
        assert one.expected == 80
        assert one.sentence.endswith(
            "100 of its 200 tickets are of a mix that nobody else has, and count on both sides."
        )

    def test_tickets_that_name_no_partner_count_in_the_whole_and_are_not_judged(self) -> None:
        found = compared(tickets(1, 10, 100), tickets(2, 10, 100), tickets(0, 100, 100))
        assert [one.partner for one in found.partners] == ["Ashby", "Brook", None]
        assert found.partners[0].expected == 40
        assert found.partners[2].difference == "cannot tell"
        assert found.level == 0.975

    def test_what_the_sources_leave_open_is_not_decided(self) -> None:
        # Ashby's desk does not tell its holds: its 90 may all have been on time.
        doubtful = {"grade": Grade.NONE, "used": 9_000, "least": 0, "most": 9_000}
        unsure = [Sample(**{**vars(s), **doubtful}) if s.breached else s for s in tickets(1, 90, 300)]
        assert first(tickets(1, 90, 300), tickets(2, 30, 300)).difference == "worse"
        one = first(unsure, tickets(2, 30, 300))
        assert one.difference == "cannot tell"
        assert "do not tell enough about holds" in one.sentence

    def test_excluded_tickets_are_left_out(self) -> None:
        left_out = [Sample(**{**vars(s), "excluded": True}) for s in tickets(1, 50, 50)]
        assert first(tickets(1, 10, 100), left_out, tickets(2, 10, 100)).observed == 10

    def test_the_desks_own_verdict_is_named_as_the_basis(self) -> None:
        closed = [
            Sample(**RESOLVED, closed=at("2016-03-12T09:00"), partner=p, verdict=n % 4 > 0)
            for p in (1, 2)
            for n in range(100)
        ]
        found = compared(closed, measure="source_verdict_met")
        assert (found.basis, found.partners[0].observed) == ("the desk's own verdict", 25)
        assert "by the desk's own verdict" in found.partners[0].sentence

    def test_other_measures_are_refused(self) -> None:
        with pytest.raises(Refused, match="within_target or source_verdict_met"):
            compared(tickets(1, 1, 2), measure="tickets_opened")

    def test_the_form_of_the_command_line(self) -> None:
        found = compared(tickets(1, 40, 200), tickets(2, 20, 200)).as_json()
        assert set(found) >= {"measure", "period", "basis", "partners"}
        promised = "partner numerator denominator rate observed expected ratio ratio_low ratio_high difference sentence"
        assert set(found["partners"][0]) >= set(promised.split())


@st.composite
def services(draw: st.DrawFn) -> list[Sample]:
    found = []
    for partner in range(draw(st.integers(1, 4))):
        for _ in range(draw(st.integers(0, 6))):
            of = draw(st.integers(1, 30))
            mix = {
                "priority": draw(st.integers(1, 2)),
                "kind": draw(st.integers(0, 1)),
                "service": draw(st.integers(0, 1)),
            }
            found += tickets(partner, draw(st.integers(0, of)), of, **mix)
    return found


@settings(max_examples=60, deadline=None)
@given(services())
def test_what_is_expected_adds_up_to_what_was_observed(found: list[Sample]) -> None:
    partners = compared(found).partners
    assert sum(one.expected for one in partners) == pytest.approx(sum(one.observed for one in partners))
    for one in partners:
        assert one.observed + one.numerator == one.denominator
        if one.ratio is not None and one.ratio_low is not None and one.ratio_high is not None:
            assert one.ratio_low <= one.ratio <= one.ratio_high


@settings(max_examples=40, deadline=None)
@given(services(), st.permutations([1, 2, 3]), st.randoms(use_true_random=False))
def test_names_and_order_change_nothing(found: list[Sample], codes: list[int], shuffler: random.Random) -> None:
    renamed = Names({code: NAMES.partner[n] for n, code in enumerate(codes, 1)}, NAMES.team, NAMES.service, NAMES.party)
    moved = [Sample(**{**vars(s), "partner": codes[s.partner - 1] if s.partner else 0}) for s in found]
    shuffler.shuffle(moved)
    assert compared(moved, names=renamed) == compared(found)


def test_intervals_cover_and_nobody_is_wrongly_accused_on_services_of_known_truth() -> None:
    # The small run of bench/parity.py: 150 services in which three partners are treated alike.
    rng = random.Random(1936)
    accused = covered = 0
    for _ in range(150):
        strata = [(priority, rng.uniform(0.05, 0.4)) for priority in (1, 2, 3)]
        groups = [
            tickets(partner, sum(rng.random() < rate for _ in range(of)), of, priority=priority)
            for partner in (1, 2, 3)
            for priority, rate in strata
            for of in [rng.randint(10, 60)]
        ]
        found = compared(*groups).partners
        accused += any(one.difference == "worse" for one in found)
        covered += all((one.ratio_low or 0) <= 1 <= (one.ratio_high or 9) for one in found)
    assert covered >= 150 * 0.95
    assert accused <= 150 * 0.05


@pytest.mark.long
def test_five_points_worse_in_two_thousand_tickets_is_found_four_times_in_five() -> None:
    rng = random.Random(4)
    found = 0
    for _ in range(25):
        missed = [round(rng.gauss(rate * 2_000, sqrt(2_000 * rate * (1 - rate)))) for rate in (0.2, 0.15, 0.15)]
        groups = [tickets(partner, n, 2_000) for partner, n in enumerate(missed, 1)]
        found += first(*groups).difference == "worse"
    assert found >= 20


class TestOnOneBasis:
    def of(self, *groups: list[Sample]) -> Parity:
        numbered = [Sample(**{**vars(s), "id": n}) for n, s in enumerate(s for group in groups for s in group)]
        return on_one_basis(extracted(numbered), NAMES)

    def test_without_doubt_it_is_the_clock_and_nothing_needs_to_be_said(self) -> None:
        found = self.of(tickets(1, 40, 200), tickets(2, 20, 200))
        assert (found.measure, found.why, found.in_doubt) == ("within_target", "", False)

    def test_doubt_that_changes_nothing_leaves_the_clock(self) -> None:
        doubted = tickets(1, 1, 1, used=9_000, least=0, most=9_000, grade=Grade.NONE)
        found = self.of([*doubted, *tickets(1, 99, 199)], tickets(2, 100, 200))
        assert (found.measure, found.why) == ("within_target", NO_DOUBT)

    def test_doubt_that_decides_leads_to_the_desks_verdict_where_every_partner_has_it(self) -> None:
        closed = {"closed": at("2016-03-12T09:00"), "state": State.CLOSED, "verdict": 1}
        doubted = tickets(1, 100, 200, used=9_000, least=0, most=9_000, grade=Grade.NONE, **closed)
        found = self.of(doubted, tickets(2, 20, 200, **closed))
        assert (found.measure, found.why) == ("source_verdict_met", DOUBTED)
        without = self.of(doubted, tickets(2, 20, 200, **{**closed, "verdict": -1}))
        assert without.measure == "within_target" and without.why == f"{NEITHER} Brook."
        assert {standing.difference for standing in without.partners} == {"cannot tell"}
