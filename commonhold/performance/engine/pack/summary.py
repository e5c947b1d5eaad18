"""The first page of a pack: what a councillor understands on a phone in a minute."""

from collections.abc import Iterator

from commonhold.documents.engine.blocks import Heading, Note, Paragraph
from commonhold.documents.engine.charts import KeyFigure, KeyFigures
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.words import Run, Words
from commonhold.figures import Figure
from commonhold.govuk.formats import instant, period
from commonhold.performance.engine import heading
from commonhold.performance.engine.pack import fairness
from commonhold.performance.engine.pack.edition import Correction, Edition
from commonhold.performance.engine.pack.holding import URGENT
from commonhold.performance.engine.pack.words import address, beside, change, value

HEADS = {
    "within_target": ("Resolved within target", f"{URGENT}, the most urgent, within target"),
    "source_verdict_met": ("Met, by the desk's own verdict", f"{URGENT}, the most urgent, by the desk's verdict"),
}


def in_short(edition: Edition) -> Iterator[Block]:
    """Six figures to remember, whether the partners are served alike, and what must be known to read them."""
    yield Heading(1, "In short", "in-short")
    if edition.correction is not None:
        yield Note(tuple(_correction(edition.correction)), warning=True)
    yield KeyFigures(tuple(_key_figures(edition)))
    if edition.parity is not None:
        yield from (Paragraph(sentence) for sentence in fairness.in_short(edition.parity, edition.profile.partner))
    if edition.remarks:
        yield Note(tuple(edition.remarks), warning=True)
    yield Paragraph(
        f"Figures are of {period(edition.span)}, read as of {instant(edition.as_of)}, from what was known at entry "
        f"{edition.known_at} of the record. {_compared_with(edition)} Every number leads to its evidence."
    )


def _correction(correction: Correction) -> Iterator[Words]:
    yield (
        "This pack is a correction. It takes the place of ",
        Run(correction.ref, address=f"/packs/{correction.pack}/"),
        f", published {instant(correction.published)}, entry {correction.entry} of the record.",
    )
    yield f"Why: {correction.reason}"


def _compared_with(edition: Edition) -> str:
    if edition.before is None:
        return "No earlier period is known to compare them with."
    return f"They are held against the {edition.before_is}, {period(edition.before.span)}."


def _key_figures(edition: Edition) -> Iterator[KeyFigure]:
    urgent: dict[str, str | None] = {"priority": URGENT}
    of_the_urgent = edition.head(**urgent)
    wanted: tuple[tuple[str, str, dict[str, str | None]], ...] = (
        (HEADS[edition.heads][0], edition.heads, {}),
        (HEADS[of_the_urgent][1], of_the_urgent, urgent),
        ("Tickets opened", "tickets_opened", {}),
        ("Half were resolved within", "resolution_hours_median", {}),
        ("Open at the end", "open_at_end", {}),
        ("Open for more than 30 days", "aged_open", {}),
    )
    for label, measure, narrower in wanted:
        now = edition.now.find(measure, **edition.own, **narrower)
        if now is None:
            continue
        then = edition.before.find(measure, **edition.own, **narrower) if edition.before else None
        yield KeyFigure(
            label=label,
            value=value(now),
            detail=_detail(edition, now, narrower),
            comparison=change(now, then, edition.before.span) if edition.before else "",
            address=address(now),
        )


def _detail(edition: Edition, now: Figure, narrower: dict[str, str | None]) -> str:
    """What stands under a figure; under the desk's own verdict ours as well, as the least it can be (F5)."""
    ours = edition.now.find(heading.OURS, **edition.own, **narrower) if now.measure == heading.DESKS else None
    said = (beside(now), heading.beside(ours) if ours else "")
    return "; ".join(filter(None, said))
