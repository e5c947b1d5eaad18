"""commonhold parity --from DATE --to DATE --measure within_target"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonhold.performance.acts import computing
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.parity import MEASURES, on_one_basis, parity
from commonhold.performance.management.commands.figures import add_period, instant_of, say_beside, say_untold, span_of
from commonhold.performance.queries.periods import basis, the_period


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Say whether the partners are served alike, like for like, and whether a difference is more than chance. "
        "Example: commonhold parity --from 2026-04-01 --to 2026-06-30 --measure within_target"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_period(parser)
        parser.add_argument(
            "--measure",
            choices=list(MEASURES),
            help="default: the clock if doubt changes nothing, else the desk's verdict",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        on = basis(options["known_at"])
        period = the_period(span_of(options, on), on.known, instant_of(options["as_of"]))
        extract, measure = computing.extract_of(period=period, on=on), options["measure"]
        found = parity(extract, measure, on.names) if measure else on_one_basis(extract, on.names)
        say_untold(on, period)
        if definition(found.measure).ruled:
            say_beside(on, period)
        if options["json"]:
            print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
            return
        if found.reason:
            print(found.reason)
            return
        if found.why:
            print(found.why)
        print(f"By {found.basis}, each interval at {found.level:.1%}:")
        for standing in found.partners:
            print(f"  {standing.sentence}")
