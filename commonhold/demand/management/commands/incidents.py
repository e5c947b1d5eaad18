"""commonhold incidents --from DATE --to DATE"""

from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.demand.queries.knowledge import Now, now
from commonhold.demand.queries.register import choices, listing, sheet
from commonhold.govuk.terminal import FORMATS, TABLE, lines
from commonhold.partnership.queries import on_the_command_line
from commonhold.refusals import Refused


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "List the register of P1 and key incidents as the pages do. "
        "Example: commonhold incidents --from 2026-04-01 --to 2026-06-30 --partner southmere --order longest"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_days_and_partner(parser)
        parser.add_argument(
            "--order", choices=(listing.NEWEST, listing.OLDEST, listing.LONGEST), default=listing.NEWEST
        )
        parser.add_argument(
            "--written", choices=tuple(sheet.WRITTEN), default="", help="not written up (no), being written, signed off"
        )
        parser.add_argument("--key", action="store_true", help="key incidents alone")

    def handle(self, *args: Any, **options: Any) -> None:
        by = on_the_command_line(options["acting"], timezone.now())
        known = now()
        first, last = days_of(options, known, by.at)
        wanted = listing.Wanted(
            first,
            last,
            partner=partner_of(options, known),
            written=options["written"],
            key=options["key"],
            order=options["order"],
        )
        found = listing.every(wanted, seen_by=by, known=known)
        for line in lines(options["format"], sheet.HEADINGS, sheet.rows(found)):
            print(line)


def add_days_and_partner(parser: CommandParser) -> None:
    """The options by which commands name what a list is narrowed to, how it is printed, and who reads it (D2)."""
    parser.add_argument("--from", dest="first", metavar="DATE", help="first day, of Europe/London; default: a year")
    parser.add_argument("--to", dest="last", metavar="DATE", help="last day, included; default: the last told of")
    parser.add_argument("--partner", default="", metavar="SLUG", help="of one partner's tickets, or of none")
    parser.add_argument("--acting", metavar="POST", help="who reads the list (default: operator)")
    parser.add_argument("--format", choices=FORMATS, default=TABLE, help="default: a table for people")


def days_of(options: dict[str, Any], known: Now, at: datetime) -> tuple[date, date]:
    """The days that the options name; what they leave out comes from the year that ends with what files tell of."""
    first, last = listing.last_year(known, at)
    last = _day(options["last"]) if options["last"] else last
    first = _day(options["first"]) if options["first"] else min(first, last)
    if last < first:
        raise Refused(f"The period cannot end on {last} before it begins on {first}.")
    return first, last


def partner_of(options: dict[str, Any], known: Now) -> str:
    """The partner that an option names by its slug, or "none". Refused where there is no such partner."""
    asked: str = options["partner"]
    slugs = [slug for slug, _ in choices.offered(known.batch, public=False).partners]
    if asked and asked not in slugs:
        raise Refused(f"There is no partner '{asked}'. Choose from: {', '.join(slugs)}.")
    return asked


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"'{text}' is not a day. Write it like 2026-06-30.") from None
