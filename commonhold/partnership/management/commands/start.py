"""`commonhold start`: found the partnership."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.partnership.acts import starting
from commonhold.partnership.engine.starting import read_plan
from commonhold.partnership.queries import is_demonstration, on_the_command_line
from commonhold.partnership.signin import path_of
from commonhold.refusals import Refused

LARGEST = 2**20
WITHOUT_SITE = (
    "The site's own address goes before it, such as http://127.0.0.1:8000 while it is served on this machine."
)


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Found the partnership from a file, once; without a file, print the address of the start page, "
        "which asks for the same. Example: commonhold start partnership.toml"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE.toml", help="what docs/guide/commands/start.md describes")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        if is_demonstration():
            raise Refused("This database holds a demonstration; it can never hold a real partnership.")
        by = on_the_command_line(None, at=timezone.now())
        if options["file"] is None:
            address = f"/start/?token={starting.show_token(by=by)}"
            said: dict[str, Any] = {"start": address}
            lines = [
                f"Serve the site (commonhold serve) and open {settings.SITE}{address}",
                "Nobody else can start the partnership.",
            ]
        else:
            file = Path(options["file"])
            plan = read_plan(_text_of(file), file.name, lambda name: _text_of(file.parent / name))
            started = starting.start(by=by, plan=plan)
            links = {name: path_of(key) for name, key in started.keys.items()}
            said = {
                "partnership": started.partnership.name,
                "partners": list(plan.partners),
                "links": links,
                "warnings": list(started.warnings),
            }
            lines = [f"{started.partnership.name} is founded."]
            lines += [
                f"{name}: its administrator chooses a password at {settings.SITE}{path}" for name, path in links.items()
            ]
            lines += ["Hand each link to its administrator; it works once, for three days."] if links else []
            lines += [WITHOUT_SITE] if links and not settings.SITE else []
            lines += [f"Warning: {words}" for words in started.warnings]
        self.stdout.write(json.dumps(said, ensure_ascii=False) if options["json"] else "\n".join(lines))


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{path.name} is larger than a megabyte; this is not such a file.")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{path.name} is not UTF-8 text. Save it as UTF-8.") from None
    except (OSError, ValueError) as problem:
        words = getattr(problem, "strerror", None) or "that is no name of a file"
        raise Refused(f"{path.name} cannot be read: {words}.") from None
