"""From two sides to a bridge with its tickets: of two tellings, of a list against ours, of a number against ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Need
from commonhold.performance.engine.reconciling import counted, mixing, typed, worlds
from commonhold.performance.engine.reconciling.bridge import Bridge, Records, Weighing, bridge
from commonhold.performance.engine.reconciling.causes import CAUSES, Cause
from commonhold.performance.engine.reconciling.counted import Listed
from commonhold.performance.engine.reconciling.telling import Difference, Teller
from commonhold.performance.engine.reconciling.typed import Stated, Try
from commonhold.performance.engine.reconciling.ways import WAYS, Counting
from commonhold.performance.engine.reconciling.worlds import About, World
from commonhold.refusals import Refused

Progress = Callable[[str], None]

AS_AN_EXPORT: Final = "Say that the file is an export, so that it is counted by the measure."


@dataclass(frozen=True, slots=True)
class Worked:
    """A bridge, every ticket under its causes, the records of both ends, and what was tried for a number."""

    bridge: Bridge
    differences: tuple[Difference, ...]
    ours: Records
    theirs: Records
    tries: tuple[Try, ...] = ()
    nearest: Try | None = None


def of_two_tellings(
    ours: World, theirs: World, about: About, *, stated: Stated | None = None, progress: Progress = lambda _: None
) -> Worked:
    """Ours against another telling of the same tickets, counted by the same measure."""
    begins, ends = worlds.records(ours, about), worlds.records(theirs, about)
    path = []
    for cause, world in mixing.path(ours, theirs):
        progress(CAUSES[cause].title)
        path.append((cause, worlds.records(world, about)))
    return _worked(ours, theirs, about, begins, path, ends, stated)


def of_a_list(listed: Listed, *, stated: Stated | None = None, progress: Progress = lambda _: None) -> Worked:
    """Ours against a list of the tickets that somebody counted. Refused for a measure whose list would not tell."""
    if weighing(listed.ours).kind == "total":
        raise Refused(f"Of this measure a list of tickets does not tell what each brings. {AS_AN_EXPORT}")
    if definition(listed.ours.measure).needs >= {Need.VERDICT, Need.TARGET}:
        raise Refused(
            f"A list of tickets does not tell of which the desk's verdict and our clock disagree. {AS_AN_EXPORT}"
        )
    theirs = listed.records
    begins = Counting(listed.ours, listed.about).records(())
    path = []
    for cause, records in counted.path(listed, theirs):
        progress(CAUSES[cause].title)
        path.append((cause, records))
    words = counted.words(listed, begins, theirs)
    return _worked(listed.ours, listed.theirs, listed.about, begins, path, theirs, stated, words)


def of_a_number(ours: World, about: About, wanted: Stated, *, progress: Progress = lambda _: None) -> Worked:
    """Ours against a number alone: by the way of counting that comes nearest to it."""
    counting = Counting(ours, about)
    tries = typed.tries(counting, weighing(ours), wanted, progress)
    if not tries:
        raise Refused("Our side counts no ticket in this period and scope, so there is no figure to explain.")
    nearest = tries[0]
    # What does not fit explains nothing: all of the difference is left over then, and the nearest are only listed.
    chosen = nearest.ways if nearest.fits else ()
    path = [(WAYS[ways[-1]].cause, counting.records(ways)) for ways in typed.steps(chosen)]
    begins, ends = counting.records(()), counting.records(chosen)
    words = {WAYS[way].cause: WAYS[way].words for way in chosen}
    found = _worked(ours, ours, about, begins, path, ends, wanted, words)
    return replace(found, tries=tuple(tries), nearest=nearest)


def _worked(
    ours: World,
    theirs: World,
    about: About,
    begins: Records,
    path: list[tuple[Cause, Records]],
    ends: Records,
    stated: Stated | None,
    ways: Mapping[Cause, str] | None = None,
) -> Worked:
    defined = definition(ours.measure)
    found = bridge(weighing(ours), begins, path, ends)
    teller = Teller(ours, theirs, about, defined.unit, is_share=defined.numerator is not None, ways=ways or {})
    differing = begins.differ(ends)
    reached = [(cause, begins.with_(differing, records)) for cause, records in path]
    differences = tuple(teller.differences(found, begins, [*reached, (Cause.OWN, ends)]))
    if stated is not None:
        found = found.stated(stated.value, stated.half)
    return Worked(found, differences, begins, ends)


def weighing(world: World) -> Weighing:
    """How the measure of a world makes a figure of its tickets."""
    return Weighing.of(worlds.shape(world))
