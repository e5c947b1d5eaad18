"""Rules 5, 6 and 7 of docs/house.md: only acts write, every act is made alike, and another app's rows are left to it.

Each rule holds, and finds a violation that is planted.
"""

import ast

import pytest

from tests.house import rules
from tests.house.source import modules

MODULES = modules()
ACTS = [(path, tree, act) for path, tree in MODULES for act in rules.public_acts(path, tree)]
HERE = "commonhold/governance/acts/minutes.py"

GOOD = '''
@transaction.atomic
def note(*, by, item):
    """Note it."""
    require(clerks(by), "note it")
    item.save()
    record(by=by, kind="item.noted", subject=item)
'''


def wrong_with(source: str) -> list[str]:
    tree = ast.parse(source)
    return rules.wrong_with_act(HERE, tree, next(rules.public_acts(HERE, tree)))


def test_only_acts_write() -> None:
    assert [found for path, tree in MODULES for found in rules.writing_outside_acts(path, tree)] == []


@pytest.mark.parametrize(("path", "tree", "act"), ACTS, ids=[f"{path}:{act.name}" for path, _, act in ACTS])
def test_an_act_is_made_as_all_acts_are(path: str, tree: ast.Module, act: ast.FunctionDef) -> None:
    assert rules.wrong_with_act(path, tree, act) == []


def test_the_entry_is_an_act_s_last_write() -> None:
    found = {path: rules.writing_after_the_entry(tree) for path, tree in MODULES if rules.is_act_module(path)}

    assert {path: late for path, late in found.items() if late} == {}


def test_rows_of_another_app_are_changed_by_its_acts() -> None:
    assert [found for path, tree in MODULES for found in rules.rows_of_another_app(path, tree)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "item.save()",
        "Item.objects.create(title=title)",
        "Item.objects.filter(pk=1).update(title='')",
        "rows.delete()",
        "Item.objects.bulk_create(rows)",
        "with transaction.atomic(): pass",
        "from commonhold.databases.loading import load\nload(Item, rows)",
    ],
)
@pytest.mark.parametrize("path", ["views/meeting.py", "queries/meetings.py", "tasks.py", "management/commands/call.py"])
def test_writing_planted_outside_acts_is_found(planted: str, path: str) -> None:
    assert rules.writing_outside_acts(f"commonhold/governance/{path}", ast.parse(planted))


def test_a_dictionary_may_be_updated_anywhere() -> None:
    assert rules.writing_outside_acts("commonhold/governance/views/meeting.py", ast.parse("said.update(more)")) == []


def test_an_act_made_as_it_should_be_passes() -> None:
    assert wrong_with(GOOD) == []
    assert rules.writing_after_the_entry(ast.parse(GOOD)) == []


@pytest.mark.parametrize(
    ("right", "planted", "said"),
    [
        ('    """Note it."""\n', "", "it does not say which rule it keeps"),
        ("*, by, item", "item, *, by", "it takes arguments without their names"),
        ("*, by, item", "*, item, by", "its first argument is not by"),
        ("@transaction.atomic\n", "", "it is not one transaction"),
        ('require(clerks(by), "note it")', "pass", "it does not ask whether it is allowed"),
        ('record(by=by, kind="item.noted", subject=item)', "pass", "it leaves no entry"),
    ],
)
def test_an_act_made_otherwise_is_found(right: str, planted: str, said: str) -> None:
    assert right in GOOD
    assert wrong_with(GOOD.replace(right, planted)) == [said]


def test_an_act_may_hand_on_to_another_whose_entry_is_its_own() -> None:
    assert wrong_with(GOOD.replace('record(by=by, kind="item.noted", subject=item)', "papers.submit(by=by)")) == []


def test_a_working_that_touches_more_than_workings_is_found() -> None:
    planted = '@working\ndef note(*, at):\n    """Note it."""\n    Resolution.objects.filter(pk=1).update(text="")\n'

    assert wrong_with(planted) == ["it is a working and touches Resolution"]


@pytest.mark.parametrize("late", ["item.save()", "if item:\n        item.delete()", "Item.objects.create()"])
def test_a_write_after_the_entry_is_found(late: str) -> None:
    assert rules.writing_after_the_entry(ast.parse(f"{GOOD}    {late}\n"))


def test_a_row_of_another_app_changed_here_is_found() -> None:
    source = "from commonhold.partnership.models import Post\nPost.objects.create(slug='x')"

    assert rules.rows_of_another_app(HERE, ast.parse(source)) == [f"{HERE}:2 changes Post of partnership"]
    assert rules.rows_of_another_app("commonhold/partnership/acts/people/posts.py", ast.parse(source)) == []
