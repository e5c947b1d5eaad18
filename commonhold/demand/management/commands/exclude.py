"""commonhold exclude REFERENCE --reason TEXT"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.demand.acts import putting_right
from commonhold.demand.queries.tickets import the_ticket
from commonhold.partnership.queries import on_the_command_line
from commonhold.refusals import Refused


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Leave a ticket out of every figure from now on, or undo that. "
        'Example: commonhold exclude SD0000042 --reason "Test of the monitoring"'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="the ticket, as its desk calls it")
        parser.add_argument("--desk", help="where several desks have this reference")
        parser.add_argument("--undo", action="store_true", help="count the ticket again")
        parser.add_argument("--reason", default="", help="shown to all partners beside every figure this touches")
        parser.add_argument("--acting", metavar="POST", help="who excludes (default: operator)")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        by = on_the_command_line(options["acting"], timezone.now())
        ticket = the_ticket(options["reference"], options["desk"])
        if options["undo"]:
            standing = ticket.exclusions.filter(undone_in=None).first()
            if standing is None:
                raise Refused(f"{ticket} is not left out.")
            putting_right.undo(by=by, what=standing)
            words = f"Undone: {ticket} counts again."
        else:
            putting_right.exclude(by=by, ticket=ticket, reason=options["reason"])
            words = f"Left out of figures: {ticket}."
        said = {"ticket": ticket.reference, "left_out": not options["undo"]}
        print(json.dumps(said, ensure_ascii=False) if options["json"] else words)
