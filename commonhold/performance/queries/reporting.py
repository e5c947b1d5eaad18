"""Reports on periods: what lies open, what is explained, queried and still waited for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, Final
from urllib.parse import quote

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import reverse

from commonhold.databases.prepared import prepared
from commonhold.databases.together import together
from commonhold.demand.models import Batch, Dispute, DisputeState
from commonhold.demand.queries.disputed_tickets import class_of
from commonhold.demand.queries.register import written
from commonhold.figures import Figure, Span
from commonhold.governance.models import Meeting
from commonhold.ledger.engine.by import By
from commonhold.partnership.engine.rules.aims import Aims
from commonhold.partnership.models import Appointment, Partner, Person, Post, Role
from commonhold.partnership.queries import Owed, Rows, Waiting, day_of
from commonhold.partnership.queries.rules import asked as asked_of_rules
from commonhold.partnership.queries.rules import of_rows
from commonhold.performance.engine.brought.counting import Counted
from commonhold.performance.engine.brought.definition import SourceMeasure
from commonhold.performance.engine.heading import Headed, headed
from commonhold.performance.engine.report import standing
from commonhold.performance.engine.report.about import About, parse
from commonhold.performance.engine.report.needs import (
    Needs,
    OfIncidents,
    OfReadings,
    OfTickets,
    expected,
    pieces,
    short,
)
from commonhold.performance.engine.report.offtarget import Against, Result, against
from commonhold.performance.engine.report.readiness import Needed, Part, Piece, by_part, percent_ready
from commonhold.performance.models import (
    DisputedReading,
    Explanation,
    FigureQuery,
    FigureRemark,
    OwnMeasure,
    Pack,
    QueryAnswer,
    Report,
    ReportTurn,
    Wording,
)
from commonhold.performance.models.report import ReportRows
from commonhold.performance.permissions import SIGN_OFF, WRITE, reads_reports, speaks_on_figures, writes_words
from commonhold.performance.queries import source_figures
from commonhold.performance.queries.editions import graded_none
from commonhold.performance.queries.fed import of_own
from commonhold.performance.queries.readings import Kept, Ready, of_pairs, ready
from commonhold.performance.queries.source_figures import Source

LARGEST: Final = 2**62
MOST: Final = 50
"""Lines of one kind of what waits for somebody: beyond these nobody reads on."""

OWN: Final = "own"
"""Under which the partnership's own measures are read along, for what they are called."""

ANSWER, SIGN, SETTLE, LOOK, WORD, REPLY = "answer", "sign", "settle", "look", "word", "reply"
WHY: Final = {
    ANSWER: "A partner waits for an answer",
    SETTLE: "It is answered: settle it, or say what is missing",
    WORD: "{} has not said yet whether it is settled",
    REPLY: "The officers have not answered yet",
}
"""Why a query waits, by what it waits for."""


def reports(*, seen_by: By) -> ReportRows:
    """The reports that this reader may see, the newest period first."""
    return _whole() if reads_reports(seen_by) else Report.objects.none()


def _whole() -> ReportRows:
    return Report.objects.with_state().select_related("meeting__body")


def is_published(report: Report) -> bool:
    """Whether a pack of exactly these days stands, whoever it is for."""
    return Pack.objects.current().filter(first=report.first, last=report.last).exists()


def the_remark(report: Report, number: int, *, seen_by: By) -> FigureRemark:
    rows = FigureRemark.objects.filter(report=report).select_related("partner", "report", "taken_back")
    found = rows.filter(pk=number).first() if reads_reports(seen_by) and number < LARGEST else None
    if found is None:
        raise Http404("There is no such remark.")
    return found


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
    return next(iter(_on(span.first, span.last)), None)


@prepared
def _on(first: date, last: date, /) -> QuerySet[Report]:
    return _whole().filter(first=first, last=last).order_by("pk")[:1]


@dataclass(frozen=True, slots=True)
class Standing:
    """A report as it stands on a day."""

    report: Report
    today: date

    @property
    def is_provisional(self) -> bool:
        return standing.is_provisional(self.report.state, self.report.until, self.today)

    @property
    def words(self) -> str:
        """Whether its figures still lie open to the partners' queries."""
        return standing.in_words(self.report.state, self.report.until, self.today)

    def was_open_at(self, pack: Pack) -> bool:
        """Whether a pack of its days was published while every partner could still query its figures."""
        until = self.report.until
        return until is not None and self.report.at <= pack.at and day_of(pack.at) <= until


def standing_on(span: Span | None, *, seen_by: By) -> Standing | None:
    """How the report on exactly these days stands, where there is one and this reader sees it."""
    found = open_on(span, seen_by=seen_by)
    return Standing(found, day_of(seen_by.at)) if found else None


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
    """A report with everything on its page; `kept` is None where its figures are not kept ready."""

    report: Report
    kept: Kept | None
    aims: Aims | None
    against: Sequence[Against]
    figures: Sequence[Figure]
    headed: Mapping[str, Headed] = field(default_factory=dict)
    """By the evidence of our clock's figures the desk's own verdicts that head them (F5)."""
    spoken: dict[str, Spoken] = field(default_factory=dict)
    parts: Sequence[Part] = ()
    packs: Sequence[Pack] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    """What each post is called."""
    own: Mapping[str, str] = field(default_factory=dict)
    """What each of the partnership's own measures is called."""
    turns: Sequence[ReportTurn] = ()
    """When it was closed and reopened."""
    today: date = date.max

    @property
    def standing(self) -> Standing:
        return Standing(self.report, self.today)

    @property
    def closing(self) -> ReportTurn | None:
        """By what it is closed, where it is."""
        return self.turns[-1] if self.turns and self.turns[-1].closes else None

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
        return sorted(found, key=lambda one: (one.about.place, one.about.measure or "", str(one.about)))

    def of(self, about: About) -> Spoken:
        return self.spoken.get(str(about), Spoken(about))


def reported(report: Report, *, seen_by: By) -> Reported:
    """A report with its figures held against the aims, all that is said of them, and what it waits for."""
    return several([report], ready(), source_figures.source(), seen_by=seen_by)[0]


def is_off(report: Report, about: str, *, seen_by: By) -> bool:
    """Whether the figure that words are about does not reach its aim, as it is known now. The report has its state."""
    if about.startswith("part/"):
        return False
    return any(str(one.about) == about for one in reported(report, seen_by=seen_by).off)


def several(reports: Sequence[Report], there: Ready, on: Source, *, seen_by: By) -> list[Reported]:
    """The same of some reports, in three queries, from what is kept ready and what is known of readings."""
    if not reports:
        return []
    kept = {report.pk: there.periods.get(report.span) for report in reports}
    of_tickets = _of_tickets([one for one in kept.values() if one], seen_by)
    of_readings = _of_readings([report.span for report in reports], on)
    days = reduce(or_, (Q(first=report.first, last=report.last) for report in reports))
    packs = Pack.objects.current().open_to(seen_by).filter(days)
    needed = _asked_of_needs(reports, [one for one in kept.values() if one], there.batch)
    read = together({**_spoken(reports), **asked_of_rules(seen_by.at), **needed, "packs": packs, "posts": _posts()})
    agreed = of_rows(read["versions"], read["said"], read["parties"], seen_by.at)
    value = agreed.value("aims")
    aims = value if isinstance(value, Aims) else None
    own = on.fed.own_titles
    found = []
    for report, brought in zip(reports, of_readings, strict=True):
        held = kept[report.pk]
        figures = [*(of_tickets[held.number] if held else []), *source_figures.seen(brought.counted, seen_by=seen_by)]
        over = headed(figures, lambda: graded_none(agreed))
        results = against(figures, aims, headed=over, own=own) if aims else []
        spoken = _by_subject(read, report, own)
        found.append(
            Reported(
                report=report,
                kept=held,
                aims=aims,
                against=results,
                figures=figures,
                headed=over,
                spoken=spoken,
                parts=by_part(_pieces(_needs(report, held, brought.expected(aims), read), results, spoken)),
                packs=sorted((row for row in read["packs"] if row.span == report.span), key=lambda row: -row.pk),
                titles=dict(read["posts"]),
                own=own,
                turns=sorted((row for row in read["turns"] if row.report_id == report.pk), key=lambda row: row.pk),
                today=day_of(seen_by.at),
            )
        )
    return found


def _of_tickets(kept: Sequence[Kept], seen_by: By) -> dict[int, list[Figure]]:
    """The figures of tickets that a report holds against its aims, by the number of the period."""
    groupings = [(), ("priority",), ("partner",), ("priority", "partner")]
    pairs = [(one, by) for one in kept for by in groupings]
    found: dict[int, list[Figure]] = {one.number: [] for one in kept}
    for (one, _), group in zip(pairs, of_pairs(pairs, seen_by=seen_by), strict=True):
        found[one.number] += group
    return found


@dataclass(frozen=True, slots=True)
class _OfReadings:
    """The figures that readings give of a period, and the measures that were fed lately."""

    counted: Sequence[Counted]
    lately: frozenset[str]
    defined: Mapping[str, SourceMeasure]

    def expected(self, aims: Aims | None) -> list[OfReadings]:
        """The measures of which readings are expected, each with what is there."""
        titles = {name: one.title for name, one in self.defined.items()}
        found = []
        for name in expected(aims.measures if aims else (), self.lately, titles):
            own = [one for one in self.counted if one.figure.measure == name]
            absent = dict.fromkeys(part for one in own for part in one.absent)
            there = [one for one in own if one.readings]
            whole = all(one.is_whole for one in there)
            found.append(OfReadings(name, titles[name], bool(there), tuple(absent), whole))
        return found


def _of_readings(spans: Sequence[Span], on: Source) -> list[_OfReadings]:
    """What readings tell of the whole service, of a measure with a threshold by that, in each of these days."""
    found = []
    for span, around in zip(spans, source_figures.around_each(on, spans, [(), ("threshold",)]), strict=True):
        defined = on.fed.on(span.last)
        whole, split = around.counted
        shown = [one for one in whole if defined[one.figure.measure].threshold is None]
        shown += [one for one in split if defined[one.figure.measure].threshold is not None]
        found.append(_OfReadings(shown, around.lately, defined))
    return found


def _asked_of_needs(reports: Sequence[Report], kept: Iterable[Kept], batch: int) -> dict[str, QuerySet[Any, Any]]:
    """How far the register is with each report's days, which disputes wait for the officers - of tickets those that
    touch these days, of classes all of them - and until when each desk's files of tickets tell.
    """
    unanswered = Dispute.objects.in_state(DisputeState.OPEN, DisputeState.MAINTAINED)
    waiting = unanswered.filter(ticket__isnull=False).order_by().values("pk")
    touching = DisputedReading.objects.filter(period__in=[one.number for one in kept], tickets__gt=0)
    rows = touching.filter(dispute__in=waiting).order_by().values_list("period").annotate(Count("pk"))
    of_register = {
        f"{report.pk} {name}": asked for report in reports for name, asked in written.asked(report.span, batch).items()
    }
    told = Batch.objects.told_by_desk(batch)
    return {"waiting": rows, "classes": unanswered.filter(ticket=None), "told": told, **of_register}


def _needs(report: Report, held: Kept | None, readings: Sequence[OfReadings], read: Rows) -> Needs:
    mark = f"{report.pk} "
    own = {name.removeprefix(mark): rows for name, rows in read.items() if name.startswith(mark)}
    found = written.of_rows(own)
    # Counted whether or not it touches any ticket, or the count would tell of each whether it is there (D2).
    classes = [wanted.opened for one in read["classes"] if (wanted := class_of(one))]
    of_these_days = sum(days.first <= report.last and days.last >= report.first for days in classes)
    days = f"opened_from={report.first.isoformat()}&opened_to={report.last.isoformat()}"
    return Needs(
        tickets=OfTickets(
            kept=held is not None,
            overtaken=held is not None and held.overtaken,
            short=short({desk: day_of(at) for desk, at in read["told"] if at}, report.first, report.last),
        ),
        readings=readings,
        incidents=OfIncidents(found.in_none, found.unwritten, found.drafted, found.signed),
        disputes=of_these_days + (dict(read["waiting"]).get(held.number, 0) if held else 0),
        register=f"{reverse('demand:register')}?{days}",
    )


def said(report: Report) -> dict[str, Spoken]:
    """All that is said in a report, by what it is about; in one query."""
    read = together({**_spoken([report]), OWN: OwnMeasure.objects.all()})
    return _by_subject(read, report, of_own(read[OWN]).own_titles)


def _spoken(reports: Sequence[Report]) -> dict[str, QuerySet[Any, Any]]:
    return {
        "explanations": Explanation.objects.filter(report__in=reports, replaced_by=None),
        "drafts": Wording.objects.filter(report__in=reports, open=True),
        "queries": FigureQuery.objects.filter(report__in=reports).select_related("partner", "settlement"),
        "answers": QueryAnswer.objects.filter(query__report__in=reports),
        "remarks": FigureRemark.objects.filter(report__in=reports).select_related("partner", "taken_back"),
        "turns": ReportTurn.objects.filter(report__in=reports),
    }


def _by_subject(read: Mapping[str, Sequence[Any]], report: Report, own_titles: Mapping[str, str]) -> dict[str, Spoken]:
    own = {
        name: sorted((row for row in read[name] if row.report_id == report.pk), key=lambda row: row.pk)
        for name in ("explanations", "drafts", "queries", "remarks")
    }
    explanations = {one.about: one for one in own["explanations"]}
    drafts = {wording.about: wording for wording in own["drafts"]}
    answers: dict[int, list[QueryAnswer]] = defaultdict(list)
    for answer in sorted(read["answers"], key=lambda one: one.pk):
        answers[answer.query_id].append(answer)
    asked, remarks = own["queries"], own["remarks"]
    names = {*explanations, *drafts, *(one.about for one in (*asked, *remarks))}
    return {
        name: Spoken(
            about=parse(name, own_titles),
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


def _pieces(needs: Needs, held: Sequence[Against], spoken: dict[str, Spoken]) -> Iterator[Piece]:
    """What a report needs: what its parts do, words on every figure off its aim, and an answer to every query."""
    yield from pieces(needs)
    for one in held:
        if one.result is Result.OFF:
            words = spoken.get(str(one.about))
            explained = words is not None and words.explanation is not None
            what = "an explanation, for it is off its aim"
            yield Piece(one.about, what, explained, "the officers' words", Needed.WORDS)
    for words in spoken.values():
        if words.draft is not None:
            yield Piece(
                words.about, "the draft to be signed off", there=False, waits_for="a signature", needed=Needed.SIGNATURE
            )
        for asked in words.queries:
            partner = str(asked.query.partner)
            if asked.state == "answered":
                what, waits = f"word from {partner} that its query is settled, or what is missing", partner
            else:
                what, waits = f"an answer to {partner}'s query", "the officers"
            yield Piece(words.about, what, asked.settled, waits, Needed.ANSWERS, partner)


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
        rows[OWN] = OwnMeasure.objects.all()
    if speaks_on_figures(by):
        rows[SETTLE] = _unsettled().filter(_decided(), partner__slug=by.partner)[:MOST]
        rows[LOOK] = Report.objects.going_on().filter(until__gte=day_of(by.at)).order_by("pk")[:MOST]
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
    own = of_own(rows.get(OWN, ())).own_titles
    for what, found in rows.items():
        if what != OWN:
            yield from (_one_owed(what, row, own) for row in sorted(found, key=lambda row: row.pk))


def _one_owed(what: str, row: Any, own: Mapping[str, str]) -> Owed:
    if isinstance(row, Report):
        why = "Its figures lie open to your authority's queries"
        return Owed(str(row), row.get_absolute_url(), why, row.until)
    if isinstance(row, Wording):
        url = f"{row.report.get_absolute_url()}words/?about={quote(row.about, safe='')}"
        return Owed(f"Sign off: {parse(row.about, own).title}", url, str(row.report), row.report.until)
    return Owed(str(row), row.get_absolute_url(), WHY[what].format(row.partner), row.report.until)


owed: Final = Waiting("reports", _asked_of, _owed)
"""What reports wait for from a post."""
awaited: Final = Waiting("reports, of others", _asked_of_others, _owed)
"""What a post waits for from others in reports."""


def in_work(*, seen_by: By) -> QuerySet[Report]:
    """The reports on periods of which no pack for the boards stands yet, but for those that are closed."""
    return reports(seen_by=seen_by).in_work()


def next_first(rows: Iterable[Report]) -> list[Report]:
    """Reports, the one whose meeting is next first; those that are for none after them."""
    return sorted(rows, key=lambda row: (row.meeting is None, row.meeting.day if row.meeting else row.last))
