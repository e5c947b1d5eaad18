"""Which measures there are beside those of tickets: the built-in ones and the partnership's own, version by version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, TypeAlias

from commonhold.ledger.models import Entry
from commonhold.performance.engine.brought.definition import Definitions, SourceMeasure
from commonhold.performance.engine.brought.measures import BUILT_IN
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.measures import definition as of_tickets
from commonhold.performance.engine.measures.definition import Definition
from commonhold.performance.models import OwnMeasure
from commonhold.performance.models.brought import in_force
from commonhold.refusals import Refused

DECLARED: Final = "measure.declared"

Described: TypeAlias = Definition | SourceMeasure


@dataclass(frozen=True, slots=True)
class Fed:
    """The measures that readings feed, as they were known at an entry; of one's own measures every version."""

    own: Mapping[str, list[OwnMeasure]]

    def on(self, day: date) -> dict[str, SourceMeasure]:
        """The definitions in force on a day, by name, in the order in which they are shown."""
        found = dict(BUILT_IN)
        for name, versions in self.own.items():
            version = in_force(versions, day)
            if version is not None:
                found[name] = version.defined
        return found

    @property
    def definitions(self) -> Definitions:
        """Every version, for reading what somebody brings: each reading by the version in force on its first day."""
        built_in = {name: [(date.min, one)] for name, one in BUILT_IN.items()}
        own = {name: [(row.effective_from, row.defined) for row in rows] for name, rows in self.own.items()}
        return Definitions(built_in | own)

    @property
    def newest(self) -> dict[str, SourceMeasure]:
        return dict(BUILT_IN) | {name: versions[-1].defined for name, versions in self.own.items()}

    @property
    def own_titles(self) -> dict[str, str]:
        """The partnership's own measures, each with what it is called."""
        return {name: versions[-1].title for name, versions in self.own.items()}

    def numbered(self, name: str) -> SourceMeasure | None:
        """The definition that a figure names, such as calls_offered.v1."""
        versions = (row.defined for rows in self.own.values() for row in rows)
        return next((one for one in (*BUILT_IN.values(), *versions) if str(one) == name), None)


def fed(at_entry: int | None = None) -> Fed:
    """The measures known now, or as they were at an entry."""
    rows = OwnMeasure.objects.all()
    if at_entry is not None:
        entries = Entry.objects.filter(kind=DECLARED, number__lte=at_entry).values_list("subject", flat=True)
        rows = rows.filter(pk__in=[int(subject.partition("/")[2]) for subject in entries])
    return of_own(rows)


def of_own(rows: Iterable[OwnMeasure]) -> Fed:
    """The measures known, of one's own versions in whatever order they were read."""
    found = sorted(rows, key=lambda row: (row.name, row.version))
    return Fed({name: list(versions) for name, versions in groupby(found, key=lambda row: row.name)})


def described(name: str) -> Described:
    """A measure by its name, or one version of it by its number, whatever it is fed by. Refused where there is none."""
    if is_of_tickets(name):
        return of_tickets(name)
    known = fed()
    found = known.newest.get(name) or known.numbered(name)
    if found is None:
        raise Refused(f"There is no measure called '{name}'. Choose from: {', '.join((*MEASURES, *known.newest))}.")
    return found


def is_of_tickets(name: str) -> bool:
    """Whether tickets feed a measure, by its name or its number."""
    return name.partition(".")[0] in MEASURES
