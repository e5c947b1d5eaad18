"""commonhold figures --from DATE --to DATE"""

import json
import sys
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonhold.figures import Figure, Span
from commonhold.govuk.printing import printed
from commonhold.performance.acts import computing
from commonhold.performance.engine.brought.counting import MONTH
from commonhold.performance.engine.brought.definition import WORDS
from commonhold.performance.engine.measures import MEASURES, definition
from commonhold.performance.engine.periods import FIRST_YEAR, LAST_YEAR, Period, checked
from commonhold.performance.queries import source_figures
from commonhold.performance.queries.fed import described, is_of_tickets
from commonhold.performance.queries.periods import (
    Basis,
    basis,
    begins_early,
    beyond,
    the_period,
    told_from,
    whole_history,
)
from commonhold.performance.queries.source_figures import Source
from commonhold.refusals import Refused


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Print the figures of a period. "
        "Example: commonhold figures --from 2026-04-01 --to 2026-06-30 --by partner,priority --measure within_target"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_period(parser)
        parser.add_argument(
            "--by", default="", metavar="WORDS", help="partner,priority,team,kind,service,category,… and site,threshold"
        )
        parser.add_argument("--measure", nargs="+", action="extend", metavar="NAME", help="default: every measure")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        by = [word.strip() for word in options["by"].split(",") if word.strip()]
        of_tickets, of_readings = _measures(options["measure"], by)
        source = source_figures.source(options["known_at"])
        on = _basis(options, of_tickets, source)
        span = span_of(options, on) if on else _span_of_readings(options, source)
        figures: list[Figure] = []
        if on:
            period = the_period(span, on.known, instant_of(options["as_of"]))
            figures = computing.figures(period=period, on=on, measures=of_tickets, by=by)
            say_untold(on, period)
            if any(definition(figure.measure).ruled for figure in figures):
                say_beside(on, period)
        if of_readings is None:
            of_readings = source_figures.touching(source, span) if set(by) <= {*WORDS, MONTH} else []
        read_at = instant_of(options["as_of"])
        if of_readings:
            found = source_figures.figures(source, span, of_readings, by, as_of=read_at)
            figures += [one.figure for one in found]
        if options["json"]:
            print(json.dumps([figure.as_json() for figure in figures], ensure_ascii=False, indent=1))
            return
        for figure in figures:
            print(_line(figure))


def _measures(asked: list[str] | None, by: list[str]) -> tuple[list[str], list[str] | None]:
    """Which of the measures asked for tickets feed, and which readings do; None: those of which there are some."""
    if asked is None:
        # Tickets have no site and no threshold.
        return ([], None) if {"site", "threshold"} & set(by) else (list(MEASURES), None)
    for name in asked:
        described(name)
    fed = [name.partition(".")[0] for name in asked if not is_of_tickets(name)]
    return [name for name in asked if is_of_tickets(name)], fed


def _basis(options: dict[str, Any], of_tickets: list[str], source: Source) -> Basis | None:
    """What figures of tickets rest on; None where none are asked for, or nobody brought any and readings are there."""
    if not of_tickets:
        return None
    try:
        return basis(options["known_at"])
    except Refused:
        if options["measure"] or not source.known.delivery:
            raise
        return None


def _span_of_readings(options: dict[str, Any], source: Source) -> Span:
    """The days that the options name; what they leave out comes from all that readings tell of."""
    whole = None if options["first"] and options["last"] else source_figures.told_days(source)
    if whole is None and not (options["first"] and options["last"]):
        raise Refused("No readings are known yet. Bring some first: commonhold import-readings FILE")
    first = _day(options["first"]) if options["first"] else whole.first if whole else date.min
    last = _day(options["last"]) if options["last"] else whole.last if whole else date.max
    if last < first:
        raise Refused(f"The period cannot end on {last} before it begins on {first}.")
    return checked(Span(first, last))


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
    if figure.denominator is not None and figure.numerator is None and said.known and is_of_tickets(figure.measure):
        beside = f"{figure.denominator:,} {'ticket' if figure.denominator == 1 else 'tickets'} behind it"
    parts = (
        said.headline,
        f"({beside})" if beside else "",
        said.range,
        f"- {said.counted_by}" if said.counted_by else "",
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
