"""What can have been of each ticket, for all that its source proves (F5): the bounds that an extract's records bear."""

from dataclasses import dataclass

import numpy as np

from commonhold.demand.engine.columns import NONE, Bools, Columns, Longs, Reading, Readings


@dataclass(frozen=True, slots=True)
class Instead:
    """Readings of histories that some tickets may have had instead: reading n is of the ticket in row `rows[n]`."""

    rows: Longs
    readings: Readings


@dataclass(frozen=True, slots=True)
class Bounds(Columns):
    """The seconds that can have been used, and been on hold within the period; and whether the target can have been
    met, and missed.
    """

    least: Longs
    most: Longs
    least_held: Longs
    most_held: Longs
    met: Bools
    missed: Bools

    @property
    def doubted(self) -> Bools:
        """Whether the source leaves open if the target was met."""
        return self.met & self.missed


def bounds_of(readings: Readings, instead: Instead | None = None) -> Bounds:
    """The bounds of each ticket, over all the histories that it may have had."""
    bounds = _bounds(readings)
    if instead is None:
        return bounds
    clocked = (readings.as_of.used[instead.rows] != NONE) & (instead.readings.as_of.used != NONE)
    rows, others = instead.rows[clocked], _bounds(instead.readings.take(clocked))
    for name in ("least", "least_held"):
        np.minimum.at(getattr(bounds, name), rows, getattr(others, name))
    for name in ("most", "most_held"):
        np.maximum.at(getattr(bounds, name), rows, getattr(others, name))
    for name in ("met", "missed"):
        np.logical_or.at(getattr(bounds, name), rows, getattr(others, name))
    return bounds


def _bounds(readings: Readings) -> Bounds:
    held, doubted, breached = held_within(readings, "held"), _doubted(readings.as_of), readings.as_of.breached
    return Bounds(
        least=readings.as_of.least.copy(),
        most=readings.as_of.most.copy(),
        least_held=np.minimum(held_within(readings, "least_held"), held),
        most_held=np.maximum(held_within(readings, "most_held"), held),
        met=~breached | doubted,
        missed=breached | doubted,
    )


def held_within(readings: Readings, name: str) -> Longs:
    """What of `held`, `least_held` or `most_held` passed within the period.

    Rounded at each instant and not between two, so that the minutes of parts of a period add up to those of it all.
    """
    return whole_minutes(getattr(readings.at_end, name)) - whole_minutes(getattr(readings.before, name))


def _doubted(reading: Reading) -> Bools:
    """Whether, for all the source tells, the used time could lie on the other side of the target (F5)."""
    targeted = reading.target != NONE
    could_be_met = reading.breached & (~targeted | (reading.least <= reading.target))
    could_be_missed = ~reading.breached & (reading.could_be_breached | targeted & (reading.most > reading.target))
    doubted: Bools = (reading.least < reading.most) & (could_be_met | could_be_missed)
    return doubted


def whole_minutes(seconds: Longs) -> Longs:
    """The seconds of the nearest whole minute, half to even."""
    minutes, rest = np.divmod(seconds, 60)
    nearest: Longs = 60 * (minutes + ((rest > 30) | ((rest == 30) & (minutes % 2 == 1))))
    return nearest
