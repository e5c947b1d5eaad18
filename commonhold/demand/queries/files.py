"""A ticket file as it is brought: its bytes, how to read them, and what was made of the same bytes before."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import IO, Any, BinaryIO, Final, cast

from commonhold.demand.engine import asking
from commonhold.demand.engine.columns import Grade, State
from commonhold.demand.engine.intake import Intake, Report, TooManyBadRows
from commonhold.demand.engine.mapping import AUTHORITY, Mapping
from commonhold.demand.engine.partners import PartnerMap
from commonhold.demand.engine.rows import NO_LIMITS, Limits, Problem, named, shown
from commonhold.demand.models import Batch, FeedVersion
from commonhold.ledger.secrets import people_key
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import has_started, is_founded, that_may_be_named
from commonhold.refusals import Refused

LONGEST_PROBLEM: Final = 1_000
YEARS: Final = range(1980, 2100)
PARTNERS_LISTED: Final = 500
MARK: Final = {grade.name.lower(): grade + 1 for grade in reversed(Grade)}
"""What a source can prove about holds (F5), the best first, each with a mark that is not nought."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is brought: its bytes, how to read them, and how much of it may be wrong.

    `reduced_from` is the digest of the file as it came, where the bytes are those it was reduced to (D1). `parties` are
    the names that a row may have as its partner; None where any name will do. `exported_at` is when the desk made the
    file, where somebody says so. `feed` is how the feed was set up that it came by.
    """

    stream: IO[bytes]
    mapping: Mapping
    partners: PartnerMap | None = None
    time_zone: str | None = None
    tolerate: float = 0.01
    limits: Limits = NO_LIMITS
    reduced_from: str | None = None
    parties: Collection[str] | None = None
    exported_at: datetime | None = None
    feed: FeedVersion | None = None

    @property
    def partners_digest(self) -> str:
        return self.partners.digest if self.partners else ""

    @property
    def zone(self) -> str:
        """The zone of dates that name none: what was said with the file, else the mapping's."""
        return self.time_zone or self.mapping.time_zone or ""


def intake_of(file: File, reduced: IO[bytes] | None = None, look_at: int | None = None) -> Intake:
    """The reader of a file; `reduced` receives the evidence. `look_at` rows are looked at, all without it."""
    return Intake(
        cast(BinaryIO, file.stream),
        file.mapping,
        key=people_key(),
        partners=file.partners,
        parties=file.parties,
        time_zone=file.time_zone,
        tolerate=file.tolerate,
        evidence=cast(BinaryIO | None, reduced),
        limits=file.limits,
        already_reduced=file.reduced_from is not None,
        look_at=look_at,
    )


def as_agreed(file: File) -> File:
    """The file with the partners that it may name; refused where its mapping gives a team to another authority.

    Until the partnership has been started any name will do.
    """
    parties = parties_named()
    if parties is None:
        return file
    problems = [
        f"{file.mapping.called}, [teams] '{shown(team)}': '{AUTHORITY}{shown(name)}' is no partner of this partnership."
        for team, name in _authorities(file.mapping)
        if name not in parties
    ]
    if problems:
        raise Refused(
            f"The mapping {file.mapping.called} names an authority that is no partner. The partners are "
            f"{named(parties)}. Write one of these names there, or a supplier's; another authority becomes a "
            "partner by a change of the agreement.",
            problems,
        )
    return replace(file, parties=parties)


def parties_named() -> list[str] | None:
    """The partners that a file may name; None until the partnership has been started, when any name will do."""
    rows = list(that_may_be_named().annotate(founded=is_founded()).values_list("name", "founded"))
    founded = rows[0][1] if rows else has_started()
    return sorted(name for name, _ in rows) if founded else None


def _authorities(mapping: Mapping) -> list[tuple[str, str]]:
    """Teams that a mapping gives to an authority, and the authority."""
    return [(team, p.removeprefix(AUTHORITY)) for team, p in sorted(mapping.teams.items()) if p.startswith(AUTHORITY)]


def readings_of(original: str) -> list[Batch]:
    """What was made of these bytes before and still counts: one batch, or none."""
    return list(Batch.objects.telling(Batch.objects.known()).files().filter(original_sha256=original))


def same_reading(file: File, readings: Iterable[Batch]) -> Batch | None:
    """The reading that was made in just this way."""
    # Instants are kept to the second.
    exported = file.exported_at.replace(microsecond=0) if file.exported_at else None
    wanted = (file.mapping.digest, file.partners_digest, file.zone, exported)
    return next((one for one in readings if _read_by(one) == wanted), None)


def _read_by(batch: Batch) -> tuple[str, str, str, datetime | None]:
    return (batch.mapping_digest, batch.partners_digest, batch.time_zone, batch.exported_at)


def moment_of(file: File, latest: int, at: datetime) -> datetime:
    """The instant of which a file tells last: when it was exported, else the last that it names. Refused where what it
    names is later than what somebody says of it.

    What an export says of the time after it was brought is a slip; clocks are not read there.
    """
    last = datetime.fromtimestamp(latest, UTC)
    if file.exported_at is None:
        if not latest:
            raise Refused("The file has no row with a date. Say when it was exported, or bring one that has rows.")
        return min(last, at)
    if file.exported_at > at:
        raise Refused(
            f"The file is said to have been exported on {_said(file.exported_at)}, which has not come yet. Put that "
            "moment right, with its offset from UTC."
        )
    if last > file.exported_at:
        raise Refused(
            f"The file tells of {_said(last)}, after {_said(file.exported_at)} when it is said to have been exported. "
            "Put that moment right, or look at the file's dates and its time zone."
        )
    return file.exported_at


def instant(text: str | None, called: str) -> datetime | None:
    """An instant that somebody wrote, None where nobody did."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year not in YEARS:
        raise Refused(f"{called}: '{shown(text)}' is no instant such as 2026-07-21T12:00:00+01:00.")
    return found.replace(microsecond=0)


def _said(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%-d %B %Y at %H:%M} UTC"


def as_before(batch: Batch) -> dict[str, Any]:
    """The report on a file that was taken over before in just this way: now all of it is unchanged."""
    tickets = sum(batch.report["tickets"].values())
    said = {name: value for name, value in batch.report.items() if not name.startswith("left_out")}
    return {
        **said,
        "refused": batch.left_out,
        "events": 0,
        "tickets": {"new": 0, "changed": 0, "unchanged": tickets},
    }


def report(
    about: Report,
    *,
    file: File,
    columns: Collection[str],
    batch: int | None,
    replaces: list[int],
    events: int,
    tickets: dict[str, int],
    grades: list[int],
    remarks: Iterable[str],
) -> dict[str, Any]:
    """What became of a file, or would: the one form in which commands print it and batches keep it.

    What would make figures better is ranked by the tickets it would help, with a text to send to the desk.
    """
    graded = {grade: grades[mark] for grade, mark in MARK.items()}
    wished = asking.ranked(file.mapping.kind, columns, graded)
    return {
        "batch": batch,
        "replaces": replaces,
        "sha256": about.sha256,
        "original_sha256": about.original_sha256,
        "rows": about.rows,
        "events": events,
        "tickets": tickets,
        "refused": [*map(_line, about.refused)],
        "grades": graded,
        "warnings": [*about.warnings, *remarks],
        "ask_the_desk_for": [*map(str, wished)],
        "message_to_the_desk": asking.message(file.mapping, wished, sum(graded.values())),
    }


def proven(state: int, grade: int) -> int:
    """The mark of a known ticket of which another snapshot is brought (F5)."""
    seen_running = state < State.RESOLVED and grade < Grade.OBSERVED
    return (Grade.OBSERVED if seen_running else grade) + 1


def marked(grades: Iterable[int]) -> list[int]:
    """How many tickets have each mark."""
    counts = Counter(grade + 1 for grade in grades)
    return [counts[mark] for mark in range(256)]


def report_of_refusal(refusal: Refused) -> dict[str, Any]:
    """The same form for a file of which nothing was taken: `problem` says why, `refused` names lines where known."""
    cause = refusal.__cause__
    lines = cause.refused if isinstance(cause, TooManyBadRows) else ()
    return {
        "batch": None,
        "replaces": [],
        "sha256": None,
        "original_sha256": None,
        "rows": None,
        "events": 0,
        "tickets": {"new": 0, "changed": 0, "unchanged": 0},
        "refused": [*map(_line, lines)],
        "grades": dict.fromkeys(MARK, 0),
        "warnings": [],
        "ask_the_desk_for": [],
        "message_to_the_desk": "",
        "seconds": None,
        "problem": refusal.message if lines else str(refusal),
    }


def _line(one: Problem) -> dict[str, Any]:
    """A row left out, as reports list it."""
    words = one.problem
    cut = words if len(words) <= LONGEST_PROBLEM else f"{words[: LONGEST_PROBLEM - 1]}…"
    return {**asdict(one), "problem": cut}


def _not_yet_known(mapping: Mapping) -> list[str]:
    """Authorities that a mapping gives teams to and nobody has named as a partner so far."""
    known = set(Partner.objects.values_list("name", flat=True))
    return sorted({name for _, name in _authorities(mapping)} - known)


def remarks(file: File, latest: int, at: datetime, replaced: list[int]) -> Iterator[str]:
    """What else to know of a file that is brought at an instant."""
    if file.parties is None and (nobody := _not_yet_known(file.mapping)):
        which = "which is not yet known as a partner" if len(nobody) == 1 else "which are not yet known as partners"
        yield (
            f"The mapping {file.mapping.called} gives teams to {named(nobody, most=PARTNERS_LISTED)}, {which}. Once "
            "the partnership is started, only its partners can be named there."
        )
    last = datetime.fromtimestamp(latest, UTC)
    if last > at:
        yield (
            f"The file tells of moments after it was brought, the last of them {last:%d %B %Y %H:%M} UTC. Look at its "
            "dates and its time zone. Clocks are not read beyond the moment of the import."
        )
    if replaced:
        batches = ", ".join(map(str, replaced))
        yield f"This file was read in another way before, in batch {batches}. This reading takes its place."


def not_yet_parties(names: list[str], were: tuple[str, str]) -> str:
    """That partners are added because a file names them; `were` is the verb for one and for several."""
    listed = named(names, most=PARTNERS_LISTED)
    if len(names) == 1:
        return f"1 partner {were[0]} added as not yet a party, because the file names it: {listed}."
    return f"{len(names):,} partners {were[1]} added as not yet parties, because the file names them: {listed}."


def digest_of_lines(left_out: list[dict[str, Any]]) -> str:
    """SHA-256 of the rows left out, as JSON without blanks: what the record holds of them."""
    lines = json.dumps(left_out, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(lines.encode()).hexdigest()
