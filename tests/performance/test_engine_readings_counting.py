"""Readings as figures: tables of examples that can be checked by hand, and properties on random readings."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from commonhold.figures import Figure, Span
from commonhold.performance.engine.brought.choosing import Told
from commonhold.performance.engine.brought.counting import Counted, Stamp, figures
from commonhold.performance.engine.brought.definition import Grade
from commonhold.performance.engine.brought.measures import BUILT_IN
from commonhold.refusals import Refused

STAMP = Stamp(datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC), 9, "0.1.0")
SPRING = Span(date(2026, 4, 1), date(2026, 6, 30))
APRIL, MAY, JUNE = (
    Span(date(2026, 4, 1), date(2026, 4, 30)),
    Span(date(2026, 5, 1), date(2026, 5, 31)),
    Span(date(2026, 6, 1), date(2026, 6, 30)),
)


def told(span: Span, count: float | None = None, of: float | None = None, **other: Any) -> Told:
    """A reading of these days: a count, one of a denominator, or with `mean` a mean alone."""
    said: dict[str, Any] = {
        "number": 1, "partner": "", "service": "", "site": "", "threshold": None, "worked_out": False,
        "grade": Grade.SOURCE, "version": 1, "mean": None,
    }  # fmt: skip
    said |= {"count": Fraction(count or 0), "denominator": None if of is None else Fraction(of)}
    return Told(first=span.first, last=span.last, **{**said, **other})


def counted(measure: str, *readings: Told, span: Span = SPRING, by: tuple[str, ...] = ()) -> list[Counted]:
    return figures(BUILT_IN[measure], list(readings), span, by, STAMP)


def whole(measure: str, *readings: Told, span: Span = SPRING) -> Figure:
    (found,) = counted(measure, *readings, span=span)
    return found.figure


def test_counts_are_added() -> None:
    found = whole("calls_offered", told(APRIL, 1_200), told(MAY, 1_300), told(JUNE, 1_100))

    assert (found.value, found.numerator, found.denominator, found.reason) == (3_600, 3_600, None, None)
    assert found.notes == ("counted by the source",)
    assert found.grade_mix == {"counted by us": 0, "counted by the source": 3, "stated": 0}


def test_shares_are_added_by_their_counts_not_averaged() -> None:
    found = whole("calls_answered", told(APRIL, 90, 100), told(MAY, 500, 1_000), told(JUNE, 100, 100))

    assert (found.numerator, found.denominator) == (690, 1_200)
    assert found.value == 690 / 1_200


def test_a_mean_is_weighed_by_its_cases() -> None:
    found = whole("satisfaction", told(APRIL, 450, 100, threshold=5), told(MAY, 30, 10, threshold=5))

    assert (found.value, found.numerator, found.denominator) == (480 / 110, None, 110)
    assert "on a scale up to 5" in found.notes


def test_a_mean_without_its_count_is_shown_alone_and_added_to_nothing() -> None:
    alone = told(APRIL, mean=Fraction(40))
    assert whole("call_queue_time", alone, span=APRIL).value == 40
    assert "a mean without its count, as it was brought" in whole("call_queue_time", alone, span=APRIL).notes

    both = whole("call_queue_time", alone, told(MAY, mean=Fraction(50)))
    assert (both.value, both.reason) == (None, "2 means without their counts cannot be added")

    mixed = whole("call_queue_time", alone, told(MAY, 5_000, 100))
    assert mixed.value == 50
    assert "1 reading is left out, a mean without its count" in mixed.notes


def test_a_period_that_is_told_in_part_says_so() -> None:
    found = whole("calls_offered", told(APRIL, 1_200), told(JUNE, 1_100))

    assert found.value == 2_300
    assert found.notes[0] == "told in part: 60 of 91 days; missing 1 May 2026 to 31 May 2026"


def test_a_reading_across_the_edge_is_left_out_and_said() -> None:
    across = told(Span(date(2026, 3, 15), date(2026, 4, 14)), 500)
    found = whole("calls_offered", across, told(MAY, 1_300), told(JUNE, 1))

    assert found.value == 1_301
    assert any("left out, which cross the period's edge (15 March 2026 to 14 April 2026)" in n for n in found.notes)
    assert whole("calls_offered", across).reason == "no reading lies wholly in these days"


def test_of_a_stock_the_last_reading_of_each_part_counts() -> None:
    def on(day: date, partner: str, count: int) -> Told:
        return told(Span(day, day), count, partner=partner)

    end = date(2026, 6, 30)
    found = whole(
        "audit_actions_open", on(date(2026, 5, 31), "Southmere", 9), on(end, "Southmere", 7), on(end, "Northgate", 4)
    )
    assert (found.value, found.notes) == (11, ("counted by the source",))

    early = whole("audit_actions_open", on(date(2026, 5, 31), "Southmere", 9))
    assert early.notes[0] == "told in part: as it stood on 31 May 2026, before the period ends"


def test_the_whole_and_its_parts_are_never_added_together() -> None:
    parts = [told(APRIL, 40, partner="Southmere"), told(APRIL, 50, partner="Northgate")]

    assert whole("calls_offered", told(APRIL, 100), *parts, span=APRIL).value == 100
    assert whole("calls_offered", *parts, span=APRIL).value == 90
    split = counted("calls_offered", told(APRIL, 100), *parts, span=APRIL, by=("partner",))
    assert {one.figure.scope["partner"]: one.figure.value for one in split} == {"Northgate": 50, "Southmere": 40}


def test_where_some_split_by_partner_and_some_by_service_the_partners_are_added() -> None:
    found = whole(
        "calls_offered", told(APRIL, 40, partner="Southmere"), told(APRIL, 50, partner="Northgate"),
        told(APRIL, 70, service="Email"), span=APRIL,
    )  # fmt: skip

    assert found.value == 90
    assert "1 reading is left out, of parts whose days count already" in found.notes


def test_two_thresholds_are_never_added() -> None:
    both = (told(APRIL, 60, 1_000, threshold=30), told(MAY, 40, 1_000, threshold=60))
    found = whole("calls_abandoned", *both)

    assert found.value is None
    assert found.reason is not None and "see them by threshold" in found.reason
    split = counted("calls_abandoned", *both, by=("threshold",))
    assert {one.figure.scope["threshold"]: one.figure.numerator for one in split} == {"30": 60, "60": 40}


def test_readings_of_another_version_of_the_measure_are_not_added() -> None:
    found = whole("calls_offered", told(APRIL, 60, version=2), told(MAY, 40))

    assert found.value == 40
    assert "1 reading is left out, counted by another definition" in found.notes


def test_who_brought_some_lately_and_none_now_is_named() -> None:
    found = counted(
        "calls_offered", told(APRIL, 40, partner="Southmere"), told(MAY, 40, partner="Southmere"),
        told(MAY, 9, partner="Northgate"), span=APRIL,
    )[0]  # fmt: skip

    assert "told in part: nothing of Northgate" in found.figure.notes
    assert not found.is_whole
    assert "told in part: nothing of some part of the service" in found.public_notes


def test_a_share_of_nothing_is_not_known() -> None:
    found = whole("calls_answered", told(APRIL, 0, 0))

    assert (found.value, found.reason) == (None, "there were no calls offered")


def test_what_ends_after_the_instant_is_not_known_yet() -> None:
    stamp = Stamp(datetime(2026, 5, 20, 12, tzinfo=UTC), 9, "0.1.0")
    (found,) = figures(BUILT_IN["calls_offered"], [told(APRIL, 5), told(MAY, 7)], SPRING, (), stamp)

    assert found.figure.value == 5


def test_months_are_periods_of_their_own_read_at_their_own_end() -> None:
    found = counted("calls_offered", told(APRIL, 5), told(JUNE, 7), by=("month",))

    assert [(one.figure.scope["month"], one.figure.value) for one in found] == [
        ("2026-04", 5), ("2026-05", None), ("2026-06", 7),
    ]  # fmt: skip
    assert found[0].figure.as_of.isoformat() == "2026-04-30T23:59:59+01:00"


@pytest.mark.parametrize(("by", "words"), [(("team",), "not known by team"), (("site", "site"), "given twice")])
def test_words_that_readings_do_not_have_are_refused(by: tuple[str, ...], words: str) -> None:
    with pytest.raises(Refused, match=words):
        counted("calls_offered", told(APRIL, 5), by=by)


DAYS = [APRIL.first + timedelta(days=n) for n in range(91)]


@st.composite
def random_readings(draw: st.DrawFn) -> list[Told]:
    """Readings of two partners that stand beside each other, day for day at most one."""
    found = []
    for partner in ("Northgate", "Southmere"):
        at = draw(st.integers(0, 20))
        while at < len(DAYS):
            length = draw(st.sampled_from((1, 12, 30, 31)))
            end = min(at + length - 1, len(DAYS) - 1)
            count, below = draw(st.sampled_from(((0, 0), (0, 7), (3, 11), (50, 50), (17, 40))))
            found.append(told(Span(DAYS[at], DAYS[end]), count, below, partner=partner, number=len(found)))
            at = end + 1 + draw(st.sampled_from((0, 9, 20)))
    return found


@pytest.mark.parametrize("measure", ["calls_answered", "backups", "availability", "sickness"])
@examples(readings=random_readings(), first=st.integers(0, 90), length=st.integers(0, 90))
def test_a_share_is_that_of_the_readings_wholly_inside(
    measure: str, readings: list[Told], first: int, length: int
) -> None:
    span = Span(DAYS[first], DAYS[min(first + length, 90)])
    inside = [one for one in readings if span.first <= one.first and one.last <= span.last]
    found = whole(measure, *readings, span=span)

    above, below = sum(one.count for one in inside), sum(one.denominator or 0 for one in inside)
    assert found.value == (float(Fraction(above, below)) if below else None)
    if inside:
        assert (found.numerator, found.denominator) == (above, below)
    split = counted(measure, *readings, span=span, by=("partner",))
    assert sum(one.figure.numerator or 0 for one in split) == above
    days = {(one.partner, day) for one in inside for day in DAYS if one.first <= day <= one.last}
    is_whole = len(days) == 2 * span.days
    assert counted(measure, *readings, span=span)[0].is_whole == is_whole


@examples(readings=random_readings(), order=st.randoms())
def test_the_order_in_which_readings_come_changes_nothing(readings: list[Told], order: Any) -> None:
    shuffled = list(readings)
    order.shuffle(shuffled)

    assert whole("calls_answered", *shuffled) == whole("calls_answered", *readings)


@st.composite
def cut_readings(draw: st.DrawFn) -> list[Told]:
    """Readings of days that touch each other or not, of the whole service and of parts cut in several ways."""
    said = st.tuples(*(st.sampled_from(values) for values in (("", "A", "B"), ("", "E"), ("", "X", "Y"))))
    found = []
    for number in range(draw(st.integers(0, 8))):
        partner, service, site = draw(said)
        first = draw(st.integers(0, 10))
        span = Span(DAYS[first], DAYS[first + draw(st.integers(0, 5))])
        found.append(told(span, 1, partner=partner, service=service, site=site, number=number))
    return found


@examples(readings=cut_readings())
def test_no_day_of_any_part_counts_twice_and_what_is_left_out_would(readings: list[Told]) -> None:
    """Held against a slow look at every pair."""

    def meet(a: Told, b: Told) -> bool:
        alike = all(x == y or not x or not y for x, y in zip(a.part[:3], b.part[:3], strict=True))
        return alike and a.first <= b.last and b.first <= a.last

    (found,) = counted("calls_offered", *readings)
    used = [one for one in readings if one.number in found.readings]

    assert not any(meet(a, b) for a in used for b in used if a.number < b.number)
    assert all(any(meet(one, other) for other in used) for one in readings if one not in used)
