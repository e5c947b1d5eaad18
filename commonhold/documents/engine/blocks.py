"""The blocks of a document that are words: headings, paragraphs, lists, insets, definitions."""

from dataclasses import dataclass

from commonhold.documents.engine.words import Words, check_id, needed, plain

DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, from 1 (a part of the document) downwards; `id` is the place that links lead to."""

    level: int
    text: str
    id: str

    def __post_init__(self) -> None:
        needed(heading=self.text)
        check_id(self.id)
        if not 1 <= self.level <= DEEPEST:
            raise ValueError(f"The heading {self.text!r} is of level {self.level}, not 1 to {DEEPEST}.")


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of the document's headings, down to a level."""

    title: str = "Contents"
    down_to: int = 1

    def __post_init__(self) -> None:
        needed(title=self.title)


@dataclass(frozen=True, slots=True)
class Paragraph:
    words: Words


@dataclass(frozen=True, slots=True)
class BulletList:
    items: tuple[Words, ...]

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("A list has at least one item.")


@dataclass(frozen=True, slots=True)
class Note:
    """Paragraphs set apart; `warning` where the reader could otherwise be misled."""

    paragraphs: tuple[Words, ...]
    warning: bool = False

    def __post_init__(self) -> None:
        if not self.paragraphs:
            raise ValueError("A note says something.")


@dataclass(frozen=True, slots=True)
class Definition:
    term: str
    meaning: Words

    def __post_init__(self) -> None:
        needed(term=self.term, meaning=plain(self.meaning))


@dataclass(frozen=True, slots=True)
class Definitions:
    items: tuple[Definition, ...]

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("A list of definitions has at least one.")


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page, where there are pages."""
