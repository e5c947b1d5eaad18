"""commonhold restore FILE"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonhold.web.archive import restore


class Command(BaseCommand):
    help = "Fill an empty database and home from a backup. Example: commonhold restore /srv/backup/2026-07-21.tar.gz"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `commonhold backup` wrote")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        done = restore(options["file"])
        if done.words:
            print(done.words, file=sys.stderr)
        if options["json"]:
            told = {"file": str(options["file"]), "entries": done.entries, "missing": list(done.missing)}
            print(json.dumps(told, ensure_ascii=False))
            return
        print(f"Restored and verified the record of {done.entries} entries and its evidence.")
