"""A database that cannot be reached, told from one that something went wrong in."""

from django.db import OperationalError, connection


def why_unreachable(fault: BaseException) -> str:
    """The database's own first words, where no connection could be made; else nothing."""
    if not isinstance(fault, OperationalError) or connection.connection is not None:
        return ""
    return str(fault).partition("\n")[0].rstrip(". ")
