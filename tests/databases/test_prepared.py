"""A query that was put together once gives what the query built anew for the same values gives."""

import threading
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commonhold.databases.prepared import prepared, prepared_together
from commonhold.ledger.models import Entry
from commonhold.partnership.models import Appointment, Confirmation, Partner, Post, RuleVersion
from tests.databases.test_together import told
from tests.universe import Committee

built: list[str] = []


def appointed(person: int, day: date) -> QuerySet[Appointment]:
    rows = Appointment.objects.on(day).filter(person=person).select_related("post__partner")
    return rows.annotate(others=Exists(Appointment.objects.filter(post=OuterRef("post")).exclude(person=person)))


@prepared
def kept_appointed(person: int, day: date, /) -> QuerySet[Appointment]:
    built.append("appointed")
    return appointed(person, day)


@prepared
def titles(beginning: str, /, *, falling: bool) -> "QuerySet[Post, str]":
    return (
        Post.objects.filter(title__gte=beginning)
        .order_by("-title" if falling else "title")
        .values_list("title", flat=True)
    )


@prepared
def since(at: datetime, /) -> QuerySet[Entry]:
    return Entry.objects.filter(at__gte=at).order_by("number")


@prepared
def nothing(number: int, /) -> QuerySet[Post]:
    return Post.objects.filter(pk=number, pk__in=())


@prepared_together
def known(day: date, kind: str, /, *, parties: bool) -> dict[str, QuerySet[Any, Any]]:
    counted = Entry.objects.filter(kind=kind).order_by().values("kind").annotate(count=Count("pk"))
    asked: dict[str, QuerySet[Any, Any]] = {
        "versions": RuleVersion.objects.select_related("corrects").filter(effective_from__lte=day),
        "said": Confirmation.objects.select_related("partner"),
        "counted": counted.values_list("kind", "count"),
    }
    return asked | ({"parties": Partner.objects.parties(day)} if parties else {})


@pytest.mark.django_db
def test_rows_are_those_of_the_same_query_built_anew(universe: Committee) -> None:
    today = timezone.now().date()
    people = Appointment.objects.exclude(person=None).values_list("person", flat=True).distinct()

    for person in people:
        for day in (today, date(2001, 1, 1)):
            kept = kept_appointed(person, day)
            anew = list(appointed(person, day))
            assert sorted(map(str, map(told, kept))) == sorted(map(str, map(told, anew)))

    assert len(people) > 5
    assert built == ["appointed"]


@pytest.mark.django_db
def test_each_form_is_a_query_of_its_own(universe: Committee) -> None:
    rising = list(Post.objects.order_by("title").values_list("title", flat=True))

    assert titles("", falling=False) == rising
    assert titles("", falling=True) == rising[::-1]
    assert titles(rising[3], falling=False) == rising[3:]


@pytest.mark.django_db
def test_instants_are_compared_as_the_database_holds_them(universe: Committee) -> None:
    entries = list(Entry.objects.order_by("number"))
    middle = entries[len(entries) // 2].at

    assert [entry.number for entry in since(middle)] == [entry.number for entry in entries if entry.at >= middle]


@pytest.mark.django_db
@pytest.mark.parametrize("parties", [True, False])
def test_several_are_read_in_one_query_as_each_by_itself(universe: Committee, parties: bool) -> None:
    day = timezone.now().date()
    known(date(2001, 1, 1), "post.created", parties=parties)

    with CaptureQueriesContext(connection) as asked:
        found = known(day, "partner.joined", parties=parties)

    assert len(asked) == 1
    assert ("parties" in found) is parties
    assert {row.pk for row in found["versions"]} == set(RuleVersion.objects.values_list("pk", flat=True))
    assert found["counted"] == list(
        Entry.objects.filter(kind="partner.joined").order_by().values_list("kind").annotate(Count("pk"))
    )
    assert [told(row) for row in sorted(found["said"], key=lambda row: row.pk)] == [
        told(row) for row in Confirmation.objects.select_related("partner").order_by("pk")
    ]


@pytest.mark.django_db
def test_what_cannot_be_there_is_not_asked_for(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert nothing(1) == []


@pytest.mark.django_db
def test_a_value_that_would_ask_for_another_query_is_refused() -> None:
    with pytest.raises(TypeError, match="person is None and no int"):
        kept_appointed(None, date(2026, 1, 1))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="day is '2026-01-01' and no date"):
        kept_appointed(1, "2026-01-01")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="shorter"):
        kept_appointed(1)  # type: ignore[call-arg]


@prepared
def frozen(number: int, /) -> QuerySet[Post]:
    return Post.objects.filter(pk__lte=number, pk__in=list(Post.objects.values_list("pk", flat=True)))


@pytest.mark.django_db
def test_what_is_read_while_a_query_is_put_together_would_be_the_same_for_ever() -> None:
    with pytest.raises(RuntimeError, match="A query is being put together and asks the database: SELECT"):
        frozen(1)


@pytest.mark.django_db
def test_another_thread_asks_by_its_own_connection(universe: Committee) -> None:
    here, there = set(titles("", falling=False)), list[set[str]]()

    def ask() -> None:
        # What this test's transaction has not committed, another connection does not see.
        there.append(set(titles("", falling=False)))
        there.append(set(Post.objects.values_list("title", flat=True)))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()

    assert there[0] == there[1] < here
