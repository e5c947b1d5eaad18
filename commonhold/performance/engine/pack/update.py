"""The update report: what a committee reads of a pack, in words and figures on two or three pages; all else by link.

It is a form of the same pack: the same edition, published, corrected and withdrawn together with it.
"""

from collections.abc import Iterator
from typing import Final

from commonhold.demand.engine.incidents.counting import apart
from commonhold.documents.engine.blocks import BulletList, Heading, Paragraph
from commonhold.documents.engine.document import Block, Document
from commonhold.documents.engine.tables import Column, Table
from commonhold.documents.engine.words import Run, Words
from commonhold.govuk.formats import duration, instant, listed, period
from commonhold.performance.engine.pack import explaining, readings, summary, targets, verdicts, work
from commonhold.performance.engine.pack.edition import Edition
from commonhold.performance.engine.pack.holding import URGENT

MAIN: Final = ("satisfaction", "availability", "calls_offered", "first_contact_fix")
"""Of readings, what stands among the main figures; the rest is in the pack."""


def document(edition: Edition) -> Document:
    """The update report of a period for an audience."""
    return Document(
        title=f"Update report, {period(edition.span)}",
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
    yield from explaining.off_target(edition)
    yield from _words(edition)
    yield from _incidents(edition)
    yield from _figures(edition)
    yield from _elsewhere(edition)


def _words(edition: Edition) -> Iterator[Block]:
    """What officers say of the period, part by part; nothing where nobody signed off a word."""
    said = [one for one in edition.spoken.explained if one.about.measure is None]
    if not said:
        return
    yield Heading(1, "What officers say", "officers")
    for one in sorted(said, key=lambda one: one.about.place):
        yield Heading(2, one.about.title, f"says-{one.about.part}")
        yield from (Paragraph(line) for line in explaining.lines(one))


def _incidents(edition: Edition) -> Iterator[Block]:
    """P1 and key incidents, counts first, each in a paragraph that leads to its account."""
    register = edition.register
    yield Heading(1, f"{URGENT} and key incidents", "incidents")
    yield from map(Paragraph, apart(register.counts) if register.counts else ())
    for one in register.told:
        hit = listed(one.services) if one.services else "none named"
        went = f"Detected {instant(one.detected)}, restored after {duration(one.minutes)}; target {one.result}."
        said = f". {one.happened} {went} Residents' services hit: {hit}."
        yield Paragraph((Run(one.title, strong=True, address=one.address), said))
    if not register.told:
        yield Paragraph("No account of an incident of this period is signed off.")
    if register.some_unwritten:
        yield Paragraph(f"Not every {URGENT} ticket of the period is in a signed-off account yet.")


def _figures(edition: Edition) -> Iterator[Block]:
    yield Heading(1, "Figures", "figures")
    lines: list[work.Line] = [
        ("Tickets opened", "tickets_opened", {}),
        ("Tickets resolved", "tickets_resolved", {}),
        *(
            line
            for priority in targets.PRIORITIES
            if verdicts.is_told(edition, priority=priority)
            for line in _in_time(edition, priority or "No priority", {"priority": priority})
        ),
        *_in_time(edition, "All", {}),
        ("Open at the end", "open_at_end", {}),
        ("Open for more than 30 days", "aged_open", {}),
        ("Open past their target", "breached_open", {}),
    ]
    yield work.side_by_side(edition, "Main figures of the period", "table-main", lines)
    yield from _readings(edition)


def _in_time(edition: Edition, name: str, scope: dict[str, str | None]) -> list[work.Line]:
    return verdicts.lines(edition, f"{name} resolved within target", scope)


def _readings(edition: Edition) -> Iterator[Table]:
    rows = tuple(readings.headlines(edition, MAIN))
    if rows:
        yield Table(
            caption="What readings tell",
            columns=(Column("Measure"), Column(period(edition.span), "number"), Column("Who counted")),
            rows=rows,
            id="table-readings",
        )


def _elsewhere(edition: Edition) -> Iterator[Block]:
    """Where everything else is: on the site, by link."""
    days = f"?first={edition.span.first}&last={edition.span.last}"
    places: list[Words] = [
        (Run(words, address=address), ".")
        for words, address in (
            ("The performance packs of these days, with every table and chart", "/packs/"),
            ("Every figure of the period", f"/figures/{days}"),
            ("Whether the partners are served alike, and within which limits", f"/parity/{days}"),
            ("What P2 and P3 tickets were about", f"/categories/{days}"),
            ("Exceptions, by rules that are the same for all", f"/exceptions/{days}"),
            ("The register of incidents", "/incidents/"),
            ("The record, and how it is checked without trusting the server", "/record/"),
        )
    ]
    yield Heading(1, "Everything else", "elsewhere")
    yield BulletList(tuple(places))
    yield Paragraph(
        "What each figure means stands behind it and in the pack. Percentages of fewer than 20 events are printed with "
        "their counts first, changes of percentages are in percentage points, and everything is rounded once, half to "
        "even, on the exact value."
    )
