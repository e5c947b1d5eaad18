"""Files that come by feeds: received, kept until they are read, imported one after another; what is missing is told.

Only workings: what a file makes known is an import, with its own entry. The bytes as they came are not kept once they
were read (D1); the reduced ones are, by their import.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, Protocol

from django.conf import settings
from django.db import transaction

from commonhold.databases.room import is_full, with_room
from commonhold.demand.acts.ages import keep_ages
from commonhold.demand.acts.imports import bring
from commonhold.demand.engine import partners as areas
from commonhold.demand.engine.feeds import KEPT
from commonhold.demand.engine.rows import Limits
from commonhold.demand.models import Batch, Feed, FeedFile, FeedVersion
from commonhold.demand.permissions import brings_to
from commonhold.demand.queries import feeds as queries
from commonhold.demand.queries.files import File, report_of_refusal
from commonhold.demand.queries.reading import Progress
from commonhold.govuk.formats import instant
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job, State
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.ledger.queries.resting import is_named
from commonhold.ledger.workings import working
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.models import Person
from commonhold.partnership.queries import acting
from commonhold.refusals import Refused, require

PIECE: Final = 2**20
NO_ROOM: Final = "The file was not taken; nothing of it is kept. Make room, and bring it again."
STAYS: Final = "The file is kept, and is imported as soon as there is room."
FAULT: Final = "Something went wrong inside Commonhold"
"""How a job's problem begins at which the program itself failed."""
LINES: Final = 1_000
"""Rows left out that are kept of a file that was refused for them."""


class Stream(Protocol):
    """What a file is read from, piece by piece."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came, and whether it is new: the very same one may wait, or have been imported, already."""

    file: FeedFile
    is_new: bool


@working
def receive(*, by: By, version: FeedVersion, stream: Stream, through: str, name: str = "", path: str = "") -> Received:
    """Take a file in and have it imported; the very file that waits or was imported already is not taken twice."""
    require(brings_to(by, version), f"bring files of the feed {version.feed.name}")
    with with_room(NO_ROOM), evidence.gathered() as file:
        digest, size = _copied(stream, file)
        same = _same(version, digest)
        if same is not None:
            return Received(same, is_new=False)
        evidence.keep(file)
        try:
            row = _add(by=by, version=version, digest=digest, size=size, through=through, name=name, path=path)
        except BaseException:
            _let_go(digest)
            raise
    return Received(row, is_new=True)


def _copied(stream: Stream, file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > settings.UPLOAD_LIMIT:
            raise Refused(f"The file is larger than {settings.UPLOAD_LIMIT:,} bytes, the most that is taken.")
        digest.update(piece)
        file.write(piece)
    if not size:
        raise Refused("The file is empty.")
    return digest.hexdigest(), size


def _same(version: FeedVersion, digest: str) -> FeedFile | None:
    """The file with these bytes that waits or was imported, as the feed is set up now."""
    rows = FeedFile.objects.filter(feed=version.feed_id, sha256=digest).exclude(state=FeedFile.State.REFUSED)
    return rows.filter(version__mapping_digest=version.mapping_digest).select_related("feed").order_by("-pk").first()


@transaction.atomic
def _add(*, by: By, version: FeedVersion, digest: str, size: int, through: str, name: str, path: str) -> FeedFile:
    row = FeedFile.objects.create(
        feed=version.feed,
        version=version,
        sha256=digest,
        size=size,
        name=name[:200],
        path=path[:300],
        through=through,
        post=by.post,
        person_id=by.person,
        at=by.at,
    )
    _ask(by, version.feed)
    return row


def _ask(by: By, feed: Feed) -> Job:
    """One job of a feed waits and one runs: it takes the files that wait in the order in which they came."""
    return jobs.ask(
        "demand.import_fed", by=by, key=f"feed-{feed.pk}", title=f"Import what came by {feed}", feed=feed.pk
    )


@working
def import_fed(*, feed: int, clock: Callable[[], datetime], progress: Progress, waiting: Callable[[], None]) -> str:
    """Import the files of a feed that wait, one after another; doing it twice changes nothing."""
    done = []
    rows = FeedFile.objects.filter(feed=feed, state=FeedFile.State.WAITING).select_related("version__feed", "feed")
    while row := rows.order_by("pk").first():
        done.append(_import_one(row, clock, progress, waiting))
    return "; ".join(done) or "Nothing waited"


def _import_one(row: FeedFile, clock: Callable[[], datetime], progress: Progress, waiting: Callable[[], None]) -> str:
    by = replace(acting(row.post, clock()), through=row.through, person=row.person_id)
    before = Batch.objects.known()
    try:
        with evidence.opened(row.sha256) as stream:
            report = bring(by=by, file=_file(row, stream), clock=clock, progress=progress, waiting=waiting)
    except Refused as refusal:
        if refusal.__cause__ is not None and is_full(refusal.__cause__):
            FeedFile.objects.filter(pk=row.pk).update(problem=f"There is no room left on the disk. {STAYS}")
            raise
        _end(row=row, at=clock(), state=FeedFile.State.REFUSED, report=report_of_refusal(refusal))
        _tell_of_refusal(replace(by, at=clock()), row, refusal.message)
        return f"file {row.pk} refused"
    state = FeedFile.State.IMPORTED if (report["batch"] or 0) > before else FeedFile.State.KNOWN
    _end(row=row, at=clock(), state=state, report=report)
    return f"file {row.pk} {'is batch ' + str(report['batch']) if report['batch'] else 'told nothing new'}"


def _file(row: FeedFile, stream: IO[bytes]) -> File:
    version = row.version
    return File(
        stream=stream,
        mapping=version.read_by(),
        partners=areas.from_canonical(version.partners_text) if version.partners_text else None,
        time_zone=version.time_zone or None,
        tolerate=version.tolerate,
        limits=Limits(settings.UPLOAD_LIMIT, settings.UNPACKED_LIMIT),
        feed=version,
    )


def _end(*, row: FeedFile, at: datetime, state: str, report: dict[str, Any]) -> None:
    # Where two were at it, the first to end says what became of it.
    FeedFile.objects.filter(pk=row.pk, state=FeedFile.State.WAITING).update(
        state=state,
        ended_at=at,
        batch=report["batch"],
        rows=report["rows"],
        problem=report.get("problem", ""),
        lines=report["refused"][:LINES] if state == FeedFile.State.REFUSED else [],
    )
    keep_ages(at=at)
    _let_go(row.sha256)
    if row.path:
        _put_away(Path(row.path), "refused" if state == FeedFile.State.REFUSED else "done", report)


def _let_go(digest: str) -> None:
    """Remove the bytes as they came, unless something else rests on them."""
    if not is_named(digest):
        evidence.remove(digest)


def _put_away(path: Path, where: str, report: dict[str, Any]) -> None:
    """Move a file of the watched folder to where it shows what became of it, with the reason beside it."""
    with suppress(OSError):  # the folder may lie on another machine, or somebody moved the file
        folder = path.parent.parent / where
        folder.mkdir(exist_ok=True)
        path.rename(folder / path.name)
        if where == "refused":
            lines = [report["problem"], *(f"Line {one['line']}: {one['problem']}" for one in report["refused"][:LINES])]
            (folder / f"{path.name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _tell_of_refusal(by: By, row: FeedFile, why: str) -> None:
    people = queries.those_who_look_after(by.at)
    people += list(Person.objects.filter(pk=row.person_id)) if row.person_id else []
    words = f"A file of the feed {row.version.feed.name} was refused: {why}"
    tell(by=replace(by, person=None), people=people, subject=row.version, why=words)


@working
def go_on(*, by: By) -> int:
    """Ask again for the import of files that wait and that no job is about, such as after a disk was full.

    One at which the program itself failed, time after time, is refused: else nothing after it would ever be read.
    """
    asked = 0
    for feed in Feed.objects.filter(files__state=FeedFile.State.WAITING).distinct():
        last = Job.objects.filter(key=f"feed-{feed.pk}").order_by("-pk").first()
        if last is not None and last.state in (State.ASKED, State.RUNNING):
            continue
        if last is not None and last.state == State.FAILED and last.problem.startswith(FAULT):
            _give_up(by, feed, last.problem)
        _ask(by, feed)
        asked += 1
    return asked


def _give_up(by: By, feed: Feed, problem: str) -> None:
    waits = FeedFile.objects.filter(feed=feed, state=FeedFile.State.WAITING).select_related("version__feed")
    row = waits.order_by("pk").first()
    if row is not None:
        refusal = Refused(f"{problem} The file was left out. Tell whoever runs the server.")
        _end(row=row, at=by.at, state=FeedFile.State.REFUSED, report=report_of_refusal(refusal))
        _tell_of_refusal(by, row, refusal.message)


@working
def tell_of_missing(*, by: By) -> int:
    """Tell those who look after figures of each file that is missing, once."""
    told = 0
    for feed in queries.overdue(by.at):
        row = feed.version.feed
        if row.told_of is not None and feed.missing is not None and row.told_of >= feed.missing:
            continue
        with transaction.atomic():
            if not Feed.objects.filter(pk=row.pk, told_of=row.told_of).update(told_of=feed.missing):
                continue
            words = (
                f"The file of {feed.version.desk} was expected on {instant(feed.missing or by.at)} and has not come."
            )
            tell(by=by, people=queries.those_who_look_after(by.at), subject=feed.version, why=words)
        told += 1
    return told


@working
def forget_files(*, at: datetime) -> int:
    """Forget what became of files long ago."""
    return FeedFile.objects.filter(ended_at__lt=at - KEPT).delete()[0]
