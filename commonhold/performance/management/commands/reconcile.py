"""commonhold reconcile --measure NAME --from DATE --to DATE (--value V | --file FILE --mapping NAME | --known-at N)"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine import partners as areas
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.queries import mappings as known_mappings
from commonhold.demand.queries.files import File
from commonhold.partnership.queries import on_the_command_line
from commonhold.performance.acts import reconciling as acts
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.references import Reference
from commonhold.performance.management.commands.figures import instant_of, span_of
from commonhold.performance.queries.periods import basis, entry_at, the_period
from commonhold.performance.queries.reconciliations import opened
from commonhold.performance.queries.reconciling import Earlier, FromFile, Number, Other, Outcome, explained
from commonhold.refusals import Refused


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Say why a figure and another one differ, cause by cause, until nothing is left over. "
        "Example: commonhold reconcile --measure within_target --from 2026-06-01 --to 2026-06-30 --value 94.1%"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--measure", required=True, metavar="NAME", help="the measure, such as within_target")
        parser.add_argument("--from", dest="first", required=True, metavar="DATE", help="first day, of Europe/London")
        parser.add_argument("--to", dest="last", required=True, metavar="DATE", help="last day, included")
        parser.add_argument("--by-scope", nargs="+", action="extend", default=[], metavar="WORD=VALUE",
                            help="its scope, such as partner=Northgate priority=P2")  # fmt: skip
        parser.add_argument("--as-of", metavar="INSTANT", help="when our clocks are read; default: the end of --to")
        parser.add_argument("--value", metavar="V", help="the other figure as it is written, such as 94.1%% or 1824")
        parser.add_argument("--numerator", type=int, metavar="N", help="with --value: its numerator, where it is known")
        parser.add_argument("--denominator", type=int, metavar="N", help="with --value: its denominator")
        parser.add_argument("--file", metavar="FILE", help="a file of their tickets, kept as evidence")
        parser.add_argument("--mapping", metavar="NAME|FILE.toml", help="with --file: how it is read")
        parser.add_argument("--partners", metavar="MAP.csv", help="with --file: a map of its partners")
        parser.add_argument("--time-zone", metavar="ZONE", help="with --file: the zone of its dates")
        parser.add_argument("--list", action="store_true", dest="is_list",
                            help="the file lists the tickets that they counted")  # fmt: skip
        parser.add_argument("--known-at", metavar="ENTRY|INSTANT", help="ours, as it was known then")
        parser.add_argument("--other-version", type=int, metavar="N", help="ours, by that version of the measure")
        parser.add_argument("--tickets", action="store_true", help="list every ticket under its causes")
        parser.add_argument("--acting", metavar="POST", help="who brings the file; default: operator")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        reference = _reference(options)
        with _other(reference, options) as other:
            outcome = explained(reference, other, at=timezone.now(), progress=lambda _: None)
        if options["json"]:
            rows = [_row(row) for row in outcome.rows] if options["tickets"] else None
            print(json.dumps({**outcome.result, "tickets": rows}, ensure_ascii=False, indent=1))
        else:
            _say(outcome, with_tickets=options["tickets"])
        if not outcome.is_whole:
            sys.exit(1)


def _reference(options: dict[str, Any]) -> Reference:
    on = basis()
    period = the_period(span_of(options, on), on.known, instant_of(options["as_of"]))
    scope: dict[str, str | None] = {}
    for text in options["by_scope"]:
        word, equals, value = text.partition("=")
        if not word or (equals and not value):
            raise Refused(f"'{text}' is no part of a scope. Write it like partner=Northgate.")
        scope[word] = value if equals else None
    return Reference(str(definition(options["measure"])), period.span, scope, period.read_at, on.entry)


@contextmanager
def _other(reference: Reference, options: dict[str, Any]) -> Iterator[Other]:
    """The other figure that the options name: one of three kinds."""
    earlier = options["known_at"] is not None or options["other_version"] is not None
    given = [options["file"] is not None, earlier, options["value"] is not None]
    if sum(given[:2]) + (given[2] and not given[0]) != 1:
        raise Refused("Give one other figure: --value, or --file (with or without --value), or --known-at.")
    number = Number(options["value"], options["numerator"], options["denominator"]) if given[2] else None
    if options["file"]:
        with _brought(options) as file:
            yield FromFile(file, options["is_list"], number)
    elif earlier:
        yield Earlier(_earlier(reference, options))
    elif number:
        yield number


def _earlier(reference: Reference, options: dict[str, Any]) -> Reference:
    known_at = reference.known_at
    if options["known_at"] is not None:
        known_at = basis(options["known_at"]).entry
        if entry_at(options["known_at"]) < known_at:
            raise Refused(f"No tickets were known at {options['known_at']} yet.")
    version = options["other_version"]
    name = reference.definition.partition(".")[0]
    wanted = reference.definition if version is None else str(definition(f"{name}.v{version}"))
    return replace(reference, known_at=known_at, definition=wanted)


@contextmanager
def _brought(options: dict[str, Any]) -> Iterator[File]:
    """The file, brought and kept as evidence by the act, and opened again as it is kept."""
    if not options["mapping"]:
        raise Refused("Say how the file is read: --mapping NAME, or a TOML file.")
    path = Path(options["file"])
    partners = Path(options["partners"]) if options["partners"] else None
    try:
        with path.open("rb") as stream:
            file = File(
                stream=stream,
                mapping=_mapping(options["mapping"]),
                partners=_map(partners) if partners else None,
                time_zone=options["time_zone"],
            )
            by = on_the_command_line(options["acting"], timezone.now())
            brought = acts.bring_list(by=by, reduced=acts.reduce(by=by, file=file))
    except OSError as problem:
        raise Refused(f"{path} cannot be read: {problem.strerror}.") from problem
    with opened(brought) as file:
        yield file


def _mapping(name: str) -> Mapping:
    path = Path(name)
    if path.suffix == ".toml":
        try:
            return mappings.parse(path.read_bytes(), path.stem, str(path))
        except OSError as problem:
            raise Refused(f"{path} cannot be read: {problem.strerror}.") from problem
    return known_mappings.called(name)


def _map(path: Path) -> areas.PartnerMap:
    with path.open("rb") as stream:
        return areas.read(stream, str(path))


def _row(row: Any) -> dict[str, Any]:
    return {
        "cause": row.cause,
        "reference": row.reference,
        "before": row.before,
        "after": row.after,
        "ours": row.ours,
        "theirs": row.theirs,
    }


def _say(outcome: Outcome, *, with_tickets: bool) -> None:
    said = outcome.result
    print(f"{said['what']}")
    print(f"{'Ours':<42} {'':>9} {'':>14}  {said['shown']['ours']:>10}")
    for line in said["lines"]:
        tickets = f"{line['tickets']:,}" if line["tickets"] else ""
        print(f"{line['title']:<42} {tickets:>9} {line['effect_shown']:>14}  {line['after_shown']:>10}")
    if not outcome.is_whole:
        print(f"{'Left over':<42} {'':>9} {said['left_over_shown']:>14}")
    print(f"{'The other figure':<42} {'':>9} {'':>14}  {said['shown']['theirs']:>10}")
    print(f"Left over: {said['left_over_shown'] if not outcome.is_whole else 0}")
    if said["tries"]:
        print("Ways of counting that come nearest; one that fits is a possible explanation and no proof:")
        for one in said["tries"]:
            print(f"  {one['shown']:>10}  {'fits' if one['fits'] else one['off'] + ' off':<16} {one['words']}")
    for remark in said["remarks"]:
        print(f"{remark}.", file=sys.stderr)
    if with_tickets:
        for row in outcome.rows:
            print(f"{row.cause:<12} {row.reference:<16} {row.before} -> {row.after}")
            print(f"{'':<29} ours: {row.ours}; theirs: {row.theirs}")
