"""What is said about the figures of a pack, for its audience: aims, explanations that are signed off, open queries."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from commonhold.ledger.models import Entry, Recorded
from commonhold.partnership.engine.rules.aims import Aims
from commonhold.partnership.models import Post
from commonhold.partnership.queries import rules
from commonhold.performance.engine.heading import headed
from commonhold.performance.engine.pack import Doubted, Explained, Held, Profile, Spoken
from commonhold.performance.engine.report.about import About, parse
from commonhold.performance.engine.report.offtarget import against
from commonhold.performance.models import Explanation, FigureQuery, QueryAnswer, Report
from commonhold.performance.queries.fed import fed


def spoken(
    now: Held, profile: Profile, read_at: datetime, known_at: int | None = None, *, graded_none: str | None = None
) -> Spoken:
    """All of it, as it is now or was at an entry; only about what this audience's pack holds.

    The aims are those in force at the instant at which the figures are read.
    """
    version, span = rules(read_at, known_at).in_force("aims"), now.span
    aims = version.value if version and isinstance(version.value, Aims) else None
    own = fed(known_at).own_titles
    held = against(now, aims, profile.own, headed=headed(now, lambda: graded_none), own=own) if aims else []
    report = Report.objects.filter(first=span.first, last=span.last).first()
    if report is None or (known_at is not None and (report.entry is None or report.entry.number > known_at)):
        return Spoken(version.label if version else None, held)
    titles = dict(Post.objects.values_list("slug", "title"))
    return Spoken(
        aims=version.label if version else None,
        against=held,
        explained=[
            Explained(
                parse(one.about, own), one.why, one.doing, one.by_when, titles.get(one.post, one.post), one.at, entry
            )
            for one, entry in _explanations(report, known_at)
            if _is_there(parse(one.about, own), now, profile)
        ],
        doubted=[
            Doubted(
                about=parse(one.about, own),
                partner=one.partner.name,
                words=one.words if profile.splits else "",
                is_answered=answered,
                entry=entry,
            )
            for one, answered, entry in _queries(report, known_at)
            if _is_there(parse(one.about, own), now, profile)
        ],
        open_until=report.until,
    )


def _is_there(about: About, now: Held, profile: Profile) -> bool:
    """Whether the pack holds what it is about: every part, and of figures those that this audience is shown."""
    if about.measure is None:
        return True
    figure = now.find(about.measure, **about.scope)
    if figure is None or figure.value is None:
        return False
    return profile.splits or "partner" not in about.scope


def _explanations(report: Report, known_at: int | None) -> list[tuple[Explanation, int]]:
    """The last words on each thing, with their entries."""
    rows = _entered(report.explanations.order_by("pk"), known_at)
    last = {one.about: (one, entry) for one, entry in rows}
    return [last[about] for about in sorted(last)]


def _queries(report: Report, known_at: int | None) -> list[tuple[FigureQuery, bool, int]]:
    """The queries that are not settled, with whether they were answered, and their entries."""
    rows = _entered(report.queries.select_related("partner", "settlement").order_by("pk"), known_at)
    settlements = [one.settlement for one, _ in rows if hasattr(one, "settlement")]
    settled = {one.query_id for one, _ in _entered(settlements, known_at)}
    answers = QueryAnswer.objects.filter(query__report=report).exclude(outcome=QueryAnswer.Outcome.LOOKING)
    answered = {one.query_id for one, _ in _entered(answers, known_at)}
    return [(one, one.pk in answered, entry) for one, entry in rows if one.pk not in settled]


def _entered(rows: Iterable[Any], known_at: int | None) -> list[tuple[Any, int]]:
    """The rows that were on the record at an entry, or are now, each with its own entry."""
    made: list[Recorded] = list(rows)
    entries = Entry.objects.filter(subject__in=[one.ref for one in made])
    if known_at is not None:
        entries = entries.filter(number__lte=known_at)
    numbers = dict(entries.order_by("-number").values_list("subject", "number"))
    return [(one, numbers[one.ref]) for one in made if one.ref in numbers]
