"""The site that browsers visit: a partnership with one of everything, served by a process whose clock stands at noon.

`python -m tests.browser.site found` makes it in the home that COMMONHOLD_TEST_HOME names, `serve PORT` serves it,
`work` runs a worker. The clock goes on from noon of the day on which the committee meets, whatever day it is.
"""

import json
import os
import sys
from datetime import UTC, datetime
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import time_machine

NOON: Final = datetime(2026, 7, 21, 11, 0, tzinfo=UTC)
"""As tests.universe has it, which cannot be read before there are settings."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """A test's output is no place for a server's log."""


def found() -> None:
    """Make the partnership, and write where each page is and by which session its best reader sees it."""
    from django.conf import settings

    from commonhold.web.preparing import prepare
    from tests import world as worlds
    from tests.house.pages import BESIDE, PAGES

    prepare(demonstration=True)
    world = worlds.everything()
    places = [
        {"name": name, "address": page.address(name, world), "reader": page.best_reader}
        for name, page in (*PAGES.items(), *BESIDE)
    ]
    clients = {role: worlds.signed_in(role) for role in worlds.CAST}
    sessions = {
        role: client.cookies[settings.SESSION_COOKIE_NAME].value
        for role, client in clients.items()
        if settings.SESSION_COOKIE_NAME in client.cookies
    }
    (settings.HOME / "places.json").write_text(json.dumps({"places": places, "sessions": sessions}), encoding="utf-8")


def serve(port: int) -> None:
    from commonhold.web.wsgi import application

    with make_server("127.0.0.1", port, application, _Server, _Quiet) as server:
        server.serve_forever()


def work() -> None:
    from django.core.management import call_command

    call_command("work")


def main(word: str, *rest: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    with time_machine.travel(NOON, tick=word != "found"):
        import django

        django.setup()
        {"found": found, "work": work, "serve": lambda: serve(int(rest[0]))}[word]()


if __name__ == "__main__":
    main(*sys.argv[1:])
