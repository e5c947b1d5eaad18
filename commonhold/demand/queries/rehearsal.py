"""What an import would make of a file; nothing is stored."""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import IO, Any

from commonhold.demand.engine.chunk import Chunk
from commonhold.demand.engine.intake import Report
from commonhold.demand.engine.mapping import HOLDS
from commonhold.demand.models import Batch, Desk
from commonhold.demand.queries import files
from commonhold.demand.queries.files import File
from commonhold.demand.queries.holding import ToldOfHolds, sifted
from commonhold.demand.queries.reading import read_whole
from commonhold.demand.queries.reckoned import states_of
from commonhold.demand.queries.told import Numbers, Told
from commonhold.ledger import evidence
from commonhold.partnership.models import Partner


def rehearsal(file: File, at: datetime, reduced: IO[bytes] | None = None, look_at: int | None = None) -> dict[str, Any]:
    """The report that an import at this instant would give. `reduced` receives the reduced file.

    Where `look_at` is given and the file has more rows, the report is about as many of them, and says `looked_at`.
    """
    began = time.monotonic()
    original = file.reduced_from or evidence.digest_of(file.stream)
    readings = files.readings_of(original)
    same = files.same_reading(file, readings)
    replaced = [reading.number for reading in readings]
    if same is None:
        file = files.as_agreed(file)
    with read_whole(file, reduced, _without_a_word, look_at) as whole:
        if same is not None:
            report = files.as_before(same)
        else:
            moment = files.moment_of(file, whole.latest, at)
            chunks: Iterable[Chunk] = whole.chunks()
            if file.mapping.kind == HOLDS:
                whole, chunks = sifted(file, whole)
            seen = _Seen(file, replaced, moment)
            seen.take(chunks)
            remarks = [*files.remarks(file, whole.latest, at, replaced), *seen.remarks()]
            report = seen.report(replace(whole.report, original_sha256=original), whole.columns, remarks)
            if whole.report.looked_at < whole.report.rows:
                report["looked_at"] = whole.report.looked_at
    return {**report, "seconds": round(time.monotonic() - began, 3)}


class _Seen:
    """What a file says that is new, as far as it was looked through."""

    def __init__(self, file: File, replaced: list[int], moment: datetime) -> None:
        desk = Desk.objects.filter(name=file.mapping.desk).first()
        self._file, self._kind = file, file.mapping.kind
        self._replaced = replaced
        self._numbers = Numbers(desk.pk if desk else None)
        self._about: dict[str, Any] = {
            "batch": Batch.objects.known() + 1,
            "moment": int(moment.timestamp()),
            "replaced": replaced,
        }
        self._grades: dict[str, int] = {}
        self._new: set[str] = set()
        self._changed: set[str] = set()
        self._partners: set[str] = set()
        self._events = 0

    def take(self, chunks: Iterable[Chunk]) -> None:
        if self._kind == HOLDS:
            chunks = list(chunks)
            of_holds = ToldOfHolds(chunks, self._numbers, **self._about)
            for chunk in chunks:
                self._take(chunk, *of_holds.fresh(chunk))
            return
        told = Told(is_history=self._kind == "events", **self._about)
        for chunk in chunks:
            self._take(chunk, *told.fresh(chunk, self._numbers.of(chunk.reference)))

    def _take(self, chunk: Chunk, fresh: list[int], again: list[int]) -> None:
        tickets = self._numbers.of(chunk.reference)
        steps = [*map(len, chunk.steps())] if self._kind == "tickets" else chunk.events()
        self._events += sum(map(steps.__getitem__, fresh))
        self._events += sum(map(steps.__getitem__, again)) if self._kind == HOLDS else len(again)
        self._grades.update(zip(chunk.reference, self._marks(chunk, tickets), strict=True))
        self._new.update(chunk.reference[place] for place in fresh if tickets[place] is None)
        self._changed.update(chunk.reference[place] for place in fresh if tickets[place] is not None)
        self._partners.update(partner for partner in chunk.partner if partner)

    def _marks(self, chunk: Chunk, tickets: Sequence[int | None]) -> Iterator[int]:
        """What each ticket's source will have proven: a file of holds all, a second snapshot what was seen before."""
        marks = map(files.MARK.__getitem__, chunk.grade)
        if self._kind != "tickets":
            return marks
        known = [number for number in tickets if number is not None]
        before = states_of(known)
        proven = (files.proven(*before[number]) if number in before else 0 for number in tickets)
        return map(max, marks, proven)

    def remarks(self) -> Iterator[str]:
        unknown = self._partners - set(Partner.objects.values_list("name", flat=True))
        if unknown:
            yield files.not_yet_parties(sorted(unknown), ("would be", "would be"))

    def report(self, about: Report, columns: Collection[str], remarks: list[str]) -> dict[str, Any]:
        counts = Counter(self._grades.values())
        return files.report(
            about,
            file=self._file,
            columns=columns,
            batch=None,
            replaces=self._replaced,
            events=self._events,
            tickets={
                "new": len(self._new),
                "changed": len(self._changed),
                "unchanged": len(self._grades) - len(self._new) - len(self._changed),
            },
            grades=[counts[mark] for mark in range(256)],
            remarks=remarks,
        )


def _without_a_word(share: float, words: str) -> None:
    """Looking a file through shows no progress."""
