"""Which days are looked at for completeness."""

from datetime import date
from typing import Any

from commonhold.govuk.fields import Date
from commonhold.govuk.filters import Filters


class CompletenessFilters(Filters):
    """The days, in the address; without any, the last month."""

    first = Date("From")
    last = Date("To, included")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day must not be before the first")
        if bool(first) != bool(last) and not self.errors:
            self.add_error("last" if first else "first", "Give both days, or neither")
        return cleaned

    @property
    def days(self) -> tuple[date, date] | None:
        """The days chosen, where both are there and make sense."""
        first, last = self.chosen.get("first"), self.chosen.get("last")
        return (first, last) if isinstance(first, date) and isinstance(last, date) and first <= last else None
