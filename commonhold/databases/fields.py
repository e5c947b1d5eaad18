"""An instant as whole seconds since 1970 (UTC): what clocks reckon with and millions of rows are loaded as."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    Base = models.DateTimeField[datetime | int, datetime]
else:
    Base = models.BigIntegerField


class InstantField(Base):
    """An aware datetime in Python, whole seconds in the database; order and comparison are the database's own."""

    description = "An instant, to the second"

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)

    def get_prep_value(self, value: datetime | int | None) -> int | None:
        if isinstance(value, datetime):
            return int(value.timestamp())
        return value

    def to_python(self, value: Any) -> Any:
        return value
