"""By which index a query is entered: PostgreSQL chooses by what its indexes hold, SQLite by their columns alone."""

from django.db import connection
from django.db.models import F
from django.db.models.expressions import Combinable


def by_another(column: str) -> Combinable:
    """A number's column, in a form by which SQLite enters no index of it where another condition leaves fewer rows."""
    return F(column) + 0 if connection.vendor == "sqlite" else F(column)
