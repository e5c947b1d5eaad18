"""A comparison that stays in the process is that of its extract and its names, and of no other."""

from typing import Any

import pytest

from commonhold.performance.engine import parity as engine
from commonhold.performance.engine.extract import from_bytes
from commonhold.performance.models import Period
from commonhold.performance.queries import comparing, opened
from commonhold.performance.queries.periods import names_of
from commonhold.refusals import Refused
from tests import universe as cast
from tests.universe import JUNE

pytestmark = pytest.mark.django_db
MEASURES = ("within_target", "source_verdict_met")


@pytest.fixture
def june(universe: cast.Committee) -> Period:
    return Period.objects.get(first=JUNE.first, last=JUNE.last)


def test_it_says_what_the_extract_says(june: Period) -> None:
    extract, names = from_bytes(bytes(june.extract)), names_of(june)

    assert comparing.compared(june, None) == engine.on_one_basis(extract, names)
    for measure in MEASURES:
        assert comparing.compared(june, measure) == engine.parity(extract, measure, names)
        assert comparing.expectations(june, measure, "service") == engine.expectations(
            extract, measure, names, "service"
        )


def test_asked_again_it_opens_no_extract(june: Period, django_assert_num_queries: Any) -> None:
    comparing.compared(june, None)
    comparing.expectations(june, "within_target", "team")

    with django_assert_num_queries(0):
        assert comparing.compared(june, None).partners
        assert comparing.expectations(june, "within_target", "team")


def test_another_name_or_another_extract_is_compared_anew(june: Period) -> None:
    before = comparing.compared(june, None)
    june.names["partner"] = [[number, f"{name} Council"] for number, name in june.names["partner"]]
    renamed = comparing.compared(june, None)
    june.digest, june.pk = "another", 0

    assert all(str(one.partner).endswith(" Council") for one in renamed.partners if one.partner)
    assert len(renamed.partners) == len(before.partners)
    with pytest.raises(Refused, match="just been computed again"):
        comparing.compared(june, None)


def test_no_more_stays_open_than_fits(june: Period, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "MOST", 0)
    digest = june.digest
    opened.extract_of(june)
    june.digest = "computed anew"

    extract = opened.extract_of(june)

    assert list(opened._opened) == [(june.pk, "computed anew")]
    assert extract.digest == digest


def test_what_is_open_cannot_be_written_to(june: Period) -> None:
    extract = opened.extract_of(june)

    with pytest.raises(ValueError, match="read-only"):
        extract.records["bits"][0] = 0
    assert opened.extract_of(june) is extract
