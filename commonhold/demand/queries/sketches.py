"""A mapping that is being built: whose it is, what it says so far, how the file would be read by it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Any, Final

from django.conf import settings
from django.db.models import QuerySet

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import TABLES, TIME_LEFT, VERDICT_IS, VERDICT_WORDS, Mapping
from commonhold.demand.engine.rows import Limits
from commonhold.demand.engine.sketching import dates
from commonhold.demand.engine.sketching.dates import Example
from commonhold.demand.models import Sketch
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries.files import File
from commonhold.demand.queries.rehearsal import rehearsal
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import that_may_be_named

LOOKED_AT: Final = 20_000
"""Rows by which a mapping that is being built is tried; the import reads them all."""

NEARLY_ALL: Final = 0.999
"""How much of a file may be wrong while its mapping is tried: rows that are left out are listed, unless all are."""

EXAMPLES: Final = 6
TABLE_OF: Final = {"state": "states", "hold_reason": "hold_reasons", "priority": "priorities", "kind": "kinds"}
"""The table of a mapping that says what the words of a column mean."""


@dataclass(frozen=True, slots=True)
class DateColumn:
    """A date of ours, the heading that it stands under, and how some of its cells are read."""

    ours: str
    heading: str
    examples: list[Example]


@dataclass(frozen=True, slots=True)
class PartnerWord:
    """A value that says whom a ticket is for, how often it stands, and whether it is a partner's name."""

    value: str
    count: int
    is_partner: bool


def sketches(*, seen_by: By) -> QuerySet[Sketch]:
    """A sketch is its maker's own: of the post that began it."""
    if not brings_files(seen_by):
        return Sketch.objects.none()
    return Sketch.objects.filter(post=seen_by.post)


def limits() -> Limits:
    return Limits(settings.UPLOAD_LIMIT, settings.UNPACKED_LIMIT)


def columns_of(content: dict[str, Any]) -> dict[str, str]:
    """Our columns with their headings, without what is said of the verdict's words."""
    columns = content.get("columns", {})
    return {ours: theirs for ours, theirs in columns.items() if ours not in (VERDICT_WORDS, VERDICT_IS)}


def skeleton(content: dict[str, Any]) -> Mapping:
    """A mapping of the chosen columns, by which a file can be reduced; what its words mean is not said yet."""
    return replace(
        mappings.built_in("canonical"),
        columns=columns_of(content),
        missing=frozenset({*content.get("missing", []), ""}),
        leave_out={heading: frozenset(words) for heading, words in content.get("leave_out", {}).items()},
    )


def mapping_of(sketch: Sketch, name: str = "this mapping") -> Mapping:
    """The mapping as far as it was built. Refused with all that it lacks."""
    return mapping_from(sketch.content, name)


def mapping_from(content: dict[str, Any], name: str = "this mapping") -> Mapping:
    return mappings.from_canonical(json.dumps(content), name)


def words_of(sketch: Sketch, ours: str) -> list[tuple[str, int]]:
    """The words of a column that mean something, with how often each stands."""
    content = sketch.content
    left_out = content.get("leave_out", {}).get(columns_of(content).get(ours), [])
    missing = {*content.get("missing", []), *left_out, ""}
    return [(word, count) for word, count in sketch.words.get(ours, []) if word not in missing]


def partner_words(sketch: Sketch) -> list[PartnerWord]:
    names = set(that_may_be_named().values_list("name", flat=True))
    return [PartnerWord(word, count, word in names) for word, count in words_of(sketch, "partner")]


def date_columns(sketch: Sketch) -> list[DateColumn]:
    """The dates of a file with how some of their cells are read by what was said so far."""
    forms, zone = sketch.content.get("dates") or ["iso"], sketch.content.get("time_zone")
    columns = columns_of(sketch.content)
    return [
        DateColumn(ours, columns[ours], dates.examples(_some(cells), forms, zone))
        for ours, cells in sketch.samples.items()
        if ours != "held_minutes" and cells and ours in columns
    ]


def all_dates(sketch: Sketch) -> list[str]:
    """Every cell of a date that was kept as a sample."""
    return [cell for ours, cells in sketch.samples.items() if ours != "held_minutes" for cell in cells]


def rehearsed(sketch: Sketch, at: datetime) -> dict[str, Any]:
    """What an import of the file's first rows by this mapping would give. Refused where no row is good."""
    with evidence.opened(sketch.sha256) as stream:
        return rehearsal(as_file(sketch, mapping_of(sketch), stream, tolerate=NEARLY_ALL), at, None, LOOKED_AT)


def as_file(sketch: Sketch, mapping: Mapping, stream: IO[bytes], tolerate: float = 0.01) -> File:
    """The reduced file, to be brought by this mapping."""
    return File(stream=stream, mapping=mapping, tolerate=tolerate, limits=limits(), reduced_from=sketch.original_sha256)


def unsaid(sketch: Sketch) -> list[str]:
    """The tables that have words of which it is not said what they mean."""
    return [table for ours, table in TABLE_OF.items() if words_of(sketch, ours) and table not in sketch.content]


def says_time_left(content: dict[str, Any]) -> bool:
    return bool(content.get("columns", {}).get(VERDICT_IS) == TIME_LEFT)


def empty_content(base: Mapping | None) -> dict[str, Any]:
    """What a mapping that fits says beside columns and words, to begin from."""
    if base is None:
        return {"missing": [""], "dates": []}
    content: dict[str, Any] = json.loads(base.canonical)
    return {
        name: said for name, said in content.items() if name not in (*TABLES, "columns", "teams", "desk", "version")
    }


def _some(cells: Sequence[str]) -> Sequence[str]:
    """Some of the cells: the first, and those that differ most in length."""
    by_length = {len(cell): cell for cell in reversed(cells)}
    return list(dict.fromkeys([*by_length.values(), *cells]))[:EXAMPLES]
