"""The demonstration's story, told in chapters by calling acts, each at the instant at which it happened.

Every chapter can be told again: what is there already is not done twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Final

from django.db import transaction

from commonhold.demand.acts import imports
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.queries.files import File
from commonhold.figures import Span
from commonhold.governance.acts import actions, meetings, minutes
from commonhold.governance.models import Action, Body, Item, Meeting, Paper, Resolution
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job, State
from commonhold.ledger.engine.by import By
from commonhold.partnership.acts import agreement, people, starting
from commonhold.partnership.engine.starting import read_plan
from commonhold.partnership.models import Appointment, Partner, Post, Role, RuleVersion
from commonhold.partnership.queries import LONDON, acting, by_of, has_started
from commonhold.performance.acts import publishing
from commonhold.performance.acts.composing import compose, profile_of
from commonhold.performance.models import Pack
from commonhold.performance.queries.periods import basis, the_period
from commonhold.web.demo import BEGINS
from commonhold.web.demo.cast import CAST, HOST
from commonhold.web.demo.desk import Drawn, draw, office_hours
from commonhold.web.demo.export import export
from commonhold.workdays import read_calendars

CHAPTER: Final = "web.tell_chapter"
Progress = Callable[[float, str], None]
WORSE: Final = "Northgate"


@dataclass(frozen=True, slots=True)
class Chapter:
    """The tickets of some days, brought on a day, and what followed from them."""

    words: str
    tickets: Span | None
    brought: date
    then: Callable[[], None] | None = None


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON)


def somebody(slug: str, instant: datetime) -> By:
    """The holder of a post, acting in it at an instant."""
    post = Post.objects.select_related("partner").get(slug=slug)
    holder = Appointment.objects.filter(post=post, person__isnull=False).select_related("person").first()
    return by_of(post, instant, holder.person if holder else None)


def tell(number: int, progress: Progress) -> bool:
    """Tell a chapter; returns whether there is another after it."""
    chapter = CHAPTERS[number]
    if chapter.tickets is not None:
        _bring(chapter.tickets, chapter.brought, progress)
    if chapter.then is not None:
        chapter.then()
    return number + 1 < len(CHAPTERS)


def is_told() -> bool:
    """Whether the whole story is told: until then nobody else acts in the demonstration."""
    return not Job.objects.filter(name=CHAPTER, state__in=(State.ASKED, State.RUNNING)).exists()


def begin(instant: datetime) -> None:
    """Found the partnership with its people and its agreement, and have the other chapters told by a worker."""
    if not has_started():
        with transaction.atomic():
            _found()
    jobs.ask(CHAPTER, by=acting(None, instant), key="chapter-0", title=CHAPTERS[0].words, number=0)


def ask_for(number: int, by: By) -> None:
    jobs.ask(CHAPTER, by=by, key=f"chapter-{number}", title=CHAPTERS[number].words, number=number)


def _found() -> None:
    began = BEGINS
    operator = acting(None, began)
    plan = read_plan(_text("start.toml"), "start.toml", _text)
    starting.start(by=operator, plan=plan, personas=True)
    _appoint_everybody(began)
    host = Post.objects.get(role=Role.HOST)
    first = somebody("administrator-of-southmere", began)
    people.appoint(by=first, post=host, partner=Partner.objects.get(name=HOST), starts=began.date())
    for version in RuleVersion.objects.exclude(rule="consent"):
        for slug in ("southmere", "eastwell-vale", "northgate"):
            agreement.confirm(by=somebody(f"client-lead-of-{slug}", at(date(2023, 7, 5))), version=version)
    clerk = somebody("governance-officer-of-northgate", at(date(2023, 7, 6)))
    meetings.form_body(by=clerk, name="Joint Committee", kind=Body.Kind.JOINT_COMMITTEE)


def _appoint_everybody(began: datetime) -> None:
    """Each authority's administrator appoints its own people, and the shared service's its own."""
    today = began.date()
    shared = Post.objects.get(role=Role.ADMINISTRATOR, partner=None)
    southmere = somebody("administrator-of-southmere", began)
    keeper = people.add_person(
        by=acting(None, began), name="Lucy Tran", email="lucy.tran@threeboroughs.example", persona=True
    )
    people.appoint(by=southmere, post=shared, person=keeper, starts=today)
    for member in CAST:
        partner = Partner.objects.get(name=member.partner) if member.partner else None
        by = somebody(f"administrator-of-{partner.slug}" if partner else shared.slug, began)
        person = people.add_person(by=by, name=member.name, email=member.email, partner=partner, persona=True)
        post = Post.objects.filter(partner=partner, role=member.role).first() or people.make_post(
            by=by, title=member.title, role=member.role, partner=partner, may_consent=member.may_consent
        )
        people.appoint(by=by, post=post, person=person, starts=today)


def _bring(days: Span, brought: date, progress: Progress) -> None:
    progress(0.05, f"Writing the desk's export from {days.first:%B %Y} to {days.last:%B %Y}")
    content = export(_drawn(), days.first, days.last)
    instant = at(brought, 9)
    mapping = mappings.parse(_text("desk.toml").encode(), "joint-service-desk")
    imports.bring(
        by=somebody("service-analyst", instant),
        file=File(stream=BytesIO(content), mapping=mapping),
        clock=lambda: instant,
        progress=lambda share, words: progress(0.1 + 0.9 * share, words),
    )


@cache
def _drawn() -> Drawn:
    calendars = read_calendars(_text("calendars.toml"), "calendars.toml")
    return draw(office_hours(calendars["office-hours"]))


def _text(name: str) -> str:
    return (resources.files("commonhold.web.demo") / name).read_text(encoding="utf-8")


def _packs(days: Span, published: date) -> Pack:
    """The quarter's packs, published for the public and for the boards; returns the boards'."""
    made = None
    for hour, profile in ((11, "public"), (12, "board")):
        made = Pack.objects.filter(first=days.first, last=days.last, profile=profile).first()
        if made is None:
            on = basis()
            files = compose(period=the_period(days, on.known), profile=profile_of(profile), on=on)
            made = publishing.publish(by=somebody("managing-director", at(published, hour)), files=files)
    assert made is not None
    return made


def _meeting(day: date, called: date) -> Item:
    """A meeting of the Joint Committee with the performance pack on its agenda."""
    body = Body.objects.get(slug="joint-committee")
    by = somebody("governance-officer-of-northgate", at(called))
    meeting = Meeting.objects.filter(body=body, day=day).first() or meetings.call_meeting(
        by=by, body=body, day=day, starts=time(18), place="Council Chamber, Eastwell Vale Town Hall"
    )
    return meeting.items.first() or meetings.add_item(
        by=by, meeting=meeting, title="Update report and performance pack", purpose=Item.Purpose.CONSIDER
    )


def _attach(pack: Pack, item: Item, day: date) -> Paper:
    found = item.papers.filter(address=pack.get_absolute_url()).first()
    return found or publishing.attach(by=somebody("managing-director", at(day, 14)), pack=pack, item=item)


def _first_report() -> None:
    """The quarter in which one authority was served worse; the committee asks why, and what is done about it."""
    pack = _packs(Span(date(2025, 10, 1), date(2025, 12, 31)), date(2026, 1, 13))
    item = _meeting(date(2026, 1, 27), date(2026, 1, 14))
    _attach(pack, item, date(2026, 1, 14))
    clerk = somebody("governance-officer-of-northgate", at(date(2026, 1, 27), 20))
    resolution = item.resolutions.first() or minutes.resolve(
        by=clerk,
        item=item,
        text=(
            f"That the Managing Director set out why tickets of {WORSE} missed their target more often than the same "
            "mix of work explains, put it right, and report to the next meeting."
        ),
        word=Resolution.Word.RESOLVED,
        due=Resolution.Due.NEXT_MEETING,
    )
    if not resolution.actions.exists():
        actions.ask(
            by=somebody("governance-officer-of-northgate", at(date(2026, 1, 27), 20, 5)),
            resolution=resolution,
            text=f"Find why {WORSE} was served worse in October to December 2025, and put it right",
            owner=Post.objects.get(slug="managing-director"),
            measure="within_target",
            scope={"partner": WORSE},
        )


def _second_report() -> None:
    """The quarter after: an update that says what was found."""
    pack = _packs(Span(date(2026, 1, 1), date(2026, 3, 31)), date(2026, 4, 9))
    item = _meeting(date(2026, 4, 21), date(2026, 4, 10))
    paper = _attach(pack, item, date(2026, 4, 10))
    action = Action.objects.get()
    if not action.updates.exists():
        actions.update(
            by=somebody("managing-director", at(date(2026, 4, 13))),
            action=action,
            words=(
                "The team that serves Northgate's sites was two posts short from October to December. Both are filled "
                "since February, and its queue is worked through with the others'."
            ),
            paper=paper,
        )


def _third_report() -> None:
    """Half a year later: the effect is in the figures, and the action closes with them as evidence."""
    pack = _packs(Span(date(2026, 4, 1), date(2026, 6, 30)), date(2026, 7, 7))
    item = _meeting(date(2026, 7, 21), date(2026, 7, 8))
    paper = _attach(pack, item, date(2026, 7, 8))
    action = Action.objects.get()
    if not action.is_closed:
        actions.update(
            by=somebody("managing-director", at(date(2026, 7, 9))),
            action=action,
            words="For two quarters Northgate has been served as the same mix of work explains. We ask to close this.",
            paper=paper,
            closes=True,
        )


CHAPTERS: Final = (
    Chapter("The first year's tickets", Span(date(2023, 7, 1), date(2024, 6, 30)), date(2024, 7, 2)),
    Chapter("The second year's tickets", Span(date(2024, 7, 1), date(2025, 6, 30)), date(2025, 7, 2)),
    Chapter("July to September 2025", Span(date(2025, 7, 1), date(2025, 9, 30)), date(2025, 10, 2)),
    Chapter("October to December 2025", Span(date(2025, 10, 1), date(2025, 12, 31)), date(2026, 1, 6), _first_report),
    Chapter("January to March 2026", Span(date(2026, 1, 1), date(2026, 3, 31)), date(2026, 4, 2), _second_report),
    Chapter("April to June 2026", Span(date(2026, 4, 1), date(2026, 6, 30)), date(2026, 7, 2), _third_report),
)
