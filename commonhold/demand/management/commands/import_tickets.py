"""commonhold import-tickets FILE… --mapping NAME|FILE.toml"""

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from textwrap import indent
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.demand.acts import imports
from commonhold.demand.engine import mapping, partners
from commonhold.demand.engine.causes import causes
from commonhold.demand.engine.intake import TooManyBadRows
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.engine.rows import Problem
from commonhold.demand.queries import files, mappings
from commonhold.demand.queries.files import File
from commonhold.demand.queries.read_anew import called_by
from commonhold.demand.queries.rehearsal import rehearsal
from commonhold.partnership.queries import on_the_command_line
from commonhold.refusals import Refused

CAUSES: Final = 100
"""Causes of rows left out that are printed; `--json` lists every row."""

EXAMPLE = """Example:
  commonhold import-tickets incidents.csv.gz --mapping servicenow-audit --partners sites.csv --time-zone Europe/London
"""


class Command(BaseCommand):
    requires_system_checks = ()
    help = f"Import a service desk's exports, each file wholly or not at all. {EXAMPLE}"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV or JSON, also gzipped; in order")
        parser.add_argument("--mapping", required=True, metavar="NAME|FILE.toml", help="how to read the export")
        parser.add_argument("--partners", type=Path, metavar="MAP.csv", help="two columns: value, partner")
        parser.add_argument("--time-zone", metavar="ZONE", help="of dates without an offset; overrides the mapping's")
        parser.add_argument("--tolerate", type=float, default=0.01, metavar="SHARE", help="bad rows left out (0.01)")
        parser.add_argument("--kind", choices=["tickets", "holds"], default="tickets", help="holds: a companion file")
        parser.add_argument(
            "--every-hold", action="store_true", help="the file of holds tells every hold: who is not in it had none"
        )
        parser.add_argument(
            "--exported-at", metavar="INSTANT", help="when the desk made the file (default: the last instant in it)"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and report; change nothing")
        parser.add_argument("--acting", metavar="POST", help="who brings the file (default: operator)")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        reports: list[dict[str, Any]] = []
        try:
            self._import_all(reports, options)
        except Refused as refusal:
            if options["json"]:
                reports.append(files.report_of_refusal(refusal))
            raise
        finally:
            self._print(reports, options)

    def _import_all(self, reports: list[dict[str, Any]], options: dict[str, Any]) -> None:
        rules = _rules(options)
        exported_at = files.instant(options["exported_at"], "--exported-at")
        areas = read_partners(options["partners"])
        paths = options["files"]
        for number, path in enumerate(paths, start=1):
            try:
                reports.append(self._import(path, rules, areas, exported_at, options))
            except Refused as refusal:
                if after := paths[number:]:
                    refusal.problems += (f"Not looked at, because they come after it: {', '.join(map(str, after))}.",)
                raise

    def _import(
        self,
        path: Path,
        rules: Mapping,
        areas: partners.PartnerMap | None,
        exported_at: datetime | None,
        options: dict[str, Any],
    ) -> dict[str, Any]:
        with ExitStack() as stack:
            try:
                stream = stack.enter_context(path.open("rb"))
            except OSError as problem:
                raise Refused(f"{path} cannot be opened: {problem.strerror}.") from None
            file = File(
                stream=stream,
                mapping=rules,
                partners=areas,
                time_zone=options["time_zone"],
                tolerate=options["tolerate"],
                exported_at=exported_at,
            )
            by = on_the_command_line(options["acting"], timezone.now())
            try:
                if options["dry_run"]:
                    return rehearsal(file, by.at)
                return imports.bring(by=by, file=file, clock=timezone.now, progress=_say_nothing)
            except Refused as refusal:
                raise Refused(f"{path} was refused: {refusal.message}", _problems(refusal, options)) from refusal

    def _print(self, reports: list[dict[str, Any]], options: dict[str, Any]) -> None:
        if options["json"]:
            if reports:
                several = len(options["files"]) > 1
                print(json.dumps(reports if several else reports[0], ensure_ascii=False, indent=1))
            return
        if reports:
            rules = _rules(options)
            read_by = called_by(rules.name, rules.digest)
            for path, report in zip(options["files"], reports, strict=False):
                _print_report(path, report, read_by, dry_run=options["dry_run"])


def _rules(options: dict[str, Any]) -> Mapping:
    """How the files are read, as tickets or as their holds."""
    rules = read_mapping(options["mapping"])
    if options["kind"] == mapping.HOLDS:
        return mapping.of_holds(rules, complete=options["every_hold"])
    if options["every_hold"] and rules.kind != mapping.HOLDS:
        raise Refused("--every-hold speaks of a file of holds: give --kind holds as well.")
    return mapping.of_holds(rules, complete=options["every_hold"]) if rules.kind == mapping.HOLDS else rules


def read_mapping(name: str) -> Mapping:
    """The mapping of this name, built in or saved, or the one in a TOML file."""
    path = Path(name)
    if path.suffix != ".toml":
        return mappings.called(name)
    try:
        return mapping.parse(path.read_bytes(), path.stem, path.name)
    except OSError as problem:
        raise Refused(f"The mapping {path} cannot be opened: {problem.strerror}.") from None


def read_partners(path: Path | None) -> partners.PartnerMap | None:
    """The map of partners in a file, where one is given."""
    if path is None:
        return None
    try:
        with path.open("rb") as stream:
            return partners.read(stream, path.name)
    except OSError as problem:
        raise Refused(f"The map of partners {path} cannot be opened: {problem.strerror}.") from None


def _problems(refusal: Refused, options: dict[str, Any]) -> list[str]:
    """What a refusal names: each cause once, or line by line for those who read every one."""
    if options["json"] and isinstance(refusal, TooManyBadRows):
        return [*map(str, refusal.refused)]
    return _first(refusal.problems)


def _first(causes: Sequence[object]) -> list[str]:
    """As many causes as a screen takes, in words."""
    more = len(causes) - CAUSES
    return [*map(str, causes[:CAUSES]), *([f"{more:,} more causes: --json lists every line."] if more > 0 else [])]


def _say_nothing(share: float, words: str) -> None:
    """The command line shows no progress."""


def _print_report(path: Path, report: dict[str, Any], read_by: str, *, dry_run: bool) -> None:
    tickets = report["tickets"]
    rows = f"{report['rows']:,} {'row' if report['rows'] == 1 else 'rows'}"
    print(
        f"{path}: {rows}, read by {read_by}. Tickets: {tickets['new']:,} new, {tickets['changed']:,} changed, "
        f"{tickets['unchanged']:,} as before.{' A dry run: nothing was imported.' if dry_run else ''}"
    )
    for words in _first(causes(Problem(**line) for line in report["refused"])):
        print(f"  left out {words[0].lower()}{words[1:]}", file=sys.stderr)
    for warning in report["warnings"]:
        print(f"  warning: {warning}", file=sys.stderr)
    for wish in report["ask_the_desk_for"]:
        print(f"  ask the desk for: {wish}")
    if message := report.get("message_to_the_desk"):
        print("\n  A text to send to the desk:\n")
        print(indent(message, "    "))
