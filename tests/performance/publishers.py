"""Two processes that publish, withdraw or put one pack before a meeting at the same moment, and what each was told.

Run as a program: `python -m tests.performance.publishers prepare` founds an installation with tickets, packs and a
draft; `python -m tests.performance.publishers ACT GO` is ready for one act and does it once there is a file GO.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.ledger.writers import ROOT

PROGRAM = [sys.executable, "-m", "tests.performance.publishers"]


def prepare(environment: dict[str, str]) -> None:
    subprocess.run([*PROGRAM, "prepare"], env=environment, cwd=ROOT, check=True)


def both(environment: dict[str, str], act: str) -> list[str]:
    """What each of two was told that did the same at once: "done", or why not."""
    go = Path(environment["COMMONHOLD_HOME"]) / f"go-{act}"
    started = [
        subprocess.Popen([*PROGRAM, act, str(go)], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in started:
        assert one.stdout and one.stdout.readline() == "ready\n"
    go.touch()
    return sorted(one.communicate()[0].strip() for one in started)


def _prepare() -> None:
    from commonhold.performance.acts import publishing
    from commonhold.web.demo import founding
    from commonhold.web.preparing import prepare as set_up
    from tests import universe

    set_up(demonstration=True)
    founding.found()
    universe.bring_tickets()
    universe.publish("public")
    universe.publish("southmere")
    universe.meet()
    analyst = universe.somebody("service-analyst")
    days = {"first": universe.JUNE.first, "last": universe.JUNE.last}
    publishing.write_draft(draft=publishing.ask_for_draft(by=analyst, profile="board", **days))


def _ready(act: str) -> Callable[[], object]:
    from commonhold.governance.models import Item
    from commonhold.performance.acts import publishing
    from commonhold.performance.acts.composing import compose, profile_of
    from commonhold.performance.models import Draft, Pack
    from commonhold.performance.queries.periods import basis, the_period
    from tests.universe import JUNE, somebody

    director, on = somebody("managing-director"), basis()
    if act == "publish_draft":
        draft = Draft.objects.get()
        return lambda: publishing.publish_draft(by=director, draft=draft)
    if act == "publish":
        files = compose(period=the_period(JUNE, on.known), profile=profile_of("northgate"), on=on)
        return lambda: publishing.publish(by=director, files=files)
    if act == "attach":
        pack, item = Pack.objects.get(profile="public"), Item.objects.get()
        return lambda: publishing.attach(by=director, pack=pack, item=item)
    pack = Pack.objects.get(profile="southmere")
    return lambda: publishing.withdraw(by=director, pack=pack, reason="Wrong.")


def main(what: str, *rest: str) -> None:
    import time_machine

    from tests.universe import NOON

    with time_machine.travel(NOON):
        if what == "prepare":
            _prepare()
            return
        from commonhold.refusals import Refused

        act = _ready(what)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while not Path(rest[0]).exists():
            time.sleep(0.002)
        try:
            act()
        except Refused as refused:
            sys.stdout.write(f"{refused}\n")
        else:
            sys.stdout.write("done\n")


if __name__ == "__main__":
    import django

    django.setup()
    main(*sys.argv[1:])
