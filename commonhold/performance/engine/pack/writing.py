"""The pack as a document: one page that a councillor understands on a phone first, everything else behind it."""

from collections.abc import Callable, Iterator
from typing import Final

from commonhold.documents.engine.blocks import Contents, PageBreak
from commonhold.documents.engine.document import Block, Document
from commonhold.documents.engine.tables import Cell
from commonhold.figures import Span
from commonhold.govuk.formats import period
from commonhold.performance.engine.pack import (
    before,
    categories,
    checking,
    disputed,
    exceptional,
    explaining,
    fairness,
    incidents,
    readings,
    services,
    summary,
    targets,
    verdicts,
    work,
)
from commonhold.performance.engine.pack.edition import Edition
from commonhold.performance.engine.pack.words import cell


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
    yield from explaining.off_target(edition)
    for part in PARTS:
        yield from explaining.with_words(edition, part(edition))
    yield from checking.definitions(edition)
    yield from checking.how_to_check(edition)


def _disputed(edition: Edition) -> Iterator[Block]:
    yield from disputed.disputed(
        edition.disputes, lambda one: verdicts.named(edition, one.title, one.measure, one.scope)
    )


def _incidents(edition: Edition) -> Iterator[Block]:
    yield from incidents.incidents(edition.register, edition.profile, edition.span)


def _exceptions(edition: Edition) -> Iterator[Block]:
    def opened(span: Span, of: str | None) -> Cell:
        held = edition.now if span == edition.span or edition.before is None else edition.before
        return cell(held.find("tickets_opened", **({} if of == exceptional.ALL else {"partner": of})), bare=True)

    before = edition.before.span if edition.before else None
    yield from exceptional.exceptions(edition.exceptional, edition.span, before, opened)


PARTS: Final[tuple[Callable[[Edition], Iterator[Block]], ...]] = (
    work.volumes,
    targets.targets,
    targets.verdicts,
    targets.urgent,
    _incidents,
    services.services,
    categories.categories,
    work.backlog,
    _exceptions,
    fairness.parity,
    fairness.partners,
    fairness.holders,
    _disputed,
    readings.readings,
    before.published_before,
)
"""The parts that tell of the service, in the order in which they are read."""
