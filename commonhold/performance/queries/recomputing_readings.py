"""Figures of readings computed again from the kept files of readings alone, and compared (F1, F6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from commonhold import __version__
from commonhold.ledger import evidence
from commonhold.ledger.models import Head
from commonhold.performance.engine.brought import rows, standing
from commonhold.performance.engine.brought.choosing import Told
from commonhold.performance.engine.brought.counting import Counted, Stamp, one_figure
from commonhold.performance.engine.brought.definition import SourceMeasure
from commonhold.performance.engine.brought.given import Given
from commonhold.performance.engine.brought.telling import told
from commonhold.performance.engine.references import Reference
from commonhold.performance.engine.smallnumbers import says_kept_back
from commonhold.performance.models import Delivery, TakenBack
from commonhold.performance.models.brought import in_force
from commonhold.performance.queries.fed import Fed, fed

COMPARED = ("value", "numerator", "denominator", "unit", "measure", "definition", "period", "scope", "reason")

Key = tuple[int, int]
"""A reading's delivery and line."""


@dataclass(slots=True)
class RebuiltReadings:
    """The readings that stood at an entry, read again from the kept files; `problem` where one is gone or altered.

    `altered` says that it is there and is another one; `other_input` that a pack names other files than are kept.
    """

    fed: Fed
    readings: dict[Key, Given] = field(default_factory=dict)
    problem: str = ""
    altered: bool = False
    other_input: str = ""


def rebuilt(known_at: int, made_from: Mapping[str, Any] | None) -> RebuiltReadings:
    """What was known of readings at an entry, built anew."""
    found = RebuiltReadings(fed(known_at))
    if known_at > Head.objects.get().size:
        found.problem = f"the record has no entry {known_at} yet"
        return found
    last = Delivery.objects.known(known_at)
    corrected: dict[Key, tuple[Key, Given]] = {}
    rows_back = TakenBack.objects.filter(delivery__lte=last).select_related("reading")
    backs = {row.delivery_id: (row.reading.delivery_id, row.reading.line) for row in rows_back}
    for delivery in Delivery.objects.filter(pk__lte=last).order_by("pk"):
        if delivery.pk in backs:
            key = backs[delivery.pk]
            found.readings.pop(key, None)
            if key in corrected:
                before, given = corrected.pop(key)
                found.readings[before] = given
            continue
        if not _take(found, delivery, corrected):
            return found
    found.other_input = _other_input(made_from)
    return found


def _take(found: RebuiltReadings, delivery: Delivery, corrected: dict[Key, tuple[Key, Given]]) -> bool:
    """Read a kept file again; of the same days again, what stood is corrected."""
    if not evidence.is_kept(delivery.sha256):
        found.problem = f"the file of {delivery}, SHA-256 {delivery.sha256}, is missing from the evidence kept here"
        return False
    with evidence.opened(delivery.sha256) as file:
        if evidence.digest_of(file) != delivery.sha256:
            found.problem, found.altered = f"the kept file of {delivery} was altered", True
            return False
        file.seek(0)
        brought = rows.read(file, found.fed.definitions, parties=None, today=date.max)  # type: ignore[arg-type]
    there = {(standing.about(one), one.first, one.last): key for key, one in found.readings.items()}
    for line, given in enumerate(brought.given, start=2):
        before = there.get((standing.about(given), given.first, given.last))
        if before is not None:
            corrected[delivery.pk, line] = (before, found.readings.pop(before))
        found.readings[delivery.pk, line] = given
    return True


def _other_input(made_from: Mapping[str, Any] | None) -> str:
    """Which file a pack says that its readings came from, where it is another one now."""
    said = (made_from or {}).get("readings") or ()
    named = [one for one in said if isinstance(one, dict) and isinstance(one.get("delivery"), int)]
    then = {one["delivery"]: one.get("sha256") for one in named}
    now = dict(Delivery.objects.filter(pk__in=then).values_list("pk", "sha256"))
    changed = sorted(number for number in then if then[number] != now.get(number))
    return f"the file of delivery {changed[0]} is another one" if changed else ""


def figure_again(found: RebuiltReadings, reference: Reference, measure: SourceMeasure) -> Counted | None:
    """The figure of a reference, from what was built again."""
    stamp = Stamp(reference.as_of, reference.known_at, __version__)
    return one_figure(measure, _told(found, measure), reference.span, reference.scope, stamp)


def _told(found: RebuiltReadings, measure: SourceMeasure) -> Sequence[Told]:
    own = found.fed.own.get(measure.name)
    return [
        told(given, measure, number, _version(own, given.first, measure))
        for number, (_, given) in enumerate(sorted(found.readings.items()), start=1)
        if given.measure == measure.name
    ]


def _version(own: list[Any] | None, first: date, measure: SourceMeasure) -> int:
    version = in_force(own, first) if own else None
    return int(version.version) if version else measure.version


def differing(figure: Mapping[str, Any], counted: Counted) -> list[str]:
    """What the figure says otherwise than it is; what is kept back from the public has no value to compare."""
    now = counted.figure.as_json()
    kept_back = figure.get("value") is None and says_kept_back(figure.get("reason"))
    parts = COMPARED[3:-1] if kept_back else COMPARED
    said = [f"{part} was {figure.get(part)} and is {now[part]}" for part in parts if figure.get(part) != now[part]]
    if not kept_back:
        if figure.get("notes") not in (now["notes"], list(counted.public_notes)):
            said.append(f"notes was {figure.get('notes')} and is {now['notes']}")
        if figure.get("grade_mix") != now["grade_mix"]:
            said.append(f"grade_mix was {figure.get('grade_mix')} and is {now['grade_mix']}")
    return said
