"""Comparisons (F2, F3): published figures of shared services, as printed in their committees' papers."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.figures import Span, per_month, percentage, rounded
from commonhold.performance.engine.compare import Side, compare, side
from commonhold.performance.engine.groups import figures
from commonhold.performance.engine.measures.definition import Nature
from commonhold.refusals import Refused
from tests.performance.engine_samples import NAMES, STAMP, Sample, at, extracted


def months(first: str, last: str) -> Span:
    return Span(date.fromisoformat(f"{first}-01"), date.fromisoformat(last))


FEB_TO_MAY = months("2021-02", "2021-05-31")
JUN_TO_AUG = months("2021-06", "2021-08-31")
MAR_TO_JUN = months("2022-03", "2022-06-30")
JUL_TO_OCT = months("2022-07", "2022-10-31")
JUN_TO_OCT = months("2023-06", "2023-10-31")


def logged(count: int, period: Span | None) -> Side:
    return Side(Fraction(count), Nature.FLOW, "tickets_opened.v1", period)


def share(numerator: int, denominator: int, definition: str = "within_target.v1") -> Side:
    return Side(Fraction(numerator, denominator), Nature.SHARE, definition, None, numerator, denominator)


class TestPublishedFigures:
    @pytest.mark.parametrize(
        ("count", "period", "a_month"),
        [(53_136, MAR_TO_JUN, 13_284), (32_511, JUN_TO_AUG, 10_837), (69_075, JUN_TO_OCT, 13_815)],
    )
    def test_a1_to_a3_tickets_a_month(self, count: int, period: Span, a_month: int) -> None:
        assert per_month(count, period) == a_month

    def test_a4_a_half_cut_off_is_rounding_and_no_error(self) -> None:
        exact = per_month(51_278, JUL_TO_OCT)
        assert exact == Fraction("12819.5")
        assert rounded(exact, 0) == Decimal("12820")

    def test_a5_four_months_over_the_turn_of_a_year(self) -> None:
        exact = per_month(45_407, months("2020-10", "2021-01-31"))
        assert exact == Fraction("11351.75")

    def test_a6_a_change_against_an_unknown_window_is_refused_until_it_is_known(self) -> None:
        now = logged(69_075, JUN_TO_OCT)
        with pytest.raises(Refused, match=r"The period of 41,100 is not known"):
            compare(now, logged(41_100, None))
        known = compare(now, logged(41_100, months("2023-03", "2023-05-31")))
        assert (known.per_month, known.now, known.then) == (True, 13_815, 13_700)
        assert known.sentence == (
            "13,815 a month against 13,700: up 0.8%. The periods are of different lengths (69,075 in 5 months against "
            "41,100 in 3 months), so they are compared per month."
        )

    def test_a7_counts_first_where_they_are_few(self) -> None:
        within = [(7, 14, "50.0"), (6, 13, "46.2"), (9, 16, "56.2"), (6, 11, "54.5"), (4, 7, "57.1")]
        assert [str(percentage(n, of)) for n, of, _ in within] == [printed for _, _, printed in within]
        # 9 of 16 is 56.25 exactly: half to even gives 56.2, half up the 56.3 of the papers.
        assert compare(share(9, 16), share(6, 13)).sentence == (
            "9 of 16 (56.2%) against 6 of 13 (46.2%): up 10.1 percentage points."
        )

    def test_a8_shares_change_by_points(self) -> None:
        p2, p3 = compare(share(35, 100), share(66, 100)), compare(share(62, 100), share(61, 100))
        assert (p2.points, p2.percent) == (-31, None)
        assert p3.points == 1
        assert p2.sentence == "35.0% (35 of 100) against 66.0% (66 of 100): down 31 percentage points."

    def test_a9_windows_of_one_length_and_of_two(self) -> None:
        same = compare(logged(16, JUL_TO_OCT), logged(10, MAR_TO_JUN))
        assert (same.per_month, same.percent) == (False, 60)
        assert same.sentence == "16 against 10: up 60%."
        apart = compare(logged(13, JUN_TO_AUG), logged(8, FEB_TO_MAY))
        assert apart.per_month
        assert apart.percent is not None
        assert rounded(apart.percent, 1) == Decimal("116.7")
        assert "4.33 a month against 2: up 116.7%" in apart.sentence

    def test_a10_a_survey(self) -> None:
        assert 13 + 5 + 17 == 35
        assert percentage(35, 150) == Decimal("23.3")

    def test_a11_two_measures_are_not_merged(self) -> None:
        drafts, days = share(19, 30, "projects_at_draft.v1"), share(68, 100, "audit_days_used.v1")
        assert percentage(19, 30) == Decimal("63.3")
        with pytest.raises(Refused, match="two measures"):
            compare(drafts, days)

    def test_a12_halved(self) -> None:
        fix = [Side(Fraction(days), Nature.TIME, "mean_fix_days.v1", None) for days in ("0.84", "1.7")]
        change = compare(*fix)
        assert change.percent is not None
        assert rounded(change.percent, 1) == Decimal("-50.6")
        assert change.sentence == "0.84 against 1.7: down 50.6%."


class TestSides:
    def test_our_own_figures_are_compared_as_they_stand(self) -> None:
        resolved = {"resolved": at("2016-03-10T19:00")}
        samples = [Sample(id=1, **resolved), Sample(id=2, **resolved, breached=True)]
        (within,) = figures([extracted(samples)], ["within_target"], (), NAMES, STAMP)
        assert side(within) == Side(Fraction(1, 2), Nature.SHARE, "within_target.v1", within.period, 1, 2)

    def test_a_figure_without_a_value_is_refused_with_its_reason(self) -> None:
        (within,) = figures([extracted([])], ["within_target"], (), NAMES, STAMP)
        with pytest.raises(Refused, match="no tickets were resolved"):
            side(within)

    def test_a_stock_is_never_given_per_month(self) -> None:
        stocks = [
            Side(Fraction(n), Nature.STOCK, "open_at_end.v1", span)
            for n, span in ((3_500, JUN_TO_AUG), (2_800, FEB_TO_MAY))
        ]
        assert compare(*stocks).sentence == "3,500 against 2,800: up 25%."

    def test_two_scopes_are_not_compared(self) -> None:
        whole = logged(10, JUN_TO_AUG)
        ashby = Side(whole.value, whole.nature, whole.definition, whole.period, scope={"partner": "Ashby"})
        with pytest.raises(Refused, match="same scope"):
            compare(whole, ashby)

    def test_a_share_beyond_all_is_no_share(self) -> None:
        with pytest.raises(Refused, match="between 0 and 1"):
            compare(share(66, 1), share(1, 2))

    def test_from_nothing_there_is_no_percentage(self) -> None:
        change = compare(logged(3, JUL_TO_OCT), logged(0, MAR_TO_JUN))
        assert (change.percent, change.sentence) == (None, "3 against 0: there were none before.")
        assert compare(logged(0, JUL_TO_OCT), logged(0, MAR_TO_JUN)).sentence == "0 against 0: unchanged."


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10), st.integers(1, 10))
def test_periods_of_one_rate_are_alike_whatever_their_lengths(a: int, b: int, longer: int, shorter: int) -> None:
    spans = [Span(date(2021, 1, 1), _end(n)) for n in (longer, shorter)]
    found = compare(logged(a, spans[0]), logged(b, spans[1]))
    assert found.per_month is (longer != shorter)
    if longer != shorter:
        assert (found.now, found.then) == (Fraction(a, longer), Fraction(b, shorter))


def _end(month: int) -> date:
    return date(2021, month, {2: 28, 4: 30, 6: 30, 9: 30}.get(month, 31))
