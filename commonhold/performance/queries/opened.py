"""Extracts of kept periods as they were last opened: to unpack one takes longer than all that a page asks of it."""

from functools import lru_cache
from typing import Final

from commonhold.performance.engine.extract import Extract, from_bytes
from commonhold.performance.models import Period

OPEN: Final = 4
"""Extracts that stay in a process: a year of 300,000 tickets has some 40 MB."""


def extract_of(period: Period) -> Extract:
    """The extract of a period, found by its digest, so that none is ever another's; nothing can be written to it."""
    return _opened(period.pk, period.digest)


@lru_cache(OPEN)
def _opened(number: int, digest: str) -> Extract:
    extract = from_bytes(bytes(Period.objects.values_list("extract", flat=True).get(pk=number)))
    for rows in (extract.records, extract.shares):
        rows.flags.writeable = False
    return extract
