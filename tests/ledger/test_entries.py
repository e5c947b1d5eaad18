"""The list of entries: narrowed, page by page, each in words and with the face that this reader may see (L2)."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from commonhold.ledger import queries
from commonhold.ledger.models import Entry, Face, Head, sentence
from tests.ledger.acting import CLERK, NOON, PUBLIC, body, entry, person, post

pytestmark = pytest.mark.django_db

ALL = queries.Filters()


def numbers(listed: queries.Listed) -> list[int]:
    return [line.number for line in listed.lines]


def test_the_newest_comes_first_and_pages_join_without_gap() -> None:
    made = [entry(minutes=n).number for n in range(7)]
    first = queries.listed(ALL, PUBLIC, size=3)
    second = queries.listed(ALL, PUBLIC, size=3, before=first.older)
    back = queries.listed(ALL, PUBLIC, size=3, after=second.newer)

    assert numbers(first) == [made[6], made[5], made[4]]
    assert (first.newer, first.older) == (None, made[4])
    assert numbers(second) == [made[3], made[2], made[1]]
    assert numbers(back) == numbers(first)
    assert back.newer is None
    assert back.older == made[4]


def test_the_last_page_goes_no_further() -> None:
    entry()
    everything = queries.listed(ALL, PUBLIC, size=Head.objects.get().size)

    assert (everything.newer, everything.older) == (None, None)


def test_filters_narrow_by_kind_post_and_subject() -> None:
    there = body()
    called, added = entry("meeting.called", post="clerk"), entry("thing.added", subject=there, post="architect")

    assert numbers(queries.listed(queries.Filters(kind="meeting.called"), PUBLIC)) == [called.number]
    assert numbers(queries.listed(queries.Filters(post="architect"), PUBLIC)) == [added.number]
    assert numbers(queries.listed(queries.Filters(subject=there.ref), PUBLIC)) == [added.number]
    assert numbers(queries.listed(queries.Filters(kind="meeting.called", post="architect"), PUBLIC)) == []


def test_days_are_those_of_london_and_the_last_is_included() -> None:
    """On 21 July London is an hour ahead: 23:30 UTC is half past midnight on the 22nd."""
    noon, late, next_day = entry(), entry(minutes=12 * 60 + 30), entry(minutes=26 * 60)

    def on(first: date | None, last: date | None) -> list[int]:
        return numbers(queries.listed(queries.Filters(kind="meeting.called", since=first, until=last), PUBLIC))

    assert noon.at.hour == 11
    assert on(date(2026, 7, 21), date(2026, 7, 21)) == [noon.number]
    assert on(date(2026, 7, 22), date(2026, 7, 22)) == [next_day.number, late.number]
    assert on(date(2026, 7, 22), None) == [next_day.number, late.number]
    assert on(None, date(2026, 7, 21)) == [noon.number]
    assert on(date(2026, 7, 23), None) == []


def test_an_entry_is_told_in_words_with_the_face_of_its_subject() -> None:
    there, clerk = body(), post("Clerk of Southmere")
    entry("thing.added", subject=there, post=clerk.slug)
    (line,) = queries.listed(ALL, PUBLIC, size=1).lines

    assert line.sentence == "Thing added"
    assert line.face == there.face(PUBLIC)
    assert line.post.title == "Clerk of Southmere"


def test_a_reader_sees_the_face_that_it_may() -> None:
    somebody = person("Ada")
    entry("person.invited", subject=somebody)

    assert queries.listed(ALL, PUBLIC, size=1).lines[0].face == Face("A person", closed=True)
    assert queries.listed(ALL, CLERK, size=1).lines[0].face == Face("Ada")


def test_what_is_no_longer_kept_is_said_to_be_so() -> None:
    there = body()
    entry("thing.added", subject=there)
    there.delete()
    (line,) = queries.listed(ALL, PUBLIC, size=1).lines

    assert line.face == Face("No longer kept", closed=True)


def test_a_reference_that_no_app_knows_is_no_fault() -> None:
    there = body()
    for ref in ("clientbody/none", "clientbody/99999999999999999999999", "unknown/1", "clientbody", "/"):
        there.__class__.ref = property(lambda self, ref=ref: ref)
        try:
            entry("thing.added", subject=there)
        finally:
            del there.__class__.ref
    assert {line.face for line in queries.listed(ALL, PUBLIC, size=5).lines} == {Face("No longer kept", closed=True)}


def test_a_post_that_no_table_knows_is_read_from_its_slug() -> None:
    entry(post="clerk-of-northmere")
    entry(post="")

    public, clerk = queries.listed(ALL, PUBLIC, size=2).lines
    assert (public.post.title, clerk.post.title) == ("In no post", "Clerk of northmere")


def test_kinds_and_posts_to_choose_from() -> None:
    post("Clerk of Southmere")
    for kind in ("meeting.called", "paper.submitted", "meeting.called"):
        entry(kind)

    choices = queries.choices(PUBLIC)
    assert {"meeting.called", "paper.submitted"} <= set(choices.kinds)
    assert list(choices.kinds) == sorted(set(Entry.objects.values_list("kind", flat=True)))
    assert choices.posts["clerk-of-southmere"].title == "Clerk of Southmere"


def test_what_is_recorded_about_one_thing() -> None:
    there = body()
    first = entry("thing.added", subject=there)
    entry("meeting.called")
    second = entry("thing.renamed", subject=there)

    assert [line.number for line in queries.about(there.ref, PUBLIC)] == [first.number, second.number]
    assert [line.number for line in queries.about(there.ref, PUBLIC, limit=1)] == [second.number]
    assert there.entry == first


def test_a_kind_without_a_sentence_of_its_own_reads_as_it_is_written() -> None:
    assert sentence("story.published") == "Story published"
    assert sentence("some_thing.made-late") == "Some thing made late"


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_a_list_takes_as_many_queries_for_one_row_as_for_many(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        entry("person.invited", subject=person(f"P{number}"))
    filters = queries.Filters(kind="person.invited", since=NOON.date(), until=NOON.date())
    # The entries, their subjects, their posts.
    with django_assert_num_queries(3):
        queries.listed(filters, PUBLIC)


def test_one_entry_is_told_with_what_it_is_directly_tied_to() -> None:
    first, second = entry("paper.submitted"), entry("paper.submitted")
    facts = {"pages": 1200, "period": {"from": "2016-01-01", "whole": True}, "files": ["a", 2, None]}
    here = entry("resolution.made", because=[first, second], facts=facts)
    after = [entry("action.given", because=here) for _ in range(4)]
    entry("update.given", because=after[0])
    told = queries.told(here.number, PUBLIC, most=3)
    assert told

    assert [line.number for line in told.causes] == [first.number, second.number]
    assert [line.number for line in told.effects] == [each.number for each in after[:3]]
    assert told.more_effects
    assert told.facts == [
        ("Files", "a, 2, none"),
        ("Pages", "1,200"),
        ("Period, from", "2016-01-01"),
        ("Period, whole", "yes"),
    ]
    assert queries.told(10**9, PUBLIC) is None
    assert queries.told(10**40, PUBLIC) is None


def test_very_many_facts_are_not_all_told() -> None:
    here = entry(facts={f"fact {n:03}": n for n in range(70)})
    told = queries.told(here.number, PUBLIC)
    assert told

    assert len(told.facts) == 61
    assert told.facts[-1] == ("And more", "The export holds all of them.")


@pytest.mark.parametrize("ties", [1, 3])
def test_an_entry_takes_as_many_queries_for_one_tie_as_for_many(
    ties: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    causes = [entry("person.invited", subject=person(f"P{n}")) for n in range(ties)]
    here = entry("person.invited", subject=person("Q"), because=causes)
    # Its ties, the entries, their subjects, their posts.
    with django_assert_num_queries(4):
        queries.told(here.number, PUBLIC)
