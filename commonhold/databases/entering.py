"""By which index a query is entered: PostgreSQL chooses by what its indexes hold, SQLite by their columns alone."""

from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable

FEW = 20_000


def are_few(rows: QuerySet[Any]) -> bool:
    """Whether an index of what these rows have in common leaves so few that it is the one to be entered; asked where
    the database does not know it.
    """
    return connection.vendor == "sqlite" and not rows.order_by()[FEW : FEW + 1].exists()


def by_another(column: str) -> Combinable:
    """A number's column, in a form by which SQLite enters no index of it where another condition leaves fewer rows."""
    return F(column) + 0 if connection.vendor == "sqlite" else F(column)
