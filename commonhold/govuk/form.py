"""Forms: they clean what was entered, hand it to an act, and say on the form what the act refuses.

Nothing entered is lost (U4): a refused form comes back as it was filled in, and where somebody saved meanwhile, with
both texts.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.db import IntegrityError
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from commonhold.govuk.fields import Edition, Shown
from commonhold.refusals import Refused

MANY: Final = 10
"""More problems than this are counted, not listed, in the summary."""
AT_ONCE: Final = (
    "Somebody else saved something in the same moment that stands in the way of this, so nothing of yours was saved. "
    "Look at what stands there now, and try again."
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary, and the control that it is about."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was saved meanwhile and now says something else than what was entered."""

    label: str
    theirs: str
    mine: str


class Form(forms.Form):
    """A form of the fields in `commonhold.govuk.fields`. `page_only` names fields that are not handed to the act."""

    page_only: ClassVar[frozenset[str]] = frozenset()
    marks_optional: ClassVar[bool] = True
    result: Any = None
    """What the act answered."""

    def __init__(
        self, data: Any = None, files: Any = None, *, initial: Mapping[str, Any] | None = None, **options: Any
    ):
        super().__init__(data, files, initial=dict(initial or {}), use_required_attribute=False, **options)

    def offer(self, **choices: Iterable[tuple[str, str]]) -> None:
        """What there is to choose in these fields, where that is known only when the form is made."""
        for name, offered in choices.items():
            self.fields[name].choices = list(offered)  # type: ignore[attr-defined]  # they are fields with choices

    def carry_out(self, act: Callable[..., object], *, by: object, **known: object) -> bool:
        """Call the act with what was entered and what the view knows; a refusal becomes an error of this form.

        So does what the database does not take because somebody else was a moment earlier.
        """
        entered = {name: value for name, value in self.cleaned_data.items() if name not in self.page_only}
        try:
            self.result = act(by=by, **known, **entered)
        except Refused as refused:
            self.refuse(refused)
            return False
        except IntegrityError as problem:
            logging.getLogger("commonhold").warning("two at once", exc_info=problem)
            self.add_error(None, AT_ONCE)
            return False
        return True

    def refuse(self, refused: Refused) -> None:
        self.add_error(None, refused.message)
        for problem in refused.problems[:MANY]:
            self.add_error(None, problem)
        if (more := len(refused.problems) - MANY) > 0:
            self.add_error(None, f"and {more} more")

    @property
    def problems(self) -> list[Problem]:
        """The error summary, in the order of the fields."""
        found = [Problem(str(error)) for error in self.non_field_errors()]
        for bound in self:
            if bound.errors:
                found.append(Problem(self._shown(bound).error(bound), f"#{self._shown(bound).anchor(bound)}"))
        return found

    def body(self) -> SafeString:
        """All fields in their order."""
        return format_html_join("\n", "{}", ((self._shown(bound)(),) for bound in self))

    @property
    def enctype(self) -> str:
        """How a browser is to send it."""
        return "multipart/form-data" if self.is_multipart() else "application/x-www-form-urlencoded"

    @property
    def overtaken(self) -> bool:
        """Whether somebody saved a later edition after this form was opened."""
        return any(
            str(bound.data) != str(bound.initial)
            for bound in self
            if self.is_bound and isinstance(bound.field, Edition) and bound.initial is not None
        )

    @property
    def differences(self) -> list[Difference]:
        """Both texts of each field that differs from what is saved now."""
        return list(self._differences()) if self.overtaken else []

    def _differences(self) -> Iterator[Difference]:
        self.is_valid()
        for bound in self.visible_fields():
            field, theirs = self._shown(bound), bound.initial
            if bound.name in self.initial and field.has_changed(theirs, bound.data):
                mine = self.cleaned_data.get(bound.name, bound.data)
                yield Difference(str(field.label), field.said(theirs), field.said(mine))

    @staticmethod
    def _shown(bound: forms.BoundField) -> Shown:
        assert isinstance(bound.field, Shown), f"{bound.name} is not a field of commonhold.govuk.fields"
        return bound.field
