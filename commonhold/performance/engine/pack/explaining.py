"""What officers say about the figures of a pack, and what partners doubt: off target and why, words part by part."""

from collections.abc import Iterable, Iterator
from typing import Final

from commonhold.documents.engine.blocks import Heading, Note, Paragraph
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Cell, Column, Table
from commonhold.documents.engine.words import Run, Words
from commonhold.govuk.formats import day
from commonhold.performance.engine.pack.edition import Doubted, Edition, Explained
from commonhold.performance.engine.pack.verdicts import BY_THE_DESK
from commonhold.performance.engine.pack.words import cell
from commonhold.performance.engine.report.about import About, is_part
from commonhold.performance.engine.report.offtarget import Against, Result

IN_WORDS: Final = {
    Result.REACHED: "reached",
    Result.OFF: "not reached",
    Result.CANNOT_TELL: "cannot be told from the source",
}
NO_WORDS: Final = "No explanation was given."


def off_target(edition: Edition) -> Iterator[Block]:
    """Every figure that has an aim beside it; of each that does not reach it why, or that no explanation was given."""
    spoken = edition.spoken
    others = [one for one in spoken.explained if one.about.measure and not _is_off(edition, one.about)]
    doubted = [one for one in spoken.doubted if not _is_off(edition, one.about)]
    if not (spoken.against or others or doubted or spoken.open_until):
        return
    yield Heading(1, "Off target, and why", "off-target")
    if spoken.open_until is not None:
        yield Paragraph(
            f"The partners could query these figures until {day(spoken.open_until)}. What they queried and is not "
            "settled says so here."
        )
    if spoken.against:
        yield Table(
            caption=f"Figures beside their aims ({spoken.aims})",
            columns=(Column("Figure"), Column("Is", "number"), Column("Aim", "short"), Column("Result", "short")),
            rows=tuple(_row(one) for one in spoken.against),
            id="table-aims",
        )
    for one in spoken.against:
        if one.result is Result.OFF:
            words = spoken.words_on(one.about)
            yield Heading(2, one.about.title, _place(one.about))
            yield from _words(words) if words else [Paragraph(Run(NO_WORDS, strong=True))]
            yield from _doubts(spoken.doubts_of(one.about))
    for explained in others:
        yield Heading(2, explained.about.title, _place(explained.about))
        yield from _words(explained)
        yield from _doubts(spoken.doubts_of(explained.about))
    loose = [one for one in doubted if str(one.about) not in {str(explained.about) for explained in others}]
    if loose:
        yield Heading(2, "Queried by partners, and not settled", "queried")
        yield from _doubts(loose, named=True)


def with_words(edition: Edition, blocks: Iterable[Block]) -> Iterator[Block]:
    """A part of the pack, with what officers say of it as a whole under its heading."""
    for block in blocks:
        yield block
        if isinstance(block, Heading) and is_part(block.id):
            words = edition.spoken.words_on(About(block.id))
            if words is not None:
                yield Note((*lines(words),))


def _row(one: Against) -> tuple[str | Cell, ...]:
    result = Cell(IN_WORDS[one.result], strong=one.result is Result.OFF)
    title = f"{one.about.title}, {BY_THE_DESK}" if one.is_by_the_desk else one.about.title
    said = f"{one.aim.words} ({one.beside})" if one.beside else one.aim.words
    return (title, cell(one.headline), said, result)


def _is_off(edition: Edition, about: About) -> bool:
    return any(str(one.about) == str(about) and one.result is Result.OFF for one in edition.spoken.against)


def _words(words: Explained) -> Iterator[Block]:
    yield from (Paragraph(line) for line in lines(words))


def lines(words: Explained) -> Iterator[Words]:
    """An explanation as its lines: why, what is done, who stands by it and since which entry."""
    yield f"Why: {words.why}"
    if words.doing:
        yield f"What is done: {words.doing}"
    when = f"By {day(words.by_when)}. " if words.by_when else ""
    yield (
        f"{when}{words.post}, {day(words.at)}, ",
        Run(f"entry {words.entry} of the record", address=_entry(words.entry)),
    )


def _doubts(doubts: Iterable[Doubted], *, named: bool = False) -> Iterator[Block]:
    for one in doubts:
        what = f"{one.about.title}. " if named else ""
        state = "answered, and not settled" if one.is_answered else "not answered yet"
        said = f": {one.words}" if one.words else "."
        yield Note(
            (
                (
                    f"{what}Queried by {one.partner}, {state} (",
                    Run(f"entry {one.entry}", address=_entry(one.entry)),
                    f"){said}",
                ),
            )
        )


def _entry(number: int) -> str:
    return f"/record/entries/{number}/"


def _place(about: About) -> str:
    """The place in the document that links to its words lead to."""
    scope = "-".join(value or "none" for value in about.scope.values())
    letters = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in f"{about.measure}-{scope}".lower())
    return f"off-{letters}".rstrip("-")
