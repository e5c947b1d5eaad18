"""The pack as a document: one page that a councillor understands on a phone first, everything else behind it."""

from collections.abc import Iterator

from commonhold.documents.engine.blocks import Contents, Heading, Note, PageBreak, Paragraph
from commonhold.documents.engine.charts import KeyFigure, KeyFigures
from commonhold.documents.engine.document import Block, Document
from commonhold.govuk.formats import instant, period
from commonhold.performance.engine.pack import checking, fairness, sections
from commonhold.performance.engine.pack.edition import Edition
from commonhold.performance.engine.pack.words import address, beside, change, value


def document(edition: Edition) -> Document:
    """The whole pack, in the order in which it is read."""
    return Document(
        title=f"Performance pack, {period(edition.span)}",
        subtitle=edition.partnership,
        date=edition.span.last,
        author=edition.partnership,
        audience=edition.profile.audience,
        blocks=tuple(_blocks(edition)),
        marking=edition.marking,
        home=edition.home,
    )


def _blocks(edition: Edition) -> Iterator[Block]:
    yield from _in_short(edition)
    yield PageBreak()
    yield Contents()
    yield from sections.volumes(edition)
    yield from sections.targets(edition)
    yield from sections.urgent(edition)
    yield from sections.backlog(edition)
    yield from fairness.parity(edition)
    yield from fairness.partners(edition)
    yield from fairness.holders(edition)
    yield from sections.verdicts(edition)
    yield from checking.definitions(edition)
    yield from checking.how_to_check(edition)


def _in_short(edition: Edition) -> Iterator[Block]:
    yield Heading(1, "In short", "in-short")
    if edition.remarks:
        yield Note(tuple(f"{remark}." for remark in edition.remarks), warning=True)
    yield KeyFigures(tuple(_key_figures(edition)))
    if edition.parity is not None:
        yield from (Paragraph(sentence) for sentence in fairness.in_short(edition.parity))
    yield Paragraph(
        f"Figures are of {period(edition.span)}, read as of {instant(edition.as_of)}, from what was known at entry "
        f"{edition.known_at} of the record. Every number leads to its evidence."
    )


def _key_figures(edition: Edition) -> Iterator[KeyFigure]:
    scope = {"partner": edition.profile.partner} if edition.profile.partner else {}
    wanted: tuple[tuple[str, str, dict[str, str | None]], ...] = (
        ("Resolved within target", "within_target", {}),
        ("P1 incidents resolved within target", "within_target", {"priority": "P1"}),
        ("Tickets opened", "tickets_opened", {}),
        ("Open at the end", "open_at_end", {}),
        ("Open for more than 30 days", "aged_open", {}),
    )
    for label, measure, narrower in wanted:
        now = edition.now.find(measure, **scope, **narrower)
        if now is None:
            continue
        then = edition.before.find(measure, **scope, **narrower) if edition.before else None
        what = f"{edition.before_is}, {period(edition.before.span)}" if edition.before else "earlier period"
        yield KeyFigure(
            label=label,
            value=value(now),
            detail=beside(now),
            comparison=change(now, then, what),
            address=address(now),
        )
