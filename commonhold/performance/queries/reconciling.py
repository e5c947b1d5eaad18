"""A reconciliation worked out: from a figure and another one to the bridge between them with all its tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from math import isclose
from typing import Any, TypeAlias

from commonhold.demand.queries.files import File
from commonhold.govuk import formats
from commonhold.performance.engine import references
from commonhold.performance.engine.groups import one_figure
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.reconciling import telling, working
from commonhold.performance.engine.reconciling.bridge import Bridge
from commonhold.performance.engine.reconciling.counted import Listed
from commonhold.performance.engine.reconciling.telling import shown
from commonhold.performance.engine.reconciling.typed import Stated, Try, stated
from commonhold.performance.engine.reconciling.working import Worked
from commonhold.performance.engine.references import Reference
from commonhold.performance.queries import sides
from commonhold.performance.queries.periods import basis, computed, kept_extract
from commonhold.performance.queries.sides import Sides, resting
from commonhold.refusals import Refused

Progress: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Number:
    """Another figure of which only the number is known, and its counts where these are."""

    written: str
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same figure as it was known at another entry, read at another instant, or by another definition."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class FromFile:
    """A file of their tickets: the list of those that they counted, or an export to be counted by the measure.

    `number` is their figure as they wrote it, where it is known, and `whose` the partner that brought the file: empty
    for those who run the service.
    """

    file: File
    is_list: bool
    number: Number | None = None
    whose: str = ""


Other: TypeAlias = Number | Earlier | FromFile


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket under a cause: its number where it is one of ours, and what the two sides say of it."""

    cause: str
    ticket: int | None
    reference: str
    partner: str
    before: str
    after: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the bridge as it is kept and printed, and every ticket under every cause that changes it."""

    result: dict[str, Any]
    rows: list[Row]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left over."""
        return bool(self.result["left_over"]["value"] == 0)


def explained(reference: Reference, other: Other, *, at: datetime, progress: Progress = lambda _: None) -> Outcome:
    """Why a figure and another one differ. Refused where there is nothing to compare."""
    sides.checked(reference)
    progress("Reading our tickets")
    match other:
        case Number():
            found = sides.alone(reference)
            worked = working.of_a_number(found.ours, found.about, _stated(reference, other), progress=progress)
        case Earlier():
            sides.checked(other.reference)
            found = sides.earlier(reference, other.reference)
            worked = working.of_two_tellings(found.ours, found.theirs, found.about, progress=progress)
        case FromFile():
            found = sides.of_file(
                reference, other.file, whose=other.whose, at=at, progress=lambda _, words: progress(words)
            )
            number = _stated(reference, other.number) if other.number else None
            if other.is_list:
                listed = found.listed
                worked = working.of_a_list(listed, stated=number, progress=progress)
                found = replace(found, remarks=(*_untold(listed), *found.remarks))
            else:
                worked = working.of_two_tellings(
                    found.ours, found.theirs, found.about, stated=number, progress=progress
                )
    progress("Computing the figures on their own")
    worked = replace(worked, bridge=_held(worked.bridge, reference, other))
    progress("Writing it down")
    return Outcome(_result(reference, other, found, worked), list(_rows(found, worked)))


def _untold(listed: Listed) -> Iterator[str]:
    """That of some tickets the list does not tell what they bring, so that they do not count in it."""
    count = int(listed.untold.sum())
    if count:
        what = "time" if listed.has_amounts else "verdict"
        yield (
            f"{count:,} of the {int(listed.inside.sum()):,} tickets in the list {'has' if count == 1 else 'have'} no "
            f"{what} to count and {'is' if count == 1 else 'are'} left out of its figure"
        )


def _held(found: Bridge, reference: Reference, other: Other) -> Bridge:
    """The bridge between the figures as they are computed without it: ours, and ours at another time."""
    ours = _computed(reference, found.ours)
    theirs = _computed(other.reference, found.theirs) if isinstance(other, Earlier) else found.theirs
    return found.held_to(ours, theirs)


def _computed(reference: Reference, told: Fraction) -> Fraction:
    """The figure that a reference stands for, exactly what a bridge tells of it where the two are the same to the last
    place; what a bridge tells where the figure has no value.
    """
    on, period = resting(reference)
    extract = kept_extract(period, on) or computed([period], on)[0]
    figure = one_figure(extract, reference, on.names, on.stamp(period))
    if figure is None or figure.value is None or isclose(float(told), figure.value, rel_tol=1e-9, abs_tol=1e-12):
        return told
    return Fraction(figure.value)


def _stated(reference: Reference, number: Number) -> Stated:
    is_share = definition(reference.definition).unit == "share"
    return stated(number.written, is_share=is_share, numerator=number.numerator, denominator=number.denominator)


def _rows(found: Sides, worked: Worked) -> Iterator[Row]:
    called = found.called({one.row for one in worked.differences})
    for one in worked.differences:
        number, reference = called[one.row]
        partner = found.partner(one.row)
        yield Row(one.cause.value, number, reference, partner, one.before, one.after, one.ours, one.theirs)


def _result(reference: Reference, other: Other, found: Sides, worked: Worked) -> dict[str, Any]:
    defined = definition(reference.definition)
    what = f"{defined.title}, {formats.period(reference.span)}{scope_in_words(reference)}"
    said = telling.as_json(worked.bridge, defined.unit)
    ours, theirs = telling.counts(worked.ours), telling.counts(worked.theirs)
    return {
        "figure": str(reference),
        "measure": defined.name,
        "title": defined.title,
        "definition": str(defined),
        "unit": defined.unit,
        "what": what,
        "other": _called(other),
        **said,
        "counts": {"ours": _counts(ours, defined.unit), "theirs": _counts(theirs, defined.unit)},
        "tries": [_try(one, defined.unit) for one in worked.tries],
        "remarks": list(found.remarks),
        "paragraph": telling.paragraph(
            worked.bridge, what=what, unit=defined.unit, other=_called(other), explains=_explains(worked, defined.unit)
        ),
    }


def _counts(counts: tuple[int, int], unit: str) -> dict[str, int | None]:
    return {"numerator": counts[0] if unit == "share" else None, "denominator": counts[1]}


def _try(one: Try, unit: str) -> dict[str, Any]:
    return {
        "ways": [way.value for way in one.ways],
        "words": one.words,
        "value": float(one.value),
        "shown": shown(one.value, unit),
        "off": telling.effect(one.off, unit).removeprefix("+"),
        "fits": one.fits,
        "numerator": one.numerator if unit == "share" else None,
        "denominator": one.denominator,
    }


def _explains(worked: Worked, unit: str) -> str:
    nearest = worked.nearest
    if nearest is None:
        return ""
    if not nearest.fits:
        off = telling.effect(nearest.off, unit).removeprefix("+")
        return (
            "No other way of counting our tickets that was tried comes to their figure. The nearest, "
            f"{shown(nearest.value, unit)} and so {off} off: {nearest.words}."
        )
    others = len([one for one in worked.tries if one.fits]) - 1
    more = f" {others} other {'way comes' if others == 1 else 'ways come'} to it as well." if others else ""
    fits = f"It fits that {nearest.words}." if nearest.ways else "It fits our own way of counting."
    return f"{fits} That is a possible explanation and no proof.{more}"


def _called(other: Other) -> str:
    match other:
        case Number():
            return "the other figure"
        case Earlier():
            return f"the figure as known at entry {other.reference.known_at}"
        case FromFile():
            return "the file's list" if other.is_list else "the file, counted by our measure"


def scope_in_words(reference: Reference) -> str:
    return "".join(f", {word} {value or 'none'}" for word, value in reference.scope.items())


def at_another_time(figure: str, *, published: str = "", known_at: int | None = None, version: str = "") -> str:
    """The reference of a figure as it was published, known at an entry, or counted by another version. Refused where
    that is the figure itself, or nothing was known then.
    """
    reference = references.parse(figure)
    other = references.parse(published) if published else reference
    if known_at is not None:
        other = replace(other, known_at=basis(known_at).entry)
    if version:
        other = replace(other, definition=str(definition(version)))
    if str(other) == str(reference):
        raise Refused("This is the very figure: nothing that it rests on became known since. Choose another entry.")
    return str(other)
