"""Building a mapping from a file, step by step: workings, until it is saved under a name."""

import json
from collections.abc import Sequence
from typing import IO, Any, BinaryIO, Final, cast

from django.db import transaction

from commonhold.databases.room import with_room
from commonhold.demand.acts.saved_mappings import save_mapping
from commonhold.demand.engine.mapping import REQUIRED, TIME_LEFT, UNITS, VERDICT_IS, VERDICT_WORDS, Mapping
from commonhold.demand.engine.rows import shown
from commonhold.demand.engine.sketching import dates
from commonhold.demand.engine.sketching.columns import proposed
from commonhold.demand.engine.sketching.survey import Survey, surveyed
from commonhold.demand.models import SavedMapping, Sketch
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries import sketches as queries
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.ledger.queries.resting import is_named
from commonhold.ledger.secrets import people_key
from commonhold.ledger.workings import working
from commonhold.refusals import Refused, require

LIKELIEST_ZONE: Final = "Europe/London"
NO_ROOM: Final = "Nothing of the file was kept. Make room, and choose it again."
MOST_WORDS: Final = {"state": 100, "hold_reason": 100, "priority": 50, "kind": 100, "source_verdict": 50}
"""Words of a column for each of which somebody says what it means; a column with more is probably another."""

MOST_NAMES: Final = 300
"""Teams and partners that are shown, those that stand most often."""


@working
def begin_sketch(*, by: By, headings: Sequence[str], base: Mapping | None) -> Sketch:
    """Begin to build a mapping for a file with these headings, of which nothing else is kept."""
    require(brings_files(by), "build mappings")
    content = queries.empty_content(base)
    content["kind"] = base.kind if base else "tickets"
    columns = proposed(headings, base)
    said = json.loads(base.canonical)["columns"] if base else {}
    content["columns"] = {**columns, **_verdict_of({"columns": said}, columns)}
    return Sketch.objects.create(
        headings=list(headings), base=base.name if base else "", content=content, post=by.post, at=by.at
    )


@working
def keep_columns(
    *,
    by: By,
    sketch: Sketch,
    file: IO[bytes],
    kind: str,
    desk: str,
    missing: list[str],
    columns: dict[str, str],
) -> Sketch:
    """Reduce the file to the chosen columns, and keep what is needed to say what their words mean (D1)."""
    require(brings_files(by), "build mappings")
    content = {**sketch.content, "kind": kind, "desk": desk, "missing": missing}
    content["columns"] = {**columns, **_verdict_of(sketch.content, columns)}
    content["optional"] = sorted(columns.keys() - {*REQUIRED[kind], "state"})
    if "held_minutes" not in columns:
        content.pop("held_unit", None)
    content["leave_out"] = {
        heading: words for heading, words in content.get("leave_out", {}).items() if heading in sketch.headings
    }
    with with_room(NO_ROOM), evidence.gathered() as reduced:
        found = surveyed(
            cast(BinaryIO, file),
            queries.skeleton(content),
            key=people_key(),
            out=cast(BinaryIO, reduced),
            limits=queries.limits(),
        )
        words = _words(found, content)
        evidence.keep(reduced)
    before = sketch.sha256
    sketch.content, sketch.words, sketch.samples = content, words, found.samples
    sketch.rows, sketch.sha256, sketch.original_sha256 = found.rows, found.sha256, found.original_sha256
    if not content.get("dates") or not _all_read(sketch):
        content["dates"] = dates.proposed(queries.all_dates(sketch)) or ["iso"]
    if "time_zone" not in content and not dates.say_their_offset(queries.all_dates(sketch), content["dates"]):
        content["time_zone"] = LIKELIEST_ZONE
    sketch.save()
    # Columns that are chosen no longer are not kept either (D1).
    if before and not is_named(before):
        evidence.remove(before)
    return sketch


@working
def keep_words(*, by: By, sketch: Sketch, tables: dict[str, dict[str, str]], teams: dict[str, str]) -> Sketch:
    """Keep what words mean: of states, reasons, priorities and kinds, and who answers for teams."""
    require(brings_files(by), "build mappings")
    sketch.content = {**sketch.content, **tables, "teams": teams}
    sketch.save(update_fields=("content",))
    return sketch


@working
def keep_dates(
    *,
    by: By,
    sketch: Sketch,
    dates: list[str],
    time_zone: str,
    held_unit: str,
    verdict_left: bool,
    verdict_true: list[str],
) -> Sketch:
    """Keep how dates are written, in which zone, and how lengths of time and the desk's verdict are to be read."""
    require(brings_files(by), "build mappings")
    content = {**sketch.content, "dates": dates}
    content.pop("time_zone", None)
    content.pop("held_unit", None)
    if time_zone:
        content["time_zone"] = time_zone
    columns = queries.columns_of(content)
    if "held_minutes" in columns and held_unit in UNITS:
        content["held_unit"] = held_unit
    if "source_verdict" in columns:
        said: dict[str, Any] = {VERDICT_IS: TIME_LEFT} if verdict_left else {VERDICT_WORDS: verdict_true}
        columns = {**columns, **said}
    content["columns"] = columns
    # What is wrong with a form or a zone is said here, where it can be put right.
    queries.mapping_from(content)
    sketch.content = content
    sketch.save(update_fields=("content",))
    return sketch


@transaction.atomic
def finish_sketch(*, by: By, sketch: Sketch, name: str, why: str) -> SavedMapping:
    """Save what was built as the next version of a name; the sketch can be gone on with until it is forgotten."""
    require(brings_files(by), "save mappings")
    sketch = Sketch.objects.select_for_update().get(pk=sketch.pk)
    return save_mapping(by=by, name=name, mapping=queries.mapping_of(sketch), why=why)


def _verdict_of(content: dict[str, Any], columns: dict[str, str]) -> dict[str, Any]:
    """What was said of the verdict's words, as long as it is read from the same column."""
    before = content.get("columns", {})
    if "source_verdict" not in columns:
        return {}
    if before.get("source_verdict") == columns["source_verdict"]:
        return {name: before[name] for name in (VERDICT_WORDS, VERDICT_IS) if name in before}
    return {}


def _words(found: Survey, content: dict[str, Any]) -> dict[str, list[tuple[str, int]]]:
    columns = queries.columns_of(content)
    words = {}
    for ours, counted in found.words.items():
        most = MOST_WORDS.get(ours)
        is_time_left = ours == "source_verdict" and queries.says_time_left(content)
        if most is not None and len(counted) > most and not is_time_left:
            raise Refused(
                f"'{shown(columns[ours])}' has {len(counted):,} different words, too many to be the {ours} of tickets. "
                "Choose another column for it, or none."
            )
        words[ours] = counted.most_common(most or MOST_NAMES)
    return words


def _all_read(sketch: Sketch) -> bool:
    cells = queries.all_dates(sketch)
    examples = dates.examples(cells, sketch.content["dates"], "UTC")
    return all(example.instant is not None for example in examples)
