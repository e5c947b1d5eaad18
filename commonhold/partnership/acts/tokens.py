"""Tokens are made, revoked, and marked as used. A token gives nobody a power: it lends a program those of one
appointment, for one purpose and some time.
"""

import secrets
import string
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import transaction

from commonhold.govuk.formats import day
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.engine import tokens as engine
from commonhold.partnership.models import Person, Token, Told
from commonhold.partnership.models.token import Purpose
from commonhold.partnership.permissions import makes_tokens, revokes_token
from commonhold.partnership.queries.people import those_who_administer
from commonhold.partnership.queries.who import appointments_of, day_of
from commonhold.refusals import NotAllowed, Refused, require

MOST: Final = 20
"""Tokens that one person may have at once."""
LONGEST_NAME: Final = 80
ENDING: Final = timedelta(days=14)
"""How long before its last day somebody is told that a token ends."""
ENDS: Final = "Your token"
LETTERS: Final = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class Made:
    """A token, and its text, which is shown to its maker and then known to nobody here."""

    token: Token
    text: str


@transaction.atomic
def make_token(*, by: By, purpose: str, name: str, last_day: date, feed: str = "") -> Made:
    """Make a token with, at most, the powers of the appointment acted in; its secret is kept as a digest only."""
    require(makes_tokens(by), "make a token: sign in, in the post that it is to be for")
    # Locked, so that of two tokens made at once each is counted.
    person = Person.objects.select_for_update().get(pk=by.person or 0)
    today = day_of(by.at)
    appointment = next((row for row in appointments_of(person, by.at) if row.post.slug == by.post), None)
    if appointment is None or not person.is_active:
        raise NotAllowed("make a token for a post that you do not hold today")
    words = " ".join(name.split())
    if not words:
        raise Refused("Give the token a name, such as that of the workbook that will send it.")
    if len(words) > LONGEST_NAME:
        raise Refused(f"A token's name has at most {LONGEST_NAME} characters; this one has {len(words)}.")
    if not today <= last_day <= today + timedelta(days=engine.LONGEST_LIFE):
        raise Refused(f"A token is good until a day of the coming year: {day(today + timedelta(engine.LONGEST_LIFE))}.")
    if Token.objects.good(today).filter(appointment__person=person).count() >= MOST:
        raise Refused(f"Somebody has at most {MOST} tokens at once. Revoke one that is not needed.")
    handle, secret = "".join(secrets.choice(LETTERS) for _ in range(12)), secrets.token_urlsafe(32)
    token = Token.objects.create(
        appointment=appointment,
        purpose=Purpose(purpose),
        feed=feed if purpose == Purpose.BRING else "",
        name=words,
        handle=handle,
        digest=engine.digest_of(secret),
        made_at=by.at,
        last_day=last_day,
    )
    why = f"A token was made for the post {token.appointment.post}: {token.for_what.lower()}, until {day(last_day)}."
    tell(by=by, people=those_who_administer(token.appointment.post.partner, by.at), subject=token, why=why)
    facts = {"post": by.post, "purpose": str(token.purpose), "last_day": last_day.isoformat()}
    record(by=by, kind="token.made", subject=token, because=token.appointment.entry, facts=facts)
    return Made(token, engine.written(handle, secret))


@transaction.atomic
def revoke_token(*, by: By, token: Token) -> Token:
    """Revoke a token, at once: its maker may, and the administrator of the post's partner."""
    token = Token.shown().select_for_update(of=("self",)).get(pk=token.pk)
    require(revokes_token(by, token), "revoke this token")
    if token.revoked_at:
        raise Refused("This token is revoked already.")
    token.revoked_at = max(by.at, token.made_at)
    token.save(update_fields=("revoked_at",))
    if token.appointment.person:
        why = f"The token {token} of the post {token.appointment.post} was revoked."
        tell(by=by, people=[token.appointment.person], subject=token, why=why)
    record(by=by, kind="token.revoked", subject=token, because=token.entry, facts={"post": token.appointment.post.slug})
    return token


@working
@transaction.atomic
def note_used(*, token: Token, on: date) -> None:
    """Mark the day on which a token was last used; once a day, so that reading tables does not write each time."""
    if token.last_used is None or token.last_used < on:
        Token.objects.filter(pk=token.pk).update(last_used=on)


@working
@transaction.atomic
def tell_of_ending(*, by: By) -> int:
    """Tell whoever made a token, once, that its last day is near, so that what sends it does not stop unawares."""
    today = day_of(by.at)
    told = 0
    for token in Token.objects.good(today).filter(last_day__lte=today + ENDING).select_related("appointment__person"):
        if token.last_day - day_of(token.made_at) <= ENDING or token.appointment.person is None:
            continue  # one that was made for a few days
        if Told.objects.filter(subject=token.ref, why__startswith=ENDS).exists():
            continue
        why = f"{ENDS} {token}, used last {_when(token)}, is good until {day(token.last_day)}. Make another in time."
        tell(by=by, people=[token.appointment.person], subject=token, why=why)
        told += 1
    return told


def _when(token: Token) -> str:
    return f"on {day(token.last_used)}" if token.last_used else "never"
