"""Work left to workers: the figures of every month and of what else is kept up, those that a page asked for, packs."""

from datetime import date, datetime

from commonhold.demand.models import Batch
from commonhold.demand.models.batch import TAKEN_OVER
from commonhold.demand.models.dispute import SPOKEN
from commonhold.demand.queries.knowledge import knowledge
from commonhold.figures import Span
from commonhold.govuk.formats import period as in_words
from commonhold.jobs.engine import Running, every, follows, task
from commonhold.ledger.models import Entry
from commonhold.performance.acts import computing, disputing, publishing, readings_files, reconciling, weekly
from commonhold.performance.models import Draft
from commonhold.performance.queries.kept_up import kept_up
from commonhold.performance.queries.periods import basis, the_period


@follows(*TAKEN_OVER, name="performance.keep_months")
def keep_months(running: Running, entry: Entry) -> None:
    """Every month, and the other periods that are kept up, by what is known now; an entry that a later one overtook has
    nothing to do.
    """
    on = basis()
    parts = kept_up(on.known)
    for number, part in enumerate(parts):
        if Batch.objects.known(entry.number) != Batch.objects.known():
            return
        running.progress(number, len(parts), in_words(part.span))
        computing.make_ready(period=part, on=on)
    disputing.keep_effects()
    computing.forget_superseded(known=on.known, at=running.by.at)


@follows(*SPOKEN, name="performance.keep_disputed")
def keep_disputed(running: Running, entry: Entry) -> None:
    """What disputes mean for every period that is kept; an entry that a later one overtook has nothing to do."""
    if not Entry.objects.filter(kind__in=SPOKEN, number__gt=entry.number).exists():
        disputing.keep_all(progress=running.progress)


@task("performance.compute_disputed")
def compute_disputed(running: Running, period: int, measure: str, grouped: str) -> None:
    """What disputes mean for a grouping that is not kept of itself."""
    disputing.keep_tables(period=period, measure=measure, grouped=grouped, progress=running.progress)


@follows(*TAKEN_OVER, name="performance.keep_weeks")
def keep_weeks(running: Running, entry: Entry) -> None:
    """The figures of the week, and what is to come; an entry that a later one overtook has nothing to do."""
    if Batch.objects.known(entry.number) == Batch.objects.known():
        weekly.keep_weeks(on=basis(), progress=running.progress)


@task("performance.compute")
def compute(running: Running, first: str, last: str, as_of: str | None = None, known_at: int | None = None) -> None:
    """A period that a page asked for: ready for pages, or read at an instant of its own for what stands behind a
    figure.
    """
    on = basis(known_at)
    span = Span(date.fromisoformat(first), date.fromisoformat(last))
    running.progress(0, 1, "Reading the clocks")
    instant = datetime.fromisoformat(as_of) if as_of else None
    period = the_period(span, on.known, instant)
    if instant is None or period == the_period(span, on.known):
        computing.make_ready(period=period, on=on)
    else:
        computing.extract_of(period=period, on=on)


@task("performance.reconcile")
def reconcile(running: Running, reconciliation: int) -> str:
    """Why two figures differ, cause by cause; of one that was removed meanwhile nothing."""
    return reconciling.work_out(
        reconciliation=reconciliation, at=running.by.at, progress=lambda words: running.progress(0, 0, words)
    )


@task("performance.bring_readings")
def bring_readings(running: Running, file: int) -> str:
    return readings_files.work_through(by=running.by, file=file, clock=lambda: running.by, progress=running.progress)


@task("performance.write_draft")
def write_draft(running: Running, draft: int) -> None:
    """A pack to look through; nothing, where the draft was forgotten meanwhile."""
    running.progress(0, 1, "Computing figures and drawing charts")
    found = Draft.objects.filter(pk=draft).first()
    if found is not None:
        publishing.write_draft(draft=found)


@every(days=1, at="03:50", name="performance.forget_superseded")
def forget_superseded(running: Running) -> None:
    """What nothing rests on any more since packs were withdrawn or replaced, and what was kept for pages then open."""
    if Batch.objects.known():
        computing.forget_superseded(known=knowledge(), at=running.by.at)


@every(days=1, at="03:40", name="performance.forget_drafts")
def forget_drafts(running: Running) -> None:
    publishing.forget_drafts(at=running.by.at)


@every(days=1, at="03:45", name="performance.forget_readings_files")
def forget_readings_files(running: Running) -> str:
    return f"{readings_files.forget_files(at=running.by.at)} forgotten"
