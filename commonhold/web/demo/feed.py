"""From summer 2026 on the desk's export comes by itself: by a feed, sent with a token of the service analyst's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Final

from commonhold.demand.acts import feeding, feeds
from commonhold.demand.engine.feeds import Setting
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.models import FeedVersion
from commonhold.demand.queries.feeds import current
from commonhold.ledger.engine.by import TOKEN
from commonhold.partnership.acts import tokens
from commonhold.web.demo.founding import somebody

NAME: Final = "service-desk"
ANALYST: Final = "service-analyst"


def bring_by_feed(content: bytes, mapping: Mapping, instant: datetime, progress: Callable[[float, str], None]) -> None:
    """The file as the desk's own machine sends it, imported by the feed; which is set up where it is not there yet."""
    version = current().filter(feed__name=NAME).first() or _set_up(mapping, instant)
    by = replace(somebody(ANALYST, instant), through=TOKEN)
    feeding.receive(by=by, version=version, stream=BytesIO(content), through=TOKEN)
    feeding.import_fed(feed=version.feed_id, clock=lambda: instant, progress=progress, waiting=lambda: None)


def _set_up(mapping: Mapping, instant: datetime) -> FeedVersion:
    by = somebody(ANALYST, instant)
    version = feeds.set_up_feed(by=by, name=NAME, setting=Setting(mapping=mapping, posts=(ANALYST,)))
    last_day = instant.date() + timedelta(days=365)
    tokens.make_token(by=by, purpose="bring", name="The desk's nightly export", last_day=last_day, feed=NAME)
    return version
