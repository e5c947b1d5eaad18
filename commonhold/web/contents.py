"""What `commonhold help` prints: our own commands, each with its sentence. Django's are there, not for daily use."""

import textwrap
from difflib import get_close_matches
from typing import Final

import django
from django.core.management import get_commands, load_command_class

ENDS: Final = """
commonhold COMMAND --help shows the options and an example.
To bring a database up to this version: commonhold migrate. All commands, Django's included: commonhold help --commands
"""


def contents() -> str:
    """Every command of ours, in order, with the first sentence of its help."""
    django.setup()
    ours = sorted(name for name, app in get_commands().items() if str(app).startswith("commonhold."))
    width = max(map(len, ours)) + 2
    lines = [_line(name, width) for name in ours]
    return "\n".join(["Commands of Commonhold:", "", *lines]) + "\n" + ENDS


def no_such(command: str) -> str:
    """What to say where there is no command of this name; nothing where there is one."""
    django.setup()
    known = [name.replace("_", "-") for name in get_commands()]
    if command.replace("_", "-") in known:
        return ""
    close = get_close_matches(command.replace("_", "-"), known, n=1)
    meant = f" Did you mean {close[0]}?" if close else ""
    return f"There is no command {command}.{meant} All are listed by: commonhold help"


def _line(name: str, width: int) -> str:
    command = load_command_class(get_commands()[name], name)
    sentence = command.help.split(" Example")[0].split(". ")[0].rstrip(".")
    said = f"  {name.replace('_', '-'):<{width}}{sentence}."
    return textwrap.fill(said, 118, subsequent_indent=" " * (width + 2))
