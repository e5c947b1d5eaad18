"""commonhold export-ledger --out FILE.zip [--partner NAME]"""

import base64
import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.ledger import queries
from commonhold.refusals import Refused


class Command(BaseCommand):
    help = (
        "Write the record as a zip that anybody can verify offline, with the contents that the public, or one partner,"
        " may see. Example: commonhold export-ledger --out record.zip --partner southmere"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.zip", help="where to write")
        parser.add_argument("--partner", metavar="NAME", help="for one partner's posts; without it, for the public")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        seen_by = queries.audience(options["partner"], at=timezone.now())
        head = queries.head()
        out = options["out"]
        part = out.with_name(f"{out.name}.part-{os.getpid()}")
        try:
            with part.open("wb") as file:
                file.writelines(queries.export(head, seen_by))
            part.replace(out)
        except OSError as problem:
            raise Refused(f"{out} cannot be written: {problem.strerror}.") from None
        finally:
            part.unlink(missing_ok=True)
        root = base64.b64encode(head.tree.root).decode()
        if options["json"]:
            about = {"file": str(out), "origin": head.origin, "entries": head.size, "root": root}
            self.stdout.write(json.dumps({**about, "partner": seen_by.partner}, indent=2))
            return
        self.stdout.write(f"{out}: {head.size:,} entries of {head.origin}, root {root}")
        self.stdout.write(f"Check it with: commonhold verify-ledger {out}")
        self.stdout.write("Keep the checkpoint in it somewhere that whoever runs the service cannot change.")
