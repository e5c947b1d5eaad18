"""commonhold recompute FIGURE_ID|figures.json"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from commonhold.performance.queries import published, recomputing
from commonhold.refusals import Refused

Figures = Iterable[Mapping[str, Any]]
MadeFrom = Mapping[str, Any] | None
Given = tuple[list[dict[str, Any]], MadeFrom]
GIVE: Final = "Give the file figures.json of a pack, or what `commonhold figures --json` printed."

OWNERS: Final[dict[str, Callable[[Figures, MadeFrom], Iterator[recomputing.Answer]]]] = {
    "performance": recomputing.recomputed
}
"""Who computes a figure again, by the first word of its reference."""


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Compute published figures again from the kept files and rules alone, and say which are the same. "
        "Example: commonhold recompute packs/2026-q2/figures.json"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", metavar="FIGURE_ID|figures.json", help="a figure's reference, or a file of figures")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        figures, made_from = given(options["what"])
        answers = [answer for owner, of in OWNERS.items() for answer in of(_owned(figures, owner), made_from)]
        if options["json"]:
            print(json.dumps([answer.as_json() for answer in answers], ensure_ascii=False, indent=1))
        else:
            for answer in answers:
                if answer.answer != "same":
                    print(f"{answer.answer}: {answer.figure}: {answer.why}")
            same = sum(answer.answer == "same" for answer in answers)
            print(f"{same} of {len(answers)} figures are the same.")
        if any(answer.answer != "same" for answer in answers):
            sys.exit(1)


def given(what: str) -> Given:
    """The figures in a file, or the published one of a reference, and what they say they were made from."""
    if what.startswith(tuple(f"{owner}/" for owner in OWNERS)):
        found = published.with_inputs(what)
        if found is None:
            raise Refused("No published figure has this reference. Give the file figures.json that holds it.")
        return found
    return _in_file(Path(what))


def _in_file(path: Path) -> Given:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise Refused(f"{path} cannot be opened: {problem.strerror}. {GIVE}") from None
    except (ValueError, RecursionError):
        raise Refused(f"{path} is not JSON. {GIVE}") from None
    figures = content.get("figures") if isinstance(content, dict) else content
    readable = isinstance(figures, list) and all(isinstance(one, dict) and "evidence" in one for one in figures)
    if not figures or not readable:
        raise Refused(f"{path} holds no figures. {GIVE}")
    unknown = [one for one in figures if str(one["evidence"]).partition("/")[0] not in OWNERS]
    if unknown:
        raise Refused(f"Nobody here computes the figure {unknown[0]['evidence']}.")
    made_from = content.get("made_from") if isinstance(content, dict) else None
    if made_from is not None and not _names_its_files(made_from):
        raise Refused(f"{path} does not say by number and SHA-256 which files its figures were made from. {GIVE}")
    return figures, made_from


def _names_its_files(made_from: object) -> bool:
    batches = made_from.get("batches") if isinstance(made_from, dict) else None
    return isinstance(batches, list) and all(
        isinstance(one, dict) and isinstance(one.get("batch"), int) and isinstance(one.get("sha256"), str)
        for one in batches
    )


def _owned(figures: list[dict[str, Any]], owner: str) -> list[dict[str, Any]]:
    return [one for one in figures if str(one["evidence"]).startswith(f"{owner}/")]
