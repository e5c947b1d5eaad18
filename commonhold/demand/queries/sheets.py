"""Lists of what was brought in and put right as they are taken away: whole, not only the part that a page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from commonhold.demand.models import Correction, Exclusion
from commonhold.demand.queries import putting_right
from commonhold.demand.queries.batches import taken
from commonhold.demand.queries.disputes import Opened
from commonhold.demand.queries.ticket import Told
from commonhold.govuk.tables import Cell
from commonhold.govuk.taking import Sheet, Sheets
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import titles_of_posts

READINGS: Final = {"stands": "As it stands", "without": "Without these tickets", "disputed": "As disputed"}
"""How a figure is read beside a dispute."""
PARTS: Final = ("value", "numerator", "denominator")

Row = TypeVar("Row", Correction, Exclusion)


def of_batches(desk: str = "") -> Sheets:
    """Every batch that was taken over, or those of one desk."""

    def sheet() -> Sheet:
        headings = (
            "Batch", "What", "Desk", "Known since", "New tickets", "Changed tickets", "Tells of, until",
            "Read anew in batch", "Mapping", "SHA-256 of the file as kept",
        )  # fmt: skip
        return Sheet("what was brought in", headings, _batches(desk))

    return {"list": sheet}


def _batches(desk: str) -> Iterator[Sequence[Cell]]:
    rows = taken().filter(desk__name=desk) if desk else taken()
    for batch in rows.defer("left_out").order_by("-number"):
        tickets = batch.report.get("tickets") or {}
        yield (
            batch.number, batch.get_kind_display(), batch.desk.name if batch.desk else None, batch.taken_at,
            tickets.get("new"), tickets.get("changed"), batch.observed_at, batch.known_until, batch.mapping,
            batch.sha256,
        )  # fmt: skip


def of_dispute(opened: Opened) -> Sheets:
    """What a dispute means for the figures of each month, with the numbers behind the words."""

    def sheet() -> Sheet:
        headings = ["From", "To", "Measure", "Unit"]
        for reading in READINGS.values():
            headings += [reading, f"{reading}: counted", f"{reading}: of"]
        return Sheet(f"dispute {opened.line.dispute.pk}", headings, rows())

    def rows() -> Iterator[Sequence[Cell]]:
        for effect in opened.effects:
            for figure in effect.figures:
                numbers = [
                    figure[word].get(part) for word in READINGS for part in ("value", "numerator", "denominator")
                ]
                yield (effect.first, effect.last, figure["title"], figure["unit"], *numbers)

    return {"effects": sheet}


def of_put_right(seen_by: By) -> Sheets:
    """Every correction and every exclusion, those undone included."""

    def corrections() -> Sheet:
        headings = ("Ticket", "Fact", "Put right to", "Why", "By", "Since batch", "At", "Undone in batch")
        posts = _posts_of(Correction)
        rows: Iterator[Sequence[Cell]] = (
            (
                row.row.ticket.reference, row.row.get_fact_display(), row.value, row.row.reason,
                posts.get(row.row.post, row.row.post), row.row.made_in, row.row.at, row.row.undone_in,
            )
            for row in _every(lambda before: putting_right.corrections(seen_by=seen_by, before=before))
        )  # fmt: skip
        return Sheet("corrections", headings, rows)

    def exclusions() -> Sheet:
        headings = ("Ticket", "Why", "By", "Since batch", "At", "Undone in batch")
        posts = _posts_of(Exclusion)
        rows: Iterator[Sequence[Cell]] = (
            (
                row.row.ticket.reference, row.row.reason, posts.get(row.row.post, row.row.post),
                row.row.made_in, row.row.at, row.row.undone_in,
            )
            for row in _every(lambda before: putting_right.exclusions(seen_by=seen_by, before=before))
        )  # fmt: skip
        return Sheet("tickets left out of figures", headings, rows)

    return {"corrections": corrections, "exclusions": exclusions}


def _posts_of(model: type[Correction | Exclusion]) -> dict[str, str]:
    """What the posts are called that put something right, by slug."""
    return titles_of_posts(model.objects.order_by().values_list("post", flat=True).distinct())


def _every(part: Callable[[int | None], putting_right.Listed[Row]]) -> Iterator[putting_right.PutRight[Row]]:
    """All of a list that is read by parts."""
    before: int | None = None
    while True:
        found = part(before)
        yield from found.rows
        if found.older is None:
            return
        before = found.older


def of_ticket(told: Told) -> Sheets:
    """The intervals of a ticket, with what each counted in minutes."""

    def intervals() -> Sheet:
        headings = ("From", "To", "State", "Because", "Held by", "Priority", "Counted (minutes)", "Total (minutes)")
        rows: Iterator[Sequence[Cell]] = (
            (
                one.begins, one.ends, one.state, one.because, one.team, one.priority, one.counted // 60,
                one.total // 60,
            )
            for one in told.intervals
        )  # fmt: skip
        return Sheet("interval by interval", headings, rows, {"As of": told.as_of, "Rules": told.rules or "none"})

    return {"intervals": intervals}
