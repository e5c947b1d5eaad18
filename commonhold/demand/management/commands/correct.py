"""commonhold correct REFERENCE --set FACT=VALUE --reason TEXT"""

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
        "Put a fact of a ticket right in every figure from now on, or undo that. "
        'Example: commonhold correct SD0000042 --set priority=P2 --reason "Logged as P4 by mistake"'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="the ticket, as its desk calls it")
        parser.add_argument("--desk", help="where several desks have this reference")
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument("--set", metavar="FACT=VALUE", help="partner, priority, kind, team or service")
        action.add_argument("--undo", metavar="FACT", help="let the desk's own word count again")
        parser.add_argument("--reason", default="", help="shown to all partners beside every figure this touches")
        parser.add_argument("--acting", metavar="POST", help="who corrects (default: operator)")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        by = on_the_command_line(options["acting"], timezone.now())
        ticket = the_ticket(options["reference"], options["desk"])
        if options["undo"]:
            standing = ticket.corrections.filter(fact=options["undo"], undone_in=None).first()
            if standing is None:
                raise Refused(f"No correction of the {options['undo']} of {ticket} stands.")
            putting_right.undo(by=by, what=standing)
            said: dict[str, Any] = {"fact": options["undo"], "value": None, "undone": True}
            words = f"Undone: the {options['undo']} of {ticket} is what its desk says."
        else:
            fact, _, value = options["set"].partition("=")
            putting_right.correct(by=by, ticket=ticket, fact=fact, value=value, reason=options["reason"])
            said = {"fact": fact, "value": value, "undone": False}
            words = f"Corrected: the {fact} of {ticket} is {value}."
        print(json.dumps({"ticket": ticket.reference, **said}, ensure_ascii=False) if options["json"] else words)
