"""Answer cases for the service-level clock, or explain what it says: the command `commonhold clock`."""

import json
from argparse import RawDescriptionHelpFormatter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.http import Http404
from django.utils import timezone

from commonhold.databases.setting_up import has_table
from commonhold.demand.engine.cases import Answer, Case, answer_to, answers, read_cases
from commonhold.demand.engine.columns import Grade
from commonhold.demand.models import Reckoning
from commonhold.demand.queries.knowledge import now
from commonhold.demand.queries.ticket import read_clock, told
from commonhold.demand.queries.tickets import seen_ticket, the_ticket
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.queries import on_the_command_line
from commonhold.refusals import NotAllowed, Refused


class Command(BaseCommand):
    help = (
        "Say what the service-level clock makes of the cases in a CSV file, or of one ticket: minutes used, due, "
        "breached, and why."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Examples:\n  commonhold clock cases.csv --calendars calendars.toml --json\n"
            "  commonhold clock --ticket SD0000042\n\n"
            "CASES.csv has the columns id, description, calendar, opened, events, target_minutes; events is a JSON\n"
            'list such as [["2024-06-11T12:30:00+01:00", "resolved"]].'
        )
        parser.add_argument("cases", nargs="?", metavar="CASES.csv", help="the cases")
        parser.add_argument("--calendars", metavar="CALENDARS.toml", help="the opening hours that the cases name")
        parser.add_argument("--ticket", metavar="REF", help="instead of cases: a ticket, as its desk calls it")
        parser.add_argument("--desk", help="where several desks have this reference")
        parser.add_argument("--acting", metavar="POST", help="who asks about the ticket (default: operator)")
        parser.add_argument("--json", action="store_true", help="print one JSON list; of a ticket one document")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["ticket"] and not (options["cases"] or options["calendars"]):
            given = [_of_ticket(options)]
        elif options["cases"] and options["calendars"] and not options["ticket"]:
            given = _answers(options["cases"], options["calendars"])
        else:
            raise Refused(
                "Name the cases and the calendars: commonhold clock CASES.csv --calendars CALENDARS.toml; "
                "or a ticket: commonhold clock --ticket REF"
            )
        for answer in given:
            if answer.warning:
                self.stderr.write(f"Warning: {answer.warning}")
        if options["json"]:
            said = [answer.as_json() for answer in given]
            self.stdout.write(json.dumps(said[0] if options["ticket"] else said, indent=2, ensure_ascii=False))
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
            words = part.why if part.why_not in ("", part.state.replace("_", " ")) else part.why_not
            why = f": {words}" if words else ""
            lines.append(
                f"    {part.begins.isoformat()} to {part.ends.isoformat()}  {part.state}, {counted.strip()}{why}"
            )
    return "\n".join(lines)


def _of_ticket(options: dict[str, Any]) -> Answer:
    """What the clock says of a stored ticket: the same reading as on its page."""
    if not has_table(Reckoning._meta.db_table):
        raise Refused(
            "There is no database here yet. Import a file first: commonhold import-tickets FILE --mapping NAME"
        )
    by = on_the_command_line(options["acting"], timezone.now())
    found, known = the_ticket(options["ticket"], options["desk"]), now()
    try:
        row = seen_ticket(found.pk, seen_by=by, known=known.batch)
    except Http404:
        raise NotAllowed("You may not see this ticket: it is another partner's.") from None
    read, page = read_clock(row, known), told(row, known)
    answer = answer_to(Case(found.reference, read.steps, read.as_of), read.said, read.rules.compiled)
    if page.has_bounds:
        least, most = (seconds // 60 for seconds in page.bounds)
        changed = ", nor when its priority or kind changed," if page.otherwise else ","
        between = (
            f"no source tells of all that time whether it was on hold{changed} so it used {least} to {most} minutes."
        )
        return replace(answer, seconds=page.used * 60, warning=f"{found.reference}: {between}")
    if page.grade != Grade.TOTAL:
        return answer
    warning = f"{found.reference}: its desk says how long it was on hold and not when; the minutes are without that."
    return replace(answer, seconds=page.used * 60, breached=page.breached_at is not None, warning=warning)


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
