"""Are the partners served alike? Unfavourable results against those expected of the same mix of work (P2).

Expected is what a partner's tickets would have brought at the whole service's own rates for the same priority, kind and
service (indirect standardisation); over all partners it adds up to what was observed. The partner's own tickets are
part of the whole service, which draws its ratio towards 1; `own_part` says how much of the expected comes from itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, log
from typing import Any, Final

import numpy as np

from commonhold.demand.engine.columns import Bools, Longs
from commonhold.figures import Span, rounded
from commonhold.govuk.formats import listed
from commonhold.performance.engine.chance import interval
from commonhold.performance.engine.counting import Share
from commonhold.performance.engine.extract import Bit, Extract
from commonhold.performance.engine.groups import Names, grouped
from commonhold.performance.engine.measures import definition
from commonhold.refusals import Refused

DOUBT: Final = 0.05
"""How often one partner or another may wrongly be said to be served better or worse; shared out among them all."""

WORTH_SAYING: Final = 100
"""Tickets that nobody else has the like of are mentioned where they are one in so many."""

OURS: Final = "within_target"
DESKS: Final = "source_verdict_met"
IN_DOUBT: Final = "the sources do not tell enough about holds to say whether that is more than chance"
NO_DOUBT: Final = "Sources do not tell all holds; whatever they were, what is said of each partner would be the same."
DOUBTED: Final = (
    "By the clock it depends on holds of which the sources do not tell, so all are compared by the desk's own verdict, "
    "which every partner's tickets bear."
)
UNTARGETED: Final = "No ticket has a target in force, so all are compared by the desk's own verdict."
NEITHER: Final = (
    "Sources do not tell all holds, so the clock cannot tell of every partner; nor can the desk's own verdict, which "
    "too few tickets bear of"
)

MIX: Final = ("priority", "kind", "service")

MEASURES: Final[Mapping[str, tuple[str, str]]] = {
    "within_target": ("the service-level clock", "missed {their} target"),
    "source_verdict_met": ("the desk's own verdict", "did not meet {their} target by the desk's own verdict"),
}
"""The measures that partners are compared by: the basis, and what an unfavourable result is called."""

NOTHING: Final[Mapping[str, str]] = {
    "within_target": "No ticket resolved in the period has a target in force, so nothing can be compared.",
    "source_verdict_met": "No ticket closed in the period bears the desk's own verdict, so nothing can be compared.",
}
"""What is said where no ticket counts by the measure."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One partner beside the whole service; `partner` is None for tickets that name none, which are not judged."""

    partner: str | None
    numerator: int
    denominator: int
    observed: int
    expected: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    difference: str
    sentence: str
    alone: int
    own_part: float | None
    in_doubt: bool = False

    @property
    def rate(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    def as_json(self) -> dict[str, Any]:
        return {
            "partner": self.partner,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "rate": self.rate,
            "observed": self.observed,
            "expected": self.expected,
            "ratio": self.ratio,
            "ratio_low": self.ratio_low,
            "ratio_high": self.ratio_high,
            "difference": self.difference,
            "sentence": self.sentence,
            "alone": self.alone,
            "own_part": self.own_part,
        }


@dataclass(frozen=True, slots=True)
class Parity:
    """All partners beside the whole service, by one measure over one period; `level` is that of each interval.

    `why` says why they are compared on this basis, where it was chosen for them.
    """

    measure: str
    period: Span
    definition: str
    basis: str
    level: float
    partners: tuple[Standing, ...]
    why: str = ""

    @property
    def in_doubt(self) -> bool:
        """Whether what sources do not tell of holds could change who is said to be served better or worse (F5)."""
        return any(standing.in_doubt for standing in self.partners)

    @property
    def reason(self) -> str | None:
        """Why nobody is compared, where nobody is."""
        return None if self.partners else NOTHING[self.measure]

    def as_json(self) -> dict[str, Any]:
        """The form that the command line prints."""
        return {
            "measure": self.measure,
            "period": {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()},
            "definition": self.definition,
            "basis": self.basis,
            "why": self.why,
            "level": self.level,
            "partners": [partner.as_json() for partner in self.partners],
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Mixes:
    """Counts by partner and stratum: tickets, those with an unfavourable result, and the fewest and most it can be."""

    tickets: Longs
    missed: Longs
    fewest: Longs
    most: Longs


def parity(extract: Extract, measure: str, names: Names) -> Parity:
    """The partners compared by this measure over the extract's period, in order of name."""
    chosen = definition(measure)
    if chosen.name not in MEASURES:
        raise Refused(f"Partners can be compared by {' or '.join(MEASURES)}, not by {measure}.")
    basis, words = MEASURES[chosen.name]
    partners, mixes = _mixes(extract, chosen.rule(extract), names)
    compared = sum(partner is not None for partner in partners)
    doubt = DOUBT / max(compared, 1)
    standings = tuple(
        _standing(mixes, place, partner, compared, doubt, words) for place, partner in enumerate(partners)
    )
    return Parity(chosen.name, extract.period.span, str(chosen), basis, 1 - doubt, standings)


def on_one_basis(extract: Extract, names: Names) -> Parity:
    """The partners compared on one basis for all: by the clock, if what sources leave in doubt changes no verdict; else
    by the desk's own verdict, if every partner's tickets bear it; else as the clock can tell (F5).
    """
    by_clock = parity(extract, OURS, names)
    if by_clock.partners and not by_clock.in_doubt:
        return replace(by_clock, why=NO_DOUBT if _is_doubted(extract, names) else "")
    by_desk = parity(extract, DESKS, names)
    judged = {standing.partner for standing in by_desk.partners}
    unjudged = {standing.partner for standing in by_clock.partners if standing.partner} - judged
    without = sorted({*_without_verdict(extract, names), *filter(None, unjudged)})
    if by_desk.partners and not without:
        return replace(by_desk, why=DOUBTED if by_clock.partners else UNTARGETED)
    if not by_clock.partners:
        return by_clock
    return replace(by_clock, why=f"{NEITHER} {listed(without) or 'no partner'}.")


def _is_doubted(extract: Extract, names: Names) -> bool:
    _, mixes = _mixes(extract, definition(OURS).rule(extract), names)
    return bool((mixes.fewest != mixes.most).any())


def _without_verdict(extract: Extract, names: Names) -> list[str]:
    """The partners of whose tickets closed in the period more than one in a hundred bear no verdict of the desk."""
    scopes, by_partner = grouped(extract, ("partner",), names)
    closed = extract.has(Bit.CLOSED) & ~extract.has(Bit.EXCLUDED)
    counts = np.bincount(by_partner.of_records[closed], minlength=len(scopes))
    bearing = np.bincount(by_partner.of_records[closed & extract.has(Bit.VERDICT)], minlength=len(scopes))
    lacking = (counts - bearing) * WORTH_SAYING > counts
    return [
        scope["partner"] for scope, lacks in zip(scopes, lacking.tolist(), strict=True) if scope["partner"] and lacks
    ]


def expected(tickets: Longs, missed: Longs, place: int) -> float:
    """How many of one partner's tickets would have missed at the whole service's rate in each stratum.

    The rows are partners, the columns strata.
    """
    rates = missed.sum(axis=0) / np.maximum(tickets.sum(axis=0), 1)
    # fsum rounds once, so that the order of strata changes nothing.
    return fsum((tickets[place] * rates).tolist())


@dataclass(frozen=True, slots=True)
class Expectation:
    """Tickets of one partner, service or team: how many missed, and how many would at the whole service's own rates.

    `ends` are both at either end of what the sources leave in doubt, none where they leave no doubt (F5).
    """

    name: str | None
    tickets: int
    observed: int
    expected: float
    ends: tuple[tuple[int, float], ...]


def expectations(extract: Extract, measure: str, names: Names, by: str) -> list[Expectation]:
    """Observed and expected misses by a word, in order of name, for the same mix; a service's without the service."""
    mix = tuple(word for word in MIX if word != by)
    found, mixes = _mixes(extract, definition(measure).rule(extract), names, by, mix)
    return [
        Expectation(
            name,
            int(mixes.tickets[place].sum()),
            int(mixes.missed[place].sum()),
            expected(mixes.tickets, mixes.missed, place),
            tuple(_extremes(mixes, place)[1:]),
        )
        for place, name in enumerate(found)
    ]


def _mixes(
    extract: Extract, shape: Any, names: Names, by: str = "partner", mix: Sequence[str] = MIX
) -> tuple[list[str | None], Mixes]:
    """Counts by partner (those with a counted ticket, in order of name) and by mix of priority, kind and service; or by
    another word and another mix.
    """
    if not isinstance(shape, Share):
        raise TypeError("Parity needs a measure that is a share.")
    rows = shape.counted & ~extract.has(Bit.EXCLUDED)
    scopes, by_partner = grouped(extract, (by,), names)
    strata, by_mix = grouped(extract, mix, names)
    surely = shape.met if shape.surely is None else shape.surely
    perhaps = shape.met if shape.perhaps is None else shape.perhaps

    def table(which: Bools) -> Longs:
        keys = by_partner.of_records[which] * len(strata) + by_mix.of_records[which]
        counts = np.bincount(keys, minlength=len(scopes) * len(strata)).reshape(len(scopes), len(strata))
        return counts.astype(np.int64)

    tickets = table(rows)
    there = np.flatnonzero(tickets.any(axis=1))
    mixes = Mixes(tickets, table(rows & ~shape.met), table(rows & ~perhaps), table(rows & ~surely))
    kept = Mixes(mixes.tickets[there], mixes.missed[there], mixes.fewest[there], mixes.most[there])
    return [scopes[place][by] for place in there.tolist()], kept


def _standing(mixes: Mixes, place: int, partner: str | None, compared: int, doubt: float, words: str) -> Standing:
    tickets, missed = mixes.tickets[place], mixes.missed[place]
    observed, denominator = int(missed.sum()), int(tickets.sum())
    awaited = expected(mixes.tickets, mixes.missed, place)
    whole = mixes.tickets.sum(axis=0)
    alone = int(tickets[whole == tickets].sum())
    own = fsum((missed * tickets / np.maximum(whole, 1)).tolist())
    ratio, low, high = _ratio(observed, awaited, doubt)
    difference, why = _difference(mixes, place, partner, compared, doubt, alone == denominator)
    in_doubt = why == IN_DOUBT
    return Standing(
        partner=partner,
        numerator=denominator - observed,
        denominator=denominator,
        observed=observed,
        expected=awaited,
        ratio=ratio,
        ratio_low=low,
        ratio_high=high,
        difference=difference,
        sentence=_sentence(partner, observed, awaited, words, why, alone, denominator),
        alone=alone,
        own_part=own / awaited if awaited else None,
        in_doubt=in_doubt,
    )


def _ratio(observed: int, awaited: float, doubt: float) -> tuple[float | None, float | None, float | None]:
    if awaited == 0:
        return None, None, None
    low, high = interval(observed, doubt)
    return observed / awaited, low / awaited, high / awaited


def _difference(
    mixes: Mixes, place: int, partner: str | None, compared: int, doubt: float, wholly_alone: bool
) -> tuple[str, str]:
    """The verdict in one word, and the end of the sentence that says it."""
    if partner is None:
        return "cannot tell", "they name no partner, so nobody is compared by them"
    if compared < 2 or wholly_alone:
        return "cannot tell", "no other partner has work of that kind to compare it with"
    if expected(mixes.tickets, mixes.most, place) == 0:
        return "cannot tell", "nobody's tickets of that mix did, so there is nothing to compare"
    verdicts = {_verdict(*bounds, doubt) for bounds in _extremes(mixes, place)}
    if len(verdicts) > 1:
        return "cannot tell", IN_DOUBT
    (verdict,) = verdicts
    return verdict, ENDINGS[verdict]


ENDINGS: Final[Mapping[str, str]] = {
    "worse": "that is more than chance",
    "better": "that is fewer than chance explains",
    "none": "that is within what chance explains",
    "cannot tell": "those are too few to tell",
}


def _extremes(mixes: Mixes, place: int) -> list[tuple[int, float]]:
    """Observed and expected as read, and at both ends of what the sources leave in doubt for this partner (F5)."""
    cases = [mixes.missed]
    if (mixes.fewest != mixes.most).any():
        for own, others in ((mixes.fewest, mixes.most), (mixes.most, mixes.fewest)):
            case = others.copy()
            case[place] = own[place]
            cases.append(case)
    return [(int(case[place].sum()), expected(mixes.tickets, case, place)) for case in cases]


def _verdict(observed: int, awaited: float, doubt: float) -> str:
    """More or less than chance explains; where not even "none missed" would be remarkable, too few to tell."""
    if awaited == 0:
        return "cannot tell"
    low, high = interval(observed, doubt)
    if low > awaited:
        return "worse"
    if high < awaited:
        return "better"
    return "none" if awaited >= -log(doubt / 2) else "cannot tell"


def _sentence(
    partner: str | None, observed: int, awaited: float, words: str, why: str, alone: int, denominator: int
) -> str:
    one = observed == 1
    what = words.format(their="its" if one else "their")
    who = "No partner named" if partner is None else partner
    would = rounded(awaited, 0 if awaited >= 10 else 1)
    said = (
        f"{who}: {observed:,} {'ticket' if one else 'tickets'} {what} where {would:,} would be expected of the whole "
        f"service's results for the same mix; {why}."
    )
    if denominator / WORTH_SAYING <= alone < denominator:
        are, count = ("is", "counts") if alone == 1 else ("are", "count")
        said += (
            f" {alone:,} of its {denominator:,} tickets {are} of a mix that nobody else has, and {count} on both sides."
        )
    return said
