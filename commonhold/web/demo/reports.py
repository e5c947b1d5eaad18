"""What the committee made of the tickets: three reports, what was resolved on them, and what became of that.

Each report can be told again: what is there already is not done twice, whatever people did since.
"""

from collections.abc import Callable
from datetime import date, time
from typing import Any, Final

from commonhold.figures import Span
from commonhold.governance.acts import actions, meetings, minutes
from commonhold.governance.models import Action, Body, Item, Meeting, Paper, Resolution
from commonhold.partnership.acts import agreement
from commonhold.partnership.models import Post, RuleVersion
from commonhold.performance.acts import computing, publishing, reporting
from commonhold.performance.acts.composing import compose, profile_of
from commonhold.performance.engine.report.about import About
from commonhold.performance.models import Pack, QueryAnswer, Report
from commonhold.performance.queries import reporting as queries
from commonhold.performance.queries.periods import basis, the_period
from commonhold.web.demo import BEGINS, disputes, incidents
from commonhold.web.demo.desk import WORSE_SERVED
from commonhold.web.demo.founding import CLERK, LEADS, at, somebody

Progress = Callable[[float, str], None]

WORSE: Final = WORSE_SERVED[0]
DIRECTOR: Final = "managing-director"
AUTUMN: Final = Span(date(2025, 10, 1), date(2025, 12, 31))
WINTER: Final = Span(date(2026, 1, 1), date(2026, 3, 31))
SPRING: Final = Span(date(2026, 4, 1), date(2026, 6, 30))
FOUND: Final = "Inter Authority Agreement of 1 July 2023"
RULES: Final[dict[str, Any]] = {
    "aims": {
        "within_target": {"at_least": "80%", "P1": {"at_least": "95%"}, "P2": {"at_least": "90%"}},
        "aged_open": {"at_most": "150"},
    },
    "provisional": {"working_days": 5, "holidays": "GB-ENG"},
}
"""What the agreement says of figures beside targets and calendars."""
WHY: Final = {
    str(About("targets", "within_target", {"priority": "P1"})): (
        "On bank holidays and at night whoever can mend it must be called in first, and Calldale had to be waited for.",
        "Our teams and Calldale say on one list, a month ahead, who is on call.",
    ),
    str(About("targets", "within_target", {"priority": "P2"})): (
        "Most that were late had been passed from one team to another first. Ten office hours are one day.",
        "The desk sends a P2 to the team that answers for the system at once, by the list of systems.",
    ),
}
"""What officers say of figures that miss their aim, with what is done about it."""
PLACE: Final = "Council Chamber, Eastwell Vale Town Hall"
TO_COME: Final = (date(2026, 10, 20), date(2027, 1, 26), date(2027, 4, 20))


def first_report(progress: Progress) -> None:
    """The quarter in which one authority was served worse; the committee asks why, and what is done about it."""
    packs = _packs(AUTUMN, date(2026, 1, 13), progress)
    day = date(2026, 1, 27)
    item = _meeting(day, date(2026, 1, 14))
    _attach(packs, item, date(2026, 1, 14))
    resolution = item.resolutions.first() or minutes.resolve(
        by=somebody(CLERK, at(day, 20)),
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
            by=somebody(CLERK, at(day, 20, 5)),
            resolution=resolution,
            text=f"Find why {WORSE} was served worse in October to December 2025, and put it right",
            owner=Post.objects.get(slug=DIRECTOR),
            measure="within_target",
            scope={"partner": WORSE},
        )


def second_report(progress: Progress) -> None:
    """The quarter after: an update that says what was found, and a hold that was put right for a partner."""
    disputes.put_right()
    packs = _packs(WINTER, date(2026, 4, 9), progress)
    paper = _attach(packs, _meeting(date(2026, 4, 21), date(2026, 4, 10)), date(2026, 4, 10))
    action = _the_action()
    if not action.updates.filter(closes=False).exists():
        actions.update(
            by=somebody(DIRECTOR, at(date(2026, 4, 13))),
            action=action,
            words=(
                f"The team that serves {WORSE}'s sites was two posts short from October on. Both were filled in "
                "December, and its queue was worked off before the end of the year."
            ),
            paper=paper,
        )


def third_report(progress: Progress) -> None:
    """Half a year later: the effect is in the figures, and the action closes with them as evidence."""
    incidents.write_up(SPRING, date(2026, 7, 2))
    _explained(progress)
    disputes.maintained()
    packs = _packs(SPRING, date(2026, 7, 7), progress)
    day = date(2026, 7, 21)
    item = _meeting(day, date(2026, 7, 8))
    paper = _attach(packs, item, date(2026, 7, 8))
    action = _the_action()
    if not action.updates.filter(closes=True).exists():
        actions.update(
            by=somebody(DIRECTOR, at(date(2026, 7, 9))),
            action=action,
            words=f"For two quarters {WORSE} has been served as the same mix of work explains. We ask to close this.",
            paper=paper,
            closes=True,
        )
    if not item.resolutions.exists():
        minutes.resolve(
            by=somebody(CLERK, at(day, 19, 30)),
            item=item,
            text=f"That the report be noted, and that what was asked for on 27 January 2026 about {WORSE} is done.",
            word=Resolution.Word.NOTED,
        )
    for later in TO_COME:
        _called(later, date(2026, 7, 22))
    # Whoever looks at the three quarters of the story need not wait for their figures.
    on = basis()
    for number, days in enumerate((AUTUMN, WINTER, SPRING)):
        progress(0.9 + number / 30, "Computing the quarters' figures")
        computing.make_ready(period=the_period(days, on.known), on=on)


def _explained(progress: Progress) -> None:
    """The quarter's figures lay open: one partner's query was settled, another's was not, and officers explained."""
    progress(0.55, "Laying the quarter's figures open to the partners")
    at_once, on = at(date(2026, 7, 2), 11), basis()
    for rule, value in RULES.items():
        if not RuleVersion.objects.filter(rule=rule).exists():
            version = agreement.enter_as_found(
                by=somebody(DIRECTOR, at_once), rule=rule, value=value, effective_from=BEGINS.date(), document=FOUND
            )
            for lead in LEADS:
                agreement.confirm(by=somebody(lead, at_once), version=version)
    if Report.objects.exists():
        return
    computing.make_ready(period=the_period(SPRING, on.known), on=on)
    report = reporting.open_report(by=somebody(DIRECTOR, at_once), first=SPRING.first, last=SPRING.last)
    settled = reporting.query(
        by=somebody(LEADS[0], at(date(2026, 7, 3))),
        report=report,
        about=str(About("targets", "within_target", {"priority": "P2"})),
        words="Our own teams count some of these as resolved on the same day. Are they in?",
    )
    reporting.query(
        by=somebody(LEADS[2], at(date(2026, 7, 3), 15)),
        report=report,
        about=str(About("backlog", "aged_open")),
        words="We think that some of these were closed in May and never marked so.",
    )
    reporting.answer(
        by=somebody("service-analyst", at(date(2026, 7, 6))),
        query=settled,
        outcome=QueryAnswer.Outcome.STANDS,
        words="They are in, with the instant of the last resolution, as for every partner.",
    )
    reporting.settle(by=somebody(LEADS[0], at(date(2026, 7, 6), 16)), query=settled, words="Thank you, that is it.")
    for one in queries.reported(report, seen_by=somebody(DIRECTOR, at_once)).off:
        if str(one.about) in WHY:
            why, doing = WHY[str(one.about)]
            reporting.sign_off(
                by=somebody("service-manager", at(date(2026, 7, 6), 17)),
                report=report,
                about=str(one.about),
                why=why,
                doing=doing,
                by_when=date(2026, 9, 30),
            )


def _packs(days: Span, published: date, progress: Progress) -> list[Pack]:
    """The quarter's packs, published for the public and for the boards."""
    packs = []
    for share, hour, profile in ((0.6, 11, "public"), (0.8, 12, "board")):
        progress(share, "Publishing the quarter's performance packs")
        made = Pack.objects.filter(first=days.first, last=days.last, profile=profile).order_by("pk").first()
        if made is None:
            on = basis()
            files = compose(period=the_period(days, on.known), profile=profile_of(profile), on=on)
            made = publishing.publish(by=somebody(DIRECTOR, at(published, hour)), files=files)
        packs.append(made)
    return packs


def _meeting(day: date, called: date) -> Item:
    """A meeting of the Joint Committee with the performance pack on its agenda."""
    meeting = _called(day, called)
    return meeting.items.order_by("number").first() or meetings.add_item(
        by=somebody(CLERK, at(called)),
        meeting=meeting,
        title="Update report and performance pack",
        purpose=Item.Purpose.CONSIDER,
    )


def _called(day: date, called: date) -> Meeting:
    body = Body.objects.get(slug="joint-committee")
    found = Meeting.objects.filter(body=body, day=day).first()
    return found or meetings.call_meeting(
        by=somebody(CLERK, at(called)), body=body, day=day, starts=time(18), place=PLACE
    )


def _attach(packs: list[Pack], item: Item, day: date) -> Paper:
    """Put both packs before the meeting, so that residents find theirs; returns the paper that shows every partner."""
    for pack in packs:
        paper = item.papers.filter(address=pack.get_absolute_url()).first() or publishing.attach(
            by=somebody(DIRECTOR, at(day, 14)), pack=pack, item=item
        )
    return paper


def _the_action() -> Action:
    return Action.objects.order_by("pk")[0]
