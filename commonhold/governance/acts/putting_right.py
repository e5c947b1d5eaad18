"""Putting words right and taking things back: the parts that the acts on each kind of thing share (U3)."""

from typing import Any, TypeVar

from django.db import models

from commonhold.governance.models import Correction, Retraction
from commonhold.governance.models.wording import PublicRecord, Worded
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries.agreeing import refuse_older
from commonhold.refusals import Refused

Row = TypeVar("Row", bound=models.Model)


def _locked(row: Row) -> Row:
    """The row as it is now, kept from others until the act is done."""
    return type(row)._default_manager.select_for_update().get(pk=row.pk)


def _reworded(by: By, row: Worded, edition: int, **said: Any) -> Correction:
    """Give a row, locked, its new words; the first ones stay in `originals`. The act that calls this records it."""
    refuse_older(edition, row.edition)
    was = row.wording()
    for name, value in said.items():
        setattr(row, name, value)
    now = row.wording()
    changed = [name for name in now if now[name] != was[name]]
    if not changed:
        raise Refused("Nothing is different.")
    row.originals = {name: was[name] for name in changed} | row.originals
    row.edition += 1
    row.save()
    kept = {row.noun(): row, "before": {name: was[name] for name in changed}}
    return Correction.objects.create(**kept, after={name: now[name] for name in changed}, post=by.post, at=by.at)


def _taken_back(by: By, row: PublicRecord, reason: str) -> Retraction:
    """Strike a row out with the reason, once. The act that calls this records it."""
    _locked(row)
    if Retraction.objects.filter(**{row.noun(): row}).exists():
        raise Refused("This has been done already.")
    words = reason.strip()
    if not words:
        raise Refused("Say why. The reason is shown wherever this was.")
    return Retraction.objects.create(**{row.noun(): row}, reason=words, post=by.post, at=by.at)
