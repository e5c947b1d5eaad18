"""The record as a zip that anybody can verify offline, with the contents that its reader may see (L2, L3, D2)."""

from array import array
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from commonhold.ledger.engine import verify_commonhold as checker
from commonhold.ledger.engine.bundle import readme, zipped
from commonhold.ledger.engine.by import By, of_partner, public
from commonhold.ledger.models import Entry, Head, Recorded, Salt, recorded_models
from commonhold.ledger.queries import proofs, subjects
from commonhold.refusals import Refused

ROWS = 1_000
"""Entries read at once, and entries in one file of contents."""


def audience(partner: str | None, at: datetime) -> By:
    """The reader of an export: the public, or what every post of the partner of this name or slug may see."""
    if not partner:
        return public(at)
    model = recorded_models().get("partner")
    rows: list[Any] = list(model.shown()) if model else []
    for row in rows:
        if partner.casefold() in (row.slug.casefold(), str(row).casefold()):
            return of_partner(row.slug, at)
    known = ", ".join(sorted(row.slug for row in rows)) or "none yet"
    raise Refused(f"There is no partner {partner!r}. Partners: {known}.")


def name_of_export(head: Head, seen_by: By) -> str:
    """The name of the file, by log, size and reader."""
    return f"{head.origin.replace('/', '-')}-{head.size}-{seen_by.partner or 'public'}.zip"


def export(head: Head, seen_by: By) -> Iterator[bytes]:
    """The bytes of the zip: the record up to this head, read in short queries, while others go on writing."""
    return zipped(_files(head, seen_by), at=head.at, entries=head.size)


def _files(head: Head, seen_by: By) -> Iterator[tuple[str, Iterator[bytes]]]:
    reader = f"the partner {seen_by.partner}" if seen_by.partner else "the public"
    yield checker.README, iter([readme(origin=head.origin, entries=head.size, at=head.at, reader=reader)])
    yield f"{checker.CHECKPOINTS}{head.size}.txt", iter([proofs.checkpoint(head).encode()])
    digests, sharing = bytearray(), array("Q")
    yield checker.ENTRIES, _entries(head.size, digests, sharing)
    yield checker.DIGESTS, (digests[i : i + 32].hex().encode() + b"\n" for i in range(0, len(digests), 32))
    for first, numbers in groupby(sharing, lambda number: number - (number - 1) % ROWS):
        if held := _contents(list(numbers), seen_by):
            yield f"{checker.CONTENTS}{first:09d}.jsonl", iter(held)
    yield checker.PROGRAM, iter([Path(checker.__file__).read_bytes()])


def _entries(size: int, digests: bytearray, sharing: "array[int]") -> Iterator[bytes]:
    """The entries, one a line, as their rows are now.

    `digests` takes what the log holds of each, `sharing` the numbers of those whose contents some reader may see.
    """
    models = recorded_models()
    shared = {noun for noun, model in models.items() if model.contents_seen_by is not Recorded.contents_seen_by}
    for first in range(1, size + 1, ROWS):
        rows = list(Entry.objects.filter(number__range=(first, min(first + ROWS - 1, size))).order_by("number"))
        digests += b"".join(bytes(row.digest) for row in rows)
        sharing.extend(row.number for row in rows if row.noun in shared and row.digests)
        # A row into which somebody has put what no act can is exported as it is, and verification names it.
        yield b"".join(checker.canonical_again(row.plain) + b"\n" for row in rows)


def _contents(numbers: list[int], seen_by: By) -> list[bytes]:
    """For each entry the values and salts behind its digests that this reader may see, one entry a line."""
    about = dict(Entry.objects.filter(number__in=numbers).values_list("number", "subject"))
    things = subjects.behind(set(about.values()))
    seen = {ref: thing.contents_seen_by(seen_by) for ref, thing in things.items()}
    salts: dict[int, dict[str, str]] = {number: {} for number in numbers}
    for number, name, salt in Salt.objects.filter(entry__in=numbers).values_list("entry", "name", "salt"):
        salts[number][name] = salt
    lines = ((number, _held(seen.get(about[number], {}), salts[number])) for number in numbers)
    return [checker.canonical({"entry": number, "contents": held}) + b"\n" for number, held in lines if held]


def _held(contents: Mapping[str, Any], salts: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"salt": salts[name], "value": value} for name, value in contents.items() if name in salts}
