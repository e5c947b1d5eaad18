"""Funnels of results: where points lie, who is said to differ, how widely all spread, and what sources leave open."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonhold.figures import Figure, Span
from commonhold.performance.engine.funnel import Counted, limits, of_figures, ratios, shares
from commonhold.performance.engine.pack import funnels

QUARTER = Span(date(2026, 4, 1), date(2026, 6, 30))
COUNT = st.tuples(st.integers(0, 20), st.integers(20, 400)).map(lambda row: (row[0] * row[1] // 20, row[1]))
COUNTS = st.lists(COUNT, min_size=2, max_size=8)
PATIENTLY = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def of(*counts: tuple[int, int]) -> list[Counted]:
    return [Counted(f"Partner {at}", met, size) for at, (met, size) in enumerate(counts)]


def whole(counted: list[Counted]) -> tuple[int, int]:
    return sum(one.observed for one in counted), int(sum(one.size for one in counted))


def figure(name: str | None, met: int, of_: int, **bounds: float) -> Figure:
    return Figure(
        measure="within_target", value=met / of_, unit="share", period=QUARTER, definition="within_target.v1",
        as_of=datetime(2026, 7, 1, tzinfo=UTC), known_at=1, program="x", evidence=f"of {name}", numerator=met,
        denominator=of_, scope={"service": name} if name != "" else {}, **bounds,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_point_far_out_is_said_to_differ_and_the_others_are_not() -> None:
    counted = of((850, 1000), (420, 500), (140, 200))
    found = shares(counted, *whole(counted))

    assert found is not None
    assert [(point.where, point.differs) for point in found.points] == [
        ("within", False), ("within", False), ("below", True),
    ]  # fmt: skip
    said = list(funnels.sentences(found, "within_target", "partner"))
    assert said[0] == (
        "Partner 2: 70.0% (140 of 200) within target, fewer than chance explains among 3 compared at once, each at "
        "98.3%."
    )
    assert said[1].startswith("All together they spread ") and "not widened for that" in said[1]


def test_beyond_the_95_per_cent_limits_is_not_yet_more_than_chance_among_many() -> None:
    counted = of(*([(84, 100)] * 19), (74, 100))
    found = shares(counted, *whole(counted))

    assert found is not None
    assert found.points[-1].where == "between" and not found.points[-1].differs
    assert next(funnels.sentences(found, "within_target", "team")).startswith("None of the 20 lies further out")


@PATIENTLY
@given(COUNTS)
def test_spread_is_that_of_the_table_of_met_and_missed_by_group(counts: list[tuple[int, int]]) -> None:
    counted = of(*counts)
    met, size = whole(counted)
    found = shares(counted, met, size)
    if found is None:
        assert met in (0, size)
        return
    squares = 0.0
    for m, n in counts:
        for seen, share in ((m, met / size), (n - m, 1 - met / size)):
            squares += (seen - n * share) ** 2 / (n * share)

    assert found.spread is not None and found.spread.squares == pytest.approx(squares)
    assert found.spread.freedom == len(counts) - 1


def test_the_usual_spread_is_the_95th_percentile_of_chi_squared() -> None:
    """Tables of Fisher and Yates: 3.841, 5.991, 18.307 for 1, 2 and 10 degrees of freedom."""
    for many, table in ((2, 3.841), (3, 5.991), (11, 18.307)):
        counted = of(*([(80, 100)] * many))
        found = shares(counted, *whole(counted))
        assert found is not None and found.spread is not None
        assert found.spread.usual == pytest.approx(table, abs=5e-4)


@PATIENTLY
@given(COUNTS)
def test_the_drawn_limits_are_those_of_each_size_and_hold_every_point(counts: list[tuple[int, int]]) -> None:
    counted = of(*counts)
    found = shares(counted, *whole(counted))
    if found is None:
        return
    curve = found.curve()
    assert curve[0][0] <= min(n for _, n in counts) and curve[-1][0] >= max(n for _, n in counts)
    for size, drawn in curve[:: len(curve) // 3 or 1]:
        assert drawn == limits("share", found.centre, size)
        assert drawn[0] <= drawn[1] <= drawn[2] <= drawn[3]


@PATIENTLY
@given(COUNTS, st.randoms(use_true_random=False))
def test_nothing_hangs_on_names_or_order(counts: list[tuple[int, int]], random: object) -> None:
    counted = of(*counts)
    other = [replace(one, name=f"x{at}") for at, one in enumerate(reversed(counted))]
    one, two = shares(counted, *whole(counted)), shares(other, *whole(other))
    if one is None or two is None:
        assert one is two
        return
    assert [(p.value, p.where, p.differs) for p in one.points] == [
        (p.value, p.where, p.differs) for p in reversed(two.points)
    ]
    assert one.spread is not None and two.spread is not None
    assert one.spread.squares == pytest.approx(two.spread.squares)


def test_where_holds_leave_it_open_it_cannot_be_told() -> None:
    whole_ = figure("", 240, 300, low=0.6, high=0.9)
    split = [figure("Email", 60, 100, low=0.2, high=0.9), figure("Printing", 90, 100), figure("Network", 90, 100)]
    found = shares(of_figures(split, whole_, "service", "none"), 240, 300)

    assert found is not None
    assert found.points[0].where == "cannot tell" and not found.points[0].differs
    assert list(funnels.sentences(found, "within_target", "service"))[1] == (
        "Where Email, Printing and Network lie, the sources do not tell."
    )


def test_ratios_are_held_against_one() -> None:
    found = ratios([Counted("A", 60, 40.0), Counted("B", 38, 40.0), Counted("C", 22, 40.0)])

    assert found is not None and found.centre == 1
    assert [(p.value, p.where, p.above) for p in found.points] == [
        (1.5, "between", True), (0.95, "within", False), (0.55, "between", False),
    ]  # fmt: skip
    assert [p.differs for p in found.points] == [True, False, True]


@pytest.mark.parametrize("counted", [[], of((8, 10)), of((4, 5), (6, 9)), of((50, 50), (60, 60))])
def test_of_too_little_there_is_no_plot(counted: list[Counted]) -> None:
    assert shares(counted, *whole(counted)) is None


def test_of_few_results_expected_there_is_no_plot() -> None:
    assert ratios([Counted("A", 1, 1.5), Counted("B", 2, 2.0)]) is None


def test_a_chart_says_all_that_its_picture_shows() -> None:
    counted = of((850, 1000), (430, 500), (12, 19))
    found = shares(counted, *whole(counted))
    assert found is not None
    chart = funnels.chart(found, "within_target", "partner", QUARTER, "each partner", "x")

    assert "Partner 2 lies between the 95% limits and the 99.8% limits. The other 2 lie within" in chart.alternative
    cells = [[cell.text for cell in row] for row in chart.table.cells()]
    assert cells[0][:3] == ["Partner 0", "1,000", "85.0% (850 of 1,000)"]
    assert cells[2][2] == "12 of 19 (63.2%)", "of few tickets the counts come first (F1)"
    assert "Spiegelhalter 2005" in chart.note and "takes the same room" in chart.note
