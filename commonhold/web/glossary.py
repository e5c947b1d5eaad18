"""The glossary, kept once as data: the page of the site and docs/glossary.md are both made of it."""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).with_name("glossary.toml")


@dataclass(frozen=True, slots=True)
class Section:
    """Words that belong together, each with its sentence."""

    title: str
    words: Mapping[str, str]


@cache
def sections() -> tuple[Section, ...]:
    with SOURCE.open("rb") as file:
        found = tomllib.load(file)["section"]
    return tuple(Section(section["title"], section["words"]) for section in found)


def markdown() -> str:
    """The glossary as docs/glossary.md holds it."""
    head = "Every word of the domain in one sentence. Code, pages and papers use these words and no others for these"
    parts = [f"# Glossary\n\n{head} things.\n"]
    for section in sections():
        lines = [f"- **{word}**: {sentence}" for word, sentence in section.words.items()]
        parts.append(f"\n## {section.title}\n\n" + "\n".join(lines) + "\n")
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(markdown())
