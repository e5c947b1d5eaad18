"""The categories with the most tickets: which are shown, in which order, and that what is kept back has no rank."""

from dataclasses import replace

import pytest

from commonhold.figures import Figure
from commonhold.performance.engine import groups, public, top
from tests.performance.engine_samples import NAMES, STAMP, Sample, extracted

CATEGORY = {number: f"Category {number:02}" for number in range(1, 31)}
WITH = replace(NAMES, category=CATEGORY)


def figures(counts: dict[int, int], priority: int = 3) -> list[Figure]:
    samples = [
        Sample(id=0, category=category, priority=priority) for category, count in counts.items() for _ in range(count)
    ]
    numbered = [replace(sample, id=number) for number, sample in enumerate(samples, 1)]
    found = groups.figures([extracted(numbered)], top.MEASURES, top.BY, WITH, STAMP)
    return found + groups.figures([extracted(numbered)], top.MEASURES, ("priority",), WITH, STAMP)


def named(found: list[Figure], priority: str = "P3") -> list[tuple[str | None, float | None]]:
    return [(figure.scope["category"], figure.value) for figure in top.ranked(found, priority)]


def test_the_most_come_first_and_of_as_many_the_first_by_name() -> None:
    assert named(figures({1: 2, 2: 7, 3: 2, 0: 2})) == [
        ("Category 02", 7), ("Category 01", 2), ("Category 03", 2), (None, 2),
    ]  # fmt: skip


def test_what_is_not_among_the_top_is_left_out_of_every_measure_and_all_else_stays() -> None:
    whole = figures({number: number for number in range(1, 13)})

    found = top.trimmed(whole, 10)

    by_category = [figure for figure in found if top.is_by_category(figure)]
    assert len(by_category) == 10 * len(top.MEASURES)
    assert {figure.scope["category"] for figure in by_category} == {CATEGORY[number] for number in range(3, 13)}
    assert [figure for figure in found if not top.is_by_category(figure)] == [
        figure for figure in whole if not top.is_by_category(figure)
    ]


@pytest.mark.parametrize("priority", [1, 4, 5, 0])
def test_other_priorities_have_no_top(priority: int) -> None:
    found = top.trimmed(figures({1: 9}, priority), 10)

    assert not [figure for figure in found if top.is_by_category(figure)]


def test_earlier_periods_show_the_same_categories() -> None:
    now, then = top.trimmed(figures({1: 5, 2: 9}), 1), figures({1: 50, 2: 9, 3: 70})

    assert {figure.scope["category"] for figure in top.like(then, now) if top.is_by_category(figure)} == {"Category 02"}


def test_what_is_kept_back_from_the_public_has_no_rank() -> None:
    found = public.for_everybody(figures({1: 20, 2: 3, 3: 9}))

    assert [category for category, _ in named(found)] in (["Category 01"], ["Category 01", "Category 03"])
    shown = [figure.value for figure in found if top.is_by_category(figure) and figure.value is not None]
    assert 3 not in shown
