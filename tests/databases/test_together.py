"""Rows of many tables in one query are what the query of each gives."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Exists, Max, Model, OuterRef
from django.test.utils import CaptureQueriesContext

from commonhold.databases.together import together
from commonhold.governance.models import Meeting
from commonhold.ledger.models import Entry, recorded_models
from commonhold.ledger.queries.subjects import behind
from commonhold.partnership.models import Confirmation, RuleVersion
from tests.universe import Committee

pytestmark = pytest.mark.django_db


def told(row: Model, depth: int = 3) -> dict[str, Any]:
    """All that a row holds, and that those hold which were selected along with it."""
    along = {name: told(one, depth - 1) for name, one in row._state.fields_cache.items() if one and depth}
    return {**{name: value for name, value in vars(row).items() if name != "_state"}, **along}


def test_everything_on_the_record_is_read_as_its_own_query_reads_it(universe: Committee) -> None:
    refs = {ref for ref in Entry.objects.values_list("subject", flat=True) if ref}
    nouns = {ref.partition("/")[0] for ref in refs}
    models = {noun: model for noun, model in recorded_models().items() if noun in nouns}

    found = {ref: told(row) for ref, row in behind(refs).items()}

    alone = {row.ref: told(row) for model in models.values() for row in model.shown() if row.ref in refs}
    assert len(models) > 10
    assert {ref: found[ref] for ref in alone} == alone
    assert found.keys() == alone.keys()


def test_it_is_one_query_however_many_tables_there_are(universe: Committee) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = together({noun: model.shown() for noun, model in recorded_models().items()})

    assert len(asked) == 1
    assert len([noun for noun, rows in found.items() if rows]) > 10


def test_what_cannot_be_there_is_not_asked_for(django_assert_num_queries: Any) -> None:
    model = recorded_models()["batch"]

    with django_assert_num_queries(0):
        assert together({"batch": model.shown().filter(pk__in=[])}) == {"batch": []}
        assert together({}) == {}


def test_what_is_annotated_and_listed_as_values_is_read_as_well(universe: Committee) -> None:
    counted = Entry.objects.order_by().values("kind").annotate(count=Count("pk")).values_list("kind", "count")
    said = RuleVersion.objects.annotate(said=Exists(Confirmation.objects.filter(version=OuterRef("pk"))), day=Max("at"))
    days = Meeting.objects.values_list("body", "day")

    found = together({"counted": counted, "said": said, "days": days, "none": days.filter(pk=0)})

    assert sorted(found["counted"]) == sorted(counted)
    assert sorted(found["days"]) == sorted(days)
    assert {(row.pk, row.said, row.day) for row in found["said"]} == {(row.pk, row.said, row.day) for row in said}
    assert found["none"] == []
