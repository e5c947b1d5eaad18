"""Measures that the partnership declares for itself: a version of a definition is entered once and stays (F1, R1)."""

import re
from datetime import date
from typing import Final

from django.db import transaction

from commonhold.databases.alone import in_turn
from commonhold.demand.engine.rows import UNSEEN
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.performance.engine.brought.definition import OWN, Adding
from commonhold.performance.models import OwnMeasure
from commonhold.performance.permissions import declares_measures
from commonhold.refusals import Refused, require

"""How names of one's own measures begin, so that no measure built in later is ever called the same."""

NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,50}")
LONGEST: Final = 2_000


@transaction.atomic
def declare(
    *,
    by: By,
    name: str,
    title: str,
    unit: str,
    counted_in: str,
    adding: str,
    better: str,
    formula: str,
    leaves_out: str,
    effective_from: date,
    numerator: str = "",
    denominator: str = "",
    threshold: str = "",
    reason: str = "",
) -> OwnMeasure:
    """Declare a measure of one's own, or the next version of one; what was counted by the old one stays so (R3)."""
    require(declares_measures(by), "declare measures")
    in_turn("measures")
    kind = Adding(adding)
    name = _name(name)
    title, unit, counted_in = title.strip(), unit.strip(), counted_in.strip().casefold()
    texts = [title, unit, counted_in, formula.strip(), leaves_out.strip()]
    if not all(texts):
        raise Refused("A measure says its title, its unit, what is counted, its formula, and what it leaves out.")
    if any(len(text) > LONGEST for text in (*texts, reason)) or UNSEEN.search("".join(texts[:3])):
        raise Refused(f"Use plain letters, and at most {LONGEST:,} of them for each.")
    if kind.divides and not (numerator.strip() and denominator.strip()):
        raise Refused("A share or a mean says what its numerator counts, and what its denominator.")
    if threshold.strip() and threshold.count("{n}") != 1:
        raise Refused("Write {n} once, where the number of the threshold stands, such as: after more than {n} seconds.")
    if threshold.replace("{n}", "").strip("{}") != threshold.replace("{n}", "") or "{" in threshold.replace("{n}", ""):
        raise Refused("Leave out other braces than {n}.")
    versions = list(OwnMeasure.objects.filter(name=name).order_by("version"))
    _check_next(versions, effective_from, reason)
    made = OwnMeasure.objects.create(
        name=name,
        version=len(versions) + 1,
        effective_from=effective_from,
        title=title,
        unit="share" if kind.is_share else unit,
        counted_in=counted_in,
        adding=kind.value,
        better=better,
        formula=formula.strip(),
        leaves_out=leaves_out.strip(),
        numerator=numerator.strip() if kind.divides else "",
        denominator=denominator.strip() if kind.divides else "",
        threshold=threshold.strip(),
        reason=reason.strip(),
        post=by.post,
        at=by.at,
    )
    record(
        by=by,
        kind="measure.declared",
        subject=made,
        because=versions[-1].entry if versions else None,
        facts={"measure": name, "version": made.version, "effective_from": effective_from.isoformat()},
    )
    return made


def _name(text: str) -> str:
    name = text.strip().removeprefix(OWN)
    if not NAME.fullmatch(name):
        raise Refused("A measure's name is of small letters, digits and underlines, such as training_days.")
    return f"{OWN}{name}"


def _check_next(versions: list[OwnMeasure], effective_from: date, reason: str) -> None:
    if not versions:
        return
    if effective_from <= versions[-1].effective_from:
        raise Refused(
            f"Version {versions[-1].version} is in force from {versions[-1].effective_from}; the next begins later. "
            "What was counted before stays as it was."
        )
    if not reason.strip():
        raise Refused("Say why the definition changes. The reason stands beside both versions.")
