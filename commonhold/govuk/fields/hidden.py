"""What a form carries without showing it; above all the edition of what it changes."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commonhold.govuk.fields.shown import Params, Shown


class Carried(Shown):
    """What all hidden fields share."""

    lost = {"required": "Something that this page sends along is missing. Open the page again."}

    def __init__(self, **options: Any) -> None:
        super().__init__("", widget=forms.HiddenInput, errors=self.lost, **options)

    def params(self, bound: forms.BoundField) -> Params:
        return {"id": bound.auto_id, "name": bound.html_name, "value": self.sent(bound)}

    def sent(self, bound: forms.BoundField) -> Any:
        return bound.value()

    def render(self, params: Params) -> SafeString:
        return format_html(
            '<input type="hidden" id="{}" name="{}" value="{}">',
            params["id"],
            params["name"],
            "" if params["value"] is None else params["value"],
        )


class Hidden(Carried, forms.CharField):
    """A value that comes back as it was sent."""


class Edition(Carried, forms.IntegerField):
    """The edition that a form was opened at: the act refuses an older one, so nobody overwrites a change unseen (U4).

    Once both texts have been shown, the form carries the newer edition, and saving again is a decision.
    """

    lost = Carried.lost | {"invalid": Carried.lost["required"]}

    def sent(self, bound: forms.BoundField) -> Any:
        return bound.initial if bound.form.is_bound and bound.initial is not None else bound.value()
