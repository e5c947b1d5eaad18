"""commonhold mappings [NAME]"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.demand.acts import saved_mappings as acts
from commonhold.demand.engine import mapping
from commonhold.demand.engine.mapping import BUILT_IN
from commonhold.demand.engine.mapping_toml import as_toml
from commonhold.demand.queries import mappings
from commonhold.partnership.queries import on_the_command_line
from commonhold.refusals import Refused

EXAMPLE = """Examples:
  commonhold mappings
  commonhold mappings hornbill > north-desk.toml
  commonhold mappings north-desk --save north-desk.toml --why "First version"
"""


class Command(BaseCommand):
    requires_system_checks = ()
    help = f"List the mappings, print one as TOML, or save a file as the next version of a name. {EXAMPLE}"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", metavar="NAME", help="one of them, also NAME@VERSION; printed as TOML")
        parser.add_argument("--save", type=Path, metavar="FILE.toml", help="save this file as NAME's next version")
        parser.add_argument("--why", default="", metavar="TEXT", help="why it is saved; all partners read it")
        parser.add_argument("--acting", metavar="POST", help="who saves it (default: operator)")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        if options["save"] is not None:
            self._save(name, options)
        elif name is not None:
            self._print(name, as_json=options["json"])
        else:
            self._list(as_json=options["json"])

    def _save(self, name: str | None, options: dict[str, Any]) -> None:
        if name is None:
            raise Refused("Name the mapping that the file is to be saved as: commonhold mappings NAME --save FILE.toml")
        path = options["save"]
        try:
            read = mapping.parse(path.read_bytes(), path.stem, path.name)
        except OSError as problem:
            raise Refused(f"The mapping {path} cannot be opened: {problem.strerror}.") from None
        by = on_the_command_line(options["acting"], timezone.now())
        made = acts.save_mapping(by=by, name=name, mapping=read, why=options["why"])
        if options["json"]:
            print(json.dumps({"name": made.name, "version": made.version, "digest": made.digest}, indent=1))
        else:
            print(f"{made} is saved. Name it by --mapping {made.name}, or for good by --mapping {made.called}.")

    def _print(self, name: str, *, as_json: bool) -> None:
        found = mappings.called(name)
        if as_json:
            print(json.dumps(json.loads(found.canonical) | {"digest": found.digest}, ensure_ascii=False, indent=1))
        else:
            print(as_toml(found), end="")

    def _list(self, *, as_json: bool) -> None:
        listed: list[dict[str, Any]] = [
            {"name": name, "built_in": True, "version": 1, "digest": mapping.built_in(name).digest, "retired": False}
            for name in BUILT_IN
        ]
        listed += [
            {
                "name": one.newest.name,
                "built_in": False,
                "version": one.newest.version,
                "digest": one.newest.digest,
                "retired": one.is_retired,
                "saved_at": one.newest.at.isoformat(),
                "saved_by": one.newest.post,
                "files": one.files,
            }
            for one in mappings.all_saved()
        ]
        if as_json:
            print(json.dumps(listed, ensure_ascii=False, indent=1))
            return
        for one in listed:
            how = "built in" if one["built_in"] else f"version {one['version']}, saved by {one['saved_by']}"
            print(f"{one['name']}: {how}{', retired' if one['retired'] else ''}")
