"""Extracts: kept as the same bytes, read back whole, and the rows behind a figure; periods and their months."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.figures import Span
from commonhold.performance.engine.extract import FORMAT, extract, from_bytes
from commonhold.performance.engine.groups import figures, members
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.periods import months, period
from tests.performance.engine_samples import (
    DAY,
    MARCH,
    NAMES,
    STAMP,
    Sample,
    at,
    extracted,
    readings,
    shares,
    tickets,
)

THREE = [
    Sample(id=9, partner=2, resolved=at("2016-03-12T09:00"), used=600, shares=((1, 1, 600),)),
    Sample(id=4, partner=1, resolved=at("2016-03-11T09:00"), used=900, breached=True, shares=((2, 2, 900),)),
    Sample(id=5, partner=1, opened=at("2016-02-11T09:00"), closed=at("2016-02-12T09:00")),
]


class TestKept:
    def test_what_is_kept_reads_back_whole(self) -> None:
        whole = extracted(THREE, attributed=True)
        again = from_bytes(whole.as_bytes())
        assert again.period == whole.period
        assert (again.records == whole.records).all()
        assert (again.shares == whole.shares).all()
        assert again.attributed

    def test_the_same_tickets_in_any_order_are_the_same_bytes(self) -> None:
        turned = THREE[::-1]
        one, other = extracted(THREE, attributed=True), extracted(turned, attributed=True)
        assert one.as_bytes() == other.as_bytes()
        assert one.digest == other.digest == from_bytes(one.as_bytes()).digest

    def test_one_second_more_is_another_digest(self) -> None:
        later = [*THREE[:2], Sample(id=5, opened=at("2016-03-11T09:00:01"))]
        assert extracted(THREE).digest != extracted(later).digest

    def test_a_format_of_another_version_is_not_guessed_at(self) -> None:
        kept = extracted([]).as_bytes().replace(b'"format":%d' % FORMAT, b'"format":0')
        with pytest.raises(ValueError, match="format 0"):
            from_bytes(kept)

    def test_no_tickets_at_all_still_make_every_figure(self) -> None:
        empty = from_bytes(extracted([], attributed=True).as_bytes())
        found = figures([empty], MEASURES, (), NAMES, STAMP)
        assert [f.measure for f in found] == list(MEASURES)
        assert all(f.value in (0, None) for f in found)
        assert figures([empty], MEASURES, ("partner",), NAMES, STAMP) == []

    def test_tickets_that_do_not_matter_to_the_period_are_not_in_it(self) -> None:
        assert extracted(THREE).records["id"].tolist() == [4, 9]

    def test_only_what_can_matter_needs_reading(self) -> None:
        of = tickets(THREE)
        kept = np.flatnonzero(of.touching(MARCH.start, MARCH.until))
        fewer = extract(MARCH, of.take(kept), readings(THREE).take(kept), shares(THREE))
        assert fewer.as_bytes() == extracted(THREE, attributed=True).as_bytes()


class TestMembers:
    def test_the_rows_behind_a_share_say_which_were_met(self) -> None:
        behind = members(extracted(THREE), "within_target", {}, NAMES)
        assert behind.tickets.tolist() == [4, 9]
        assert behind.counted.tolist() == [False, True]

    def test_a_scope_narrows_them(self) -> None:
        behind = members(extracted(THREE), "within_target", {"partner": "Ashby", "month": "2016-03"}, NAMES)
        assert behind.tickets.tolist() == [4]

    def test_the_rows_behind_minutes_bring_their_seconds(self) -> None:
        behind = members(extracted(THREE, attributed=True), "minutes_used", {"team": "Network"}, NAMES)
        assert behind.amounts is not None
        assert (behind.tickets.tolist(), behind.amounts.tolist()) == ([4], [900])

    def test_tickets_without_a_value_are_a_group(self) -> None:
        behind = members(extracted([Sample(partner=0)]), "tickets_opened", {"partner": None}, NAMES)
        assert behind.tickets.tolist() == [1]


class TestPeriods:
    def test_a_day_of_london_begins_an_hour_earlier_in_summer(self) -> None:
        winter, summer = (period(Span(day, day)) for day in (date(2016, 3, 1), date(2016, 4, 1)))
        assert winter.start == at("2016-03-01T00:00")
        assert summer.start == at("2016-03-31T23:00")
        assert winter.end - winter.start == DAY - 1

    def test_a_figure_is_read_at_the_end_or_at_the_last_event(self) -> None:
        span = Span(date(2016, 3, 1), date(2016, 3, 31))
        assert period(span).as_of == at("2016-03-31T22:59:59")
        assert period(span, last_event=at("2016-03-20T10:00")).as_of == at("2016-03-20T10:00")
        assert period(span, last_event=at("2016-05-20T10:00")).as_of == at("2016-03-31T22:59:59")
        assert period(span).read_at.isoformat() == "2016-03-31T23:59:59+01:00"

    def test_nothing_after_the_as_of_instant_counts(self) -> None:
        early = period(MARCH.span, as_of=at("2016-03-10T12:00"))
        resolved_later = Sample(resolved=at("2016-03-10T12:01"))
        (opened, resolved, open_then) = figures(
            [extracted([resolved_later], early)],
            ["tickets_opened", "tickets_resolved", "open_at_end"],
            (),
            NAMES,
            STAMP,
        )
        assert (opened.value, resolved.value, open_then.value) == (1, 0, 1)

    def test_months_are_periods_of_their_own(self) -> None:
        whole = period(Span(date(2016, 1, 20), date(2016, 3, 5)))
        assert [(m.span.first, m.span.last) for m in months(whole)] == [
            (date(2016, 1, 20), date(2016, 1, 31)),
            (date(2016, 2, 1), date(2016, 2, 29)),
            (date(2016, 3, 1), date(2016, 3, 5)),
        ]
        assert [m.as_of for m in months(whole)] == [m.end for m in months(whole)]

    def test_months_that_have_not_begun_are_left_out(self) -> None:
        whole = period(Span(date(2016, 1, 1), date(2016, 12, 31)), last_event=at("2016-02-18T15:00"))
        assert [m.month for m in months(whole)] == ["2016-01", "2016-02"]
        assert months(whole)[-1].as_of == at("2016-02-18T15:00")

    def test_a_period_read_after_its_end_has_its_months_read_then(self) -> None:
        whole = period(Span(date(2016, 1, 1), date(2016, 2, 29)), as_of=at("2016-06-01T00:00"))
        assert {m.as_of for m in months(whole)} == {at("2016-06-01T00:00")}


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-400, 800), st.none() | st.integers(0, 900), st.integers(1, 3)).map(
            lambda t: Sample(
                opened=MARCH.start + t[0] * 3_600,
                resolved=None if t[1] is None else MARCH.start + (t[0] + t[1]) * 3_600,
                partner=t[2],
            )
        ),
        max_size=30,
    )
)
def test_what_came_and_went_by_month_adds_up_to_the_period(found: list[Sample]) -> None:
    numbered = [Sample(**{**vars(sample), "id": n}) for n, sample in enumerate(found)]
    whole = period(Span(date(2016, 2, 10), date(2016, 4, 20)))
    extracts = [extracted(numbered, month) for month in months(whole)]
    for measure in ("tickets_opened", "tickets_resolved"):
        monthly = figures(extracts, [measure], ("partner", "month"), NAMES, STAMP)
        for one in figures([extracted(numbered, whole)], [measure], ("partner",), NAMES, STAMP):
            assert one.value == sum(m.value or 0 for m in monthly if m.scope["partner"] == one.scope["partner"])
