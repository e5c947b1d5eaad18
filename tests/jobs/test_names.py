"""Nothing imports a task: acts ask for one by its name, and every name asked for exists."""

import ast
from collections.abc import Iterator

from commonhold.jobs.engine import Task
from tests.house.source import modules

TAKEN = {"by", "key", "due_at", "title"}
"""What `ask` takes for itself."""


def asked() -> Iterator[tuple[str, ast.Call]]:
    """Every `jobs.ask("…")` of the product."""
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "jobs.ask":
                yield f"{path}:{node.lineno}", node


def test_every_task_that_is_asked_for_exists(known: dict[str, Task]) -> None:
    wrong = [place for place, call in asked() if not isinstance(call.args[0], ast.Constant)]
    wrong += [
        f"{place} asks for {call.args[0].value!r}"
        for place, call in asked()
        if isinstance(call.args[0], ast.Constant) and call.args[0].value not in known
    ]

    assert wrong == []


def test_what_is_asked_for_is_what_the_task_takes(known: dict[str, Task]) -> None:
    wrong = []
    for place, call in asked():
        task = known[ast.literal_eval(call.args[0])]
        code = task.function.__code__
        takes = set(code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount])
        given = {word.arg for word in call.keywords if word.arg} - TAKEN
        if not given <= takes:
            wrong.append(f"{place} gives {given - takes}")

    assert wrong == []


def test_nothing_imports_a_task() -> None:
    found = []
    for path, tree in modules():
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found += [f"{path} imports {name}" for name in names if name.endswith(".tasks")]

    assert found == []
