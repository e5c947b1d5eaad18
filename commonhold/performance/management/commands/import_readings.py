"""commonhold import-readings FILE"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import on_the_command_line
from commonhold.performance.acts import bringing
from commonhold.performance.permissions import brings_some_readings
from commonhold.performance.queries import brought
from commonhold.performance.queries.brought import Plan
from commonhold.refusals import Refused, require


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Bring a file of readings, numbers that tickets do not give, wholly or not at all. Columns: measure, partner, "
        "service, from, to, numerator, denominator or value, unit, source, note; also site, threshold, grade. "
        "Example: commonhold import-readings phones-2026-06.csv"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, also gzipped")
        parser.add_argument("--dry-run", action="store_true", help="read and report; change nothing")
        parser.add_argument(
            "--reason", default="", metavar="TEXT", help="why readings of the same days as others correct those"
        )
        parser.add_argument("--acting", metavar="POST", help="who brings the file (default: operator)")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        by = on_the_command_line(options["acting"], timezone.now())
        require(brings_some_readings(by), "bring readings")
        try:
            plan = self._plan(by, options)
        except OSError as problem:
            raise Refused(f"{options['file']} cannot be opened: {problem.strerror}.") from None
        if options["json"]:
            print(json.dumps(plan.as_json(), ensure_ascii=False, indent=1))
        else:
            _say(options["file"], plan, dry_run=options["dry_run"])
        if plan.problems:
            sys.exit(2)

    def _plan(self, by: By, options: dict[str, Any]) -> Plan:
        """What the file does, or with --dry-run would do. One with bad rows is planned, so that they can be printed."""
        with options["file"].open("rb") as stream:
            plan = brought.plan(stream, by=by, reason=options["reason"])
            if options["dry_run"] or plan.problems:
                return plan
            stream.seek(0)
            return bringing.bring(by=by, stream=stream, reason=options["reason"])


def _say(path: Path, plan: Plan, *, dry_run: bool) -> None:
    for warning in plan.warnings:
        print(f"  warning: {warning}", file=sys.stderr)
    if plan.problems:
        for problem in plan.problems[: brought.LISTED]:
            print(f"  {problem}", file=sys.stderr)
        more = len(plan.problems) - brought.LISTED
        if more > 0:
            print(f"  and {more:,} more: --json lists every one.", file=sys.stderr)
        count = len({problem.line for problem in plan.problems})
        print(
            f"{path}: {count:,} of its rows cannot be taken, so nothing was brought. Put them right and give the whole "
            "file again.",
            file=sys.stderr,
        )
        return
    found = plan.sorted
    ended = " A dry run: nothing was brought." if dry_run else ""
    print(
        f"{path}: {plan.rows:,} {'reading' if plan.rows == 1 else 'readings'}: {len(found.new):,} new, "
        f"{len(found.corrections):,} corrected, {len(found.unchanged):,} as before.{ended}"
    )
