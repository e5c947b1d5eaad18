"""What is said about figures: what it is about, figures held against aims, and how far a report is."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.figures import Figure, Span
from commonhold.partnership.engine.rules.aims import Aims
from commonhold.performance.engine.groups import WORDS
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.report import standing
from commonhold.performance.engine.report.about import PARTS, About, of_part, parse, parts
from commonhold.performance.engine.report.offtarget import Result, against
from commonhold.performance.engine.report.readiness import Needed, Piece, by_part, percent_ready
from commonhold.performance.engine.report.standing import State
from commonhold.refusals import Refused

AIMS = Aims.from_json(
    {"within_target": {"at_least": "90%", "P1": {"at_least": "95%"}}, "aged_open": {"at_most": "200"}}
)
SHARE = Figure(
    measure="within_target",
    value=0.9,
    unit="share",
    period=Span(date(2026, 6, 1), date(2026, 6, 30)),
    definition="within_target.v1",
    as_of=datetime(2026, 6, 30, 22, tzinfo=UTC),
    known_at=12,
    program="0.1.0",
    evidence="performance/…",
    numerator=9,
    denominator=10,
)
AGED = replace(SHARE, measure="aged_open", value=201, unit="tickets", numerator=201, denominator=None)


def of(numerator: int, denominator: int, **more: object) -> Figure:
    return replace(SHARE, value=numerator / denominator, numerator=numerator, denominator=denominator, **more)


def results(*figures: Figure, within: dict[str, str | None] | None = None) -> list[str]:
    return [str(one.result) for one in against(figures, AIMS, within, headed={}, own=OWN)]


# What it is about


names = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=8)


OWN = {"own_training": "Days of training", "own_visits": "Visits to schools"}


@given(
    measure=st.sampled_from([*sorted(MEASURES), *OWN]),
    scope=st.dictionaries(st.sampled_from(WORDS), st.none() | names, max_size=2),
)
def test_what_a_figure_s_words_are_about_is_written_and_read_the_same(
    measure: str, scope: dict[str, str | None]
) -> None:
    about = About.measured(measure, scope, OWN.get(measure, ""))

    assert parse(str(about), OWN) == about
    assert parse(str(about), OWN).title == about.title


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_written_and_read_the_same(part: str) -> None:
    assert parse(str(About(part)), {}) == About(part)
    assert About(part).title == PARTS[part]


@pytest.mark.parametrize(
    "text",
    ["", "part/weather", "weather", "within_target?weather=fine", "within_target?priority=P1&priority=P2",
     "within_target?partner=%00", "a" * 301, "part/targets?x", "/",
     "own_nothing", "part/readings-own-nothing", "part/own_training", "part/readings-within_target"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="neither a part of the pack nor a figure"):
        parse(text, OWN)


def test_a_figure_is_named_in_words() -> None:
    assert About.of(replace(SHARE, scope={"priority": "P1"}), {}).title == "Resolved within target: P1"
    assert About.of(replace(SHARE, scope={"partner": None}), {}).title == "Resolved within target: none named"
    assert About.of(SHARE, {}).title == "Resolved within target"
    assert About.of(AGED, {}).part == "backlog"


def test_each_measure_of_the_partnership_s_own_is_a_part_of_its_own_after_the_pack_s() -> None:
    assert list(parts(OWN)) == [*PARTS, "readings-own-training", "readings-own-visits"]
    part, figure = of_part("readings-own-visits", OWN), About.measured("own_visits", {}, OWN["own_visits"])
    assert figure.part == part.part and part.title == figure.title == "Visits to schools"
    said = [part, About("targets"), of_part("readings-own-training", OWN), About("readings-own"), About("volumes")]
    assert [about.title for about in sorted(said, key=lambda about: about.place)] == [
        PARTS["volumes"], PARTS["targets"], PARTS["readings-own"], "Days of training", "Visits to schools",
    ]  # fmt: skip


# Held against aims


def test_a_share_is_held_against_its_aim_by_its_exact_counts() -> None:
    assert results(of(9, 10)) == ["reached"]
    assert results(of(899_999, 1_000_000)) == ["off"]
    assert results(of(90, 100)) == ["reached"], "90 of 100 reaches 90% although 0.9 is no binary fraction"


def test_a_priority_is_held_against_its_own_aim_alone() -> None:
    assert results(of(94, 100, scope={"priority": "P1"})) == ["off"]
    assert results(of(1, 100, scope={"priority": "P2"})) == []


def test_a_count_is_held_against_a_number_and_not_a_percentage() -> None:
    assert results(AGED) == ["off"]
    assert results(replace(AGED, value=200)) == ["reached"]
    assert against([replace(AGED, unit="share", value=0.5)], AIMS, headed={}, own=OWN) == []


def test_what_the_source_leaves_in_doubt_is_off_only_where_both_bounds_are() -> None:
    assert results(of(80, 100, low=0.80, high=0.92)) == ["cannot tell"]
    assert results(of(80, 100, low=0.80, high=0.89)) == ["off"]
    assert results(of(80, 100, low=0.91, high=0.99)) == ["reached"]


def test_what_is_not_known_is_not_held_against_anything() -> None:
    assert results(replace(SHARE, value=None)) == []


def test_other_scopes_have_no_aim_but_a_partner_s_own_pack_has() -> None:
    own = replace(of(1, 10), scope={"partner": "Southmere"})

    assert results(own) == []
    assert results(own, within={"partner": "Southmere"}) == ["off"]
    assert results(own, within={"partner": "Northgate"}) == []
    urgent = replace(own, scope={"partner": "Southmere", "priority": "P1"})
    assert results(urgent, within={"partner": "Southmere"}) == ["off"]


@given(st.integers(0, 400), st.integers(1, 400))
def test_reached_is_what_fractions_say(numerator: int, denominator: int) -> None:
    if numerator <= denominator:
        expected = Result.REACHED if numerator * 10 >= denominator * 9 else Result.OFF
        assert results(of(numerator, denominator)) == [str(expected)]


# How far a report is


def piece(part: str, there: bool) -> Piece:
    return Piece(About(part), "words", there)


def test_only_a_report_that_lacks_nothing_is_ready() -> None:
    assert percent_ready(by_part([])) == 100
    assert percent_ready(by_part([piece("targets", True)] * 199 + [piece("backlog", False)])) == 99
    assert percent_ready(by_part([piece("targets", False)])) == 0


def test_parts_come_in_the_pack_s_order_and_only_where_something_is_needed() -> None:
    parts = by_part([piece("backlog", True), piece("volumes", False), piece("backlog", False)])

    assert [part.name for part in parts] == ["volumes", "backlog"]
    assert [len(part.waiting) for part in parts] == [1, 1]


def test_a_part_says_in_words_what_it_waits_for() -> None:
    about = About("targets")
    asked = [Piece(about, "settled", False, needed=Needed.ANSWERS, partner=name) for name in ("Eve", "Ada", "Ada")]
    missing = [Piece(about, "words", False, needed=Needed.WORDS)] * 2
    (part,) = by_part(
        [Piece(about, "figures", True), *missing, Piece(about, "draft", False, needed=Needed.SIGNATURE), *asked]
    )

    waits = "1 draft to be signed off, Ada queried 2 figures, Eve queried 1 figure"
    assert part.in_words(writes=True) == f"figures in, your words on 2 figures missing, {waits}"
    assert part.in_words(writes=False) == f"figures in, the officers' words on 2 figures missing, {waits}"
    assert by_part([Piece(about, "figures", False)])[0].in_words(writes=True) == "figures not in yet"
    assert by_part([replace(asked[0], there=True)])[0].in_words(writes=True) == "nothing is missing"


@pytest.mark.parametrize(
    ("state", "until", "said"),
    [
        (State.IN_WORK, date(2026, 7, 9), "Provisional: every partner can query these figures until 9 July 2026."),
        (State.PUBLISHED, date(2026, 7, 9), "Provisional: every partner can query these figures until 9 July 2026."),
        (State.IN_WORK, date(2026, 7, 8), "A query that comes now is recorded as late."),
        (State.PUBLISHED, date(2026, 7, 8), "ended on 8 July 2026, and these figures are published."),
        (State.IN_WORK, None, "Every partner can query these figures until they are published"),
        (State.PUBLISHED, None, "These figures are published."),
        (State.CLOSED, date(2026, 7, 9), "The report on these figures is closed."),
    ],
)
def test_figures_are_provisional_through_their_last_day_and_no_longer(
    state: State, until: date | None, said: str
) -> None:
    today = date(2026, 7, 9)

    assert said in standing.in_words(state, until, today)
    assert standing.is_provisional(state, until, today) == said.startswith("Provisional")
