"""commonhold serve"""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonhold.web.serving import refuse_taken_port, serve


class Command(BaseCommand):
    help = "Run the web server and one worker until stopped. Example: commonhold serve --port 8000"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000), help="default 8000")
        parser.add_argument("--processes", type=int, default=2, help="web processes (default 2)")
        parser.add_argument("--no-worker", action="store_true", help="leave the jobs to workers elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_taken_port(options["host"], options["port"])
        print(f"Commonhold answers on http://{options['host']}:{options['port']}", flush=True)
        code = serve(
            host=options["host"],
            port=options["port"],
            processes=options["processes"],
            with_worker=not options["no_worker"],
        )
        sys.exit(code)
