"""A figure of which nothing is known but the number: which other ways of counting our own tickets come to it.

Every way is tried alone and with others. One that comes to the number, within the rounding of how it is written, is a
possible explanation, and no proof: other tickets counted in another way can come to the same number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from re import ASCII
from re import compile as pattern
from typing import Final

from commonhold.performance.engine.reconciling.bridge import Records, Weighing
from commonhold.performance.engine.reconciling.causes import ORDER
from commonhold.performance.engine.reconciling.ways import WAYS, Counting, Way, together
from commonhold.refusals import Refused

NEAREST: Final = 12
"""So many of the ways that come nearest are shown."""

WRITTEN: Final = pattern(r"(-?[0-9]{1,12})(?:\.([0-9]{1,9}))?(%?)", ASCII)


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure as somebody wrote it: its value, half of its last place, and its counts where they are known."""

    value: Fraction
    half: Fraction
    written: str
    numerator: int | None = None
    denominator: int | None = None

    def is_met(self, value: Fraction, records: Records) -> bool:
        """Whether a figure is this one as far as it is written, and has its counts where these are known."""
        if self.denominator is not None and int(records.counted.sum()) != self.denominator:
            return False
        if self.numerator is not None and int(records.met.sum()) != self.numerator:
            return False
        return abs(self.value - value) <= self.half


@dataclass(frozen=True, slots=True)
class Try:
    """One way of counting, or several together: what they come to, how far that is off, and its counts."""

    ways: tuple[Way, ...]
    value: Fraction
    off: Fraction
    fits: bool
    numerator: int
    denominator: int

    @property
    def words(self) -> str:
        return "; ".join(WAYS[way].words for way in self.ways) or "as we count"


def stated(written: str, *, is_share: bool, numerator: int | None = None, denominator: int | None = None) -> Stated:
    """The figure that a text says: 94.1 % or 94.1 or 0.941 of a share, else a number. Refused where it is none.

    Where both counts of a share are known the value is theirs, exactly.
    """
    text = "".join(written.split()).replace(",", "")
    said = WRITTEN.fullmatch(text)
    if said is None:
        raise Refused(f"'{written[:40]}' is not a number. Write it like {'94.1%' if is_share else '1824 or 12.5'}.")
    whole, places, percent = said[1], said[2] or "", said[3]
    if percent and not is_share:
        raise Refused("This measure is no share, so its figure has no per cent sign.")
    value = Fraction(f"{whole}.{places or 0}")
    half = Fraction(1, 2 * 10 ** len(places))
    # A share written without its sign is one from 0 to 1 only where it has decimals and is no more than 1.
    if is_share and (percent or value > 1 or not places):
        value, half = value / 100, half / 100
    if is_share and not 0 <= value <= 1:
        raise Refused(f"A share lies between 0 and 100 %; {written[:40]} does not.")
    if value < 0:
        raise Refused("A figure here is not less than 0.")
    if numerator is not None and denominator is not None and is_share:
        if denominator <= 0 or not 0 <= numerator <= denominator:
            raise Refused("Of a share the first count is no more than the second, and the second is more than 0.")
        counts = Fraction(numerator, denominator)
        if abs(counts - value) > half:
            raise Refused(f"{numerator} of {denominator} is not {written[:40]}. Put the figure or its counts right.")
        value, half = counts, Fraction(0)
    return Stated(value, half, written.strip(), numerator, denominator)


def tries(
    counting: Counting, weighing: Weighing, wanted: Stated, progress: Callable[[str], None] = lambda _: None
) -> list[Try]:
    """What comes nearest to a figure, the nearest first; of the same distance, that with the fewest ways.

    Of what fits only that with the fewest ways; a way that changes nothing alone is not tried with others.
    """
    alone = {way: counting.records((way,)) for way in counting.ways}
    ours = counting.records(())
    telling = [way for way in counting.ways if bool(ours.differ(alone[way]).any())]
    found = []
    for number, ways in enumerate(((), *together(telling)), start=1):
        progress(f"Way of counting {number}")
        records = counting.records(ways)
        value = weighing.value(records)
        if value is not None:
            found.append(_try(ways, value, records, wanted))
    shown: dict[tuple[Fraction, tuple[Way, ...]], Try] = {}
    fewest = min((len(one.ways) for one in found if one.fits), default=0)
    for one in sorted(found, key=_order):
        if one.fits and len(one.ways) > fewest:
            continue
        # Of what fits each way is shown, of the rest each value once.
        shown.setdefault((one.value, one.ways if one.fits else ()), one)
    return list(shown.values())[:NEAREST]


def _try(ways: tuple[Way, ...], value: Fraction, records: Records, wanted: Stated) -> Try:
    counts = int(records.met.sum()), int(records.counted.sum())
    return Try(ways, value, abs(wanted.value - value), wanted.is_met(value, records), *counts)


def _order(one: Try) -> tuple[bool, int, Fraction]:
    """What fits first, by the fewest ways; then what comes nearest."""
    return (not one.fits, len(one.ways) if one.fits else 0, one.off)


def steps(ways: tuple[Way, ...]) -> list[tuple[Way, ...]]:
    """The ways added one after another, in the order of their causes."""
    ordered = sorted(ways, key=lambda way: ORDER.index(WAYS[way].cause))
    return [tuple(ordered[: place + 1]) for place in range(len(ordered))]
