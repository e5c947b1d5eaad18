"""commonhold figures --from DATE --to DATE"""

import json
import sys
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonhold.figures import Figure, Span
from commonhold.govuk.printing import printed
from commonhold.performance.acts import computing
from commonhold.performance.engine.measures import MEASURES, definition
from commonhold.performance.engine.periods import FIRST_YEAR, LAST_YEAR, Period
from commonhold.performance.queries.periods import (
    Basis,
    basis,
    begins_early,
    beyond,
    the_period,
    told_from,
    whole_history,
)
from commonhold.refusals import Refused


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Print the figures of a period. "
        "Example: commonhold figures --from 2026-04-01 --to 2026-06-30 --by partner,priority --measure within_target"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_period(parser)
        parser.add_argument("--by", default="", metavar="WORDS", help="partner,priority,team,kind,service,category,…")
        parser.add_argument("--measure", nargs="+", action="extend", metavar="NAME", help="default: every measure")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        on = basis(options["known_at"])
        period = the_period(span_of(options, on), on.known, instant_of(options["as_of"]))
        by = [word.strip() for word in options["by"].split(",") if word.strip()]
        figures = computing.figures(period=period, on=on, measures=options["measure"] or MEASURES, by=by)
        say_untold(on, period)
        if any(definition(figure.measure).ruled for figure in figures):
            say_beside(on, period)
        if options["json"]:
            print(json.dumps([figure.as_json() for figure in figures], ensure_ascii=False, indent=1))
            return
        for figure in figures:
            print(_line(figure))


def say_beside(on: Basis, period: Period) -> None:
    """What partners say of the rules that figures are measured by stands beside them, on standard error (R0)."""
    for remark in on.rules.remarks(period.start, period.until):
        print(f"{remark}.", file=sys.stderr)


def say_untold(on: Basis, period: Period) -> None:
    """Of what part of a period, or of the time until clocks are read, no file tells stands there as well."""
    untold = (*begins_early(period.span, told_from(on.known.batch)), beyond(period.read_at, on.known.through))
    for problem in filter(None, untold):
        print(f"{problem}.", file=sys.stderr)


def _line(figure: Figure) -> str:
    """A figure as a person reads it: measure, scope, value with its counts, how sure it is or why it is not known."""
    said = printed(figure)
    scope = ", ".join(f"{word} {value or 'none'}" for word, value in figure.scope.items())
    beside = said.beside
    if figure.denominator is not None and figure.numerator is None and said.known:
        beside = f"{figure.denominator:,} {'ticket' if figure.denominator == 1 else 'tickets'} behind it"
    parts = (
        said.headline,
        f"({beside})" if beside else "",
        said.range,
        f"because {said.reason}" if said.reason else "",
    )
    return (
        f"{figure.measure:<27} {scope:<40} {' '.join(filter(None, parts))}"
        if scope
        else (f"{figure.measure:<27} {' '.join(filter(None, parts))}")
    )


def add_period(parser: CommandParser) -> None:
    """The options by which commands name a period and the two instants (F7)."""
    parser.add_argument("--from", dest="first", metavar="DATE", help="first day, of Europe/London")
    parser.add_argument("--to", dest="last", metavar="DATE", help="last day, included")
    parser.add_argument("--as-of", metavar="INSTANT", help="when clocks are read; default: the end of --to")
    parser.add_argument("--known-at", metavar="ENTRY|INSTANT", help="what was known then; default: the last import")


def span_of(options: dict[str, Any], on: Basis) -> Span:
    """The days that the options name; what they leave out comes from the whole history."""
    whole = None if options["first"] and options["last"] else whole_history(on.known)
    first = _day(options["first"]) if options["first"] else whole.first if whole else date.min
    last = _day(options["last"]) if options["last"] else whole.last if whole else date.max
    if last < first:
        raise Refused(f"The period cannot end on {last} before it begins on {first}.")
    return Span(first, last)


def instant_of(text: str | None) -> datetime | None:
    """The instant that an option names, which must say its offset."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"'{text}' is not an instant. Write it like 2026-06-30T23:59:59+01:00.") from None
    if instant.tzinfo is None:
        raise Refused(f"'{text}' does not say its offset. Write it like 2026-06-30T23:59:59+01:00.")
    if not FIRST_YEAR < instant.year < LAST_YEAR:
        raise Refused(f"An instant lies between the years {FIRST_YEAR} and {LAST_YEAR}; {text} does not.")
    return instant


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"'{text}' is not a day. Write it like 2026-06-30.") from None
