"""The tables of reports, of exceptions and of figures published before, as they are taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from commonhold.demand.queries import exceptions as demand
from commonhold.demand.queries.knowledge import entry_of
from commonhold.figures import Figure
from commonhold.govuk.tables import Cell
from commonhold.govuk.taking import Sheet, Sheets
from commonhold.ledger.engine.by import By
from commonhold.performance.models import Comparator
from commonhold.performance.queries import comparators
from commonhold.performance.queries.exceptions import Exceptions, known_now
from commonhold.performance.queries.fed import Described
from commonhold.performance.queries.reporting import Reported
from commonhold.performance.queries.sheets import HEADINGS, WHOLE, about_figures, partner_named, row

AIM: Final = ("Aim", "Aim: at least or at most", "Result", "Words", "Why", "What is done", "By when")


def of_report(found: Reported, seen_by: By) -> Sheets:
    """The figures of a report beside their aims with the words on them, and how far each section is."""

    def aims() -> Sheet:
        about = about_figures(found.report.span, found.kept.as_of if found.kept else None, seen_by)
        about |= {
            "Definition": "beside each figure; the aims are those of the agreement",
            "Scope": "all tickets, and those of one priority",
            "Heading": "where the desk's own verdict heads, it is what is held against the aim (F5)",
        }
        return Sheet(f"{found.report} aims", ("Figure", *HEADINGS, *AIM), _aims(found), about)

    def sections() -> Sheet:
        rows: Iterator[Sequence[Cell]] = (
            (
                part.title, Fraction(part.percent, 100), len(part.pieces) - len(part.waiting), len(part.waiting),
                part.in_words(writes=False),
            )
            for part in found.parts
        )  # fmt: skip
        about: dict[str, Cell] = {
            "Definition": "How far each section is: a part from 0 to 1 of what it needs",
            "Period": f"{found.report.first} to {found.report.last}",
            "As of": seen_by.at,
        }
        headings = ("Section", "Ready", "There", "Missing", "What is there, and what is missing")
        return Sheet(f"{found.report} sections", headings, rows, about)

    return {"sections": sections, **({"aims": aims} if found.against else {})}


def _aims(found: Reported) -> Iterator[Sequence[Cell]]:
    for one in found.against:
        spoken = found.of(one.about)
        words = spoken.explanation
        state = "signed off" if words else "in draft" if spoken.draft else "none"
        said = (words.why, words.doing, words.by_when) if words else (None, None, None)
        yield (
            one.about.title, *row((), one.headline), one.aim.bound, one.aim.how.replace("_", " "), one.result.value,
            state, *said,
        )  # fmt: skip


def of_exceptions(found: Exceptions | None, seen_by: By) -> Sheets:
    """How many exceptions there are of each kind and partner, beside how many tickets were opened in the same days."""
    if found is None or found.listing is None:
        return {}
    span = found.chosen.span

    def counts() -> Sheet:
        known = known_now()
        about: dict[str, Cell] = {
            "Definition": "By the day on which it happened; one ticket can be there more than once, and what is left "
            "out of figures is not counted",
            **{f"Rule: {title}": rule for _, title, rule in demand.explained()},
            "Scope": "all partners",
            "Period": f"{span.first} to {span.last}" if span else "none",
            "As of": found.chosen.as_of,
            "Known at entry": entry_of(known),
            "Who may see it": "holders of posts and partners' own people",
        }
        headings = (
            "Kind", "Of", "Exceptions", "Tickets opened in the same days", "Tickets opened, low",
            "Tickets opened, high", "Tickets opened, evidence",
        )  # fmt: skip
        return Sheet("exceptions by kind and partner", headings, rows(), about)

    def rows() -> Iterator[Sequence[Cell]]:
        for line in found.lines:
            yield (line.title, WHOLE, line.total, *_opened(found.whole))
            for partner, count in zip(found.partners, line.counts, strict=True):
                yield (line.title, partner_named(partner), count, *_opened(found.opened.get(partner)))

    return {"counts": counts}


def _opened(figure: Figure | None) -> Sequence[Cell]:
    """How many tickets were opened, with its bounds; none where no figure is of them."""
    return (figure.value, figure.low, figure.high, figure.evidence) if figure else (0, None, None, None)


def of_comparators(measures: Mapping[str, Described], measure: str, seen_by: By) -> Sheets:
    """Every figure published before, of one measure where one is named; its numbers as they stood where it was."""

    def sheet() -> Sheet:
        rows = comparators.every(seen_by=seen_by, measure=measure)
        about: dict[str, Cell] = {
            "Definition": "Figures of old reports as they were published; nothing here can verify them",
            "Scope": f"of the measure {measure}" if measure else "of every measure",
            "As of": seen_by.at,
            "Period": "beside each figure",
            "Known at entry": "the newest: those taken back or corrected say so",
            "Who may see it": "holders of posts and partners' own people",
        }
        headings = (
            "Comparator", "Measure", "Definition", "From", "To", "Partner", "Priority", "Service", "Threshold",
            "Value", "Unit", "Numerator", "Denominator", "How it was counted", "How, in words",
            "Where it was published", "State", "Entered", "By",
        )  # fmt: skip
        return Sheet("figures published before", headings, (_published(one, measures) for one in rows), about)

    return {"list": sheet}


def _published(one: Comparator, measures: Mapping[str, Described]) -> Sequence[Cell]:
    known = measures.get(one.measure)
    back = getattr(one, "taken_back", None)
    stands = bool(getattr(one, "stands", False))
    return (
        one.pk, known.title if known else one.measure, str(known) if known else None, one.first, one.last,
        one.partner.name if one.partner else None, one.priority or None, one.service or None, one.threshold,
        one.published.exact, known.unit if known else None, one.numerator, one.denominator, one.basis,
        one.basis_words or None, one.published_in,
        "not verifiable here" if stands else "taken back" if back else "corrected", one.at, one.post,
    )  # fmt: skip
