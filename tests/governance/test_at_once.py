"""Two people at once: what an act's checks look at is locked before it is looked at, and the other waits."""

from collections.abc import Callable
from datetime import date, time
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonhold.governance.acts import actions, meetings, minutes, papers
from commonhold.governance.models import Body, Resolution
from commonhold.refusals import Refused
from tests import factories
from tests.factories import ANALYST, CLERK

pytestmark = pytest.mark.django_db
WHY = "It was a mistake."

ACTS: dict[str, Callable[[Resolution], Callable[..., object]]] = {
    "call a meeting": lambda on: partial(
        meetings.call_meeting, body=on.item.meeting.body, day=date(2026, 12, 1), starts=time(18), place="Town Hall"
    ),
    "call it off": lambda on: partial(
        meetings.call_off, meeting=factories.meeting(on.item.meeting.body, date(2026, 12, 2)), reason=WHY
    ),
    "add an item": lambda on: partial(meetings.add_item, meeting=on.item.meeting, title="More", purpose="note"),
    "withdraw an item": lambda on: partial(meetings.withdraw_item, item=factories.item(on.item.meeting), reason=WHY),
    "resolve": lambda on: partial(minutes.resolve, item=on.item, text="That it be noted."),
    "strike a resolution": lambda on: partial(minutes.strike_resolution, resolution=on, reason=WHY),
    "ask": lambda on: partial(actions.ask, resolution=on, text="Look into it.", owner=factories.post()),
    "strike an action": lambda on: partial(actions.strike_action, action=factories.action(on), reason=WHY),
    "withdraw a paper": lambda on: partial(papers.withdraw, paper=factories.paper(on.item), reason=WHY),
}


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time.")
def test_what_is_looked_at_is_locked_first(name: str) -> None:
    act = ACTS[name](factories.resolution())
    with CaptureQueriesContext(connection) as taken:
        act(by=ANALYST if name == "withdraw a paper" else CLERK)

    said = [query["sql"] for query in taken.captured_queries]
    looked = [sql for sql in said if sql.startswith("SELECT") and '"governance_retraction"' in sql and "1 AS" in sql]
    locked = [sql for sql in said if "FOR UPDATE" in sql and '"governance_' in sql]
    assert locked
    assert not looked or said.index(looked[-1]) > said.index(locked[0])


def test_a_body_that_somebody_enters_in_the_same_moment_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.body("Joint Committee")
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda self: False)

    with pytest.raises(Refused, match="There is already a body called Joint Committee"):
        meetings.form_body(by=CLERK, name="Joint Committee", kind=Body.Kind.JOINT_COMMITTEE)
