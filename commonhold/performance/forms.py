"""Which period a page is about."""

from datetime import date
from typing import Any

from commonhold.figures import Span
from commonhold.govuk.fields import Date
from commonhold.govuk.filters import Filters


class PeriodForm(Filters):
    """The days of a period, in the address; without any, what the page chooses."""

    first = Date("From")
    last = Date("To, included")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day must not be before the first")
        return cleaned

    @property
    def span(self) -> Span | None:
        """The days chosen, where both are there and make sense."""
        first, last = self.chosen.get("first"), self.chosen.get("last")
        if isinstance(first, date) and isinstance(last, date) and first <= last:
            return Span(first, last)
        return None
