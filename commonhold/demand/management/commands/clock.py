"""Answer cases for the service-level clock, or explain what it says: the command `commonhold clock`."""

import json
from argparse import RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonhold.demand.engine.cases import Answer, answers, read_cases
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.refusals import Refused


class Command(BaseCommand):
    help = "Say what the service-level clock makes of the cases in a CSV file: minutes used, due, breached, and why."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example:\n  commonhold clock cases.csv --calendars calendars.toml --json\n\n"
            "CASES.csv has the columns id, description, calendar, opened, events, target_minutes; events is a JSON\n"
            'list such as [["2024-06-11T12:30:00+01:00", "resolved"]].'
        )
        parser.add_argument("cases", nargs="?", metavar="CASES.csv", help="the cases")
        parser.add_argument("--calendars", metavar="CALENDARS.toml", help="the opening hours that the cases name")
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["cases"] or not options["calendars"]:
            raise Refused("Name the cases and the calendars: commonhold clock CASES.csv --calendars CALENDARS.toml")
        given = _answers(options["cases"], options["calendars"])
        for answer in given:
            if answer.warning:
                self.stderr.write(f"Warning: {answer.warning}")
        if options["json"]:
            self.stdout.write(json.dumps([answer.as_json() for answer in given], indent=2, ensure_ascii=False))
        else:
            self.stdout.write(as_text(given))


def as_text(given: Sequence[Answer]) -> str:
    """The answers as a table, each with the intervals it counted below it."""
    width = max([len("id"), *(len(answer.id) for answer in given)])
    lines = [f"{'id':<{width}}  {'minutes':>7}  {'breached':<8}  due"]
    for answer in given:
        due = answer.due.isoformat() if answer.due else f"none ({answer.why_no_due})"
        breached = "yes" if answer.breached else "no"
        lines.append(f"{answer.id:<{width}}  {answer.minutes:>7}  {breached:<8}  {due}")
        parts = [(part, f"{part.seconds // 60:>5} min") for part in answer.counted]
        parts += [(part, "not counted") for part in answer.uncounted]
        for part, counted in sorted(parts, key=lambda part: part[0].begins.timestamp()):
            why = f": {part.why_not}" if part.why_not and part.why_not != part.state.replace("_", " ") else ""
            lines.append(
                f"    {part.begins.isoformat()} to {part.ends.isoformat()}  {part.state}, {counted.strip()}{why}"
            )
    return "\n".join(lines)


def _answers(cases: str, calendars: str) -> list[Answer]:
    agreed = Calendars.from_toml(_text(calendars), calendars)
    return list(answers(read_cases(_bytes(cases), cases, agreed), agreed))


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise Refused(f"{path} cannot be read ({problem.strerror}); check its name and who may read it.") from None


def _text(path: str) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{path} is not UTF-8 text; save it as UTF-8.") from None
