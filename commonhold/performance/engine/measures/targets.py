"""Whether targets were met: by the service-level clock, by the desk's own verdict, and where they differ (C8, F4)."""

from commonhold.demand.engine.columns import Bools
from commonhold.performance.engine.counting import Aside, Count, Share
from commonhold.performance.engine.extract import Bit, Extract
from commonhold.performance.engine.measures.definition import Definition, Nature, Need


def within_target_v1(extract: Extract) -> Share:
    resolved, targeted = extract.has(Bit.RESOLVED), extract.has(Bit.TARGETED)
    met, doubted = ~extract.has(Bit.BREACHED), extract.has(Bit.DOUBTED)
    return Share(
        resolved & targeted,
        met,
        nothing="no tickets were resolved in the period",
        surely=met & ~doubted,
        perhaps=met | doubted,
        asides=(_untargeted(resolved & ~targeted, "resolved"),),
    )


def breached_open_v1(extract: Extract) -> Count:
    is_open, targeted = extract.has(Bit.OPEN), extract.has(Bit.TARGETED)
    breached, doubted = extract.has(Bit.OPEN | Bit.BREACHED), extract.has(Bit.DOUBTED)
    return Count(
        breached,
        among=is_open & targeted,
        surely=breached & ~doubted,
        perhaps=is_open & targeted & (breached | doubted),
        asides=(_untargeted(is_open & ~targeted, "open"),),
    )


def source_verdict_met_v1(extract: Extract) -> Share:
    closed, known = extract.has(Bit.CLOSED), extract.has(Bit.VERDICT)
    return Share(
        closed & known,
        extract.has(Bit.VERDICT_MET),
        nothing="no tickets were closed in the period",
        asides=(_unjudged(closed & ~known),),
    )


def verdict_differs_v1(extract: Extract) -> Share:
    closed, known, targeted = extract.has(Bit.CLOSED), extract.has(Bit.VERDICT), extract.has(Bit.TARGETED)
    differs, doubted = extract.has(Bit.BREACHED) == extract.has(Bit.VERDICT_MET), extract.has(Bit.DOUBTED)
    return Share(
        closed & known & targeted,
        differs,
        nothing="no tickets were closed in the period",
        surely=differs & ~doubted,
        perhaps=differs | doubted,
        asides=(_unjudged(closed & ~known), _untargeted(closed & known & ~targeted, "closed")),
    )


def _untargeted(which: Bools, what: str) -> Aside:
    words = f"{{n}} {what} {{tickets}} {{have}} no target in force and {{are}} left out"
    return Aside(which, words, needed="no target is in force for {them}")


def _unjudged(which: Bools) -> Aside:
    return Aside(
        which,
        "{n} closed {tickets} {have} no verdict of the desk and {are} left out",
        needed="the desk gives no verdict on {them}",
    )


DEFINITIONS = (
    Definition(
        name="within_target",
        version=1,
        title="Resolved within target",
        unit="share",
        nature=Nature.SHARE,
        better="higher",
        formula="Of the tickets whose last resolution lies in the period and that were ever held to a target: the "
        "share whose minutes on the service-level clock never exceeded the target in force at that moment. A breach is "
        "not cured by a later downgrade, a reclassification or early closing.",
        leaves_out="Tickets without a resolution time of their own. Tickets never held to a target; the figure says "
        "how many. Open tickets that are already late: see breached_open.",
        source="The ticket's history read on the service-level clock, with the targets and calendars in force. Where "
        "the source does not tell the holds, low and high say between which values the figure must lie.",
        rule=within_target_v1,
        numerator="those that never exceeded their target",
        denominator="tickets resolved in the period that were ever held to a target",
        needs=frozenset({Need.TARGET, Need.CALENDAR, Need.HOLDS}),
    ),
    Definition(
        name="breached_open",
        version=1,
        title="Open tickets past their target",
        unit="tickets",
        nature=Nature.STOCK,
        better="lower",
        formula="Open tickets (see open_at_end) that have exceeded their target by the as-of instant.",
        leaves_out="Open tickets never held to a target; the figure says how many.",
        source="As for within_target.",
        rule=breached_open_v1,
        needs=frozenset({Need.TARGET, Need.CALENDAR, Need.HOLDS}),
    ),
    Definition(
        name="source_verdict_met",
        version=1,
        title="Met by the desk's own verdict",
        unit="share",
        nature=Nature.SHARE,
        better="higher",
        formula="Of the tickets closed in the period that bear the desk's own verdict: the share whose verdict, at the "
        "last event, is that the target was met.",
        leaves_out="Tickets without a verdict; the figure says how many. Nothing of our own clock is in it.",
        source="The desk's own column, for example made_sla or withinfix.",
        rule=source_verdict_met_v1,
        numerator="those whose verdict is that the target was met",
        denominator="tickets closed in the period, with a verdict",
        needs=frozenset({Need.VERDICT}),
    ),
    Definition(
        name="verdict_differs",
        version=1,
        title="The desk's verdict differs from our clock",
        unit="share",
        nature=Nature.SHARE,
        better="lower",
        formula="Of the tickets closed in the period for which the desk's own verdict is known and that were "
        "ever held to a target: the share where one says met and the other missed.",
        leaves_out="Tickets without a verdict, or never held to a target; the figure says how many.",
        source="The desk's own column beside the ticket's history read on the service-level clock.",
        rule=verdict_differs_v1,
        numerator="those where the two disagree",
        denominator="tickets closed in the period with a verdict, ever held to a target",
        needs=frozenset({Need.TARGET, Need.CALENDAR, Need.HOLDS, Need.VERDICT}),
    ),
)
