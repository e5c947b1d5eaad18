"""Funnel plots as SVG: what they hold, what they name, and that the same plot is the same bytes."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.documents.charts import ATTRIBUTES, ELEMENTS, SVG
from commonhold.documents.engine.funnels import Dot, Funnel, Limit
from commonhold.documents.engine.theme import NARROW, WIDE
from commonhold.documents.funnels import drawn

LIMITS = tuple(Limit(n, (0.7 - 1 / n, 0.75 - 1 / n, 0.85 + 1 / n, 0.9 + 1 / n)) for n in (10, 20, 40, 80, 160))


def funnel(*dots: Dot) -> Funnel:
    return Funnel(
        dots, LIMITS, 0.8, "whole service, 80.0%", "per cent within target", "tickets", "95% limits", "99.8% limits",
        percent=True,
    )  # fmt: skip


def words(picture: bytes) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_it_names_its_lines_its_marks_its_scales_and_its_dots(width: int) -> None:
    picture = drawn(funnel(Dot("Northgate", 50, 0.6, "below"), Dot("Southmere", 120, 0.8)), width)
    said = words(picture)

    for word in (
        "whole service, 80.0%", "95% limits", "99.8% limits", "within the 95% limits", "below the 99.8% limits",
        "per cent within target", "tickets", "Northgate", "Southmere",
    ):  # fmt: skip
        assert word in said, word
    assert "above the 99.8% limits" not in said, "no dot lies there"
    assert [one for one in said if one.endswith("%") and one[0].isdigit()][:1] == ["60%"]


def test_it_holds_only_what_a_drawing_may_hold() -> None:
    tree = ElementTree.fromstring(drawn(funnel(Dot('<b>"&', 50, 0.6), Dot("B", 120, 0.8)), WIDE))

    assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= ELEMENTS
    assert {name for element in tree.iter() for name in element.attrib} <= ATTRIBUTES | {"paint-order"}
    assert '<b>"&' in [element.text for element in tree.iter()]


@given(st.lists(st.tuples(st.integers(1, 100_000), st.floats(0, 1)), min_size=1, max_size=40))
def test_whatever_the_dots_names_do_not_cover_each_other(places: list[tuple[int, float]]) -> None:
    dots = [Dot(f"Service {at}", size, value) for at, (size, value) in enumerate(places)]
    picture = drawn(funnel(*dots), WIDE)
    names = [
        element for element in ElementTree.fromstring(picture).iter(f"{SVG}text")
        if (element.text or "").startswith("Service ")
    ]  # fmt: skip
    boxes = []
    for element in names:
        wide = len(element.text or "") * 7.3
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[element.attrib.get("text-anchor", "start")]
        boxes.append((left, y - 12, left + wide, y + 4))
    for at, one in enumerate(boxes):
        assert one[0] >= 0 and one[2] <= WIDE
        for other in boxes[at + 1 :]:
            apart = one[2] <= other[0] + 0.2 or other[2] <= one[0] + 0.2 or one[3] <= other[1] + 0.2
            assert apart or other[3] <= one[1] + 0.2
    assert picture == drawn(funnel(*dots), WIDE)
    assert b"nan" not in picture and b"inf" not in picture


def test_sizes_far_apart_are_drawn_by_tenfolds() -> None:
    assert funnel(Dot("A", 10, 0.8), Dot("B", 200, 0.8)).is_logarithmic
    assert not funnel(Dot("A", 11, 0.8), Dot("B", 200, 0.8)).is_logarithmic


def test_a_plot_without_results_or_names_is_none() -> None:
    with pytest.raises(ValueError, match="on both sides"):
        funnel()
    with pytest.raises(ValueError, match="missing"):
        Dot(" ", 10, 0.8)
