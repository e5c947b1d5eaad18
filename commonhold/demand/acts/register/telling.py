"""Logging who was told of an incident, how and when."""

from datetime import datetime
from typing import Final

from django.db import transaction

from commonhold.demand.acts.register.locking import _standing
from commonhold.demand.models import Incident, Telling
from commonhold.demand.models.incident import LONGEST_REASON
from commonhold.demand.permissions import keeps_the_register
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.partnership.engine.rules.communication_plan import LONGEST_NAME
from commonhold.refusals import Refused, require

MOST: Final = 500
"""Lines of one incident's log."""


@transaction.atomic
def log(*, by: By, incident: Incident, audience: str, channel: str, told_at: datetime, words: str = "") -> Telling:
    """Log that an audience was told of an incident: whom, through which channel, when, and in which words."""
    require(keeps_the_register(by), "log who was told of this incident")
    now = _standing(incident)
    said = {"audience": " ".join(audience.split()), "channel": " ".join(channel.split()), "words": words.strip()}
    if not said["audience"] or not said["channel"]:
        raise Refused("Say who was told, and through which channel.")
    if max(len(said["audience"]), len(said["channel"])) > LONGEST_NAME or len(said["words"]) > LONGEST_REASON:
        raise Refused(f"Who and how have at most {LONGEST_NAME} characters each, what was said {LONGEST_REASON:,}.")
    if any("\x00" in text for text in said.values()):
        raise Refused("The log cannot hold a null character.")
    if told_at > by.at:
        raise Refused("Nobody can have been told in the time to come.")
    if now.tellings.count() >= MOST:
        raise Refused(f"The log of an incident has at most {MOST} lines.")
    made = Telling.objects.create(incident=now, told_at=told_at, **said, post=by.post, at=by.at)
    record(by=by, kind="incident.told", subject=made, because=now.entry)
    return made
