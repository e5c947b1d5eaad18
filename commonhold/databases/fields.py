"""An instant as whole seconds since 1970 (UTC): what clocks reckon with and millions of rows are loaded as."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    # Types are those of Django's own field, whose nullable and other forms the type checker knows.
    from django.db.models import DateTimeField as InstantField
else:

    class InstantField(models.BigIntegerField):
        """An aware datetime in Python, whole seconds in the database; order and comparison are the database's own."""

        description = "An instant, to the second"

        def from_db_value(self, value: int | None, expression: Any, connection: Any) -> datetime | None:
            return None if value is None else datetime.fromtimestamp(value, UTC)

        def get_prep_value(self, value: datetime | int | None) -> int | None:
            return int(value.timestamp()) if isinstance(value, datetime) else value

        def to_python(self, value: Any) -> Any:
            return value


__all__ = ["InstantField"]
