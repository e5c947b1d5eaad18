"""commonhold backup FILE"""

import json
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
        entries = back_up(options["file"])
        if options["json"]:
            print(json.dumps({"file": str(options["file"]), "entries": entries}, ensure_ascii=False))
            return
        print(f"Backed up the record of {entries} entries, its evidence and its secrets to {options['file']}.")
        print("The file holds everything, passwords' digests and keys included: keep it as you keep the server.")
