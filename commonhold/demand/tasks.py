"""Work that demand leaves to workers: importing uploads, reading kept files again, reading clocks anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from django.utils import timezone

from commonhold.demand.acts import (
    accepting,
    ages,
    completeness,
    feeding,
    finding_exceptions,
    reading_again,
    reckoning_anew,
    uploads,
    watching,
)
from commonhold.demand.models.batch import TAKEN_OVER
from commonhold.jobs.engine import Running, every, follows, task
from commonhold.ledger.models import Entry

WAITS = "Waits until another import has ended"
RESULT = 500
"""Characters in which a job says what it did."""


@task("demand.import_upload")
def import_upload(running: Running, upload: int) -> str:
    report = uploads.import_upload(
        by=running.by, upload=upload, clock=timezone.now, progress=_progress(running), waiting=_waiting(running)
    )
    return f"Batch {report['batch']}" if report["batch"] else "Nothing in it was new"


@task("demand.accept_dispute")
def accept_dispute(running: Running, dispute: int, words: str) -> str:
    done = accepting.accept_asked_for(
        by=running.by,
        dispute=dispute,
        words=words,
        clock=timezone.now,
        progress=_progress(running),
        waiting=_waiting(running),
    )
    return f"Batch {done.batch}" if done.batch else "Nothing was left to put right"


@task("demand.take_back_dispute")
def take_back_dispute(running: Running, dispute: int, step: int, words: str) -> str:
    done = accepting.take_back_asked_for(
        by=running.by,
        dispute=dispute,
        step=step,
        words=words,
        clock=timezone.now,
        progress=_progress(running),
        waiting=_waiting(running),
    )
    return f"Batch {done.batch}" if done else "It was undone already"


@task("demand.read_again")
def read_again(running: Running, mapping: int, digest: str) -> str:
    done = reading_again.read_again(
        by=running.by,
        mapping=mapping,
        digest=digest,
        clock=timezone.now,
        progress=_progress(running),
        waiting=_waiting(running),
    )
    return done if len(done) <= RESULT else f"{done[: RESULT - 1]}…"


@task("demand.import_fed")
def import_fed(running: Running, feed: int) -> str:
    return feeding.import_fed(feed=feed, clock=timezone.now, progress=_progress(running), waiting=_waiting(running))


@every(minutes=1, name="demand.look_into_folders")
def look_into_folders(running: Running) -> str:
    by = replace(running.by, through=watching.FOLDER)
    return f"{watching.look_into_folders(by=by)} taken"


@every(minutes=5, name="demand.look_after_feeds")
def look_after_feeds(running: Running) -> str:
    """What waits goes on, what is missing is told of, and the ages of files on every page are found again."""
    asked, told = feeding.go_on(by=running.by), feeding.tell_of_missing(by=running.by)
    ages.keep_ages(at=running.by.at)
    return f"{asked} asked for again, {told} missing told of"


@every(days=1, at="03:35", name="demand.forget_feed_files")
def forget_feed_files(running: Running) -> str:
    return f"{feeding.forget_files(at=running.by.at)} forgotten"


@every(days=1, at="03:45", name="demand.forget_days")
def forget_days(running: Running) -> str:
    return f"{completeness.forget_days(at=running.by.at)} forgotten"


@every(days=1, at="03:30", name="demand.forget_uploads")
def forget_uploads(running: Running) -> str:
    return f"{uploads.forget_uploads(at=running.by.at)} forgotten"


@follows("rule.found", "rule.changed", name="demand.read_clocks_by_changed_rules")
def read_clocks_by_changed_rules(running: Running, entry: Entry) -> None:
    reckoning_anew.read_by_changed_rules(
        by=running.by, because=entry, clock=timezone.now, progress=_progress(running), waiting=_waiting(running)
    )


@follows("tickets.imported", name="demand.keep_completeness")
def keep_completeness(running: Running, entry: Entry) -> None:
    running.progress(0, 0, "Looking for gaps in references and days without tickets")
    completeness.keep_months()


@task("demand.look_at_days")
def look_at_days(running: Running, first: str, last: str) -> None:
    completeness.keep_days(first=date.fromisoformat(first), last=date.fromisoformat(last), progress=running.progress)


@follows(*TAKEN_OVER, name="demand.find_exceptions")
def find_exceptions(running: Running, entry: Entry) -> None:
    finding_exceptions.find_exceptions(
        batch=int(entry.facts["batch"]),
        progress=lambda tickets: running.progress(0, 0, f"{tickets:,} tickets looked at for exceptions"),
    )


def _progress(running: Running) -> Callable[[float, str], None]:
    """Where an act says how far it is; a job that is cancelled or given back ends here."""
    return lambda share, words: running.progress(round(100 * share), 100, words)


def _waiting(running: Running) -> Callable[[], None]:
    return lambda: running.progress(0, 0, WAITS)
