"""The `commonhold` command: Django's commands with our settings, plain refusals and exit codes.

0 done; 1 the answer is "no"; 2 the input was refused; 3 an internal fault; 130 stopped by Ctrl-C.
"""

import os
import sys
from pathlib import Path

from commonhold import __version__

WITHOUT_DATABASE = {
    "check",
    "clock",
    "collectstatic",
    "help",
    "makemigrations",
    "migrate",
    "restore",
    "verify-ledger",
}
"""Commands that run where there is no database, or that make it themselves; all others set up an empty one."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonhold.web.settings")
    if arguments[:1] == ["demo"]:
        _live_apart()
        if "--fresh" in arguments:
            return _begin_anew(arguments)
    return _run(arguments)


def _run(arguments: list[str]) -> int:
    from django.core.management.base import CommandError

    from commonhold.refusals import NotAllowed, Refused
    from commonhold.web.contents import Commands, contents

    name = arguments[0] if arguments else "help"
    try:
        if arguments in (["--version"], ["version"]):
            print(f"Commonhold {__version__}")
            return 0
        if arguments in ([], ["help"], ["--help"], ["-h"]):
            print(contents(), end="")
            return 0
        if not name.startswith("-") and name not in WITHOUT_DATABASE:
            _refuse(name)
        if name not in WITHOUT_DATABASE and not name.startswith("-") and "--help" not in arguments:
            _prepare_database(name)
        command = name if name.startswith("-") else name.replace("_", "-")
        Commands(["commonhold", command, *arguments[1:]]).execute()
    except (Refused, NotAllowed, CommandError) as problem:
        print(problem, file=sys.stderr)
        return getattr(problem, "returncode", 2) if isinstance(problem, CommandError) else 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except Exception as fault:
        return _internal_fault(fault)
    return 0


def _refuse(name: str) -> None:
    from commonhold.refusals import Refused
    from commonhold.web.contents import why_not

    if words := why_not(name):
        raise Refused(words)


def _prepare_database(name: str) -> None:
    import django

    django.setup()
    from commonhold.web.preparing import prepare

    prepare(demonstration=name == "demo")


def _live_apart() -> None:
    """The demonstration has a database and a home of its own, whatever the environment says."""
    os.environ["COMMONHOLD_HOME"] = os.environ.get("COMMONHOLD_DEMO_HOME") or "var/demo"
    os.environ.pop("DATABASE_URL", None)


def _begin_anew(arguments: list[str]) -> int:
    """Remove an earlier demonstration before anything opens its database; refuse what is none."""
    from commonhold.refusals import Refused
    from commonhold.web.demo.anew import remove

    try:
        remove(Path(os.environ["COMMONHOLD_HOME"]))
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return _run([word for word in arguments if word != "--fresh"])


def _internal_fault(fault: Exception) -> int:
    import logging

    from commonhold.databases.reaching import why_unreachable
    from commonhold.databases.room import is_full

    if is_full(fault):
        print("There is no room left on the disk. Nothing more was changed.", file=sys.stderr)
        return 3
    if why := why_unreachable(fault):
        print(f"The database cannot be reached: {why}. Look at DATABASE_URL, and whether it runs.", file=sys.stderr)
        return 2
    logging.getLogger("commonhold").error("internal fault", exc_info=fault)
    said = f"Something went wrong inside Commonhold ({type(fault).__name__})."
    print(f"{said} Nothing more was changed.", file=sys.stderr)
    return 3


if __name__ == "__main__":
    main()
