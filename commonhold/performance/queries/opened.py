"""Extracts of kept periods as they were last opened: to unpack one takes longer than all that a page asks of it."""

from collections import OrderedDict
from threading import Lock
from typing import Final

from commonhold.performance.engine.extract import Extract, from_bytes
from commonhold.performance.models import Period
from commonhold.refusals import Refused

MOST: Final = 96 * 2**20
"""Bytes of extracts that stay in a process: some eight quarters of 75,000 tickets."""

_opened: Final[OrderedDict[tuple[int, str], Extract]] = OrderedDict()
_one_at_a_time: Final = Lock()


def extract_of(period: Period) -> Extract:
    """The extract of a period, found by its digest, so that none is ever another's; nothing can be written to it.
    Refused where a newer computation has just taken the period's place.
    """
    key = period.pk, period.digest
    with _one_at_a_time:
        found = _opened.get(key)
        if found is not None:
            _opened.move_to_end(key)
            return found
    kept = Period.objects.values_list("extract", flat=True).filter(pk=period.pk).first()
    if kept is None:
        raise Refused("These figures have just been computed again by what is known now. Open the page again.")
    extract = from_bytes(bytes(kept))
    for rows in (extract.records, extract.shares):
        rows.flags.writeable = False
    with _one_at_a_time:
        _opened[key] = extract
        # The last one stays, however large it is.
        while len(_opened) > 1 and sum(map(_size, _opened.values())) > MOST:
            _opened.popitem(last=False)
    return extract


def _size(extract: Extract) -> int:
    return extract.records.nbytes + extract.shares.nbytes
