"""By which version of a mapping files were read, and which of them were read anew by another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from commonhold.demand.models import Batch, SavedMapping
from commonhold.demand.models.batch import TAKEN_OVER, BatchRows
from commonhold.ledger.models import Entry

Called = Mapping[tuple[str, str], str]
"""What a saved mapping's versions are called, by their name and the digest of their text."""


@dataclass(frozen=True, slots=True)
class ReadAnew:
    """Files that were read anew by a mapping, and the entry by which all of that was known, or nothing yet."""

    mapping: str
    files: int
    entry: int


@dataclass(frozen=True, slots=True)
class Readings:
    """How the files were read that counted when a batch was the last one: by which mappings, whether some had been
    read anew by then (`before` is what was known until then), and whether some were since (`since`).
    """

    called: Called = field(default_factory=dict)
    before: ReadAnew | None = None
    since: ReadAnew | None = None

    def of(self, batch: Batch) -> str:
        """The mapping that a batch was read by, with its version where it was saved in versions."""
        return self.called.get((batch.mapping, batch.mapping_digest), batch.mapping)


def called_by(name: str, digest: str) -> str:
    """What a mapping of this text is called: with its version, where it was saved under the name."""
    version = SavedMapping.objects.filter(name=name, digest=digest).first() if digest else None
    return version.called if version else name


def asked(batch: int) -> dict[str, QuerySet[Any, Any]]:
    """What it is read from, for a page that reads it along with other things."""
    return {
        "versions": SavedMapping.objects.order_by().values_list("name", "digest", "version"),
        "before": _anew(Batch.objects.taken().filter(known_until__lte=batch)),
        "since": _anew(Batch.objects.taken().filter(number__lte=batch, known_until__gt=batch)),
    }


def of_rows(read: Mapping[str, Sequence[Any]]) -> Readings:
    """From what was read; in one query more where files were read anew."""
    called = {(name, digest): f"{name}@{version}" for name, digest, version in read["versions"]}
    before, since = (_newest(read[name]) for name in ("before", "since"))
    numbers = ([before[2]] if before else []) + ([since[3]] if since else [])
    entries = _entries(numbers) if numbers else {}
    return Readings(
        called=called,
        before=_made(before, called, entries.get(before[2], 0) - 1) if before else None,
        since=_made(since, called, entries.get(since[3], 0)) if since else None,
    )


def _anew(replaced: BatchRows) -> QuerySet[Batch, Any]:
    """The batches that took the place of these: by mapping the first, the last, and how many."""
    rows = Batch.objects.taken().filter(number__in=replaced.order_by().values("known_until")).order_by()
    return rows.values_list("mapping", "mapping_digest").annotate(Min("number"), Max("number"), Count("number"))


def _newest(rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...] | None:
    return max(rows, key=lambda row: row[3], default=None)


def _made(row: tuple[Any, ...], called: Called, entry: int) -> ReadAnew | None:
    name, digest, _, _, files = row
    return ReadAnew(called.get((name, digest), name), files, entry) if entry > 0 else None


def _entries(batches: Iterable[int]) -> dict[int, int]:
    """By the number of a batch the entry by which it became known."""
    rows = Entry.objects.filter(kind__in=TAKEN_OVER, facts__batch__in=list(batches)).values_list("number", "facts")
    return {facts["batch"]: number for number, facts in rows}
