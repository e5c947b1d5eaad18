"""Rule 8 of docs/house.md: only `databases` asks which database it is, and the settings for the list of apps."""

import ast

import pytest

from tests.house.source import modules

MAY_ASK = ("commonhold/databases/", "commonhold/web/settings.py", "commonhold/web/environment.py")
TELLING = {"postgresql", "sqlite", "sqlite3", "psycopg"}
"""Words by which a module shows that it knows one database from another."""


def asks(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "vendor" and "connection" in ast.unparse(node.value):
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in TELLING:
            return True
    return False


def test_only_databases_asks_which_database_it_is() -> None:
    found = [path for path, tree in modules() if not path.startswith(MAY_ASK) and asks(tree)]

    assert found == []


@pytest.mark.parametrize("planted", ["if connection.vendor == 'x': pass", "engine == 'postgresql'", "uses('sqlite')"])
def test_a_planted_question_is_found(planted: str) -> None:
    assert asks(ast.parse(planted))
