"""Partners, services or teams compared, from the kept extract of a period.

What was compared lately stays in the process, for many read one comparison. It is found by the digest of the extract
and by the names, so it is never one of other figures.
"""

import json
from functools import lru_cache
from typing import Final

from commonhold.performance.engine import parity as engine
from commonhold.performance.engine.extract import Extract, from_bytes
from commonhold.performance.models import Period
from commonhold.performance.queries.periods import with_names

KEPT: Final = 64
"""Comparisons that stay in a process."""


def compared(period: Period, measure: str | None) -> engine.Parity:
    """The partners by a measure or, without one, on the basis that fits them all."""
    return _compared(period.pk, period.digest, _written(period), measure)


def expectations(period: Period, measure: str, by: str) -> list[engine.Expectation]:
    """What was observed and expected of partners, services or teams."""
    return list(_expectations(period.pk, period.digest, _written(period), measure, by))


@lru_cache(KEPT)
def _compared(number: int, digest: str, names: str, measure: str | None) -> engine.Parity:
    extract, named = _extract(number), with_names(json.loads(names))
    return engine.parity(extract, measure, named) if measure else engine.on_one_basis(extract, named)


@lru_cache(KEPT)
def _expectations(number: int, digest: str, names: str, measure: str, by: str) -> tuple[engine.Expectation, ...]:
    return tuple(engine.expectations(_extract(number), measure, with_names(json.loads(names)), by))


def _extract(number: int) -> Extract:
    return from_bytes(bytes(Period.objects.values_list("extract", flat=True).get(pk=number)))


def _written(period: Period) -> str:
    return json.dumps(period.names)
