"""Bytes in, rows out: what the tests of reading have in common."""

import io
from collections.abc import Collection
from pathlib import Path

from commonhold.demand.engine import mapping, rows
from commonhold.demand.engine.chunk import FIELDS
from commonhold.demand.engine.intake import Intake, Report
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.engine.partners import PartnerMap

SAMPLES = Path(__file__).parent / "samples"
KEY = b"the partnership's key, of 32 byt"
CANONICAL = mapping.built_in("canonical")


def table(given: bytes | str, wanted: tuple[str, ...] = ()) -> list[tuple[int, list[str]]]:
    """The good rows of a file with the line of each."""
    stream = io.BytesIO(given.encode() if isinstance(given, str) else given)
    found = rows.examine(stream, wanted)
    return [
        (line, list(row))
        for block in rows.blocks(stream, found)
        for line, *row in zip(block.lines, *map(block.column, range(block.width)), strict=True)
    ]


def problems(given: bytes | str) -> list[rows.Problem]:
    stream = io.BytesIO(given.encode() if isinstance(given, str) else given)
    return [problem for block in rows.blocks(stream, rows.examine(stream)) for problem in block.problems]


class Taken:
    """A file taken in: its rows by the names of their fields, the report, and the reduced file."""

    def __init__(
        self,
        given: bytes | str,
        mapped: Mapping = CANONICAL,
        *,
        partners: PartnerMap | None = None,
        parties: Collection[str] | None = None,
        time_zone: str | None = None,
        tolerate: float = 1,
        key: bytes = KEY,
        already_reduced: bool = False,
        look_at: int | None = None,
    ) -> None:
        out = io.BytesIO()
        intake = Intake(
            io.BytesIO(given.encode() if isinstance(given, str) else given),
            mapped,
            key=key,
            partners=partners,
            parties=parties,
            time_zone=time_zone,
            tolerate=tolerate,
            evidence=out,
            already_reduced=already_reduced,
            look_at=look_at,
        )
        chunks = list(intake.chunks())
        self.rows = [dict(zip(FIELDS, row, strict=True)) for chunk in chunks for row in chunk.rows()]
        self.steps = [steps for chunk in chunks for steps in chunk.steps()] if mapped.kind == "tickets" else []
        self.report: Report = intake.report
        self.reduced = out.getvalue()

    def column(self, name: str) -> list[object]:
        return [row[name] for row in self.rows]


def events(*lines: str, headings: str = "reference,event_at,state") -> str:
    """A file in our own form, from its lines."""
    return "\n".join((headings, *lines)) + "\n"
