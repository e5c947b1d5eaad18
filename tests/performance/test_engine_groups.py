"""Groups of figures: their order, their scopes, and the references by which each can be found again."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.figures import Span
from commonhold.performance.engine.groups import WORDS, figures, one_figure
from commonhold.performance.engine.periods import months, period
from commonhold.performance.engine.references import Reference, parse
from commonhold.refusals import Refused
from tests.performance.engine_samples import NAMES, STAMP, Sample, at, extracted

SAMPLES = [
    Sample(id=1, partner=2, team=2),
    Sample(id=2, partner=0, team=1),
    Sample(id=3, partner=1, team=1),
    Sample(id=4, partner=1, team=3),
    Sample(id=5, partner=1, team=2, opened=at("2016-02-10T09:00")),
]


VALUES = st.none() | st.text("aé =&?%/~+#.\n", max_size=8)


class TestGroups:
    def test_groups_stand_in_order_with_those_without_a_value_last(self) -> None:
        found = figures([extracted(SAMPLES)], ["tickets_opened"], ("partner",), NAMES, STAMP)
        assert [(f.scope["partner"], f.value) for f in found] == [("Ashby", 2), ("Brook", 1), (None, 1)]

    def test_codes_of_one_name_are_one_group(self) -> None:
        found = figures([extracted(SAMPLES)], ["tickets_opened"], ("team",), NAMES, STAMP)
        assert [(f.scope["team"], f.value) for f in found] == [("Desk", 3), ("Network", 1)]

    def test_the_order_of_words_is_the_order_of_the_scope(self) -> None:
        found = figures([extracted(SAMPLES)], ["tickets_opened"], ("team", "partner"), NAMES, STAMP)
        assert [tuple(f.scope.items()) for f in found][:2] == [
            (("team", "Desk"), ("partner", "Ashby")),
            (("team", "Desk"), ("partner", None)),
        ]

    def test_every_word_of_the_interface_is_a_key_in_that_spelling(self) -> None:
        extracts = [extracted(SAMPLES, month) for month in months(period(Span(date(2016, 2, 1), date(2016, 3, 31))))]
        found = figures(extracts, ["tickets_opened"], WORDS, NAMES, STAMP)
        assert {tuple(f.scope) for f in found} == {WORDS}
        assert dict(found[0].scope) == {
            "partner": "Ashby",
            "priority": "P3",
            "team": "Desk",
            "kind": "incident",
            "service": "Email",
            "category": "Fault",
            "responsible": "service",
            "month": "2016-03",
        }

    def test_a_months_figure_is_that_of_the_month_alone(self) -> None:
        whole = period(Span(date(2016, 2, 1), date(2016, 3, 31)))
        extracts = [extracted(SAMPLES, month) for month in months(whole)]
        found = figures(extracts, ["tickets_opened", "open_at_end"], ("month",), NAMES, STAMP)
        assert [(f.measure, f.scope["month"], f.value) for f in found] == [
            ("tickets_opened", "2016-02", 1),
            ("tickets_opened", "2016-03", 4),
            ("open_at_end", "2016-02", 1),
            ("open_at_end", "2016-03", 5),
        ]
        assert found[0].period == Span(date(2016, 2, 1), date(2016, 2, 29))

    def test_months_need_an_extract_each(self) -> None:
        whole = period(Span(date(2016, 2, 1), date(2016, 3, 31)))
        with pytest.raises(ValueError, match="extract of each month"):
            figures([extracted(SAMPLES, whole)], ["tickets_opened"], ("month",), NAMES, STAMP)

    def test_other_words_are_refused_with_those_there_are(self) -> None:
        with pytest.raises(Refused, match=r"grouped by 'borough'.*partner, priority"):
            figures([extracted(SAMPLES)], ["tickets_opened"], ("borough",), NAMES, STAMP)
        with pytest.raises(Refused, match="twice"):
            figures([extracted(SAMPLES)], ["tickets_opened"], ("team", "team"), NAMES, STAMP)

    def test_the_form_of_the_command_line(self) -> None:
        (found,) = figures([extracted(SAMPLES[:1])], ["within_target"], ("partner",), NAMES, STAMP)
        assert found.as_json() == {
            "measure": "within_target",
            "value": None,
            "low": None,
            "high": None,
            "unit": "share",
            "numerator": 0,
            "denominator": 0,
            "period": {"from": "2016-03-01", "to": "2016-03-31"},
            "scope": {"partner": "Brook"},
            "definition": "within_target.v1",
            "rule_version": "targets 1",
            "as_of": "2016-03-31T23:59:59+01:00",
            "known_at": 12,
            "program": "0.1.0",
            "grade_mix": {"none": 0, "total": 0, "observed": 0, "intervals": 0},
            "evidence": (
                "performance/2016-03-01..2016-03-31/within_target.v1"
                "?partner=Brook&as_of=2016-03-31T23:59:59%2B01:00&known_at=12"
            ),
            "reason": "no tickets were resolved in the period",
            "notes": [],
        }


class TestReferences:
    def test_a_reference_is_enough_to_compute_its_figure_again(self) -> None:
        february = months(period(Span(date(2016, 2, 1), date(2016, 3, 31))))[0]
        for extract, by in (
            (extracted(SAMPLES), ("partner", "team")),
            (extracted(SAMPLES, february), ("team", "month")),
        ):
            for one in figures([extract], ["open_at_end", "within_target"], by, NAMES, STAMP):
                assert one_figure(extract, parse(one.evidence), NAMES, STAMP) == one
        nobody = Reference("open_at_end.v1", february.span, {"partner": "Nobody"}, february.read_at, 12)
        assert one_figure(extracted(SAMPLES, february), nobody, NAMES, STAMP) is None

    def test_every_figure_leads_back_to_what_it_is(self) -> None:
        for one in figures([extracted(SAMPLES)], ["tickets_opened"], ("partner", "team"), NAMES, STAMP):
            found = parse(one.evidence)
            assert (found.definition, found.span, found.known_at) == (one.definition, one.period, one.known_at)
            assert dict(found.scope) == dict(one.scope)
            assert found.as_of == one.as_of

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "meeting/12",
            "performance/2016-03-01..2016-03-31/within_target.v1",
            "performance/2016-03-31..2016-03-01/within_target.v1?as_of=2016-03-31T23:59:59&known_at=1",
            "performance/2016-03-01..2016-03-31/within_target.v1?as_of&known_at=1",
            "performance/2016-03-01..2016-03-31/a/b?as_of=2016-03-31T23:59:59&known_at=1",
        ],
    )
    def test_other_texts_are_refused(self, text: str) -> None:
        with pytest.raises(Refused, match="not the reference of a figure"):
            parse(text)

    @given(
        st.dictionaries(st.sampled_from([w for w in WORDS if w != "month"]), VALUES, max_size=4),
        st.dates(date(1990, 1, 1), date(2090, 1, 1)),
        st.integers(0, 400),
        st.integers(1, 10**9),
    )
    def test_reading_a_reference_gives_back_what_was_written(
        self, scope: dict[str, str | None], first: date, days: int, known_at: int
    ) -> None:
        as_of = datetime(2016, 10, 30, 1, 30, tzinfo=timezone(timedelta(hours=1)))
        written = Reference("open_at_end.v1", Span(first, first + timedelta(days=days)), scope, as_of, known_at)
        read = parse(str(written))
        assert read == written
        assert list(read.scope) == list(written.scope)
