"""commonhold exceptions --from DATE --to DATE"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.demand.management.commands.incidents import add_days_and_partner, days_of, partner_of
from commonhold.demand.queries import exceptions as queries
from commonhold.demand.queries.knowledge import now
from commonhold.govuk.terminal import lines
from commonhold.partnership.queries import on_the_command_line


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "List the exceptions found in tickets, by rules that are the same for all partners. "
        "Example: commonhold exceptions --from 2026-04-01 --to 2026-06-30 --partner southmere --format csv"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_days_and_partner(parser)
        parser.add_argument("--kind", choices=tuple(queries.WORDS.values()), default="", help="of one kind alone")

    def handle(self, *args: Any, **options: Any) -> None:
        by = on_the_command_line(options["acting"], timezone.now())
        known = now()
        first, last = days_of(options, known, by.at)
        filters = queries.Filters(first, last, partner=partner_of(options, known), kind=options["kind"])
        if queries.waits():
            print("Exceptions are not looked for yet in what became known last: a worker does it.", file=sys.stderr)
        found = queries.every(filters, seen_by=by, known=known.batch)
        for line in lines(options["format"], queries.HEADINGS, queries.cells(found)):
            print(line)
