"""Whom a token stands for, and the lists of tokens: one's own, and those of the posts that somebody administers."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db.models import F, QuerySet

from commonhold.ledger.engine.by import TOKEN, By
from commonhold.partnership.engine import tokens as engine
from commonhold.partnership.models import Partner, Token
from commonhold.partnership.permissions import administers
from commonhold.partnership.queries.who import by_of, day_of

GOOD: Final = "good"
SHOWN: Final = 200
"""Tokens of one list at most: those that are good come first."""


def the_token(sent: engine.Sent, at: datetime) -> Token | None:
    """The token that was sent, if it is good at this instant; None for every reason not to be, all alike."""
    row = Token.shown().filter(handle=sent.handle).first()
    # One that is not there is compared as well, so that the time taken tells nothing.
    is_right = engine.is_of(row.digest if row else "0" * 64, sent)
    return row if row and is_right and row.state(day_of(at)) == GOOD else None


def by_token(token: Token, at: datetime) -> By:
    """The reader that a token stands for: its maker in the post of its appointment, through a token."""
    return replace(by_of(token.appointment.post, at, token.appointment.person), through=TOKEN)


@dataclass(frozen=True, slots=True)
class Line:
    """A token in a list, with what is to be known of it today."""

    token: Token
    state: str

    @property
    def is_good(self) -> bool:
        return self.state == GOOD


def own_tokens(by: By) -> list[Line]:
    """The reader's own tokens, in whichever of their posts they were made."""
    rows = Token.shown().filter(appointment__person=by.person) if by.person is not None else Token.objects.none()
    return _lines(rows, day_of(by.at))


def tokens_of(partner: Partner | None, by: By) -> list[Line] | None:
    """The tokens of a partner's posts, or of the shared service's, for whoever administers them; None for others."""
    if not administers(by, partner):
        return None
    return _lines(Token.shown().filter(appointment__post__partner=partner), day_of(by.at))


def _lines(rows: QuerySet[Token], day: date) -> list[Line]:
    first = rows.order_by(F("revoked_at").desc(nulls_first=True), "-last_day", "-pk")[:SHOWN]
    return sorted((Line(row, row.state(day)) for row in first), key=lambda line: not line.is_good)
