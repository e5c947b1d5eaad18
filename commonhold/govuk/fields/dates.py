"""Dates in boxes for day, month and year, with GOV.UK's words for each way to get one wrong."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from commonhold.govuk import formats
from commonhold.govuk.fields.shown import Params, Shown

PARTS = ("day", "month", "year")


class Boxes(forms.Widget):
    """Reads the boxes `name-day`, `name-month` and `name-year`, or one value `name` in ISO form, as an address has."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        super().__init__()
        self.parts = parts

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if data.get(name):
            return data[name]
        boxes = {part: str(data.get(f"{name}-{part}") or "").strip() for part in self.parts}
        return boxes if any(boxes.values()) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and all(f"{name}-{part}" not in data for part in self.parts)


class Date(Shown):
    """A day. `earliest` and `latest` are the first and last that make sense."""

    component = "date_input"
    grouped = True
    parts: ClassVar[tuple[str, ...]] = PARTS

    def __init__(self, label: str, *, earliest: date | None = None, latest: date | None = None, **options: Any) -> None:
        self.earliest = earliest
        self.latest = latest
        super().__init__(label, widget=Boxes(self.parts), **options)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        boxes = value if isinstance(value, dict) else self.boxes(self.from_iso(value))
        if lacking := [part for part in self.parts if not boxes[part]]:
            raise self.wrong(f"must include a {' and '.join(lacking)}", lacking)
        numbers = {part: self.number(part, boxes[part]) for part in self.parts}
        try:
            return date(numbers["year"], numbers["month"], numbers.get("day", 1))
        except ValueError:
            raise self.wrong("must be a real date", [part for part in self.parts if part != "year"]) from None

    def number(self, part: str, written: str) -> int:
        if part == "month" and (named := _month_named(written)):
            return named
        if not written.isascii() or not written.isdigit():
            raise self.wrong("must be a real date", [part])
        if part == "year" and len(written) != 4:
            raise self.wrong("must have a year of 4 numbers", [part])
        return int(written)

    def from_iso(self, written: object) -> date:
        try:
            return date.fromisoformat(str(written))
        except ValueError:
            raise self.wrong("must be a real date", self.parts) from None

    def wrong(self, what: str, parts: tuple[str, ...] | list[str]) -> ValidationError:
        # The code says which boxes are marked.
        return ValidationError(f"{self.label} {what}", code=" ".join(parts))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and self.earliest and value < self.earliest:
            raise self.wrong(f"must be on or after {self.written(self.earliest)}", self.parts)
        if value and self.latest and value > self.latest:
            raise self.wrong(f"must be on or before {self.written(self.latest)}", self.parts)

    def boxes(self, value: Any) -> dict[str, str]:
        if isinstance(value, dict):
            return value
        if isinstance(value, str):
            return self.boxes(self.from_iso(value)) if _is_iso(value) else dict.fromkeys(self.parts, "")
        return {part: str(getattr(value, part)) if value else "" for part in self.parts}

    def params(self, bound: forms.BoundField) -> Params:
        params = super().params(bound)
        boxes, marked = self.boxes(bound.value()), self.marked(bound)
        params["items"] = [
            {
                "id": f"{bound.auto_id}-{part}",
                "name": f"{bound.html_name}-{part}",
                "label": part.capitalize(),
                "value": boxes[part],
                "autocomplete": f"{self.autocomplete}-{part}" if self.autocomplete else None,
                "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
                + (" govuk-input--error" if part in marked else ""),
            }
            for part in self.parts
        ]
        return params

    def marked(self, bound: forms.BoundField) -> list[str]:
        """The boxes that the error is about: all of them, where it does not say."""
        found = bound.form.errors.as_data().get(bound.name, [])
        named = [part for error in found for part in (error.code or "").split() if part in self.parts]
        return named or (list(self.parts) if found else [])

    def anchor(self, bound: forms.BoundField) -> str:
        return f"{bound.auto_id}-{(self.marked(bound) or self.parts)[0]}"

    def names(self, html_name: str) -> list[str]:
        return [html_name, *(f"{html_name}-{part}" for part in self.parts)]

    def word(self, value: Any) -> str:
        return self.written(value) if isinstance(value, date) else " ".join(filter(None, self.boxes(value).values()))

    def written(self, value: date) -> str:
        return formats.day(value)


class Month(Date):
    """A month, given as its first day."""

    parts = ("month", "year")

    def from_iso(self, written: object) -> date:
        return super().from_iso(f"{written}-01" if len(str(written)) == 7 else written)

    def written(self, value: date) -> str:
        return formats.month(value)


def _month_named(written: str) -> int | None:
    wanted = written.casefold()
    found = [at for at, name in enumerate(formats.MONTHS, 1) if name.casefold().startswith(wanted)]
    return found[0] if len(wanted) >= 3 and len(found) == 1 else None


def _is_iso(written: str) -> bool:
    try:
        date.fromisoformat(f"{written}-01" if len(written) == 7 else written)
    except ValueError:
        return False
    return True
