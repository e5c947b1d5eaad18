"""How a figure is printed (F1, F3, F5)."""

import re

import pytest
from pytest_django.fixtures import Settings

from commonhold.govuk import printing
from commonhold.govuk.jinja import evidence_address
from commonhold.govuk.printing import Printed, printed
from tests.govuk.gallery import figure, share
from tests.govuk.rendering import rendered


def test_a_percentage_stands_beside_its_counts() -> None:
    assert printed(share(1304, 1411)) == Printed("92.4%", beside="1,304 of 1,411")


def test_a_percentage_of_fewer_than_20_events_leads_with_its_counts() -> None:
    assert printed(share(9, 16)) == Printed("9 of 16", beside="56.2%")
    assert printed(share(19, 19)).headline == "19 of 19"
    assert printed(share(20, 20)).headline == "100.0%"


def test_a_share_is_rounded_from_its_counts_and_not_from_its_float() -> None:
    # 1,001 of 2,000 is 50.05%: half to even gives 50.0. As a float it is a little more, and would give 50.1.
    assert printed(share(1001, 2000)).headline == "50.0%"


def test_what_is_not_known_says_why() -> None:
    unknown = figure(None, "share", reason="No target was in force.")

    assert printed(unknown) == Printed("not known", reason="No target was in force.", known=False)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.76, 0.84, "between 76.0% and 84.0%"),
        (0.8, 0.8, ""),
        (None, 0.84, "at most 84.0%"),
        (0.76, None, "at least 76.0%"),
        (None, None, ""),
    ],
)
def test_how_sure_it_is(low: float | None, high: float | None, said: str) -> None:
    assert printed(share(802, 1010, low=low, high=high)).range == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1824, "tickets", "1,824 tickets"),
        (1, "tickets", "1 ticket"),
        (2.5, "tickets", "2.5 tickets"),
        (22.104, "hours", "22.1 hours"),
        (22, "hours", "22.0 hours"),
        (250, "minutes", "4 hours 10 minutes"),
        (0.9, "share", "90.0%"),
        (1.25, "ratio", "1.25"),
        (-2.4, "percentage points", "down 2.4 percentage points"),
        (1500, "pounds", "£1,500"),
        (3, "reopenings", "3 reopenings"),
    ],
)
def test_a_quantity(value: float, unit: str, said: str) -> None:
    assert printing.quantity(value, unit) == said


def test_evidence_has_an_address_that_keeps_its_reference(site: Settings) -> None:
    reference = "performance/2016-03-01..2016-03-31/within_target.v1?partner=A%20%26%20B&known_at=12"

    assert evidence_address(reference) == f"/evidence/{reference}"


def test_a_figure_on_a_page_opens_onto_its_evidence(site: Settings) -> None:
    written = rendered("{{ govuk.figure(f) }}.", f=share(1304, 1411))

    assert (
        'href="/evidence/performance/2026-03-01..2026-03-31/within_target.v1?partner=Ashmere&amp;known_at=12"'
        in written
    )
    assert _text(written) == "92.4%, March 2026: evidence (1,304 of 1,411), March 2026."


def test_a_brief_figure_keeps_its_period_for_those_who_cannot_see_the_caption(site: Settings) -> None:
    assert (
        _text(rendered("{{ govuk.figure(f, brief=true) }}", f=share(9, 16))) == "9 of 16, March 2026: evidence (56.2%)"
    )


def test_bars_are_drawn_to_the_whole_and_say_every_value(site: Settings) -> None:
    rows = [("Ashmere", share(50, 100)), ("Brackwell", share(75, 100, low=0.7, high=0.8)), ("Deepdale", share(0, 0))]

    written = rendered("{{ govuk.bars('Within target', rows, mark=0.9, mark_name='the target') }}", rows=rows)

    assert re.findall(r'ch-bar__value" x="0" y="0" width="([^"]+)"', written) == ["50.00", "75.00"]
    assert re.findall(r'ch-bar__spread" x="([^"]+)" y="3" width="([^"]+)"', written) == [("70.00", "10.00")]
    assert 'x1="90.00"' in written
    assert "The line is the target, 90.0%" in _text(written)
    assert "Brackwell 75.0%" in _text(written)
    assert "style=" not in written


def test_bars_of_counts_are_drawn_to_the_largest() -> None:
    drawn = printing.bars([("a", figure(5, "tickets")), ("b", figure(20, "tickets")), ("c", figure(0, "tickets"))])

    assert [row.length for row in drawn.rows] == ["25.00", "100.00", "0.00"]


def test_bars_of_nothing() -> None:
    assert printing.bars([]).rows == ()
    assert printing.bars([("a", figure(0, "tickets"))]).rows[0].length == "0.00"


def _text(html: str) -> str:
    return (
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.replace("</span>", "")))
        .replace(" ,", ",")
        .replace(" .", ".")
        .strip()
    )
