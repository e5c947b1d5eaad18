"""Telling people: a line on their page, and an e-mail where the installation can send one. None of it is recorded."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from commonhold.jobs import acts as jobs
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Recorded
from commonhold.ledger.workings import working
from commonhold.partnership.models import Person, Told
from commonhold.refusals import require


@working
@transaction.atomic
def tell(*, by: By, people: Iterable[Person], subject: Recorded, why: str) -> list[Told]:
    """Tell people of something, each once: on their page, and by e-mail to those who want it and where it is set up."""
    wanted = {person.pk: person for person in people if person.is_active and person.pk != by.person}
    rows = Told.objects.bulk_create(
        [
            Told(
                person=person,
                subject=subject.ref,
                why=why[:200],
                at=by.at,
                to_send=settings.TELL_BY_EMAIL and person.told_by_email and not person.persona,
            )
            for person in wanted.values()
        ]
    )
    if any(row.to_send for row in rows):
        jobs.ask("partnership.send_told", by=by, key="partnership.send_told", title="Tell people by e-mail")
    return rows


@working
@transaction.atomic
def note_seen(*, by: By, numbers: Iterable[int]) -> None:
    """Mark lines that a person has seen; only their own."""
    require(by.person is not None, "mark what somebody else was told")
    Told.objects.filter(pk__in=list(numbers), person=by.person, seen_at=None).update(seen_at=by.at)


@working
@transaction.atomic
def prefer(*, by: By, told_by_email: bool) -> None:
    """Choose whether to be told by e-mail as well."""
    require(by.person is not None, "choose how somebody else is told")
    Person.objects.filter(pk=by.person or 0).update(told_by_email=told_by_email)


@working
@transaction.atomic
def note_sent(*, told: Told, at: datetime) -> None:
    """Mark a line as sent."""
    Told.objects.filter(pk=told.pk).update(sent_at=at)
