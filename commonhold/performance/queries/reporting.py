"""Reports on periods: what lies open, what is explained, queried and still waited for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from commonhold.databases.together import together
from commonhold.figures import Figure, Span
from commonhold.governance.models import Meeting
from commonhold.ledger.engine.by import By
from commonhold.partnership.engine.rules.aims import Aims
from commonhold.partnership.models import Appointment, Partner, Person, Post, Role
from commonhold.partnership.queries import Owed, Rows, Waiting, day_of
from commonhold.partnership.queries.rules import asked as asked_of_rules
from commonhold.partnership.queries.rules import of_rows
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
"""Lines of one kind of what waits for somebody: beyond these nobody reads on."""

ANSWER, SIGN, SETTLE, LOOK, WORD, REPLY = "answer", "sign", "settle", "look", "word", "reply"
WHY: Final = {
    ANSWER: "A partner waits for an answer",
    SETTLE: "It is answered: settle it, or say what is missing",
    WORD: "{} has not said yet whether it is settled",
    REPLY: "The officers have not answered yet",
}
"""Why a query waits, by what it waits for."""


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


def _posts() -> QuerySet[Post, tuple[str, str]]:
    return Post.objects.values_list("slug", "title")


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
    titles: Mapping[str, str] = field(default_factory=dict)
    """What each post is called."""

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
    packs = Pack.objects.current().open_to(seen_by).filter(first=report.first, last=report.last)
    read = together({**_spoken(report), **asked_of_rules(seen_by.at), "packs": packs, "posts": _posts()})
    value = of_rows(read["versions"], read["said"], read["parties"], seen_by.at).value("aims")
    aims = value if isinstance(value, Aims) else None
    held = against(there, aims) if aims else []
    spoken = _by_subject(read)
    return Reported(
        report=report,
        kept=found,
        aims=aims,
        against=held,
        figures=there,
        spoken=spoken,
        parts=by_part(_pieces(found, held, spoken)),
        packs=sorted(read["packs"], key=lambda pack: -pack.pk),
        titles=dict(read["posts"]),
    )


def _of_readings(span: Span, seen_by: By) -> list[Figure]:
    """The figures of the whole service that readings give, of a measure with a threshold by that."""
    on = source_figures.source()
    defined = on.fed.on(span.last)
    whole, split = source_figures.touched(on, span, [(), ("threshold",)])
    kept = [one for one in whole if defined[one.figure.measure].threshold is None]
    kept += [one for one in split if defined[one.figure.measure].threshold is not None]
    return source_figures.seen(kept, seen_by=seen_by)


def said(report: Report) -> dict[str, Spoken]:
    """All that is said in a report, by what it is about; in one query."""
    return _by_subject(together(_spoken(report)))


def _spoken(report: Report) -> dict[str, QuerySet[Any, Any]]:
    return {
        "explanations": report.explanations.filter(replaced_by=None),
        "drafts": report.wordings.filter(open=True),
        "queries": report.queries.select_related("partner", "settlement"),
        "answers": QueryAnswer.objects.filter(query__report=report),
        "remarks": report.remarks.select_related("partner"),
    }


def _by_subject(read: Mapping[str, Sequence[Any]]) -> dict[str, Spoken]:
    explanations = {one.about: one for one in read["explanations"]}
    drafts = {wording.about: wording for wording in read["drafts"]}
    answers: dict[int, list[QueryAnswer]] = defaultdict(list)
    for answer in sorted(read["answers"], key=lambda one: one.pk):
        answers[answer.query_id].append(answer)
    asked, remarks = (sorted(read[name], key=lambda one: one.pk) for name in ("queries", "remarks"))
    names = {*explanations, *drafts, *(one.about for one in (*asked, *remarks))}
    return {
        name: Spoken(
            about=parse(name),
            explanation=explanations.get(name),
            draft=drafts.get(name),
            remarks=[one for one in remarks if one.about == name],
            queries=[Asked(one, answers[one.pk], hasattr(one, "settlement")) for one in asked if one.about == name],
        )
        for name in sorted(names)
    }


def edition_of(report: Report, about: str) -> int:
    """The edition of the words on something that whoever opens them now looks at; 0 where there never were any."""
    return report.wordings.filter(about=about).values_list("edition", flat=True).first() or 0


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


def _asked_of(by: By) -> dict[str, QuerySet[Any, Any]]:
    """Of officers answers and signatures, of who speaks for a partner a word on its queries that are answered, and a
    look at figures that lie open.
    """
    rows: dict[str, QuerySet[Any, Any]] = {}
    if writes_words(by):
        rows[ANSWER] = _unsettled().exclude(_decided())[:MOST]
    if by.partner is None and SIGN_OFF & by.roles:
        rows[SIGN] = Wording.objects.filter(open=True).select_related("report").order_by("pk")[:MOST]
    if speaks_on_figures(by):
        rows[SETTLE] = _unsettled().filter(_decided(), partner__slug=by.partner)[:MOST]
        rows[LOOK] = Report.objects.filter(until__gte=day_of(by.at)).order_by("pk")[:MOST]
    return rows


def _asked_of_others(by: By) -> dict[str, QuerySet[Any, Any]]:
    """Of a partner its word on an answer, of the officers an answer to the partner's own queries."""
    if writes_words(by):
        return {WORD: _unsettled().filter(_decided())[:MOST]}
    if speaks_on_figures(by):
        return {REPLY: _unsettled().filter(partner__slug=by.partner).exclude(_decided())[:MOST]}
    return {}


def _unsettled() -> QuerySet[FigureQuery]:
    return FigureQuery.objects.filter(settlement=None).select_related("report", "partner").order_by("pk")


def _decided() -> Exists:
    return Exists(QueryAnswer.objects.filter(query=OuterRef("pk")).exclude(outcome=QueryAnswer.Outcome.LOOKING))


def _owed(by: By, rows: Rows) -> Iterator[Owed]:
    for what, found in rows.items():
        yield from (_one_owed(what, row) for row in sorted(found, key=lambda row: row.pk))


def _one_owed(what: str, row: Any) -> Owed:
    if isinstance(row, Report):
        why = "Its figures lie open to your authority's queries"
        return Owed(str(row), row.get_absolute_url(), why, row.until)
    if isinstance(row, Wording):
        url = f"{row.report.get_absolute_url()}words/?about={quote(row.about, safe='')}"
        return Owed(f"Sign off: {parse(row.about).title}", url, str(row.report), row.report.until)
    return Owed(str(row), row.get_absolute_url(), WHY[what].format(row.partner), row.report.until)


owed: Final = Waiting("reports", _asked_of, _owed)
"""What reports wait for from a post."""
awaited: Final = Waiting("reports, of others", _asked_of_others, _owed)
"""What a post waits for from others in reports."""


def in_work(*, seen_by: By) -> list[Report]:
    """The reports on periods of which no pack for the boards stands yet, the one whose meeting is next first."""
    published = Pack.objects.current().filter(first=OuterRef("first"), last=OuterRef("last"), profile=BOARD)
    rows = reports(seen_by=seen_by).filter(~Exists(published))
    return sorted(rows, key=lambda row: (row.meeting is None, row.meeting.day if row.meeting else row.last))
