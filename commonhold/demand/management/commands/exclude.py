"""commonhold exclude REFERENCE --reason TEXT"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.demand.acts import putting_right
from commonhold.demand.queries.tickets import the_ticket
from commonhold.partnership.queries import acting
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

    def handle(self, *args: Any, **options: Any) -> None:
        by = acting(options["acting"], timezone.now())
        ticket = the_ticket(options["reference"], options["desk"])
        if options["undo"]:
            standing = ticket.exclusions.filter(undone_in=None).first()
            if standing is None:
                raise Refused(f"{ticket} is not left out.")
            putting_right.undo(by=by, what=standing)
            print(f"Undone: {ticket} counts again.")
            return
        putting_right.exclude(by=by, ticket=ticket, reason=options["reason"])
        print(f"Left out of figures: {ticket}.")
