"""The commands by their names, and what `commonhold help` prints: our own, each with its sentence."""

import textwrap
from difflib import get_close_matches
from typing import Final

import django
from django.core.management import ManagementUtility, get_commands, load_command_class
from django.core.management.base import BaseCommand

ENDS: Final = """
commonhold COMMAND --help shows the options and an example.
To bring a database up to this version: commonhold migrate. All commands, Django's included: commonhold help --commands
"""

PROMPT: Final = "Facts of tickets are put right with commonhold correct and commonhold exclude, all else on its page."
PAST_THE_RECORD: Final = {
    "account-unsetmultipleprimaryemails": "An administrator puts an address right on the page of the account.",
    "changepassword": "An administrator makes a link by which somebody chooses a new password.",
    "createsuperuser": "commonhold name-administrator gives a partner its administrator.",
    "dbshell": PROMPT,
    "flush": "To begin anew, name an empty database with DATABASE_URL and an empty folder with COMMONHOLD_HOME.",
    "loaddata": "commonhold restore brings a backup into an empty database.",
    "remove-stale-contenttypes": "commonhold migrate does what a new version needs.",
    "shell": PROMPT,
    "sqlflush": "To begin anew, name an empty database with DATABASE_URL and an empty folder with COMMONHOLD_HOME.",
}
"""Django's commands that change data without an act and its entry, each with what is done instead."""


class Commands(ManagementUtility):
    """Django's commands by the names that people type: with hyphens, in usage lines as well."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        return super().fetch_command(subcommand.replace("-", "_"))


def contents() -> str:
    """Every command of ours, in order, with the first sentence of its help."""
    django.setup()
    ours = sorted(name for name, app in get_commands().items() if str(app).startswith("commonhold."))
    width = max(map(len, ours)) + 2
    lines = [_line(name, width) for name in ours]
    return "\n".join(["Commands of Commonhold:", "", *lines]) + "\n" + ENDS


def why_not(command: str) -> str:
    """What to say where there is no command of this name, or none that leaves the record true; else nothing."""
    django.setup()
    known = [name.replace("_", "-") for name in get_commands()]
    if instead := PAST_THE_RECORD.get(command.replace("_", "-")):
        return f"{command} changes the data past the record, so it is not run here. {instead}"
    if command.replace("_", "-") in known:
        return ""
    known = [name for name in known if name not in PAST_THE_RECORD]
    close = get_close_matches(command.replace("_", "-"), known, n=1)
    meant = f" Did you mean {close[0]}?" if close else ""
    return f"There is no command '{command}'.{meant} All are listed by: commonhold help"


def _line(name: str, width: int) -> str:
    command = load_command_class(get_commands()[name], name)
    sentence = command.help.split(" Example")[0].split(". ")[0].rstrip(".")
    said = f"  {name.replace('_', '-'):<{width}}{sentence}."
    return textwrap.fill(said, 118, subsequent_indent=" " * (width + 2))
