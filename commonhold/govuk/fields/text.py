"""Text on one line or several, addresses for e-mail, and passwords."""

from typing import Any

from django import forms

from commonhold.govuk.fields.shown import Params, Shown


class Line(Shown):
    """What all controls of one line share."""

    component = "input"
    type = "text"

    def __init__(self, label: str, *, prefix: str = "", suffix: str = "", inputmode: str = "", **options: Any) -> None:
        self.prefix = prefix
        self.suffix = suffix
        self.inputmode = inputmode
        super().__init__(label, **options)

    def params(self, bound: forms.BoundField) -> Params:
        params = super().params(bound) | {"type": self.type, "value": self.widget.format_value(bound.value())}
        if self.inputmode:
            params["inputmode"] = self.inputmode
        if self.prefix:
            params["prefix"] = {"text": self.prefix}
        if self.suffix:
            params["suffix"] = {"text": self.suffix}
        return params


class Text(Line, forms.CharField):
    """One line of text."""

    def errors_for(self, label: str, **options: Any) -> dict[str, str]:
        return {
            "max_length": f"{label} must be {options.get('max_length')} characters or less",
            "min_length": f"{label} must be {options.get('min_length')} characters or more",
        }


class TextArea(Text):
    """Several lines of text; a limit is counted down while it is written."""

    def __init__(self, label: str, *, rows: int = 5, **options: Any) -> None:
        self.rows = rows
        self.component = "character_count" if options.get("max_length") else "textarea"
        super().__init__(label, **options)

    def to_python(self, value: Any) -> str | None:
        # Browsers send two characters for each end of a line, and count one.
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)

    def params(self, bound: forms.BoundField) -> Params:
        params = super().params(bound) | {"rows": self.rows}
        return params | ({"maxlength": self.max_length} if self.max_length else {})


class Email(Line, forms.EmailField):
    """An address for e-mail."""

    type = "email"

    def __init__(self, label: str = "Email address", *, autocomplete: str = "email", **options: Any) -> None:
        super().__init__(label, autocomplete=autocomplete, **options)

    def errors_for(self, label: str, **options: Any) -> dict[str, str]:
        return {
            "required": "Enter an email address",
            "invalid": "Enter an email address in the correct format, like name@example.com",
        }

    def params(self, bound: forms.BoundField) -> Params:
        return super().params(bound) | {"spellcheck": False}


class Password(Text):
    """A password: never printed back. `autocomplete` says whether it is the current or a new one."""

    component = "password_input"

    def __init__(self, label: str = "Password", *, autocomplete: str = "current-password", **options: Any) -> None:
        super().__init__(label, autocomplete=autocomplete, strip=False, **options)

    def errors_for(self, label: str, **options: Any) -> dict[str, str]:
        return super().errors_for(label, **options) | {"required": "Enter a password"}

    def params(self, bound: forms.BoundField) -> Params:
        return super().params(bound) | {"value": None}
