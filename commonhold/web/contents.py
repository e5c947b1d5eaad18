"""What `commonhold help` prints: our own commands, each with its sentence. Django's are there, not for daily use."""

import textwrap
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


def _line(name: str, width: int) -> str:
    command = load_command_class(get_commands()[name], name)
    sentence = command.help.split(" Example")[0].split(". ")[0].rstrip(".")
    said = f"  {name.replace('_', '-'):<{width}}{sentence}."
    return textwrap.fill(said, 118, subsequent_indent=" " * (width + 2))
