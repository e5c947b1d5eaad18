"""The page of definitions: every measure, its formula, what it leaves out, its source; the guide says the same."""

import html

import pytest

from commonhold.performance.engine.brought.measures import BUILT_IN
from commonhold.performance.engine.measures import MEASURES
from tests.demand.conftest import SignIn
from tests.house.source import ROOT
from tests.performance.conftest import queries_of
from tests.reading import body_of, links, words

pytestmark = pytest.mark.django_db


def test_everybody_reads_every_definition(sign_in: SignIn) -> None:
    page = sign_in("").get("/measures/")
    seen = words(page)
    leads = {html.unescape(title): address for title, address in links(page).items()}

    assert "<title>Measures - " in body_of(page)
    for name, one in {**MEASURES, **BUILT_IN}.items():
        assert f'id="{name}"' in body_of(page)
        for said in (one.title, str(one), one.unit, one.formula, one.leaves_out, one.source):
            assert said in seen
        assert leads[f"See the figures of {one.title}"] == f"/figures/{name.replace('_', '-')}/"


def test_it_takes_two_queries_at_most(sign_in: SignIn) -> None:
    assert queries_of(sign_in(""), "/measures/") <= 2


@pytest.mark.parametrize("name", [*MEASURES, *BUILT_IN])
def test_the_guide_defines_each_measure_in_the_same_words(name: str) -> None:
    guide = (ROOT / "docs" / "guide" / "measures.md").read_text(encoding="utf-8")
    one = MEASURES.get(name) or BUILT_IN[name]
    section = guide.partition(f"### {name}\n")[2].partition("\n### ")[0]

    assert f"**{one.title}** ({one}; unit: {one.unit};" in section
    assert f"- Formula: {one.formula}\n" in section
    assert f"- Leaves out: {one.leaves_out}\n" in section
    assert f"- Source: {one.source}\n" in section


def test_the_guide_defines_no_other() -> None:
    guide = (ROOT / "docs" / "guide" / "measures.md").read_text(encoding="utf-8")
    defined = [line.removeprefix("### ") for line in guide.splitlines() if line.startswith("### ")]

    assert defined == [*MEASURES, *BUILT_IN]
