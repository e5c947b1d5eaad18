"""`commonhold name-administrator`: give a partner its first administrator, or a current one another link."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.partnership.acts import starting
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import on_the_command_line
from commonhold.partnership.signin import path_of
from commonhold.refusals import Refused


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Appoint the administrator of a partner that has none, or make another link for one it has; "
        'every partner reads the entry. Example: commonhold name-administrator "Authority B" b@example.org'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("partner", metavar="PARTNER", help="name of the partner")
        parser.add_argument("email", metavar="EMAIL", help="the administrator's e-mail address")
        parser.add_argument("--name", default="", help="the administrator's name (default: from the address)")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        partner = Partner.objects.filter(name__iexact=options["partner"].strip()).first()
        if partner is None:
            known = ", ".join(Partner.objects.values_list("name", flat=True)) or "none yet"
            raise Refused(f"There is no partner {options['partner']!r}. Partners: {known}.")
        name = options["name"] or options["email"].partition("@")[0].replace(".", " ").title()
        by = on_the_command_line(None, at=timezone.now())
        path = path_of(starting.name_administrator(by=by, partner=partner, name=name, email=options["email"]))
        words = f"{partner}: the administrator chooses a password at {settings.SITE}{path} (once, within three days)."
        self.stdout.write(json.dumps({"partner": partner.name, "link": path}) if options["json"] else words)
