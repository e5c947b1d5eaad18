"""The product's modules as syntax trees, for the tests that read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "commonhold"


@cache
def modules(pattern: str = "**/*.py") -> tuple[tuple[str, ast.Module], ...]:
    """Every module with its path from the root, migrations left out."""
    return tuple(
        (str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.glob(pattern))
        if "migrations" not in path.parts
    )


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def called(node: ast.AST) -> str:
    """The last word of what a call calls: `create` of `Entry.objects.create(…)`."""
    if isinstance(node, ast.Call):
        return called(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
