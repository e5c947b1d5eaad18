"""The project's documents as text: their links, the commands they show, the files they name."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.source import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^(?:[\d*]+ [\d*/ ]+ +)?(?:\w+=\S+ )*(?:ExecStart=)?(?:\S*/)?commonhold +([a-z].*)$")
NAMED = re.compile(r"`(?:[\w-]+/)*[\w-]+\.(?:py|toml|html|json|css|mjs|typ|md)`")

ELSEWHERE = re.compile(r"[\w-]+/[\w.-]+ `")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def links(path: Path) -> list[str]:
    """The addresses that a document links to, those in code left out."""
    return LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8")))


def blocks(path: Path) -> Iterator[str]:
    """What stands in a document's code blocks, those in a programming language left out."""
    for language, text in FENCE.findall(path.read_text(encoding="utf-8")):
        if language in ("", "sh", "ini"):
            yield text


def commands(path: Path) -> Iterator[list[str]]:
    """Every command line of `commonhold` in a document's code blocks, as words without `commonhold` itself."""
    for block in blocks(path):
        for line in block.splitlines():
            if match := COMMAND.match(line.strip()):
                given = re.sub(r"\$\([^)]*\)", "X", re.split(r" (?:&&|\||>) ", match.group(1))[0])
                yield shlex.split(given, comments=True)


def files_named(path: Path) -> set[str]:
    """Our files that a document names between backticks, as they stand there; those of other projects follow a name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    ours = [line for line in lines if not ELSEWHERE.search(line)]
    return {found.strip("`") for found in NAMED.findall("\n".join(ours))}


@cache
def in_the_tree() -> tuple[Path, ...]:
    """Every file of the project, without what it makes for itself."""
    parts = [ROOT / name for name in ("commonhold", "tests", "bench", "docs", "requirements", ".ci")]
    return (*ROOT.glob("*.*"), *(path for part in parts for path in part.glob("**/*.*")))


@cache
def headings(path: Path) -> frozenset[str]:
    """The anchors of a document's headings, as they are made of their words."""
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.M)
    return frozenset(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)
