"""Partners, services or teams compared, from the kept extract of a period.

What was compared lately stays in the process, for many read one comparison. It is found by the digest of the extract
and by the names, so it is never one of other figures.
"""

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from commonhold.performance.engine import parity as engine
from commonhold.performance.models import Period
from commonhold.performance.queries.opened import extract_of
from commonhold.performance.queries.periods import names_of

KEPT: Final = 64
"""Comparisons that stay in a process."""


def compared(period: Period, measure: str | None) -> engine.Parity:
    """The partners by a measure or, without one, on the basis that fits them all."""
    return _compared(_of(period), measure)


def expectations(period: Period, measure: str, by: str) -> list[engine.Expectation]:
    """What was observed and expected of partners, services or teams."""
    return list(_expectations(_of(period), measure, by))


@dataclass(frozen=True, slots=True)
class _Of:
    """A period, alike where its extract and its names are."""

    digest: str
    names: str
    period: Period = field(compare=False)


def _of(period: Period) -> _Of:
    return _Of(period.digest, json.dumps(period.names), period)


@lru_cache(KEPT)
def _compared(of: _Of, measure: str | None) -> engine.Parity:
    extract, names = extract_of(of.period), names_of(of.period)
    return engine.parity(extract, measure, names) if measure else engine.on_one_basis(extract, names)


@lru_cache(KEPT)
def _expectations(of: _Of, measure: str, by: str) -> tuple[engine.Expectation, ...]:
    return tuple(engine.expectations(extract_of(of.period), measure, names_of(of.period), by))
