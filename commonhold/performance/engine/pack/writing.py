"""The pack as a document: one page that a councillor understands on a phone first, everything else behind it."""

from collections.abc import Iterator

from commonhold.documents.engine.blocks import Contents, PageBreak
from commonhold.documents.engine.document import Block, Document
from commonhold.govuk.formats import period
from commonhold.performance.engine.pack import categories, checking, fairness, incidents, summary, targets, work
from commonhold.performance.engine.pack.edition import Edition


def document(edition: Edition) -> Document:
    """The whole pack, in the order in which it is read."""
    return Document(
        title=f"Performance pack, {period(edition.span)}",
        subtitle="",
        date=edition.span.last,
        author=edition.partnership,
        audience=edition.profile.audience,
        blocks=tuple(_blocks(edition)),
        marking=edition.marking,
        home=edition.home,
    )


def _blocks(edition: Edition) -> Iterator[Block]:
    yield from summary.in_short(edition)
    yield PageBreak()
    yield Contents()
    yield from work.volumes(edition)
    yield from targets.targets(edition)
    yield from targets.verdicts(edition)
    yield from targets.urgent(edition)
    yield from incidents.incidents(edition.register, edition.profile, edition.span)
    yield from categories.categories(edition)
    yield from work.backlog(edition)
    yield from fairness.parity(edition)
    yield from fairness.partners(edition)
    yield from fairness.holders(edition)
    yield from checking.definitions(edition)
    yield from checking.how_to_check(edition)
