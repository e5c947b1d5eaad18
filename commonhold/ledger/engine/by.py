"""Who acts or reads: a person in one post, at one instant. Made once per request, command or job, and handed down."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

COMMAND_LINE: Final = "the command line"
"""What an act came through that somebody with the machine's rights typed, in whichever post they said (D4)."""

TOKEN: Final = "a token"  # noqa: S105  # words, and no secret
"""What an act came through that a program did with a token, for the person who made the token."""

DRIFT: Final = timedelta(minutes=10)
"""How far an act's instant may lie behind the last entry or off the machine's clock: the time an act may take."""


@dataclass(frozen=True, slots=True)
class By:
    """The post acted in, when, and what the post may be asked about.

    `post` is the post's slug, empty for the public and for what every post of a partner may see. `partner` is the slug
    of the partner that the post belongs to, None for posts of the shared service and for the public. `roles` are the
    roles of the post: what predicates read. `through` is empty where the post's holder acts, signed in, and where the
    service does what it was asked; else it says on the entry what the act came through.
    """

    post: str
    at: datetime
    person: int | None = None
    partner: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    through: str = ""

    @property
    def is_public(self) -> bool:
        return not self.post and self.partner is None


def public(at: datetime) -> By:
    """The reader of whom nothing is known."""
    return By(post="", at=at)


def of_partner(partner: str, at: datetime) -> By:
    """What every post of a partner may see, whatever its role: the reader of an export made for that partner."""
    return By(post="", at=at, partner=partner)
