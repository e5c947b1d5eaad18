"""commonhold demo"""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.web.demo import story
from commonhold.web.demo.desk import A_DAY, A_FEW
from commonhold.web.serving import serve


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Make the demonstration, three fictional authorities and three years of tickets, in a database and home of its "
        "own. Example: commonhold demo --serve"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="begin it anew; what was entered in it is gone")
        parser.add_argument("--small", action="store_true", help="a twentieth of the tickets: told in about a minute")
        parser.add_argument("--serve", action="store_true", help="serve it, with a worker that goes on telling it")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000), help="default 8000")

    def handle(self, *args: Any, **options: Any) -> None:
        story.begin(timezone.now(), A_FEW if options["small"] else A_DAY)
        if not options["serve"]:
            print(f"The demonstration is in {settings.HOME}. Serve it with: commonhold demo --serve")
            return
        print(f"Commonhold's demonstration: http://127.0.0.1:{options['port']}", flush=True)
        print(
            "Sign in: choose one of its people under Sign in; no password is asked for. Stop with Ctrl+C.", flush=True
        )
        sys.exit(serve(host="127.0.0.1", port=options["port"], processes=1, with_worker=True))
