"""What narrows a list down: kept in the address, each filter shown and taken off by a link."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.functional import cached_property

from commonhold.govuk.form import Form


@dataclass(frozen=True, slots=True)
class Applied:
    """A filter that is applied, and the address of the list without it."""

    label: str
    text: str
    href: str


class Filters(Form):
    """A form in the address of a list: nothing in it must be given. `places` are the words that say where in the list
    one is; a change of filters begins at its start again.
    """

    places: ClassVar[frozenset[str]] = frozenset({"newer", "older"})
    marks_optional = False

    def __init__(self, asked: QueryDict, **options: Any) -> None:
        super().__init__(asked, **options)
        self.asked = asked
        for field in self.fields.values():
            field.required = False
            if "invalid_choice" in field.error_messages:
                # Nobody chose it: it stands in an address that somebody else sent, or that is old.
                field.error_messages["invalid_choice"] = f"{field.label}: there is no '%(value)s'"

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, cleaned. What makes no sense is left out: a list then shows no rows, but `misunderstood`."""
        self.full_clean()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in self.fields[name].empty_values and value is not False
        }

    @property
    def misunderstood(self) -> str:
        """What of the address makes no sense, in words; nothing where all of it does."""
        return " ".join(f"{problem.text}." for problem in self.problems)

    @cached_property
    def applied(self) -> list[Applied]:
        return list(self._applied())

    @property
    def about(self) -> dict[str, str]:
        """What the first sheet of a list that is taken away says of its filters: each, or that there is none."""
        return {one.label: one.text for one in self.applied} or {"Filters": "no filter"}

    def href(self, **changes: object) -> str:
        """The address of this list with other words in it; None takes a word out."""
        query = self.asked.copy()
        for name in self.places:
            query.pop(name, None)
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return self._address(query)

    def _applied(self) -> Iterator[Applied]:
        for name, value in self.chosen.items():
            field = self._shown(self[name])
            for one in value if isinstance(value, list) else [value]:
                yield Applied(
                    str(field.label), field.said(one), self._without(name, one if isinstance(value, list) else None)
                )

    def _without(self, name: str, one: object) -> str:
        query = self.asked.copy()
        for place in self.places:
            query.pop(place, None)
        for gone in self._shown(self[name]).names(self.add_prefix(name)):
            rest = [] if one is None else [value for value in query.getlist(gone) if value != str(one)]
            query.setlist(gone, rest)
        return self._address(query)

    @staticmethod
    def _address(query: QueryDict) -> str:
        for name in [name for name, values in query.lists() if not any(values)]:
            del query[name]
        return f"?{query.urlencode()}"
