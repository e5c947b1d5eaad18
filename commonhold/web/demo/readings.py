"""What the demonstration's telephones, surveys, monitoring and registers tell: files of readings, and one that a client
lead typed with its evidence. All of it is made up.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from commonhold.demand.queries.files import parties_named
from commonhold.figures import Span
from commonhold.performance.acts import bringing, comparators
from commonhold.performance.engine.before import Basis
from commonhold.performance.engine.brought import rows
from commonhold.performance.engine.brought.counting import months
from commonhold.performance.engine.brought.given import COLUMNS
from commonhold.performance.models import Comparator, SourceReading
from commonhold.performance.queries.fed import fed
from commonhold.web.demo.founding import somebody

SHARES: Final = {"Eastwell Vale": 0.34, "Northgate": 0.27, "Southmere": 0.39}
"""What part of the calls and surveys is each authority's."""
LIBRARY: Final = ("client-lead-of-northgate", "Northgate", "Northgate Central Library")


def bring(days: Span, at: datetime) -> None:
    """The readings of a quarter and of the same one a year before; a second time changes nothing."""
    before = Span(days.first.replace(year=days.first.year - 1), days.last.replace(year=days.last.year - 1))
    written = io.StringIO(newline="")
    file = csv.DictWriter(written, COLUMNS, restval="", lineterminator="\n")
    file.writeheader()
    for month in (*months(before), *months(days)):
        file.writerows(_month(month))
    bringing.bring(by=somebody("service-analyst", at), stream=io.BytesIO(written.getvalue().encode()))


def enter(days: Span, at: datetime) -> None:
    """A client lead types what the queue system of the authority's own library says, with its report attached."""
    post, partner, site = LIBRARY
    if SourceReading.objects.filter(site=site, first=days.first).exists():
        return
    said = {
        **dict.fromkeys(COLUMNS, ""), "measure": "site_wait", "partner": partner, "site": site,
        "from": days.first.isoformat(), "to": days.last.isoformat(), "numerator": "5874", "denominator": "812",
        "unit": "minutes", "source": "Queue system of the library", "grade": "counted by the source",
    }  # fmt: skip
    given = rows.read_one(said, fed().definitions, parties=parties_named(), today=at.date())
    report = io.BytesIO(b"visits served,minutes waited\n812,5874\n")
    bringing.enter(by=somebody(post, at), given=given, attached=bringing.Attached("queue-report.csv", report))


def published_before(at: datetime) -> None:
    """Two figures of a report from before the partnership used Commonhold, with the page that shows them."""
    if Comparator.objects.exists():
        return
    page = b"Report to the Joint Committee, July 2024: resolved within target 81%. Satisfaction 4.3 of 5."
    for measure, value, threshold, basis in (
        ("within_target", "81%", None, Basis.OTHER),
        ("satisfaction", "4.3", 5, Basis.SAME),
    ):
        comparators.enter(
            by=somebody("service-analyst", at),
            measure=measure,
            first=date(2024, 4, 1),
            last=date(2024, 6, 30),
            partner=None,
            threshold=threshold,
            value=value,
            basis=basis.value,
            basis_words="Tickets on hold were left out." if basis is Basis.OTHER else "",
            published_in="Report to the Joint Committee, July 2024, page 4",
            attached=bringing.Attached("report-july-2024.txt", io.BytesIO(page)),
        )


def _month(month: Span) -> Iterator[dict[str, object]]:
    """The rows of a month; numbers drift with the months, and calls answered fall while posts are vacant."""
    step = (month.first.year - 2024) * 12 + month.first.month
    short = date(2025, 10, 1) <= month.first < date(2026, 1, 1)
    days = {"from": month.first.isoformat(), "to": month.last.isoformat()}
    phones = {**days, "unit": "calls", "source": "Telephone system, monthly report", "grade": "counted by the source"}
    offered = 5_200 + 37 * (step % 7) - 11 * step
    for partner, share in SHARES.items():
        calls = round(offered * share)
        answered = round(calls * (0.87 if short else 0.93))
        own = {**phones, "partner": partner}
        yield {**own, "measure": "calls_offered", "value": calls}
        yield {**own, "measure": "calls_answered", "numerator": answered, "denominator": calls}
        abandoned = round(calls * (0.09 if short else 0.04))
        yield {**own, "measure": "calls_abandoned", "numerator": abandoned, "denominator": calls, "threshold": 30}
        waited = answered * (71 if short else 38 + step % 5)
        yield {**own, "measure": "call_queue_time", "numerator": waited, "denominator": answered, "unit": "seconds"}
        returned = round(calls * 0.04)
        survey = {**days, "partner": partner, "source": "Survey after closing", "grade": "counted by us"}
        scores = round(returned * (4.2 if short else 4.6))
        yield {**survey, "measure": "satisfaction", "unit": "score", "threshold": 5, "numerator": scores,
               "denominator": returned}  # fmt: skip
        yield {**survey, "measure": "satisfaction_returns", "unit": "surveys", "numerator": returned,
               "denominator": round(calls * 0.5)}  # fmt: skip
    monitored = {**days, "unit": "minutes", "source": "Monitoring", "grade": "counted by the source"}
    for service, lost in (("Email and calendar", 12 + step % 9), ("Network and Wi-Fi", 40 + 13 * (step % 4))):
        due = month.days * 24 * 60 - 240
        yield {**monitored, "measure": "availability", "service": service, "numerator": due - lost, "denominator": due}
        yield {**monitored, "measure": "planned_downtime", "service": service, "value": 240}
    yield {**days, "measure": "patching", "unit": "devices", "threshold": 14, "numerator": 3_050 + 4 * step,
           "denominator": 3_400, "source": "Patching tool", "grade": "counted by the source"}  # fmt: skip
    actions = {**days, "unit": "actions", "source": "Register of audit actions", "grade": "stated"}
    yield {**actions, "measure": "audit_actions_open", "value": 48 - step}
    for threshold, overdue in ((0, 19), (90, 8)):
        yield {**actions, "measure": "audit_actions_overdue", "threshold": threshold, "value": overdue - step // 6}
