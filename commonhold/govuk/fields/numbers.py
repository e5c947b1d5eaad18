"""Whole and decimal numbers, as people write them: with or without thousands separators."""

from typing import Any

from django import forms

from commonhold.govuk import formats
from commonhold.govuk.fields.shown import Params
from commonhold.govuk.fields.text import Line


class Integer(Line, forms.IntegerField):
    """A whole number."""

    def __init__(self, label: str, *, width: int | None = 5, **options: Any) -> None:
        super().__init__(label, width=width, inputmode="numeric", widget=forms.TextInput, **options)

    def errors_for(self, label: str, **options: Any) -> dict[str, str]:
        low, high = options.get("min_value"), options.get("max_value")
        return {
            "invalid": f"{label} must be a whole number, like 15",
            "min_value": f"{label} must be {formats.number(low)} or more" if low is not None else "",
            "max_value": f"{label} must be {formats.number(high)} or fewer" if high is not None else "",
        }

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "").strip() if isinstance(value, str) else value)

    def params(self, bound: forms.BoundField) -> Params:
        return super().params(bound) | {"spellcheck": False}


class Decimal(Line, forms.DecimalField):
    """A number with decimals, kept exactly. `like` is an example of one."""

    def __init__(self, label: str, *, width: int | None = 10, like: str = "12.5", **options: Any) -> None:
        self.like = like
        super().__init__(label, width=width, inputmode="decimal", widget=forms.TextInput, **options)

    def errors_for(self, label: str, **options: Any) -> dict[str, str]:
        low, high, places = (options.get(name) for name in ("min_value", "max_value", "decimal_places"))
        return {
            "invalid": f"{label} must be a number, like {self.like}",
            "min_value": f"{label} must be {low} or more",
            "max_value": f"{label} must be {high} or less",
            "max_decimal_places": f"{label} must have no more than {places} decimal places",
        }

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace(",", "").strip().removeprefix("£")
        return super().to_python(value)

    def params(self, bound: forms.BoundField) -> Params:
        return super().params(bound) | {"spellcheck": False}
