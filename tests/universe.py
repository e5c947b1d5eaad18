"""The demonstration's people and partners with a little of everything, ready for tests, made by calling acts.

Three authorities, their posts and people, a month of tickets and its figures, packs, and a meeting at which the
committee resolved, asked for something and heard of it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any, Final

from django.test import Client

from commonhold.demand.acts import imports
from commonhold.demand.engine import mapping
from commonhold.demand.queries.files import File
from commonhold.figures import Span
from commonhold.governance.acts import actions, meetings, minutes
from commonhold.governance.models import Action, Body, Item, Meeting, Resolution
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Person, Post
from commonhold.performance.acts import computing, publishing
from commonhold.performance.acts.composing import compose, profile_of
from commonhold.performance.models import Pack
from commonhold.performance.queries.packs import correcting
from commonhold.performance.queries.periods import basis, the_period
from commonhold.web.demo import founding

NOON: Final = datetime(2026, 7, 21, 11, 0, tzinfo=UTC)
"""The instant at which everything here happens, unless it says otherwise: midday in London, the day of the meeting."""
TODAY: Final = date(2026, 7, 21)
JUNE: Final = Span(date(2026, 6, 1), date(2026, 6, 30))

HEADINGS: Final = "reference,event_at,state,priority,kind,team,partner,service,category,source_verdict"
WORKED: Final = (
    # reference, opened on, priority, partner, hours to resolve (None: open still), desk's verdict
    ("SD0001", "2026-06-01T08:00:00Z", "P3", "Southmere", 4, "true"),
    ("SD0002", "2026-06-02T09:30:00Z", "P3", "Eastwell Vale", 60, "false"),
    ("SD0003", "2026-06-03T10:00:00Z", "P2", "Northgate", 2, "true"),
    ("SD0004", "2026-06-09T13:15:00Z", "P3", "Southmere", 30, "true"),
    ("SD0005", "2026-06-15T07:45:00Z", "P4", "Eastwell Vale", 20, "true"),
    ("SD0006", "2026-06-16T11:00:00Z", "P1", "Northgate", 5, "false"),
    ("SD0007", "2026-06-22T12:00:00Z", "P3", "Northgate", None, ""),
    ("SD0008", "2026-06-29T15:00:00Z", "P3", "Southmere", None, ""),
)


def somebody(post: str, at: datetime = NOON) -> By:
    """The holder of a post, acting in it."""
    return founding.somebody(post, at)


def person(post: str) -> Person:
    """The holder of a post."""
    return Person.objects.get(appointments__post__slug=post)


def browser_of(post: str = "", **how: Any) -> Client:
    """A browser in which the holder of a post is signed in; one of the public, where none is named."""
    client = Client(**how)
    if post:
        client.force_login(person(post), backend="django.contrib.auth.backends.ModelBackend")
    return client


def bring_tickets(at: datetime = NOON) -> dict[str, Any]:
    """Eight tickets of June, as their desk tells them."""
    lines = [HEADINGS]
    for reference, opened, priority, partner, hours, verdict in WORKED:
        told = f"{priority},incident,Service Desk,{partner},Email and calendar,Fault"
        begins = datetime.fromisoformat(opened)
        lines.append(f"{reference},{opened},open,{told},")
        if hours is not None:
            ends = (begins + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
            lines.append(f"{reference},{ends},resolved,{told},{verdict}")
    lines.append("SD0009,2026-07-02T09:00:00Z,open,P3,request,Service Desk,Southmere,Printing,Access,")
    file = File(stream=BytesIO(("\n".join(lines) + "\n").encode()), mapping=mapping.built_in("canonical"))
    return imports.bring(by=somebody("service-analyst", at), file=file, clock=lambda: at, progress=lambda *_: None)


def compute(span: Span = JUNE) -> None:
    """The figures of June, ready for pages."""
    on = basis()
    computing.make_ready(period=the_period(span, on.known), on=on)


def publish(profile: str = "public", at: datetime = NOON, reason: str = "") -> Pack:
    """The pack of June; with a reason, as a correction of the one that stands."""
    on = basis()
    period, audience = the_period(JUNE, on.known), profile_of(profile)
    correction = correcting(JUNE, audience.name, reason) if reason else None
    files = compose(period=period, profile=audience, on=on, correction=correction)
    return publishing.publish(by=somebody("managing-director", at), files=files)


@dataclass(frozen=True)
class Committee:
    """A meeting of the Joint Committee, what it resolved, and what it asked for."""

    body: Body
    meeting: Meeting
    item: Item
    resolution: Resolution
    action: Action


def meet(at: datetime = NOON) -> Committee:
    """The Joint Committee met this morning, resolved on the service's report, and meets again in November."""
    clerk = somebody("governance-officer-of-northgate", at)
    body = Body.objects.get(slug="joint-committee")
    meeting = meetings.call_meeting(by=clerk, body=body, day=TODAY, starts=time(10), place="Eastwell Vale Town Hall")
    meetings.call_meeting(by=clerk, body=body, day=date(2026, 11, 24), starts=time(18), place="Southmere Town Hall")
    item = meetings.add_item(
        by=clerk, meeting=meeting, title="Update report and performance pack", purpose=Item.Purpose.CONSIDER
    )
    resolution = minutes.resolve(
        by=clerk,
        item=item,
        text="That the Managing Director report why tickets of Northgate missed their target.",
        due=Resolution.Due.NEXT_MEETING,
    )
    action = actions.ask(
        by=clerk,
        resolution=resolution,
        text="Find why Northgate was served worse, and put it right",
        owner=Post.objects.get(slug="managing-director"),
        measure="within_target",
        scope={"partner": "Northgate"},
    )
    return Committee(body, meeting, item, resolution, action)


def everything() -> Committee:
    """All of it: three authorities, a month of tickets, its figures, two packs, and a meeting with one before it."""
    founding.found()
    bring_tickets()
    compute()
    publish("public")
    board = publish("board")
    met = meet()
    publishing.attach(by=somebody("managing-director"), pack=board, item=met.item)
    return met
