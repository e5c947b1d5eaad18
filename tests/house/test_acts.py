"""Rules 5 and 6 of docs/house.md: only acts write, and every act is made alike."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.source import called, modules

WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "load",
    "atomic",
}
ELSEWHERE = {
    "commonhold/databases/": "how writing is done",
    "commonhold/ledger/evidence.py": "files, not rows",
    "commonhold/partnership/models/people.py": "create_user, which acts call",
    "commonhold/web/demo/founding.py": "the story begins with one transaction of acts",
    "commonhold/jobs/": "the runner marks how far a job is: workings",
}
"""Places that write and are no acts, and why."""


def is_act_module(path: str) -> bool:
    return "/acts/" in path or path.endswith("/acts.py")


def public_acts() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path, tree in modules():
        if is_act_module(path) and not path.startswith("commonhold/ledger/"):
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield path, node


def decorators(node: ast.FunctionDef) -> set[str]:
    return {called(decorator) for decorator in node.decorator_list}


def names_called(node: ast.AST) -> set[str]:
    return {called(call) for call in ast.walk(node) if isinstance(call, ast.Call)}


def writing_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            owner = ast.unparse(node.func.value)
            if owner.endswith("objects") or ".objects." in owner or owner in ("transaction", "self", "super()"):
                yield node


def test_only_acts_write() -> None:
    found = [
        f"{path}:{node.lineno} {ast.unparse(node.func)}"
        for path, tree in modules()
        if not is_act_module(path) and not any(path.startswith(place) for place in ELSEWHERE)
        for node in writing_calls(tree)
    ]

    assert found == []


ACTS = list(public_acts())


@pytest.mark.parametrize(("path", "act"), ACTS, ids=[f"{path}:{act.name}" for path, act in ACTS])
def test_an_act_is_made_as_all_acts_are(path: str, act: ast.FunctionDef) -> None:
    marks = decorators(act)
    arguments = act.args

    assert ast.get_docstring(act), "an act says which rule it keeps"
    assert path == "commonhold/jobs/acts.py" or not arguments.args, "an act takes keyword arguments only"
    first = arguments.kwonlyargs[0].arg if arguments.kwonlyargs else ""
    if "working" in marks or "setting_up" in marks:
        return
    calls = names_called(act)
    assert first == "by"
    assert "atomic" in marks, "an act is one transaction"
    assert "require" in calls, "an act asks whether it is allowed"
