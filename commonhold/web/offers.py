"""What pages of lower apps can offer of higher ones: a table from a kind of subject to queries."""

from collections.abc import Callable, Iterator

from commonhold.govuk.shell import Link
from commonhold.ledger.engine.by import By

Offer = Callable[[object, By], Iterator[Link]]

OFFERS: dict[str, tuple[Offer, ...]] = {}
"""By the noun of a subject."""


def offers(subject: object, seen_by: By | None) -> Iterator[Link]:
    """What this reader can do with a subject in the apps above its own."""
    noun = getattr(type(subject), "noun", None)
    if noun is None or seen_by is None:
        return
    for offer in OFFERS.get(noun(), ()):
        yield from offer(subject, seen_by)
