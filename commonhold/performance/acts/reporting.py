"""Laying a period's figures open to the partners, explaining them, and querying and answering until all is said."""

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import F

from commonhold.databases.alone import in_turn
from commonhold.figures import Span
from commonhold.governance.models import Meeting
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.ledger.workings import working
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.engine.rules.provisional import Provisional
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import day_of, rules
from commonhold.performance.engine.report.about import parse
from commonhold.performance.models import (
    Explanation,
    FigureQuery,
    FigureRemark,
    QueryAnswer,
    QuerySettlement,
    RemarkTakenBack,
    Report,
    ReportTurn,
    Wording,
)
from commonhold.performance.permissions import (
    opens_reports,
    settles,
    signs_off_words,
    speaks_on_figures,
    takes_back,
    writes_words,
)
from commonhold.performance.queries import reporting as queries
from commonhold.performance.queries.fed import fed
from commonhold.performance.queries.periods import basis, the_period
from commonhold.refusals import Refused, require

LONGEST: Final = 5_000


@transaction.atomic
def open_report(*, by: By, first: date, last: date, meeting: Meeting | None = None) -> Report:
    """Lay the figures of a period open to every partner alike, for as many working days as the rule says."""
    require(opens_reports(by), "lay figures open to the partners")
    if last < first:
        raise Refused("The last day must not be before the first.")
    in_turn(f"report on {first} to {last}")
    if Report.objects.filter(first=first, last=last).exists():
        raise Refused("There is a report on these days already. Go on with that one.")
    on = basis()
    the_period(Span(first, last), on.known)
    if queries.kept(Span(first, last)) is None:
        raise Refused("The figures of these days are not computed yet. Have them computed on the page Figures first.")
    rule = rules(by.at).value("provisional")
    report = Report.objects.create(
        first=first,
        last=last,
        until=rule.until(day_of(by.at)) if isinstance(rule, Provisional) else None,
        known_at=on.entry,
        meeting=meeting,
        post=by.post,
        at=by.at,
    )
    why = f"{report}: its figures lie open to your queries."
    tell(by=by, people=queries.who_speaks(by.at), subject=report, why=why)
    record(
        by=by,
        kind="report.opened",
        subject=report,
        because=[Entry.objects.filter(number=on.entry).first(), meeting.entry if meeting else None],
        facts={
            "from": first.isoformat(),
            "to": last.isoformat(),
            "until": report.until.isoformat() if report.until else None,
        },
    )
    return report


@working
@transaction.atomic
def draft_words(
    *, by: By, report: Report, about: str, why: str, doing: str = "", by_when: date | None = None, edition: int = 0
) -> Wording:
    """Keep words that are not signed off; `edition` is the one that the writer had before them, 0 for none."""
    require(writes_words(by), "write explanations")
    _checked(about, why, doing)
    wording = _locked_wording(report, about, edition)
    wording.why, wording.doing, wording.by_when, wording.open = why.strip(), doing.strip(), by_when, True
    wording.edition, wording.post, wording.at = edition + 1, by.post, by.at
    wording.save()
    return wording


@transaction.atomic
def sign_off(
    *, by: By, report: Report, about: str, why: str, doing: str = "", by_when: date | None = None, edition: int = 0
) -> Explanation:
    """Stand by an explanation with the name of a post; it takes the place of an earlier one on the same thing. On a
    figure off its aim it says why, what is done about it, and by when.
    """
    require(signs_off_words(by), "sign off explanations")
    title = _checked(about, why, doing)
    if not why.strip():
        raise Refused("Say why the figure is as it is.")
    _refuse_half(report, about, doing, by_when, by)
    draft = _locked_wording(report, about, edition)
    old = Explanation.objects.filter(report=report, about=about, replaced_by=None).first()
    if old is not None and (old.why, old.doing, old.by_when) == (why.strip(), doing.strip(), by_when):
        raise Refused("This is what is signed off already, word for word.")
    made = Explanation.objects.create(
        report=report,
        about=about,
        title=title,
        why=why.strip(),
        doing=doing.strip(),
        by_when=by_when,
        drafted_by=draft.post if draft.open and draft.post else by.post,
        instead_of=old,
        post=by.post,
        at=by.at,
    )
    draft.why = draft.doing = ""
    draft.by_when, draft.open, draft.edition, draft.post, draft.at = None, False, edition + 1, by.post, by.at
    draft.save()
    record(by=by, kind="explanation.signed-off", subject=made, because=[report.entry, old.entry if old else None])
    return made


@working
@transaction.atomic
def forget_draft(*, by: By, report: Report, about: str) -> None:
    """Throw a draft away; what is signed off stays."""
    require(writes_words(by), "throw this draft away")
    found = Wording.objects.filter(report=report, about=about, open=True)
    found.update(why="", doing="", by_when=None, open=False, edition=F("edition") + 1, post=by.post, at=by.at)


@transaction.atomic
def remark(*, by: By, report: Report, about: str, words: str) -> FigureRemark:
    """Say something for a partner about what a report says."""
    require(speaks_on_figures(by), "remark on a report for a partner")
    title = _checked(about, words)
    if not words.strip():
        raise Refused("Write the remark.")
    made = FigureRemark.objects.create(
        report=report, about=about, title=title, partner=_own(by), words=words.strip(), post=by.post, at=by.at
    )
    record(by=by, kind="figures.remarked", subject=made, because=report.entry)
    return made


@transaction.atomic
def take_back_remark(*, by: By, remark: FigureRemark, reason: str = "") -> RemarkTakenBack:
    """Take a remark of one's own back; it stays on the record, marked."""
    require(takes_back(by, remark.post), "take this remark back")
    if len(reason) > LONGEST:
        raise Refused(f"A text has at most {LONGEST:,} characters.")
    FigureRemark.objects.select_for_update().get(pk=remark.pk)
    if RemarkTakenBack.objects.filter(remark=remark).exists():
        raise Refused("This remark is taken back already.")
    made = RemarkTakenBack.objects.create(remark=remark, reason=reason.strip(), post=by.post, at=by.at)
    record(by=by, kind="remark.taken-back", subject=made, because=remark.entry)
    return made


@transaction.atomic
def close_report(*, by: By, report: Report, reason: str) -> ReportTurn:
    """Say that a report goes no further. What was said in it stays, and can still be said; nobody waits for it."""
    require(opens_reports(by), "close this report")
    if queries.is_published(report):
        raise Refused("A pack of these days is published, so there is nothing to close. Withdraw the pack, if need be.")
    return _turned(by, report, closes=True, reason=reason)


@transaction.atomic
def reopen_report(*, by: By, report: Report, reason: str) -> ReportTurn:
    """Go on with a report that was closed."""
    require(opens_reports(by), "reopen this report")
    return _turned(by, report, closes=False, reason=reason)


def _turned(by: By, report: Report, *, closes: bool, reason: str) -> ReportTurn:
    if not reason.strip() or len(reason) > LONGEST:
        raise Refused(f"Say why, in at most {LONGEST:,} characters: every partner reads it.")
    Report.objects.select_for_update().get(pk=report.pk)
    last = report.turns.order_by("-pk").first()
    if closes == (last is not None and last.closes):
        raise Refused(f"This report is {'closed already' if closes else 'not closed'}.")
    made = ReportTurn.objects.create(report=report, closes=closes, reason=reason.strip(), post=by.post, at=by.at)
    why = f"{report} {'goes no further' if closes else 'goes on'}."
    tell(by=by, people=queries.who_speaks(by.at), subject=made, why=why)
    kind = "report.closed" if closes else "report.reopened"
    record(by=by, kind=kind, subject=made, because=[report.entry, last.entry if last else None])
    return made


@transaction.atomic
def query(*, by: By, report: Report, about: str, words: str) -> FigureQuery:
    """Doubt a figure for a partner; one that comes after the days for it is recorded as late, not refused (L5)."""
    require(speaks_on_figures(by), "query figures for a partner")
    title = _checked(about, words)
    if not words.strip():
        raise Refused("Say what is doubtful about it, so that somebody can look.")
    partner = _own(by)
    Report.objects.select_for_update().get(pk=report.pk)
    if report.queries.filter(about=about, partner=partner, settlement=None).exists():
        raise Refused("Your query of this stands already. Say more in it once it is answered, or settle it first.")
    late = report.until is not None and day_of(by.at) > report.until
    made = FigureQuery.objects.create(
        report=report, about=about, title=title, partner=partner, words=words.strip(), late=late, post=by.post, at=by.at
    )
    tell(by=by, people=queries.who_answers(by.at), subject=made, why=f"{partner} queries a figure.")
    record(by=by, kind="figures.queried", subject=made, because=report.entry, facts={"late": late})
    return made


@transaction.atomic
def answer(*, by: By, query: FigureQuery, outcome: str, words: str) -> QueryAnswer:
    """Answer a partner's query; it stands until that partner is content."""
    require(writes_words(by), "answer queries of figures")
    if outcome not in QueryAnswer.Outcome.values:
        raise Refused("Say whether the figure stands, its source was put right, or it is being looked into.")
    if not words.strip() or len(words) > LONGEST:
        raise Refused(f"Write the answer, in at most {LONGEST:,} characters.")
    found = _locked(query)
    if QuerySettlement.objects.filter(query=found).exists():
        raise Refused("This query is settled.")
    made = QueryAnswer.objects.create(query=found, outcome=outcome, words=words.strip(), post=by.post, at=by.at)
    tell(by=by, people=queries.who_speaks(by.at, found.partner), subject=made, why="Your query is answered.")
    record(by=by, kind="query.answered", subject=made, because=found.entry, facts={"outcome": outcome})
    return made


@transaction.atomic
def settle(*, by: By, query: FigureQuery, words: str = "") -> QuerySettlement:
    """Say for the partner that asked that its query is settled, or was a slip."""
    found = _locked(query)
    require(settles(by, found.partner), "settle another partner's query")
    if len(words) > LONGEST:
        raise Refused(f"A text has at most {LONGEST:,} characters.")
    if QuerySettlement.objects.filter(query=found).exists():
        raise Refused("This query is settled already.")
    made = QuerySettlement.objects.create(query=found, words=words.strip(), post=by.post, at=by.at)
    last = found.answers.order_by("-pk").first()
    record(by=by, kind="query.settled", subject=made, because=[found.entry, last.entry if last else None])
    return made


def _locked(query: FigureQuery) -> FigureQuery:
    return FigureQuery.objects.select_for_update(of=("self",)).select_related("partner", "report").get(pk=query.pk)


def _locked_wording(report: Report, about: str, edition: int) -> Wording:
    """The draft on this, new where there was none; refused where it is not the edition that the writer looked at."""
    Report.objects.select_for_update().get(pk=report.pk)
    found = Wording.objects.filter(report=report, about=about).first() or Wording(
        report=report, about=about, edition=0, open=False
    )
    if found.edition != edition:
        raise Refused("Somebody saved a change of these words since you opened them. Look at both texts below.")
    return found


def _refuse_half(report: Report, about: str, doing: str, by_when: date | None, by: By) -> None:
    lacking = [words for words, there in (("what is done about it", doing.strip()), ("by when", by_when)) if not there]
    if lacking and queries.is_off(queries.the_report(report.span, seen_by=by), about, seen_by=by):
        raise Refused(
            "This figure is off its aim, so an explanation says why it is so, what is done about it, and by when. "
            f"Say {' and '.join(lacking)}, or keep it as a draft."
        )


def _own(by: By) -> Partner:
    found: Partner = Partner.objects.get(slug=by.partner)
    return found


def _checked(about: str, *texts: str) -> str:
    """What the words are about, as people name it. Refused where there is no such thing or they are too long."""
    if any(len(text) > LONGEST for text in texts):
        raise Refused(f"A text has at most {LONGEST:,} characters.")
    return parse(about, fed().own_titles).title
