"""The story's grave incidents: a plan of who is told, residents' services, two accounts, a remark and its answer."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from commonhold.demand.acts import residents
from commonhold.demand.acts.register import opening, remarks, telling, writing
from commonhold.demand.engine.incidents.account import Account
from commonhold.demand.models import Batch, Incident, Priority, Reckoning, ResidentServiceText
from commonhold.figures import Span
from commonhold.partnership.acts import agreement
from commonhold.partnership.models import Partner, RuleVersion
from commonhold.web.demo.founding import at, somebody
from commonhold.workdays import midnight

PLAN: Final[dict[str, Any]] = {
    "calendar": "office-hours",
    "audiences": {
        "Managing Director": {"channel": "telephone", "in_hours": 15, "out_of_hours": 30},
        "Client leads": {"channel": "e-mail", "in_hours": 30, "out_of_hours": 60},
        "Members": {"channel": "e-mail", "in_hours": 120},
    },
}
FOUND: Final = "Inter Authority Agreement of 1 July 2023"
SERVICES: Final = (
    ("Reporting a missed bin", "Online and by telephone."),
    ("Paying council tax", "Online, by telephone and at the counter."),
    ("Housing repairs", "The repairs line and the form online."),
)
MANAGER, DIRECTOR, LEAD = "service-manager", "managing-director", "client-lead-of-northgate"


def write_up(span: Span, day: date) -> None:
    """Write up grave incidents of these days, and open the latest; where some are in the register, nothing is done."""
    if Incident.objects.exists():
        return
    moment = at(day, 10)
    _plan(moment)
    services = [residents.add(by=somebody(LEAD, moment), name=name, about=about) for name, about in SERVICES]
    rows = Reckoning.objects.known(Batch.objects.known()).filter(
        opened_at__gte=midnight(span.first),
        resolved_at__isnull=False,
        resolved_at__lt=midnight(span.last),
        priority__in=(Priority.P1, Priority.P2),
    )
    rows = rows.select_related("ticket").order_by("priority", "opened_at", "pk")
    told = []
    for service, account in _accounts(services).items():
        row = rows.filter(service__name=service).first()
        if row is not None:
            told.append(row.pk)
            _one(row, account, moment)
    latest = rows.exclude(pk__in=told).order_by("priority", "-opened_at", "-pk").first()
    if latest is not None:
        _one(latest, None, moment)


def _plan(moment: datetime) -> None:
    if RuleVersion.objects.filter(rule="communication_plan").exists():
        return
    agreement.enter_as_found(
        by=somebody(DIRECTOR, moment), rule="communication_plan", value=PLAN, effective_from=date(2023, 7, 1),
        document=FOUND,
    )  # fmt: skip


def _accounts(services: list[ResidentServiceText]) -> dict[str, Account]:
    """What is told of the most urgent ticket of a service."""
    bins, tax, _ = (text.service_id for text in services)
    return {
        "Telephony": Account(
            title="Telephones of all three authorities fell silent",
            happened="Nobody could ring the contact centres, and staff could not ring out.",
            services=(bins, tax),
            cause="The supplier renewed a certificate on one of two exchanges and not on the other.",
            party="supplier: Calldale",
            legacy="no",
            lesson="The supplier tells us a week before a certificate ends, and we check both exchanges.",
            closed="Calldale has offered a month's rent. The contract allows for more; the boards may want to decide.",
        ),
        "File storage": Account(
            title="File storage could not be reached",
            happened="Shared folders could not be opened for some hours. Nothing was lost.",
            services=(tax,),
            cause="A controller of the oldest storage failed, and the spare took over only after a restart.",
            party="service",
            legacy="yes",
            legacy_words="The storage is nine years old; its replacement was put off twice.",
            lesson="The spare is tried each quarter. The replacement goes before the committee.",
        ),
    }


def _one(row: Reckoning, said: Account | None, moment: datetime) -> None:
    by, is_key = somebody(MANAGER, moment), row.priority != Priority.P1
    reason = "It stopped a service to residents for most of a day." if is_key else ""
    incident = opening.open_incident(by=by, tickets=[row.ticket], is_key=is_key, reason=reason)
    detected, restored = row.opened_at + timedelta(minutes=4), row.resolved_at
    if said is None or restored is None or restored <= detected:
        return
    for audience, channel, minutes in (("Managing Director", "telephone", 12), ("Client leads", "e-mail", 75)):
        told_at = detected + timedelta(minutes=minutes)
        telling.log(by=by, incident=incident, audience=audience, channel=channel, told_at=told_at)
    partners = tuple(Partner.objects.order_by("name").values_list("pk", flat=True))
    account = replace(said, detected=detected, restored=restored, partners=partners)
    draft = writing.keep_draft(by=by, incident=incident, account=account, edition=0)
    writing.sign_off(by=somebody(DIRECTOR, moment), incident=incident, edition=draft.edition)
    if said.closed:
        remark = remarks.remark(
            by=somebody(LEAD, moment), incident=incident, words="Our contact centre heard of it from residents first."
        )
        remarks.answer(
            by=by, remark=remark, words="It did. The list of numbers was a year old; it is checked each month now."
        )
