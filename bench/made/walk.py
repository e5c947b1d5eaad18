"""Every page that somebody comes to by links, asked for several times: what it takes of processor time, and how often
it asks the database.

A page's time is that of the web process and of the process that serves it in the database, if that is another one:
what a machine of its own would need, whatever else runs here.
"""

import html
import logging
import re
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urldefrag, urljoin

from django.db import connection
from django.test import Client

ROUNDS = 5
OF_A_ROUTE = 3
"""Addresses of one route that are asked for in one role; pages that lists lead to are many and alike."""
LEFT_OUT = re.compile(
    r"^/static/|logout|\.(csv|xlsx|pdf|json|zip|svg)$|^/record/export/|/personas/|^/tickets\.|^/rows\."
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as one reader saw it: milliseconds of processor time and of the clock on the wall, queries, kilobytes."""

    role: str
    route: str
    address: str
    status: int
    milliseconds: float
    wall: float
    queries: int
    size: float


class Walker:
    """Somebody who reads pages, in one role."""

    def __init__(self, role: str, client: Client) -> None:
        self.role, self.client = role, client
        self._log = _Log()

    def pages(self, begin: Iterable[str], *, follow: bool = True) -> Iterator[Seen]:
        """The pages at these addresses and those they lead to, some of each route."""
        waiting, known = deque(begin), set(begin)
        of_route: defaultdict[str, int] = defaultdict(int)
        named = len(waiting)
        while waiting:
            address = waiting.popleft()
            named -= 1
            answer = self.client.get(address)
            route = self._log.route
            if named < 0 and of_route[route] >= OF_A_ROUTE:
                continue
            of_route[route] += 1
            if answer.status_code in (200, 410):
                yield self._measured(address)
            body = _body(answer)
            if follow and answer.get("Content-Type", "").startswith("text/html"):
                found = links(address, body.decode())
                waiting.extend(link for link in found if link not in known)
                known.update(found)

    def _measured(self, address: str) -> Seen:
        took, walls = [], []
        for _ in range(ROUNDS):
            began, wall = busy(), time.perf_counter()
            answer = self.client.get(address)
            body = _body(answer)
            took.append(1000 * (busy() - began))
            walls.append(1000 * (time.perf_counter() - wall))
        log = self._log
        return Seen(
            self.role, log.route, address, answer.status_code, median(took), median(walls), log.queries, len(body) / 1e3
        )


class _Log(logging.Handler):
    """What the last request wrote into the log."""

    def __init__(self) -> None:
        super().__init__()
        self.route, self.queries = "", 0
        logging.getLogger("commonhold.request").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        about: dict[str, Any] = record.__dict__
        self.route, self.queries = about["route"], about["queries"]


def _body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def links(page: str, text: str) -> dict[str, None]:
    """The pages of ours that a page leads to, in its order."""
    found = (urldefrag(urljoin(page, html.unescape(href))).url for href in re.findall(r'<a\b[^>]*href="([^"]+)"', text))
    return dict.fromkeys(link for link in found if link.startswith("/") and not LEFT_OUT.search(link.partition("?")[0]))


def busy() -> float:
    """Seconds of processor time of this process, and of the one that serves it in PostgreSQL."""
    own = time.process_time()
    if connection.vendor != "postgresql" or connection.connection is None:
        return own
    serving = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return own + int(serving.read_text().split()[0]) / 1e9
