"""A reading as somebody brings it: what a row of a file says, or what was typed into a form."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from commonhold.performance.engine.brought.definition import Grade

COUNTS: Final = ("numerator", "denominator", "value")
COLUMNS: Final = ("measure", "partner", "service", "site", "threshold", "from", "to", *COUNTS, "unit", "source",
                  "grade", "note")  # fmt: skip
"""The headings of what is kept, in this order."""


@dataclass(frozen=True, slots=True)
class Given:
    """A reading as it is brought, before anybody knows whether it stands beside the others.

    "" is every partner, service or site. Numbers are as they were brought, in `unit`.
    """

    line: int
    measure: str
    partner: str
    service: str
    site: str
    threshold: int | None
    first: date
    last: date
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    unit: str
    source: str
    grade: Grade
    note: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The row under `COLUMNS`."""
        said = {
            "measure": self.measure,
            "partner": self.partner,
            "service": self.service,
            "site": self.site,
            "threshold": "" if self.threshold is None else str(self.threshold),
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "numerator": plain(self.numerator),
            "denominator": plain(self.denominator),
            "value": plain(self.value),
            "unit": self.unit,
            "source": self.source,
            "grade": str(self.grade),
            "note": self.note,
        }
        return tuple(said[name] for name in COLUMNS)


def plain(number: Decimal | None) -> str:
    """A number as it is written in the kept file: without an exponent or idle noughts."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
