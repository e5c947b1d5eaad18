"""What everybody may see (F8): a small group cannot be worked out, neither within a publication nor from several."""

from collections.abc import Mapping
from datetime import date

from commonhold.figures import Figure, Span
from commonhold.performance.engine.groups import figures
from commonhold.performance.engine.pack.holding import Grouped, Profile, held
from commonhold.performance.engine.periods import period
from commonhold.performance.engine.public import for_everybody, for_everybody_by_month
from commonhold.performance.engine.smallnumbers import KEPT_BACK
from commonhold.performance.engine.told import Told
from tests.performance.engine_samples import DAY, NAMES, STAMP, Sample, at, extracted

APRIL, MAY, JUNE = (Span(date(2016, month, 1), date(2016, month, last)) for month, last in ((4, 30), (5, 31), (6, 30)))
QUARTER = Span(APRIL.first, JUNE.last)

Counts = Mapping[int, int]
MANY: Counts = {1: 9, 2: 20, 3: 200, 4: 60}
FEW: Counts = {1: 2, 2: 20, 3: 200, 4: 60}


def desk(april: Counts, may: Counts, june: Counts) -> list[Sample]:
    """So many tickets of each priority in each month, resolved within a day."""
    opened = [
        (priority, at(f"2016-{month:02}-10T09:00"))
        for month, counts in ((4, april), (5, may), (6, june))
        for priority, count in counts.items()
        for _ in range(count)
    ]
    return [ticket(n, priority, begins) for n, (priority, begins) in enumerate(opened)]


def ticket(n: int, priority: int, opened: int) -> Sample:
    ends = opened + DAY
    return Sample(
        id=n, priority=priority, opened=opened, resolved=ends, closed=ends, verdict=n % 2, shares=((1, 1, 3_600),)
    )


def publish(desk: list[Sample], span: Span, told: Told) -> dict[tuple[str, str | None], Figure]:
    """A public pack's figures of a period, by measure and priority; None where it is the whole service's."""
    found: list[Figure] = []
    extract = extracted(desk, period(span), attributed=True)
    for group in held(Profile("public")):
        wanted: Grouped = group
        found += wanted.of(figures([extract], wanted.measures, wanted.by, NAMES, STAMP))
    shown = for_everybody(found, told)
    return {(one.measure, one.scope.get("priority")): one for one in shown if set(one.scope) <= {"priority"}}


def shown(pack: dict[tuple[str, str | None], Figure], measure: str = "tickets_opened") -> dict[str | None, int | None]:
    return {priority: one.numerator for (name, priority), one in pack.items() if name == measure}


def test_a_small_priority_is_kept_back_with_another_in_every_measure() -> None:
    pack = publish(desk(MANY, MANY, FEW), JUNE, Told())
    assert shown(pack) == {None: 282, "P1": None, "P2": None, "P3": 200, "P4": 60}
    kept_back = {measure for (measure, priority), one in pack.items() if priority == "P1" and one.reason == KEPT_BACK}
    assert kept_back == {"tickets_opened", "within_target", "source_verdict_met", "verdict_differs"}


def test_a_quarter_does_not_give_away_the_month_that_its_other_months_leave() -> None:
    told, tickets = Told(), desk(MANY, MANY, FEW)
    for month in (APRIL, MAY, JUNE):
        publish(tickets, month, told)
    # 20 of P1 less 9 and 9 would be the 2 of June; and of P2 the 20 that protect them there.
    assert shown(publish(tickets, QUARTER, told)) == {None: 860, "P1": None, "P2": None, "P3": 600, "P4": 180}


def test_nor_does_the_last_month_but_one_where_the_quarter_was_told_before() -> None:
    told, tickets = Told(), desk(MANY, MANY, FEW)
    assert shown(publish(tickets, QUARTER, told))["P1"] == 20
    assert shown(publish(tickets, APRIL, told))["P1"] == 9
    assert shown(publish(tickets, MAY, told))["P1"] is None


def test_periods_that_follow_each_other_give_nothing_away() -> None:
    told, tickets = Told(), desk(MANY, MANY, MANY)
    packs = [publish(tickets, span, told) for span in (APRIL, MAY, JUNE, QUARTER)]
    assert [shown(pack)["P1"] for pack in packs] == [9, 9, 9, 27]


def test_what_was_kept_back_stays_so_when_more_is_known() -> None:
    told = Told()
    assert shown(publish(desk(MANY, MANY, FEW), JUNE, told)) | {None: 0} == {
        None: 0, "P1": None, "P2": None, "P3": 200, "P4": 60,
    }  # fmt: skip
    # Forty tickets turn out to have been P2 and not P4: now P4 would be the lightest to protect P1, and P2 be told.
    later = publish(desk(MANY, MANY, {1: 2, 2: 60, 3: 200, 4: 20}), JUNE, told)
    assert shown(later)["P1"] is None
    assert shown(later)["P2"] is None


def test_a_whole_that_gives_a_few_days_away_is_kept_back_with_its_parts() -> None:
    told = Told()
    tickets = [*desk(MANY, MANY, MANY), ticket(9_999, 3, at("2016-06-30T12:00"))]
    publish(tickets, JUNE, told)
    all_but_a_day = publish(tickets, Span(JUNE.first, date(2016, 6, 29)), told)
    assert set(shown(all_but_a_day).values()) == {None}
    assert all_but_a_day["tickets_resolved", None].numerator == 289


def test_a_series_of_months_is_told_wholly_or_not_at_all() -> None:
    tickets, told = desk({3: 4}, {3: 9}, {3: 9}), Told()
    quarter, june, may = (
        figures([extracted(tickets, period(span))], ["tickets_opened"], (), NAMES, STAMP)
        for span in (QUARTER, JUNE, MAY)
    )
    assert len(for_everybody_by_month(june, told)) == 1
    told.add(quarter)
    assert for_everybody_by_month([*june, *may], told) == []
