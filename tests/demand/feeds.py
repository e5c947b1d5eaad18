"""A feed of the tests' desk, its files, and how they are sent."""

import gzip
from datetime import timedelta
from typing import Any

from django.test import Client

from commonhold.demand.acts import feeding, feeds
from commonhold.demand.engine import mapping
from commonhold.demand.engine.feeds import Rhythm, Setting
from commonhold.demand.models import FeedVersion
from commonhold.partnership.acts import tokens
from tests.universe import HEADINGS, NOON, TODAY, somebody

LEAD = "client-lead-of-southmere"


def setting(**given: Any) -> Setting:
    values = {"mapping": mapping.built_in("canonical"), "posts": (LEAD, "service-analyst"), "rhythm": Rhythm.DAILY}
    return Setting(**values | given)


def set_up(name: str = "service-desk", **given: Any) -> FeedVersion:
    return feeds.set_up_feed(by=somebody("service-analyst"), name=name, setting=setting(**given))


def token(post: str = LEAD, feed: str = "", purpose: str = "bring") -> str:
    last_day = TODAY + timedelta(days=30)
    return tokens.make_token(by=somebody(post), purpose=purpose, name="Nightly", last_day=last_day, feed=feed).text


def file(*references: str, opened: str = "2026-07-20T09:00:00Z") -> bytes:
    rows = [f"{one},{opened},open,P3,incident,Service Desk,Southmere,Printing,Fault," for one in references]
    return ("\n".join([HEADINGS, *rows]) + "\n").encode()


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def put(content: bytes, *, text: str, name: str = "service-desk", **headers: str) -> Any:
    client = Client(SERVER_NAME="localhost")
    sent = {"Authorization": f"Bearer {text}", **headers}
    return client.put(f"/feeds/{name}", content, content_type="text/csv", headers=sent)


def work(feed: int) -> str:
    """What the worker does."""
    return feeding.import_fed(feed=feed, clock=lambda: NOON, progress=lambda *_: None, waiting=lambda: None)
