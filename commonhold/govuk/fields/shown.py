"""What all fields share: a label, a hint, what is said when it is left empty, and rendering through a component."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from commonhold.govuk import formats
from commonhold.govuk.fields import words

Params = dict[str, Any]


class Shown(forms.Field):
    """A field that a page prints by calling it. `params` are the options of its component in GOV.UK's documentation."""

    component: str
    verb: str = "Enter"
    grouped: bool = False
    """Whether several controls share one question, which is then a legend."""

    bound: forms.BoundField

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        missing: str = "",
        width: int | None = None,
        autocomplete: str = "",
        heading: bool = False,
        errors: dict[str, str] | None = None,
        **options: Any,
    ) -> None:
        self.width = width
        self.autocomplete = autocomplete
        self.heading = heading
        said = self.errors_for(label, **options)
        if missing or "required" not in said:
            said["required"] = missing or words.missing(self.verb, label)
        super().__init__(label=label, help_text=hint, error_messages=said | (errors or {}), **options)

    def errors_for(self, label: str, **options: Any) -> dict[str, str]:
        """What is said of a mistake, by Django's code for it."""
        return {}

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        self.bound = super().get_bound_field(form, field_name)
        return self.bound

    def __call__(self, **options: Any) -> SafeString:
        """The field as HTML; `options` go to the component as they are."""
        return self.render(self.params(self.bound) | options)

    def render(self, params: Params) -> SafeString:
        written = render_to_string("govuk/field.html", {"component": self.component, "params": params})
        return mark_safe(written)  # noqa: S308  # our own template, which escapes

    def params(self, bound: forms.BoundField) -> Params:
        question = {"text": self.asked(bound)}
        error, hint = self.error(bound), bound.help_text
        params: Params = {"id": bound.auto_id, "idPrefix": bound.auto_id, "name": bound.html_name}
        if self.grouped:
            size = "l" if self.heading else "s"
            legend = question | {"isPageHeading": self.heading, "classes": f"govuk-fieldset__legend--{size}"}
            params["fieldset"] = {"legend": legend}
        else:
            size = "l" if self.heading else "s"
            params["label"] = question | {"isPageHeading": self.heading, "classes": f"govuk-label--{size}"}
        if hint:
            params["hint"] = {"text": hint}
        if error:
            params["errorMessage"] = {"text": error}
        if self.autocomplete:
            params["autocomplete"] = self.autocomplete
        if self.width:
            params["classes"] = f"govuk-input--width-{self.width}"
        return params

    def asked(self, bound: forms.BoundField) -> str:
        """The label; what may be left out says so, because that is the rarer case."""
        optional = not self.required and getattr(bound.form, "marks_optional", True)
        return f"{self.label} (optional)" if optional else str(self.label)

    def error(self, bound: forms.BoundField) -> str:
        """What is said of this field: one thing at a time."""
        return str(bound.errors[0]) if bound.errors else ""

    def anchor(self, bound: forms.BoundField) -> str:
        """The id of the control that a link to this field goes to."""
        return str(bound.auto_id)

    def names(self, html_name: str) -> list[str]:
        """What this field is called in what a browser sends."""
        return [html_name]

    def said(self, value: Any) -> str:
        """A value of this field, or what was entered instead of one, in words."""
        if value in self.empty_values:
            return ""
        several = value if isinstance(value, (list, tuple)) else [value]
        return formats.listed(self.word(one) for one in several)

    def word(self, value: Any) -> str:
        return str(value)
