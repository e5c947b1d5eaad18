"""The thread of an entry: what led to it, what came of it and what that rests on, in a fixed number of queries."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pytest_django import DjangoAssertNumQueries

from commonhold.ledger import queries
from commonhold.ledger.models import Entry
from tests.ledger.acting import PUBLIC, entry, person

pytestmark = pytest.mark.django_db


def numbers(thread: queries.Thread | None) -> list[int]:
    assert thread
    return [step.line.number for step in thread.steps]


@pytest.fixture
def story() -> dict[str, Entry]:
    """A pack, what a committee resolved on it, the action, the pack that answers it; and things beside."""
    made: dict[str, Entry] = {}
    made["first import"] = entry("tickets.imported")
    made["first pack"] = entry("pack.published", because=made["first import"])
    made["paper"] = entry("paper.submitted", because=made["first pack"])
    made["beside"] = entry("paper.submitted", because=made["first pack"])
    made["resolution"] = entry("resolution.made", because=made["paper"])
    made["action"] = entry("action.given", because=made["resolution"])
    made["second import"] = entry("tickets.imported")
    made["second pack"] = entry("pack.published", because=[made["second import"], made["action"]])
    made["update"] = entry("update.given", because=[made["second pack"], made["action"]])
    return made


def test_it_holds_what_led_here_and_what_came_of_it_and_what_that_rests_on_in_order(story: dict[str, Entry]) -> None:
    thread = queries.thread(story["resolution"].number, PUBLIC)

    names = ["first import", "first pack", "paper", "resolution", "action", "second import", "second pack", "update"]
    assert numbers(thread) == [story[name].number for name in names]
    assert thread
    assert (thread.before, thread.after, thread.beside, thread.cut, thread.pages) == (3, 3, 1, False, 1)


def test_each_step_says_how_far_it_lies_and_what_it_is_tied_to(story: dict[str, Entry]) -> None:
    thread = queries.thread(story["resolution"].number, PUBLIC)
    assert thread
    steps = {step.line.number: step for step in thread.steps}

    assert [step.distance for step in thread.steps] == [-3, -2, -1, 0, 1, 2, 2, 2]
    pack = steps[story["second pack"].number]
    assert pack.causes == (story["action"].number, story["second import"].number)
    assert pack.effects == (story["update"].number,)
    assert steps[story["second import"].number].effects == (pack.line.number,)
    assert [step.outside for step in thread.steps] == [()] * 8


def test_the_same_story_is_read_from_either_end(story: dict[str, Entry]) -> None:
    assert story["first import"].number in numbers(queries.thread(story["update"].number, PUBLIC))
    assert story["update"].number in numbers(queries.thread(story["first import"].number, PUBLIC))
    assert story["beside"].number not in numbers(queries.thread(story["update"].number, PUBLIC))


def test_what_was_done_of_the_same_cause_and_led_nowhere_near_is_another_story(story: dict[str, Entry]) -> None:
    unrelated = entry("update.given", because=story["second import"])

    for name in ("resolution", "action", "update"):
        assert not {story["beside"].number, unrelated.number} & set(numbers(queries.thread(story[name].number, PUBLIC)))


def test_an_entry_tied_to_nothing_is_a_thread_of_its_own() -> None:
    alone = entry()
    thread = queries.thread(alone.number, PUBLIC)

    assert numbers(thread) == [alone.number]
    assert queries.thread(alone.number + 1, PUBLIC) is None


def test_a_long_thread_comes_page_by_page_and_opens_where_its_entry_stands() -> None:
    made = [entry()]
    for _ in range(24):
        made.append(entry(because=made[-1]))
    middle = made[12].number
    here = queries.thread(middle, PUBLIC, size=10)
    assert here

    assert (here.page, here.pages) == (2, 3)
    assert middle in numbers(here)
    pages = [numbers(queries.thread(middle, PUBLIC, size=10, page=page)) for page in (1, 2, 3)]
    assert pages[0] + pages[1] + pages[2] == [each.number for each in made]
    assert numbers(queries.thread(middle, PUBLIC, size=10, page=99)) == pages[2]


def test_what_lies_too_far_is_left_out_and_said() -> None:
    hub = entry()
    for _ in range(12):
        entry(because=hub)
    near = queries.thread(hub.number, PUBLIC, most=5)
    assert near

    assert near.cut
    assert near.after == 6
    whole = queries.thread(hub.number, PUBLIC, most=12)
    assert whole
    assert (whole.cut, whole.after) == (False, 12)


def test_what_it_rests_on_too_is_left_out_where_it_lies_too_far_and_that_is_said() -> None:
    start = entry()
    entry("update.given", because=[start, *(entry("pack.published") for _ in range(12))])
    near = queries.thread(start.number, PUBLIC, most=5)
    assert near

    assert near.cut
    assert (near.after, near.beside) == (1, 7)
    assert len(near.steps[-1].outside) == 5
    whole = queries.thread(start.number, PUBLIC, most=12)
    assert whole
    assert (whole.cut, whole.after, whole.beside) == (False, 1, 12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.lists(some.integers(0, 20), max_size=3), min_size=1, max_size=12), some.data())
def test_it_is_what_is_reached_by_effects_and_from_there_by_causes(
    ties: list[list[int]], data: some.DataObject
) -> None:
    made: list[Entry] = []
    for causes in ties:
        made.append(entry(because=[made[place % len(made)] for place in causes] if made else None))
    start = data.draw(some.sampled_from(made))
    causes_of = {each.number: set(each.because) for each in made}
    effects_of = {n: {m for m, causes in causes_of.items() if n in causes} for n in causes_of}

    def reached(ties: dict[int, set[int]], since: set[int]) -> set[int]:
        found, waiting = set(since), list(since)
        while waiting:
            new = ties[waiting.pop()] - found
            found |= new
            waiting.extend(new)
        return found

    came_of_it = reached(effects_of, {start.number})
    assert numbers(queries.thread(start.number, PUBLIC)) == sorted(reached(causes_of, came_of_it))


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_it_takes_as_many_queries_for_one_row_as_for_many(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    last = None
    for number in range(rows):
        last = entry("person.invited", subject=person(f"P{number}"), because=last)
    assert last
    # The ties, what else they rest on, the entries, their subjects, their posts.
    with django_assert_num_queries(5):
        queries.thread(last.number, PUBLIC)
