"""Rule 8 of docs/house.md: nothing imports a task, and every name given to jobs.ask exists."""

import ast

import pytest

from tests.house import rules
from tests.house.source import modules

MODULES = modules()


def unknown(asked: list[ast.Module], known: list[ast.Module]) -> set[str]:
    wanted = {name for tree in asked for name in rules.tasks_asked_for(tree)}
    return wanted - {name for tree in known for name in rules.tasks_named(tree)}


def test_nothing_imports_a_task() -> None:
    assert [found for path, tree in MODULES for found in rules.imported_tasks(path, tree)] == []


def test_every_task_that_is_asked_for_exists() -> None:
    trees = [tree for _, tree in MODULES]

    assert any(list(rules.tasks_asked_for(tree)) for tree in trees), "some are asked for"
    assert unknown(trees, trees) == set()


@pytest.mark.parametrize(
    "planted",
    [
        "from commonhold.demand import tasks",
        "from commonhold.demand.tasks import import_upload",
        "import commonhold.demand.tasks",
    ],
)
def test_a_planted_import_of_a_task_is_found(planted: str) -> None:
    assert rules.imported_tasks("commonhold/web/tasks.py", ast.parse(planted))


def test_a_task_asked_for_that_does_not_exist_is_found() -> None:
    asked = ast.parse("jobs.ask('demand.import_uplaod', by=by)")
    known = ast.parse("@task('demand.import_upload')\ndef import_upload(running): pass")

    assert unknown([asked], [known]) == {"demand.import_uplaod"}
