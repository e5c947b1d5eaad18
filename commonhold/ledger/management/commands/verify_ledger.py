"""commonhold verify-ledger FILE [--checkpoint FILE]... [--key NAME=FILE]... [--json]"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonhold.ledger.engine import verify_commonhold
from commonhold.refusals import Refused


class Command(BaseCommand):
    help = (
        "Verify an exported record; no database is used. Leaves with 0 where it is whole and 1 where it is not."
        " Example: commonhold verify-ledger record.zip --checkpoint kept-in-july.txt"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verify_commonhold.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text, whole = verify_commonhold.answer(
                options["file"], options["checkpoint"], options["key"], options["json"]
            )
        except ValueError as problem:
            raise Refused(str(problem)) from None
        self.stdout.write(text)
        if not whole:
            sys.exit(1)
