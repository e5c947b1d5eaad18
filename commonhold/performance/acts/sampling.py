"""Drawing a sample of the tickets behind a figure: the seed is stated, so that anybody draws the same one."""

import re
from typing import Final

from django.db import transaction

from commonhold.databases.alone import in_turn
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.performance.engine.sampling import ALGORITHM, MOST, digest, drawn
from commonhold.performance.models import Sample
from commonhold.performance.models.sample import LONGEST_SEED
from commonhold.performance.permissions import draws_samples
from commonhold.performance.queries.evidence import population
from commonhold.performance.queries.samples import drawable
from commonhold.refusals import Refused, require

SEED: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9 ./-]{{0,{LONGEST_SEED - 1}}}")
LARGEST_POPULATION: Final = 200_000
"""Tickets behind a figure that a page draws from."""


@transaction.atomic
def draw(*, by: By, figure: str, seed: str, size: int) -> Sample:
    """Draw from the tickets behind a figure that the drawer may see; the draw is on the record whatever it brings."""
    require(draws_samples(by), "draw samples")
    said = " ".join(seed.split())
    if not SEED.fullmatch(said):
        raise Refused(
            f"A seed has up to {LONGEST_SEED} letters, digits, spaces and . / -, and begins with a letter or a digit."
        )
    if not 1 <= size <= MOST:
        raise Refused(f"A sample has from 1 to {MOST} tickets.")
    among = population(figure, seen_by=by)
    if not among.counted:
        raise Refused("None of the tickets behind this figure is yours to see, so none can be drawn.")
    if len(among.counted) > LARGEST_POPULATION:
        raise Refused(f"More than {LARGEST_POPULATION:,} tickets are behind this figure. Draw from one of fewer days.")
    named = str(among.reference)
    in_turn(f"samples of {named}")
    before = Sample.objects.filter(figure=named, seed=said, size=size, partner=among.partner).first()
    if before is not None:
        raise Refused(f"This sample was drawn before: it is sample {before.pk}, and would be the same again.")
    found = drawn(said, drawable(among.counted), size)
    made = Sample.objects.create(
        figure=named,
        seed=said,
        size=size,
        population=len(among.counted),
        of_all=among.all,
        algorithm=ALGORITHM,
        tickets=[[one.desk, one.reference, one.number, among.counted[one.number]] for one in found],
        sha256=digest(found),
        partner=among.partner,
        post=by.post,
        at=by.at,
    )
    facts = {"figure": named, "seed": said, "size": size, "population": len(among.counted), "algorithm": ALGORITHM}
    because = Entry.objects.filter(number=among.reference.known_at).first()
    record(by=by, kind="sample.drawn", subject=made, because=because, facts=facts)
    return made
