"""What pages of lower apps get of higher ones: what can be done with a subject, and what there is to choose from."""

from collections.abc import Callable, Iterator

from commonhold.demand.queries import offers as demand
from commonhold.demand.queries.feeds import feeds_to_choose
from commonhold.govuk.shell import Link
from commonhold.ledger.engine.by import By
from commonhold.performance.queries import offers as performance

Offer = Callable[[object, By], Iterator[Link]]

OFFERS: dict[str, tuple[Offer, ...]] = {
    "action": (performance.offers_for_action, demand.offers_for_action),
    "job": (performance.offers_for_job,),
    "meeting": (performance.offers_for_meeting,),
}
"""By the noun of a subject."""

CHOICES: dict[str, Callable[[By | None], list[tuple[str, str]]]] = {
    "feed": feeds_to_choose,
    "measure": lambda _: performance.measures(),
}
"""By the word under which a form of a lower app offers them."""


def offers(subject: object, seen_by: By | None) -> Iterator[Link]:
    """What this reader can do with a subject in the apps above its own."""
    noun = getattr(type(subject), "noun", None)
    if noun is None or seen_by is None:
        return
    for offer in OFFERS.get(noun(), ()):
        yield from offer(subject, seen_by)


def choices(word: str, seen_by: By | None = None) -> list[tuple[str, str]]:
    """What the apps above have to choose from under this word."""
    known = CHOICES.get(word)
    return known(seen_by) if known else []
