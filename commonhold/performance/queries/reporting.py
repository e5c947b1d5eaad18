"""Reports on periods: what lies open, what is explained, queried and still waited for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import quote

from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.http import Http404
from django.urls import reverse

from commonhold.figures import Figure, Span
from commonhold.governance.models import Meeting
from commonhold.ledger.engine.by import By
from commonhold.partnership.engine.rules.aims import Aims
from commonhold.partnership.models import Appointment, Partner, Person, Post, Role
from commonhold.partnership.queries import Owed, day_of, rules
from commonhold.performance.engine.audiences import BOARD
from commonhold.performance.engine.report.about import PARTS, About, parse
from commonhold.performance.engine.report.offtarget import Against, Result, against
from commonhold.performance.engine.report.readiness import Part, Piece, by_part, percent_ready
from commonhold.performance.models import (
    Explanation,
    FigureQuery,
    FigureRemark,
    Pack,
    QueryAnswer,
    Report,
    Wording,
)
from commonhold.performance.permissions import SIGN_OFF, WRITE, reads_reports, speaks_on_figures, writes_words
from commonhold.performance.queries import source_figures
from commonhold.performance.queries.readings import Kept, figures, ready

MOST: Final = 50


def reports(*, seen_by: By) -> QuerySet[Report]:
    """The reports that this reader may see, the newest period first."""
    rows = Report.objects.select_related("meeting__body")
    return rows if reads_reports(seen_by) else rows.none()


def the_report(span: Span, *, seen_by: By) -> Report:
    found = open_on(span, seen_by=seen_by)
    if found is None:
        raise Http404("There is no such report.")
    return found


def the_query(number: int, *, seen_by: By) -> FigureQuery:
    rows = FigureQuery.objects.select_related("report", "partner", "settlement").prefetch_related("answers")
    found = rows.filter(pk=number).first() if reads_reports(seen_by) else None
    if found is None:
        raise Http404("There is no such query.")
    return found


def kept(span: Span) -> Kept | None:
    """The period's figures as they are kept ready."""
    return ready().periods.get(span)


def open_on(span: Span | None, *, seen_by: By) -> Report | None:
    """The report on exactly these days, where there is one and this reader sees it."""
    if span is None or not reads_reports(seen_by):
        return None
    return reports(seen_by=seen_by).filter(first=span.first, last=span.last).first()


def lies_open(span: Span, *, seen_by: By) -> Report | None:
    """The report on these days, where the days for the partners' queries have not ended."""
    found = open_on(span, seen_by=seen_by)
    return found if found is not None and found.until is not None and day_of(seen_by.at) <= found.until else None


def titles() -> dict[str, str]:
    """What each post is called."""
    return dict(Post.objects.values_list("slug", "title"))


def meetings_to_come(at: datetime) -> QuerySet[Meeting]:
    """Meetings that a report can be for, the next first."""
    rows = Meeting.objects.filter(day__gte=day_of(at), retraction=None)
    return rows.select_related("body").order_by("day", "pk")


@dataclass(frozen=True, slots=True)
class Asked:
    """A partner's query as it stands."""

    query: FigureQuery
    answers: Sequence[QueryAnswer]
    settled: bool

    @property
    def state(self) -> str:
        if self.settled:
            return "settled"
        decided = any(one.outcome != QueryAnswer.Outcome.LOOKING for one in self.answers)
        return "answered" if decided else "open"


@dataclass(frozen=True, slots=True)
class Spoken:
    """All that is said of one thing: words signed off and in draft, remarks and queries."""

    about: About
    explanation: Explanation | None = None
    draft: Wording | None = None
    remarks: Sequence[FigureRemark] = ()
    queries: Sequence[Asked] = ()


@dataclass(frozen=True, slots=True)
class Reported:
    """A report with everything on its page; `kept` is None where its figures are being computed again."""

    report: Report
    kept: Kept | None
    aims: Aims | None
    against: Sequence[Against]
    figures: Sequence[Figure]
    spoken: dict[str, Spoken] = field(default_factory=dict)
    parts: Sequence[Part] = ()
    packs: Sequence[Pack] = ()

    @property
    def off(self) -> list[Against]:
        return [one for one in self.against if one.result is Result.OFF]

    @property
    def percent(self) -> int:
        return percent_ready(self.parts)

    @property
    def queries(self) -> list[Asked]:
        return [asked for spoken in self.spoken.values() for asked in spoken.queries]

    @property
    def explained(self) -> list[Spoken]:
        """What has words, signed off or in draft, in the pack's order of parts, parts before their figures."""
        found = [spoken for spoken in self.spoken.values() if spoken.explanation or spoken.draft]
        order = list(PARTS)
        return sorted(found, key=lambda one: (order.index(one.about.part), one.about.measure or "", str(one.about)))

    def of(self, about: About) -> Spoken:
        return self.spoken.get(str(about), Spoken(about))


def reported(report: Report, *, seen_by: By) -> Reported:
    """A report with its figures held against the aims, all that is said of them, and what it waits for."""
    found = kept(report.span)
    groupings = [(), ("priority",), ("partner",), ("priority", "partner")]
    there = [one for group in figures([found], groupings, seen_by=seen_by) for one in group] if found else []
    there += _of_readings(report.span, seen_by)
    value = rules(seen_by.at).value("aims")
    aims = value if isinstance(value, Aims) else None
    held = against(there, aims) if aims else []
    spoken = said(report)
    parts = by_part(_pieces(found, held, spoken))
    packs = Pack.objects.current().open_to(seen_by).filter(first=report.first, last=report.last)
    return Reported(report, found, aims, held, there, spoken, parts, list(packs))


def _of_readings(span: Span, seen_by: By) -> list[Figure]:
    """The figures of the whole service that readings give, of a measure with a threshold by that."""
    on = source_figures.source()
    names = source_figures.touching(on, span)
    if not names:
        return []
    defined = on.fed.on(span.last)
    whole, split = source_figures.grouped(on, span, names, [(), ("threshold",)])
    kept = [one for one in whole if one.figure.measure in defined and defined[one.figure.measure].threshold is None]
    kept += [one for one in split if defined[one.figure.measure].threshold is not None]
    return source_figures.seen(kept, seen_by=seen_by)


def said(report: Report) -> dict[str, Spoken]:
    """All that is said in a report, by what it is about."""
    answers = Prefetch("answers", queryset=QueryAnswer.objects.order_by("pk"))
    explanations = {one.about: one for one in report.explanations.filter(replaced_by=None)}
    drafts = {wording.about: wording for wording in report.wordings.filter(open=True)}
    asked = list(report.queries.select_related("partner", "settlement").prefetch_related(answers))
    remarks = list(report.remarks.select_related("partner"))
    names = {*explanations, *drafts, *(one.about for one in (*asked, *remarks))}
    return {
        name: Spoken(
            about=parse(name),
            explanation=explanations.get(name),
            draft=drafts.get(name),
            remarks=[one for one in remarks if one.about == name],
            queries=[_asked(one) for one in asked if one.about == name],
        )
        for name in sorted(names)
    }


def edition_of(report: Report, about: str) -> int:
    """The edition of the words on something that whoever opens them now looks at; 0 where there never were any."""
    return report.wordings.filter(about=about).values_list("edition", flat=True).first() or 0


def _asked(query: FigureQuery) -> Asked:
    return Asked(query, list(query.answers.all()), hasattr(query, "settlement"))


def _pieces(found: Kept | None, held: Sequence[Against], spoken: dict[str, Spoken]) -> Iterator[Piece]:
    """What a report needs: its figures, words on every figure off its aim, and an answer to every query."""
    for part in ("volumes", "targets", "backlog"):
        yield Piece(
            About(part), "the figures", found is not None and not found.overtaken, "the worker that computes them"
        )
    for one in held:
        if one.result is Result.OFF:
            words = spoken.get(str(one.about))
            explained = words is not None and words.explanation is not None
            yield Piece(one.about, "an explanation, for it is off its aim", explained, "the officers' words")
    for words in spoken.values():
        if words.draft is not None:
            yield Piece(words.about, "the draft to be signed off", there=False, waits_for="a signature")
        for asked in words.queries:
            waits = f"{asked.query.partner}" if asked.state == "answered" else "an answer"
            yield Piece(words.about, f"{asked.query.partner}'s query settled", asked.settled, waits)


def who_speaks(at: datetime, partner: Partner | None = None) -> list[Person]:
    """The people who remark on reports and query figures for their partner, or for this one."""
    held = Appointment.objects.on(day_of(at)).filter(post__partner__isnull=False)
    speaking = held.filter(Q(post__role=Role.CLIENT_LEAD) | Q(post__may_consent=True))
    return _people(speaking.filter(post__partner=partner) if partner else speaking)


def who_answers(at: datetime) -> list[Person]:
    """The officers of the shared service who explain figures and answer queries."""
    return _people(Appointment.objects.on(day_of(at)).filter(post__partner=None, post__role__in=WRITE))


def _people(held: QuerySet[Appointment]) -> list[Person]:
    return list(Person.objects.filter(appointments__in=held, is_active=True).distinct())


def owed(by: By) -> list[Owed]:
    """What reports wait for from this post, in one query: of officers answers and signatures, of who speaks for a
    partner a word on its queries that are answered, and a look at figures that lie open.
    """
    unsettled = FigureQuery.objects.filter(settlement=None).order_by()
    decided = Exists(QueryAnswer.objects.filter(query=OuterRef("pk")).exclude(outcome=QueryAnswer.Outcome.LOOKING))
    parts: list[QuerySet[Any, Any]] = []
    if writes_words(by):
        parts.append(_named(unsettled.exclude(decided), ANSWER, "title", "partner__name"))
    if by.partner is None and SIGN_OFF & by.roles:
        parts.append(_named(Wording.objects.filter(open=True), SIGN, "about", Value("", CharField())))
    if speaks_on_figures(by):
        parts.append(_named(unsettled.filter(decided, partner__slug=by.partner), SETTLE, "title", "partner__name"))
        nothing = Value("", CharField())
        parts.append(_named(Report.objects.filter(until__gte=day_of(by.at)).order_by(), LOOK, nothing, nothing))
    if not parts:
        return []
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return [_owed(*row) for row in rows[:MOST]]


def awaited(by: By) -> list[Owed]:
    """What this post waits for from others: officers for a partner's word on an answer, who speaks for a partner for an
    answer to its queries.
    """
    unsettled = FigureQuery.objects.filter(settlement=None).order_by()
    decided = Exists(QueryAnswer.objects.filter(query=OuterRef("pk")).exclude(outcome=QueryAnswer.Outcome.LOOKING))
    if writes_words(by):
        rows = _named(unsettled.filter(decided), WORD, "title", "partner__name")
    elif speaks_on_figures(by):
        rows = _named(unsettled.filter(partner__slug=by.partner).exclude(decided), REPLY, "title", "partner__name")
    else:
        return []
    return [_owed(*row) for row in rows[:MOST]]


def in_work(*, seen_by: By) -> list[Report]:
    """The reports on periods of which no pack for the boards stands yet, the one whose meeting is next first."""
    published = Pack.objects.current().filter(first=OuterRef("first"), last=OuterRef("last"), profile=BOARD)
    rows = reports(seen_by=seen_by).filter(~Exists(published))
    return sorted(rows, key=lambda row: (row.meeting is None, row.meeting.day if row.meeting else row.last))


ANSWER, SIGN, SETTLE, LOOK, WORD, REPLY = "answer", "sign", "settle", "look", "word", "reply"


def _named(rows: QuerySet[Any], what: str, title: str | Value, partner: str | Value) -> QuerySet[Any, Any]:
    """Rows in the form in which those of several tables are read by one query."""
    days = "" if rows.model is Report else "report__"
    named: QuerySet[Any, Any] = rows.annotate(
        what=Value(what, CharField()),
        of=title if isinstance(title, Value) else F(title),
        whose=partner if isinstance(partner, Value) else F(partner),
    ).values_list("what", "pk", "of", "whose", f"{days}first", f"{days}last", f"{days}until")
    return named


def _owed(what: str, number: int, of: str, whose: str, first: date, last: date, until: date | None) -> Owed:
    report = Report(first=first, last=last)
    if what == LOOK:
        return Owed(str(report), report.get_absolute_url(), "Its figures lie open to your authority's queries", until)
    if what == SIGN:
        url = f"{report.get_absolute_url()}words/?about={quote(of, safe='')}"
        return Owed(f"Sign off: {parse(of).title}", url, str(report), until)
    return Owed(f"Query of {whose}: {of}", reverse("performance:query", args=[number]), WHY[what].format(whose), until)


WHY: Final = {
    ANSWER: "A partner waits for an answer",
    SETTLE: "It is answered: settle it, or say what is missing",
    WORD: "{} has not said yet whether it is settled",
    REPLY: "The officers have not answered yet",
}
