"""Files that are brought: of a given kind, and not larger than they may be."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from commonhold.govuk import formats
from commonhold.govuk.fields.shown import Params, Shown


class File(Shown, forms.FileField):
    """A file. `accept` lists the endings that a browser offers; what is in the file is for the act to judge."""

    component = "file_upload"
    verb = "Choose"

    def __init__(self, label: str, *, accept: str = "", largest: int | None = None, **options: Any) -> None:
        self.accept = accept
        self.largest = largest
        super().__init__(label, **options)

    def errors_for(self, label: str, **options: Any) -> dict[str, str]:
        return {"empty": "The file is empty", "invalid": "Choose a file", "missing": "Choose a file"}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and self.largest and value.size > self.largest:
            raise ValidationError(
                f"The file must be smaller than {formats.size(self.largest)}; this one has {formats.size(value.size)}",
                code="largest",
            )

    def params(self, bound: forms.BoundField) -> Params:
        return super().params(bound) | ({"attributes": {"accept": self.accept}} if self.accept else {})
