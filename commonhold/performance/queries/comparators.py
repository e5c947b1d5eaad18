"""Figures that were published before Commonhold, and ours beside them: on the measure's page, and in packs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.performance.engine.before import Published
from commonhold.performance.engine.brought.definition import SourceMeasure
from commonhold.performance.engine.comparing import beside
from commonhold.performance.engine.pack.edition import PublishedBefore
from commonhold.performance.engine.pack.holding import Profile
from commonhold.performance.engine.smallnumbers import is_kept_back
from commonhold.performance.models import Comparator, ComparatorBack
from commonhold.performance.models.comparator import ComparatorRows
from commonhold.performance.permissions import brings_readings, opens_files_of, reads_unpublished_figures
from commonhold.performance.queries.fed import Described, described

KINDS: Final = ("comparator.entered", "comparator.corrected", "comparator.taken-back")
PAGE: Final = 50
IN_PACKS: Final = timedelta(days=2 * 366)
"""So far back a pack holds its figures against those published before Commonhold."""
MOST: Final = 2
"""Figures published before that stand beside one of ours in a pack."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure published before, how it is printed, and what changed until ours, or why that cannot be said."""

    then: Published
    of: str
    printed: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of comparators, the newest first, and the last one on it where there are older ones."""

    rows: list[Comparator]
    older: int | None


def comparators(*, seen_by: By) -> ComparatorRows:
    """All of them, those that stand no longer included; none for the public, who see what packs publish."""
    rows = Comparator.objects.select_related("partner", "taken_back").weighed()
    return rows if reads_unpublished_figures(seen_by) else rows.none()


def every(*, seen_by: By, measure: str = "") -> ComparatorRows:
    """All of one measure, or of every one, entered last first."""
    rows = comparators(seen_by=seen_by).order_by("-pk")
    return rows.filter(measure=measure) if measure else rows


def listed(*, seen_by: By, measure: str = "", before: int | None = None) -> Listed:
    rows = every(seen_by=seen_by, measure=measure)
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    return Listed(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def may_change(by: By, comparator: Comparator) -> bool:
    return brings_readings(by, comparator.partner.slug if comparator.partner else None)


def sees_attached(by: By, comparator: Comparator) -> bool:
    """What shows it may be a page that is not public, and one partner's own: a correction that brought no page of its
    own shows the earlier one's, and is opened by who may open that one too.
    """
    if brings_readings(by, None):
        return True
    alike = {row.pk: row for row in Comparator.objects.filter(attached=comparator.attached).select_related("partner")}
    shows: Comparator | None = comparator
    while shows is not None:
        if not opens_files_of(by, shows.partner.slug if shows.partner else None):
            return False
        shows = alike.get(shows.corrects_id) if shows.corrects_id else None
    return True


def standing(known_at: int | None = None) -> list[Comparator]:
    """Those that stand now, or stood at an entry, the newest days first."""
    if known_at is None:
        return list(Comparator.objects.standing().select_related("partner").order_by("-last", "-pk"))
    subjects = Entry.objects.filter(kind__in=KINDS, number__lte=known_at).values_list("subject", flat=True)
    numbers: dict[str, list[int]] = {"comparator": [], "comparatorback": []}
    for subject in subjects:
        noun, _, number = subject.partition("/")
        numbers[noun].append(int(number))
    back = set(ComparatorBack.objects.filter(pk__in=numbers["comparatorback"]).values_list("comparator_id", flat=True))
    rows = list(Comparator.objects.filter(pk__in=numbers["comparator"]).select_related("partner"))
    corrected = {row.corrects_id for row in rows if row.pk not in back}
    there = [row for row in rows if row.pk not in back and row.pk not in corrected]
    return sorted(there, key=lambda row: (row.last, row.pk), reverse=True)


def of_measure(definition: Described, figures: Iterable[Figure], *, seen_by: By) -> list[Beside]:
    """What was published before of a measure, beside the figures of the days that a page is about."""
    if not reads_unpublished_figures(seen_by):
        return []
    ours = list(figures)
    rows = Comparator.objects.standing().filter(measure=definition.name).select_related("partner")
    return [_beside(row.published, definition, ours) for row in rows.order_by("-last", "-pk")[:PAGE]]


def _beside(then: Published, definition: Described, ours: Iterable[Figure]) -> Beside:
    figure = next((one for one in ours if then.is_of(one) and one.value is not None), None)
    sentence = beside(figure, then, definition.nature) if figure else "Not compared: ours is not known for these days."
    return Beside(then, _of(then, definition), then.printed(definition.unit), sentence)


def _of(then: Published, definition: Described) -> str:
    """What it is of, in words; nothing where it is of the whole service."""
    words = []
    for word, value in then.scope.items():
        if word == "threshold" and isinstance(definition, SourceMeasure):
            words.append(definition.at(int(value or 0)))
        else:
            words.append(str(value))
    return ", ".join(words)


def for_pack(span: Span, figures: Iterable[Figure], profile: Profile, known_at: int | None) -> list[PublishedBefore]:
    """What was published before of a pack's own figures and stands in its place in time, each beside the pack's figure.

    Of one measure and scope the two newest, of days before the pack's and at most two years back. What is of one
    partner is for the boards and for that partner (P3).
    """
    by_scope = [one for one in figures if one.period == span]
    found: list[PublishedBefore] = []
    for row in standing(known_at):
        if row.last >= span.first or row.last < span.first - IN_PACKS:
            continue
        named = row.partner.name if row.partner else None
        if named and (not profile.splits or profile.partner not in (None, named)):
            continue
        then = row.published
        figure = next((one for one in by_scope if then.is_of(one)), None)
        if figure is not None and sum(other.figure is figure for other in found) < MOST:
            found.append(_in_pack(then, figure))
    return found


def _in_pack(then: Published, figure: Figure) -> PublishedBefore:
    measure = described(then.measure)
    of = _of(then, measure)
    hidden = "Not compared: ours is not shown." if is_kept_back(figure) else "Not compared: ours is not known."
    sentence = hidden if figure.value is None else beside(figure, then, measure.nature)
    title = f"{measure.title}: {of}" if of else measure.title
    return PublishedBefore(then, title, then.printed(measure.unit), figure, sentence)
