"""commonhold pack --from DATE --to DATE --profile public --out DIR"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.partnership.queries import on_the_command_line
from commonhold.performance.acts.composing import BODY, UPDATE_HTML, UPDATE_PDF, Files, compose, profile_of
from commonhold.performance.acts.publishing import publish
from commonhold.performance.management.commands.figures import add_period, instant_of, span_of
from commonhold.performance.permissions import publishes_packs
from commonhold.performance.queries.packs import correcting, refuse_second
from commonhold.performance.queries.periods import basis, entry_at, the_period
from commonhold.refusals import Refused, require

WITHOUT_SITE: Final = (
    "Warning: COMMONHOLD_SITE is not set, so links to evidence in pack.html and pack.pdf have no site before them and "
    "lead nowhere from a file. Set it to the site's address, such as https://ict.example.gov.uk, and write the pack "
    "again."
)


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Write the performance pack of a period: pack.html, pack.pdf, the update report for a committee (update.html, "
        "update.pdf), tables.xlsx, figures.json, manifest.json. "
        "Example: commonhold pack --from 2026-04-01 --to 2026-06-30 --profile public --out packs/2026-q2"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_period(parser)
        parser.add_argument("--profile", default="public", metavar="public|board|PARTNER", help="for whom it is")
        parser.add_argument(
            "--form",
            choices=("pack", "update"),
            default="pack",
            help="what is written: the whole pack, or only the update report for a committee, in words and figures",
        )
        parser.add_argument("--publish", action="store_true", help="freeze it and enter it on the record")
        parser.add_argument(
            "--reason",
            default="",
            metavar="TEXT",
            help="why it corrects the pack of these days that stands; all its readers see it",
        )
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write; made if missing")
        parser.add_argument("--acting", metavar="POST", help="who publishes (default: operator)")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        by = on_the_command_line(options["acting"], timezone.now())
        if options["publish"]:
            require(publishes_packs(by), "publish packs")
        on = basis(options["known_at"])
        period = the_period(span_of(options, on), on.known, instant_of(options["as_of"]))
        profile, reason = profile_of(options["profile"]), options["reason"].strip()
        correction = correcting(period.span, profile.name, reason) if reason else None
        if reason and correction is None:
            raise Refused(
                "No pack of these days stands for these readers, so there is nothing to correct. Leave --reason out."
            )
        known_at = entry_at(options["known_at"]) if options["known_at"] else None
        files = compose(period=period, profile=profile, on=on, correction=correction, known_at=known_at)
        if options["publish"]:
            # Before anything is written: a publication that is refused leaves no files behind.
            refuse_second(files.span, files.profile, files.digests["manifest.json"], files.instead_of)
        written = {name: content for name, content in files.files.items() if name in _of_form(options["form"], files)}
        _write(options["out"], written)
        if not settings.SITE:
            print(WITHOUT_SITE, file=sys.stderr)
        pack = publish(by=by, files=files) if options["publish"] else None
        entry = pack.entry.number if pack and pack.entry else None
        if options["json"]:
            digests = {name: digest for name, digest in files.digests.items() if name in written}
            said = {"out": str(options["out"]), "sha256": digests, "pack": pack.ref if pack else None, "entry": entry}
            print(json.dumps(said, ensure_ascii=False, indent=1))
            return
        for name in written:
            print(options["out"] / name)
        if pack is not None:
            print(f"Published as {pack.ref}, on the record as entry {entry}.")


def _of_form(form: str, files: Files) -> set[str]:
    """The names of the files that are written; what is published is all of them, whatever is written here."""
    if form == "update":
        return {UPDATE_HTML, UPDATE_PDF, "figures.json", "manifest.json"}
    return set(files.files) - {BODY}


def _write(folder: Path, files: dict[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as problem:
        raise Refused(f"{folder} cannot be written: {problem.strerror}. Nothing was published.") from None
