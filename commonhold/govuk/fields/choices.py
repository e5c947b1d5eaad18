"""One or several of a few things."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from commonhold.govuk.fields.shown import Params, Shown

if TYPE_CHECKING:
    ModelChoiceField = forms.ModelChoiceField[models.Model]
else:
    ModelChoiceField = forms.ModelChoiceField


class _Chosen(Shown):
    """What all choices share: the choices, and hints for some of them."""

    verb = "Select"

    def __init__(
        self, label: str, choices: Any = (), *, hints: Mapping[Any, str] | None = None, **options: Any
    ) -> None:
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}
        super().__init__(label, choices=choices, **options)

    def errors_for(self, label: str, **options: Any) -> dict[str, str]:
        return {"invalid_choice": "Select one of the choices given", "invalid_list": "Select one of the choices given"}

    def offered(self) -> Iterable[tuple[str, str]]:
        for value, text in self.choices:  # type: ignore[attr-defined]  # every Django field with choices has them
            yield ("" if value is None else str(value)), str(text)

    def items(self, chosen: Any) -> list[Params]:
        marked = {str(value) for value in (chosen if isinstance(chosen, (list, tuple, set)) else [chosen])}
        return [
            {"value": value, "text": text, "checked": value in marked, "selected": value in marked}
            | ({"hint": {"text": self.hints[value]}} if value in self.hints else {})
            for value, text in self.offered()
        ]

    def params(self, bound: forms.BoundField) -> Params:
        return super().params(bound) | {"items": self.items(self.prepared(bound))}

    def prepared(self, bound: forms.BoundField) -> Any:
        return bound.value()

    def word(self, value: Any) -> str:
        return dict(self.offered()).get(str(value), str(value))


class Radios(_Chosen, forms.TypedChoiceField):
    """One of a few, all in sight. `inline` sets short ones side by side."""

    component = "radios"
    grouped = True

    def __init__(self, label: str, choices: Any, *, inline: bool = False, **options: Any) -> None:
        self.inline = inline
        super().__init__(label, choices, **options)

    def params(self, bound: forms.BoundField) -> Params:
        return super().params(bound) | ({"classes": "govuk-radios--inline"} if self.inline else {})


class Select(_Chosen, forms.TypedChoiceField):
    """One of many. `blank` is what stands there before a choice is made."""

    component = "select"

    def __init__(self, label: str, choices: Any, *, blank: str = "Choose one", **options: Any) -> None:
        self.blank = blank
        super().__init__(label, choices, **options)

    def offered(self) -> Iterable[tuple[str, str]]:
        yield "", self.blank
        yield from (choice for choice in super().offered() if choice[0])

    def render(self, params: Params) -> SafeString:
        return _written(_List(_content(params), params))


@dataclass(frozen=True, slots=True)
class _List:
    """A list to choose from, told from another by all that stands in it."""

    content: Hashable
    params: Params = field(compare=False)


def _content(value: Any) -> Hashable:
    """All that stands in it, text that is safe already told from the same text that is to be escaped."""
    if isinstance(value, Mapping):
        return tuple((name, _content(part)) for name, part in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(_content, value))
    return type(value), value


@lru_cache(maxsize=200)
def _written(choices: _List) -> SafeString:
    """A list as HTML, kept for each content: hundreds of names take longer than the page around them."""
    written = render_to_string("govuk/field.html", {"component": Select.component, "params": choices.params})
    return mark_safe(written)  # noqa: S308  # our own template, which escapes


class Checkboxes(_Chosen, forms.TypedMultipleChoiceField):
    """Any number of a few."""

    component = "checkboxes"
    grouped = True


class Checkbox(Shown, forms.BooleanField):
    """Yes, or nothing said."""

    component = "checkboxes"

    def errors_for(self, label: str, **options: Any) -> dict[str, str]:
        return {"required": f"Tick \N{LEFT DOUBLE QUOTATION MARK}{label}\N{RIGHT DOUBLE QUOTATION MARK}"}

    def params(self, bound: forms.BoundField) -> Params:
        params = super().params(bound)
        item: Params = {"value": "on", "text": self.label, "checked": bool(bound.value())}
        if hint := params.pop("hint", None):
            item["hint"] = hint
        return params | {"items": [item]}

    def word(self, value: Any) -> str:
        return "yes" if value else "no"


class ModelChoice(_Chosen, ModelChoiceField):
    """One row of a table. `radios` sets a few of them in sight; `written` says how one is named."""

    def __init__(
        self,
        label: str,
        queryset: "models.QuerySet[Any]",
        *,
        radios: bool = False,
        blank: str = "Choose one",
        written: Callable[[Any], str] = str,
        **options: Any,
    ) -> None:
        self.component = "radios" if radios else "select"
        self.grouped = radios
        self.written = written
        self.hints = {}
        Shown.__init__(self, label, queryset=queryset, empty_label=None if radios else blank, **options)

    def label_from_instance(self, obj: models.Model) -> str:
        return self.written(obj)

    def prepared(self, bound: forms.BoundField) -> Any:
        return self.prepare_value(bound.value())

    def word(self, value: Any) -> str:
        return self.written(value) if isinstance(value, models.Model) else super().word(value)
