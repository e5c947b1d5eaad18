"""A time of day, as people write it: 18:00, 6pm, 6.30 pm, midday."""

import re
from datetime import time
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from commonhold.govuk.fields.shown import Params
from commonhold.govuk.fields.text import Line

WRITTEN: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?")
WORDS: Final = {"midday": time(12), "noon": time(12), "midnight": time(0)}


class Time(Line, forms.Field):
    """A time of day, to the minute."""

    def __init__(self, label: str, *, width: int | None = 5, hint: str = "For example, 6:30pm", **options: Any) -> None:
        super().__init__(label, width=width, hint=hint, widget=forms.TextInput, **options)

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values or isinstance(value, time):
            return value or None
        words = str(value).lower().replace(" ", "")
        if words in WORDS:
            return WORDS[words]
        found = WRITTEN.fullmatch(words)
        if found is None or (found[2] is None and found[3] is None):
            raise self.wrong()
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
        if half and not 1 <= hour <= 12:
            raise self.wrong()
        try:
            return time(hour % 12 + 12 * (half == "pm") if half else hour, minute)
        except ValueError:
            raise self.wrong() from None

    def wrong(self) -> ValidationError:
        return ValidationError(f"{self.label} must be a time of day, like 6:30pm or 18:30", code="invalid")

    def params(self, bound: forms.BoundField) -> Params:
        value = bound.value()
        return super().params(bound) | {"value": self.word(value) if value else "", "spellcheck": False}

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True

    def word(self, value: Any) -> str:
        """6:30pm."""
        if not isinstance(value, time):
            return str(value)
        if value in (time(12), time(0)):
            return "midday" if value.hour else "midnight"
        minutes = f":{value.minute:02}" if value.minute else ""
        return f"{value.hour % 12 or 12}{minutes}{'am' if value.hour < 12 else 'pm'}"
