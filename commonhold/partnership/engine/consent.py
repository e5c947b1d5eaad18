"""Consent: who must agree, who may for them, who has, to which text. Silence never is one (R2).

Whatever needs the consent of partners (a rule, a paper, a sign-off) is a Case here. What differs between them is who
must agree, and that is a value, Needed, which a rule of the agreement gives.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from commonhold.refusals import Refused


@dataclass(frozen=True, slots=True)
class Needed:
    """Whose consent counts, and of how many of them it takes; None: of every one."""

    partners: frozenset[str]
    number: int | None = None

    def is_met(self, consenting: Iterable[str]) -> bool:
        """Whether these partners are enough. Of nobody, nothing is enough."""
        wanted = len(self.partners) if self.number is None else min(self.number, len(self.partners))
        return bool(self.partners) and len(self.partners.intersection(consenting)) >= wanted


@dataclass(frozen=True, slots=True)
class Holding:
    """That a person holds a partner's post from a day until another, and whether the post may consent."""

    person: int
    post: str
    partner: str
    may_consent: bool
    starts: date
    ends: date | None = None

    def entitles(self, person: int, post: str, partner: str, on: date) -> bool:
        """Whether this lets the person consent for the partner in that post on a day."""
        same = (self.person, self.post, self.partner) == (person, post, partner)
        return same and self.may_consent and self.starts <= on and (self.ends is None or on < self.ends)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: a person, in a post, for a partner, on a day."""

    person: int
    post: str
    partner: str
    on: date


Holdings: TypeAlias = Iterable[Holding]


@dataclass(frozen=True, slots=True)
class Case:
    """A text, by its digest, that waits for consents: those that stand, and for whom each person ever spoke on it."""

    text: str
    needed: Needed
    given: Mapping[str, int] = field(default_factory=dict)
    """The partners whose consent stands, each with the person who gave it."""
    spoke: Mapping[int, str] = field(default_factory=dict)
    """Everybody who ever consented to this text, with the partner they did it for."""
    is_settled: bool = False

    @property
    def lacking(self) -> frozenset[str]:
        """The partners that may still consent: while the case is open, their silence is no answer."""
        return self.needed.partners - set(self.given)

    def give(self, speaker: Speaker, text: str, holdings: Holdings) -> "Case":
        """The case with one more consent; settled where that was the last that it took."""
        self._refuse_settled()
        if text != self.text:
            raise Refused("The text has changed since you read it. Read it again before you consent.")
        if speaker.partner not in self.needed.partners:
            raise Refused("Your authority is not one of those whose consent this takes.")
        _refuse_unentitled(speaker, holdings)
        if self.spoke.get(speaker.person, speaker.partner) != speaker.partner:
            raise Refused("You have consented to this for another partner. One person never consents for two.")
        if speaker.partner in self.given:
            raise Refused("Your authority has consented to this already.")
        given = {**self.given, speaker.partner: speaker.person}
        spoke = {**self.spoke, speaker.person: speaker.partner}
        return replace(self, given=given, spoke=spoke, is_settled=self.needed.is_met(given))

    def take_back(self, speaker: Speaker, holdings: Holdings) -> "Case":
        """The case without a partner's consent, until the last has been given."""
        self._refuse_settled()
        _refuse_unentitled(speaker, holdings)
        if speaker.partner not in self.given:
            raise Refused("Your authority has not consented to this, so there is nothing to withdraw.")
        return replace(self, given={name: person for name, person in self.given.items() if name != speaker.partner})

    def _refuse_settled(self) -> None:
        if self.is_settled:
            raise Refused("This has all the consents it needs and is settled. Propose a change instead.")


def _refuse_unentitled(speaker: Speaker, holdings: Holdings) -> None:
    entitled = (h.entitles(speaker.person, speaker.post, speaker.partner, speaker.on) for h in holdings)
    if not any(entitled):
        raise Refused("Only somebody who holds, today, a post that may consent for the partner can speak for it here.")
