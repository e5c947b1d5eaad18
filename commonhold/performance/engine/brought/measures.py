"""The measures that readings feed: telephones, sites, satisfaction, availability, protection, audit, people.

A published definition is never edited: a better one is a new number.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from commonhold.performance.engine.brought.definition import Adding, SourceMeasure

ONE: Final = Fraction(1)


def _units(*words: str, **factors: int) -> dict[str, Fraction]:
    return {**dict.fromkeys(words, ONE), **{word: Fraction(factor) for word, factor in factors.items()}}


PHONES: Final = (
    SourceMeasure(
        name="calls_offered",
        version=1,
        title="Calls offered",
        unit="calls",
        adding=Adding.SUM,
        better=None,
        formula="Calls that reached the service's queue in the days of the readings: answered, abandoned and diverted "
        "alike.",
        leaves_out="Callers who hear the engaged tone, who ring somebody's own number, or who come without ringing. "
        "Whatever the telephone system does not count.",
        source="The telephone system's report, brought as readings.",
        takes=_units("calls"),
    ),
    SourceMeasure(
        name="calls_answered",
        version=1,
        title="Calls answered",
        unit="share",
        adding=Adding.SHARE,
        better="higher",
        formula="Calls that somebody answered, of the calls offered.",
        leaves_out="What calls_offered leaves out. A call that a recorded message answered is not answered.",
        source="The telephone system's report, brought as readings.",
        takes=_units("calls"),
        numerator="calls that somebody answered",
        denominator="calls offered",
    ),
    SourceMeasure(
        name="calls_abandoned",
        version=1,
        title="Calls abandoned",
        unit="share",
        adding=Adding.SHARE,
        better="lower",
        formula="Calls hung up unanswered after more than the stated number of seconds, of the calls offered. The "
        "number of seconds is part of the reading: there is no usual one.",
        leaves_out="Calls hung up sooner, which are neither answered nor abandoned. What calls_offered leaves out.",
        source="The telephone system's report, brought as readings.",
        takes=_units("calls"),
        numerator="calls hung up unanswered after the stated time",
        denominator="calls offered",
        threshold="hung up after more than {n} seconds",
    ),
    SourceMeasure(
        name="call_queue_time",
        version=1,
        title="Time in the telephone queue",
        unit="seconds a call",
        adding=Adding.MEAN,
        better="lower",
        formula="Seconds that answered callers waited in the queue, divided by the calls answered.",
        leaves_out="Callers who hung up. Time spent in menus before the queue. A mean without its number of calls is "
        "shown alone and added to nothing.",
        source="The telephone system's report, brought as readings.",
        takes=_units("seconds", minutes=60),
        numerator="seconds waited by callers who were answered",
        denominator="calls answered",
        behind="call",
    ),
    SourceMeasure(
        name="first_contact_fix",
        version=1,
        title="Fixed at first contact",
        unit="share",
        adding=Adding.SHARE,
        better="higher",
        formula="Calls whose matter was settled within the call, of the calls answered.",
        leaves_out="Who rang again about the same matter, unless the source looks for that. Contacts by other "
        "ways than "
        "the telephone.",
        source="The telephone desk's own count, brought as readings.",
        takes=_units("calls"),
        numerator="calls settled within the call",
        denominator="calls answered",
    ),
)

SITES: Final = (
    SourceMeasure(
        name="site_visits",
        version=1,
        title="Visits to on-site desks",
        unit="visits",
        adding=Adding.SUM,
        better=None,
        formula="People who came to an on-site desk and took a place in its queue.",
        leaves_out="Who came and left without taking a place, and sites without a queue system.",
        source="The queue system of each site, brought as readings.",
        takes=_units("visits"),
    ),
    SourceMeasure(
        name="site_wait",
        version=1,
        title="Wait at on-site desks",
        unit="minutes a visit",
        adding=Adding.MEAN,
        better="lower",
        formula="Minutes from arrival to being served, divided by the visits that were served.",
        leaves_out="Who left before being served. A mean without its number of visits is shown alone and added "
        "to nothing.",
        source="The queue system of each site, brought as readings.",
        takes=_units("minutes", hours=60) | {"seconds": Fraction(1, 60)},
        numerator="minutes waited by visitors who were served",
        denominator="visits served",
        behind="visit",
    ),
)

SATISFACTION: Final = (
    SourceMeasure(
        name="satisfaction",
        version=1,
        title="Satisfaction",
        unit="score",
        adding=Adding.MEAN,
        better="higher",
        formula="The sum of the scores of returned surveys, divided by the returns. The top of the scale is "
        "part of the "
        "reading: scores on two scales are never added.",
        leaves_out="Everybody who did not answer; see satisfaction_returns. A mean without its number of returns is "
        "shown alone and added to nothing.",
        source="The survey's results, brought as readings.",
        takes=_units("score"),
        numerator="sum of the scores",
        denominator="returned surveys",
        threshold="on a scale up to {n}",
        highest=True,
        behind="return",
    ),
    SourceMeasure(
        name="satisfaction_returns",
        version=1,
        title="Surveys returned",
        unit="share",
        adding=Adding.SHARE,
        better="higher",
        formula="Surveys that came back, of those that were sent.",
        leaves_out="Days and channels for which nobody knows how many were sent.",
        source="The survey's results, brought as readings.",
        takes=_units("surveys"),
        numerator="surveys returned",
        denominator="surveys sent",
    ),
)

AVAILABILITY: Final = (
    SourceMeasure(
        name="availability",
        version=1,
        title="Availability",
        unit="share",
        adding=Adding.SHARE,
        better="higher",
        formula="Minutes in which the service could be used, of the minutes in which it was due to be: the hours "
        "agreed for it, less planned time, which stands apart as planned_downtime. Over several services each "
        "counts by its "
        "minutes.",
        leaves_out="Planned time. What users saw of a slow service that counts as up. Services that nobody monitors.",
        source="Monitoring of each service, brought as readings.",
        takes=_units("minutes", hours=60),
        numerator="minutes in which it could be used",
        denominator="minutes in which it was due to be, planned time left out",
    ),
    SourceMeasure(
        name="planned_downtime",
        version=1,
        title="Planned time out of use",
        unit="minutes",
        adding=Adding.SUM,
        better="lower",
        formula="Minutes of the agreed hours for which a service was announced to be out of use.",
        leaves_out="Work announced too late to count as planned; the source decides which it was.",
        source="The calendar of changes, or monitoring, brought as readings.",
        takes=_units("minutes", hours=60),
    ),
)

PROTECTION: Final = (
    SourceMeasure(
        name="patching",
        version=1,
        title="Patched in time",
        unit="share",
        adding=Adding.STOCK_SHARE,
        better="higher",
        formula="Devices that have every patch released at least the stated number of days before, of the devices in "
        "use, on the last day of each reading; of several readings the last one counts.",
        leaves_out="Devices that the tool does not see. Patches that a supplier has yet to release.",
        source="The patching tool's report, brought as readings.",
        takes=_units("devices"),
        numerator="devices patched within the stated time",
        denominator="devices in use",
        threshold="within {n} days of a patch's release",
    ),
    SourceMeasure(
        name="backups",
        version=1,
        title="Backups that succeeded",
        unit="share",
        adding=Adding.SHARE,
        better="higher",
        formula="Backups that ended without an error, of the backups that were due.",
        leaves_out="Systems for which no backup is due. Whether what was saved can be restored: see restore_tests.",
        source="The backup tool's report, brought as readings.",
        takes=_units("backups"),
        numerator="backups that ended without an error",
        denominator="backups due",
    ),
    SourceMeasure(
        name="restore_tests",
        version=1,
        title="Restores tested",
        unit="share",
        adding=Adding.STOCK_SHARE,
        better="higher",
        formula="Systems of which a restore was tested with success within the stated number of days, of the systems "
        "that are backed up, on the last day of each reading; of several readings the last one counts.",
        leaves_out="Systems that are not backed up. How much of a system a test restored.",
        source="The register of restore tests, brought as readings.",
        takes=_units("systems"),
        numerator="systems with a restore tested within the stated time",
        denominator="systems that are backed up",
        threshold="tested within {n} days",
    ),
)

AUDIT: Final = (
    SourceMeasure(
        name="audit_actions_open",
        version=1,
        title="Audit actions outstanding",
        unit="actions",
        adding=Adding.STOCK,
        better="lower",
        formula="Management actions agreed with auditors and not yet done, on the last day of each reading; of several "
        "readings the last one counts.",
        leaves_out="Recommendations that management did not accept. Actions that auditors have yet to confirm as done "
        "count as outstanding.",
        source="The register of audit actions of each partner, brought as readings.",
        takes=_units("actions"),
    ),
    SourceMeasure(
        name="audit_actions_overdue",
        version=1,
        title="Audit actions past their due day",
        unit="actions",
        adding=Adding.STOCK,
        better="lower",
        formula="Of the audit actions outstanding, those whose due day lies more than the stated number of days back, "
        "on the last day of each reading; of several readings the last one counts. Each age holds the greater ages.",
        leaves_out="What audit_actions_open leaves out, and actions without a due day. A due day that was moved counts "
        "as moved.",
        source="The register of audit actions of each partner, brought as readings.",
        takes=_units("actions"),
        threshold="by more than {n} days",
    ),
)

PEOPLE: Final = (
    SourceMeasure(
        name="vacancies",
        version=1,
        title="Posts vacant",
        unit="share",
        adding=Adding.STOCK_SHARE,
        better="lower",
        formula="Posts of the establishment that nobody holds, of all its posts, in whole-time posts, on the last day "
        "of each reading; of several readings the last one counts.",
        leaves_out="Posts held by agency staff are vacant. Who is away from a post does not make it so.",
        source="The establishment list, brought as readings.",
        takes=_units("posts"),
        numerator="whole-time posts that nobody holds",
        denominator="whole-time posts of the establishment",
    ),
    SourceMeasure(
        name="sickness",
        version=1,
        title="Working time lost to sickness",
        unit="share",
        adding=Adding.SHARE,
        better="lower",
        formula="Working days lost to sickness, of the working days of everybody employed.",
        leaves_out="Agency staff, and other absence than sickness.",
        source="The host's personnel records, as totals, brought as readings.",
        takes=_units("days"),
        numerator="working days lost",
        denominator="working days of everybody employed",
    ),
)

SECTIONS: Final[Mapping[str, tuple[SourceMeasure, ...]]] = {
    "phones": PHONES,
    "sites": SITES,
    "satisfaction": SATISFACTION,
    "availability": AVAILABILITY,
    "protection": PROTECTION,
    "audit": AUDIT,
    "people": PEOPLE,
}
"""The measures as packs and pages group them, in that order."""

BUILT_IN: Final[Mapping[str, SourceMeasure]] = {one.name: one for section in SECTIONS.values() for one in section}
