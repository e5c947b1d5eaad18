"""Nothing imports a task: acts ask for one by its name, and every name asked for exists."""

import ast
from collections.abc import Iterator
from importlib import import_module

from commonhold.jobs.engine import Task
from tests.house.source import modules

TAKEN = {"by", "key", "due_at", "title"}
"""What `ask` takes for itself."""


def asked() -> Iterator[tuple[str, str, set[str]]]:
    """Every `jobs.ask("…")` of the product: where it stands, the name, and what is given to the task."""
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "jobs.ask":
                given = {word.arg for word in node.keywords if word.arg} - TAKEN
                yield f"{path}:{node.lineno}", name_in(path, node.args[0]), given


def name_in(path: str, written: ast.expr) -> str:
    """The name as written, or the constant of its module that holds it."""
    if isinstance(written, ast.Name):
        module = import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        return str(getattr(module, written.id))
    return str(ast.literal_eval(written))


def test_every_task_that_is_asked_for_exists(known: dict[str, Task]) -> None:
    assert [f"{place} asks for {name!r}" for place, name, _ in asked() if name not in known] == []


def test_what_is_asked_for_is_what_the_task_takes(known: dict[str, Task]) -> None:
    wrong = []
    for place, name, given in asked():
        code = known[name].function.__code__
        takes = set(code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount])
        wrong += [f"{place} gives {name} {word!r}" for word in given - takes]

    assert wrong == []


def test_nothing_imports_a_task() -> None:
    found = []
    for path, tree in modules():
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found += [f"{path} imports {name}" for name in names if name.endswith(".tasks")]

    assert found == []
