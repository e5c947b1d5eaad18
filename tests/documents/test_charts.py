"""Charts: drawn from local data alone, without styles or scripts, the same bytes each time, kept by digest."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.documents import charts
from commonhold.documents.engine import graphs
from commonhold.documents.engine.document import Picture
from commonhold.documents.engine.words import printable

NAMES = ("Southmere", "Eastwell Cross", "Northgate Vale")
MONTHS = [graphs.Month(f"{name} 2026", 12204 + at, f"{12204 + at:,}", 11800) for at, name in enumerate(("Jul", "Aug"))]
PICTURES = {
    "monthly": graphs.monthly(MONTHS, now="July and August 2026", before="A year before", unit="tickets"),
    "a first year": graphs.monthly([graphs.Month("Jul 2026", 3, "3")], now="2026", before="2025", unit="tickets"),
    "stacked": graphs.stacked(
        [graphs.Stack(month.name, (graphs.Part("P1", 4, "4"), graphs.Part("P4", 9000, "9,000"))) for month in MONTHS],
        unit="tickets",
    ),
    "intervals": graphs.intervals(
        [graphs.Interval(name, 1.25, 1.15, 8.0, "1.25 (1.15 to 8.00)", "worse") for name in NAMES],
        unit="times as many as expected",
    ),
    "horizontal": graphs.horizontal([graphs.Row(name, 5, "5") for name in NAMES], unit="tickets"),
    "lines": graphs.lines(
        [month.name for month in MONTHS],
        [graphs.Line(name, (91.5, None)) for name in NAMES],
        unit="% within target",
        target=90,
    ),
}


def texts(svg: bytes) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("text")]


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_a_drawing_holds_shapes_and_text_alone(picture: Picture) -> None:
    for spec in (picture.wide, picture.narrow):
        root = ElementTree.fromstring(charts.render(spec))
        elements = {element.tag.rpartition("}")[2] for element in root.iter()}
        attributes = {name for element in root.iter() for name in element.attrib}
        assert elements <= charts.ELEMENTS
        assert attributes <= charts.ATTRIBUTES
        assert all("Source Sans Pro" in (e.get("font-family") or "") for e in root.iter() if e.tag.endswith("text"))


def test_a_drawing_says_what_its_axes_and_marks_mean() -> None:
    said = texts(charts.render(PICTURES["monthly"].wide))

    assert {"July and August 2026", "A year before", "tickets", "12,204", "12,205"} <= set(said)
    assert {"no more than chance", "better", "cannot tell"}.isdisjoint(texts(charts.render(PICTURES["intervals"].wide)))
    assert {"worse", *NAMES, "1.25 (1.15 to 8.00)"} <= set(texts(charts.render(PICTURES["intervals"].narrow)))


def test_a_drawing_for_a_phone_is_narrower() -> None:
    picture = PICTURES["horizontal"]
    wide, narrow = (ElementTree.fromstring(charts.render(spec)).get("width") for spec in (picture.wide, picture.narrow))

    assert (wide, narrow) == ("640", "340")


def test_the_same_specification_gives_the_same_bytes_and_another_another_digest() -> None:
    spec = PICTURES["stacked"].wide

    assert charts.render(spec) == charts.render(dict(reversed(spec.items())))
    assert charts.digest(spec) == charts.digest(dict(reversed(spec.items())))
    assert charts.digest(spec) != charts.digest(PICTURES["stacked"].narrow)


def test_nothing_is_fetched() -> None:
    with pytest.raises(ValueError, match="example"):
        charts.render({"data": {"url": "https://example.org/x.csv"}, "mark": "bar", "encoding": {}})


def test_what_a_drawing_may_not_hold_is_left_out() -> None:
    point = {"type": "point", "cursor": "pointer", "tooltip": "x", "style": "x"}
    drawing = charts.render({"data": {"values": [{"at": 1}]}, "mark": point, "encoding": {"x": {"field": "at"}}})

    assert b"<path" in drawing
    assert not [word for word in (b"cursor", b"class", b"style", b"aria", b"role") if word in drawing]


def test_rows_of_one_name_and_long_names_stay_rows_of_their_own() -> None:
    long = "Telephony and contact centre equipment in libraries"
    picture = graphs.horizontal([graphs.Row(long, 2, "2"), graphs.Row(long, 1, "1")], unit="tickets")

    assert texts(charts.render(picture.wide)).count("Telephony and contact centre equipm…") == 2


@given(st.text(min_size=1))
@settings(max_examples=25, deadline=None)
def test_any_name_is_drawn_as_text(name: str) -> None:
    picture = graphs.horizontal([graphs.Row(name, 1, "1")], unit="tickets")

    drawing = charts.render(picture.wide)

    ElementTree.fromstring(drawing)
    assert printable(name)[:20].strip() in "".join(texts(drawing))


def test_a_chart_of_nothing_can_be_drawn() -> None:
    for picture in (
        graphs.monthly([], now="2026", before="2025", unit="tickets"),
        graphs.stacked([], unit="tickets"),
        graphs.intervals([], unit="ratio"),
        graphs.horizontal([], unit="tickets"),
        graphs.lines([], [], unit="%"),
    ):
        assert charts.render(picture.narrow).startswith(b"<svg")
