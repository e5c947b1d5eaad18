"""commonhold backup FILE"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonhold.web.archive import back_up


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Carry database, evidence and secrets into one file. Example: commonhold backup /srv/backup/2026-07-21.tar.gz"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to write; must not be there yet")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        done = back_up(options["file"])
        if done.words:
            print(done.words, file=sys.stderr)
        if options["json"]:
            told = {"file": str(options["file"]), "entries": done.entries, "missing": list(done.missing)}
            print(json.dumps(told, ensure_ascii=False))
            return
        print(f"Backed up the record of {done.entries} entries, its evidence and its secrets to {options['file']}.")
        print("The file holds everything, passwords' digests and keys included: keep it as you keep the server.")
