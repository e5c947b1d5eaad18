"""What waits for a post in the register of grave incidents: P1 tickets to write up, accounts to sign off, remarks."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db.models import BigIntegerField, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse

from commonhold.demand.models import Batch, Incident, IncidentDraft, Priority, Reckoning, Remark
from commonhold.demand.permissions import keeps_the_register, signs_off
from commonhold.demand.queries.register.listing import A_YEAR, NOT_WRITTEN
from commonhold.demand.queries.register.standing import in_no_incident
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import Owed

WHY: Final = "The register of P1 and key incidents"
UNWRITTEN, UNANSWERED, UNSIGNED = "unwritten", "unanswered", "unsigned"


def owed(by: By) -> list[Owed]:
    """What those who keep the register owe it, in one query; nothing for others."""
    parts = [_unwritten(by), _unanswered()] if keeps_the_register(by) else []
    parts += [_unsigned()] if signs_off(by) else []
    return list(_said(parts[0].union(*parts[1:], all=True))) if parts else []


def _said(rows: Any) -> Iterator[Owed]:
    for what, number, incident, title, partner in sorted(rows):
        called = Incident(pk=incident, title=title)
        if what == UNWRITTEN and number:
            count = "1 P1 ticket of the last year is" if number == 1 else f"{number:,} P1 tickets of the last year are"
            yield Owed(f"{count} not written up", f"{reverse('demand:register')}?written={NOT_WRITTEN}", WHY)
        elif what == UNANSWERED:
            at = f"{called.get_absolute_url()}#remark-{number}"
            yield Owed(f"Answer {partner}'s remark on {called}", at, WHY)
        elif what == UNSIGNED:
            yield Owed(f"Read and sign off the account of {called}", reverse("demand:sign_off", args=[incident]), WHY)


def _row(rows: QuerySet[Any], what: str, number: Any, incident: Any, title: Any, partner: Any) -> QuerySet[Any, Any]:
    named = {"what": Value(what, CharField()), "count": number, "of": incident, "called": title, "whose": partner}
    found: QuerySet[Any, Any] = rows.annotate(**named).values_list(*named)
    return found


def _unwritten(by: By) -> QuerySet[Any, Any]:
    """How many P1 tickets of the last year are in no incident."""
    known = Subquery(Batch.objects.taken().order_by("-number").values("number")[:1])
    rows = Reckoning.objects.filter(known_from__lte=known).filter(Q(known_until=None) | Q(known_until__gt=known))
    rows = rows.filter(in_no_incident(), priority=Priority.P1, opened_at__gte=by.at - A_YEAR - timedelta(days=1))
    grouped = rows.order_by().annotate(what=Value(UNWRITTEN, CharField())).values("what")
    nothing, nobody = Value(0, BigIntegerField()), Value("", CharField())
    return grouped.annotate(count=Count("pk"), of=nothing, called=nobody, whose=nobody).values_list(
        "what", "count", "of", "called", "whose"
    )


def _unanswered() -> QuerySet[Any, Any]:
    """Partners' remarks that stand and to which no answer stands."""
    answered = Remark.objects.filter(answers=OuterRef("pk"), strike=None)
    rows = Remark.objects.filter(answers=None, strike=None, incident__strike=None).exclude(Exists(answered))
    title, partner = F("incident__title"), F("partner__name")
    return _row(rows.order_by(), UNANSWERED, F("pk"), F("incident_id"), title, partner)


def _unsigned() -> QuerySet[Any, Any]:
    """Accounts that were changed since they were signed off, or never were."""
    rows = IncidentDraft.objects.filter(edition__gt=F("signed"), incident__strike=None)
    nobody = Value("", CharField())
    return _row(rows.order_by(), UNSIGNED, F("pk"), F("incident_id"), F("incident__title"), nobody)
