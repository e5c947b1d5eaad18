"""What waits for a post in the register of grave incidents: P1 tickets to write up, accounts to sign off, remarks."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from commonhold.demand.models import Batch, IncidentDraft, Priority, Reckoning, Remark
from commonhold.demand.permissions import keeps_the_register, signs_off
from commonhold.demand.queries.register.listing import A_YEAR, NOT_WRITTEN
from commonhold.demand.queries.register.standing import in_no_incident
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import Owed, Rows, Waiting

WHY: Final = "The register of P1 and key incidents"
UNWRITTEN, UNANSWERED, UNSIGNED = "unwritten", "unanswered", "unsigned"


def _asked(by: By) -> dict[str, QuerySet[Any, Any]]:
    """What those who keep the register, and who sign accounts off, are asked for; nothing of others."""
    rows = {UNWRITTEN: _unwritten(by), UNANSWERED: _unanswered()} if keeps_the_register(by) else {}
    return rows | ({UNSIGNED: _unsigned()} if signs_off(by) else {})


def _said(by: By, rows: Rows) -> Iterator[Owed]:
    for remark in sorted(rows.get(UNANSWERED, ()), key=lambda remark: remark.pk):
        at = f"{remark.incident.get_absolute_url()}#remark-{remark.pk}"
        yield Owed(f"Answer {remark.partner}'s remark on {remark.incident}", at, WHY)
    for draft in sorted(rows.get(UNSIGNED, ()), key=lambda draft: draft.incident_id):
        title = f"Read and sign off the account of {draft.incident}"
        yield Owed(title, reverse("demand:sign_off", args=[draft.incident_id]), WHY)
    for (number,) in rows.get(UNWRITTEN, ()):
        if number:
            count = "1 P1 ticket of the last year is" if number == 1 else f"{number:,} P1 tickets of the last year are"
            yield Owed(f"{count} not written up", f"{reverse('demand:register')}?written={NOT_WRITTEN}", WHY)


owed: Final = Waiting("register", _asked, _said)
"""What those who keep the register owe it."""


def _unwritten(by: By) -> QuerySet[Any, Any]:
    """How many P1 tickets of the last year are in no incident, in one row."""
    known = Subquery(Batch.objects.taken().order_by("-number").values("number")[:1])
    rows = Reckoning.objects.filter(known_from__lte=known).filter(Q(known_until=None) | Q(known_until__gt=known))
    rows = rows.filter(in_no_incident(), priority=Priority.P1, opened_at__gte=by.at - A_YEAR - timedelta(days=1))
    grouped = rows.order_by().values("priority").annotate(count=Count("pk"))
    return grouped.values_list("count")


def _unanswered() -> QuerySet[Remark]:
    """Partners' remarks that stand and to which no answer stands."""
    answered = Remark.objects.filter(answers=OuterRef("pk"), strike=None)
    rows = Remark.objects.filter(answers=None, strike=None, incident__strike=None).exclude(Exists(answered))
    return rows.select_related("incident", "partner")


def _unsigned() -> QuerySet[IncidentDraft]:
    """Accounts that were changed since they were signed off, or never were."""
    return IncidentDraft.objects.filter(edition__gt=F("signed"), incident__strike=None).select_related("incident")
