"""Figures that were published before Commonhold: entered with what shows them, corrected, taken back (F2, F6)."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction

from commonhold.databases.alone import in_turn
from commonhold.ledger import evidence
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import day_of
from commonhold.performance.acts.bringing import Attached
from commonhold.performance.engine.before import Basis
from commonhold.performance.engine.nature import Nature
from commonhold.performance.models import Comparator, ComparatorBack
from commonhold.performance.permissions import brings_readings
from commonhold.performance.queries.fed import described, is_of_tickets
from commonhold.refusals import Refused, require

TURN: Final = "comparators"
PRINTED: Final = re.compile(r"(?:\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.\d{1,3})?(%?)", re.ASCII)
LONGEST: Final = 1_000


@transaction.atomic
def enter(
    *,
    by: By,
    measure: str,
    first: date,
    last: date,
    partner: Partner | None,
    published_in: str,
    basis: str,
    attached: Attached | None,
    basis_words: str = "",
    priority: str = "",
    service: str = "",
    threshold: int | None = None,
    value: str = "",
    numerator: str = "",
    denominator: str = "",
    corrects: Comparator | None = None,
    reason: str = "",
) -> Comparator:
    """Enter a figure that was published before, marked for good as not verifiable here; or put one right."""
    require(brings_readings(by, partner.slug if partner else None), "enter figures published before")
    in_turn(TURN)
    old = _standing(by, corrects) if corrects else None
    if old and not reason.strip():
        raise Refused("Say why. The reason stands beside both.")
    if last < first or last > day_of(by.at):
        raise Refused("Its days end after they begin, and before today.")
    if not published_in.strip():
        raise Refused("Say where it was published, such as the report and its page.")
    if any(len(text) > LONGEST for text in (reason, basis_words, published_in)):
        raise Refused(f"Use at most {LONGEST:,} characters for each.")
    counted = Basis(basis)
    if counted is Basis.OTHER and not basis_words.strip():
        raise Refused("Say how it was counted otherwise.")
    if attached is None and old is None:
        raise Refused("Attach what shows it, such as the page on which it was published.")
    numbers = _numbers(measure, value, numerator, denominator)
    _check_scope(measure, priority, threshold)
    made = Comparator.objects.create(
        measure=described(measure).name,
        first=first,
        last=last,
        partner=partner,
        priority=priority,
        service=service.strip(),
        threshold=threshold,
        **numbers,
        basis=counted.value,
        basis_words=basis_words.strip(),
        published_in=published_in.strip(),
        attached=evidence.keep(attached.file) if attached else old.attached if old else "",
        attached_name=attached.name[:200] if attached else old.attached_name if old else "",
        corrects=old,
        reason=reason.strip(),
        post=by.post,
        at=by.at,
    )
    record(
        by=by,
        kind="comparator.corrected" if old else "comparator.entered",
        subject=made,
        because=old.entry if old else None,
        facts={
            "measure": made.measure,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "attached": made.attached,
            **({"corrects": old.pk} if old else {}),
        },
    )
    return made


@transaction.atomic
def take_back(*, by: By, comparator: Comparator, reason: str) -> ComparatorBack:
    """Take a comparator back: it stands beside no figure any more, and what it had corrected does again."""
    in_turn(TURN)
    found = _standing(by, comparator)
    if not reason.strip() or len(reason) > LONGEST:
        raise Refused(f"Say why, in at most {LONGEST:,} characters.")
    made = ComparatorBack.objects.create(comparator=found, reason=reason.strip(), post=by.post, at=by.at)
    record(by=by, kind="comparator.taken-back", subject=made, because=found.entry, facts={"measure": found.measure})
    return made


def _standing(by: By, comparator: Comparator) -> Comparator:
    found = Comparator.objects.standing().select_related("partner").filter(pk=comparator.pk).first()
    if found is None:
        raise Refused("This figure was corrected or taken back before. Look at what stands now.")
    require(brings_readings(by, found.partner.slug if found.partner else None), "change this figure")
    return found


def _numbers(measure: str, value: str, numerator: str, denominator: str) -> dict[str, Decimal | None]:
    """The numbers as they stood in print: a share by both its counts, or as a percentage."""
    nature = described(measure).nature
    counts = [_number(text, "A count") for text in (numerator, denominator)]
    if any(one is not None for one in counts):
        above, below = counts
        if nature is not Nature.SHARE or value.strip():
            raise Refused("Give both counts of a share and no value, or of anything else the value alone.")
        if above is None or not below or above > below:
            raise Refused("Give both counts of the share, the first of which is part of the second.")
        return {"value": None, "numerator": above, "denominator": below}
    if not value.strip():
        raise Refused("Give the number as it was published.")
    if (nature is Nature.SHARE) != value.strip().endswith("%"):
        raise Refused("Write a share as a percentage, such as 66%, or by its counts; and nothing else with a %.")
    found = _number(value.strip().removesuffix("%"), "The value") or Decimal(0)
    if nature is Nature.SHARE and found > 100:
        raise Refused("A share is at most 100%.")
    return {"value": found / 100 if nature is Nature.SHARE else found, "numerator": None, "denominator": None}


def _number(text: str, what: str) -> Decimal | None:
    if not text.strip():
        return None
    if not PRINTED.fullmatch(text.strip()) or text.strip().endswith("%"):
        raise Refused(f"{what} is a number such as 45,407 or 4.7.")
    return Decimal(text.strip().replace(",", ""))


def _check_scope(measure: str, priority: str, threshold: int | None) -> None:
    if priority and not is_of_tickets(measure):
        raise Refused("Only figures of tickets have a priority.")
    needs = not is_of_tickets(measure) and getattr(described(measure), "threshold", None)
    if bool(needs) != (threshold is not None):
        raise Refused("This measure states a threshold: give it." if needs else "This measure has no threshold.")
