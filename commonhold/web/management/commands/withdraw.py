"""commonhold withdraw REF --reason TEXT"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.partnership.queries import on_the_command_line
from commonhold.performance.acts import publishing
from commonhold.performance.queries.packs import pack_of


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Take a publication down from every page at once; its place says so, and the record keeps its digests. "
        'Example: commonhold withdraw pack/3 --reason "A ticket file was read with the wrong time zone"'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", metavar="REF", help="a pack such as pack/3, or the reference of a figure in one")
        parser.add_argument("--reason", required=True, metavar="TEXT", help="why; shown in its place to everybody")
        parser.add_argument("--acting", metavar="POST", help="who withdraws it (default: operator)")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        by = on_the_command_line(options["acting"], timezone.now())
        pack = pack_of(options["what"], seen_by=by)
        made = publishing.withdraw(by=by, pack=pack, reason=options["reason"])
        entry = made.entry.number if made.entry else None
        if options["json"]:
            print(json.dumps({"withdrawn": pack.ref, "title": pack.title, "entry": entry}, ensure_ascii=False))
            return
        print(f"{pack.title} is withdrawn, on the record as entry {entry}.")
