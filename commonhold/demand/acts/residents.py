"""Keeping the list of residents' services that grave incidents hit."""

from typing import Final

from django.db import transaction

from commonhold.databases.alone import in_turn
from commonhold.demand.models import ResidentService, ResidentServiceText
from commonhold.demand.models.incident import LONGEST_REASON
from commonhold.demand.models.resident_service import LONGEST_ABOUT, LONGEST_NAME
from commonhold.demand.permissions import keeps_residents_services
from commonhold.demand.queries.register.residents import last_texts
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries.agreeing import refuse_older
from commonhold.refusals import Refused, require

LIST: Final = "the list of residents' services"
MOST: Final = 500
"""Services on the list: it names what residents know, not every system."""


@transaction.atomic
def add(*, by: By, name: str, about: str = "") -> ResidentServiceText:
    """List a residents' service, once under a name."""
    require(keeps_residents_services(by), "list residents' services")
    in_turn(LIST)
    said = _said(name, about)
    _refuse_second(said["name"])
    if ResidentService.objects.count() >= MOST:
        raise Refused(f"The list has {MOST} services already. Take off what residents no longer know first.")
    service = ResidentService.objects.create()
    made = ResidentServiceText.objects.create(service=service, number=1, **said, post=by.post, at=by.at)
    record(by=by, kind="resident-service.listed", subject=made)
    return made


@transaction.atomic
def correct(*, by: By, text: ResidentServiceText, name: str, about: str, reason: str, edition: int) -> None:
    """Put right what a residents' service is called or is; earlier texts stay in sight."""
    require(keeps_residents_services(by), "put residents' services right")
    last = _last(text, edition)
    said = _said(name, about)
    if said == {"name": last.name, "about": last.about} and last.is_listed:
        raise Refused("Nothing is different.")
    _refuse_second(said["name"], other_than=last.service_id)
    made = _next(by, last, said["name"], said["about"], _why(reason), is_listed=True)
    record(by=by, kind="resident-service.corrected", subject=made, because=last.entry)


@transaction.atomic
def end(*, by: By, text: ResidentServiceText, reason: str) -> None:
    """Take a residents' service off the list; incidents that hit it say so still, and it can be listed again."""
    require(keeps_residents_services(by), "take residents' services off the list")
    last = _last(text, None)
    if not last.is_listed:
        raise Refused("This residents' service is off the list already.")
    made = _next(by, last, last.name, last.about, _why(reason), is_listed=False)
    record(by=by, kind="resident-service.ended", subject=made, because=last.entry)


def _last(text: ResidentServiceText, edition: int | None) -> ResidentServiceText:
    """The last text of the same service, to which nobody adds another until the act is done."""
    in_turn(LIST)
    last = ResidentServiceText.objects.filter(service=text.service_id).order_by("-number")[0]
    if edition is not None:
        refuse_older(edition, last.number)
    return last


def _next(
    by: By, last: ResidentServiceText, name: str, about: str, reason: str, *, is_listed: bool
) -> ResidentServiceText:
    return ResidentServiceText.objects.create(
        service_id=last.service_id, number=last.number + 1, name=name, about=about, is_listed=is_listed, reason=reason,
        post=by.post, at=by.at,
    )  # fmt: skip


def _said(name: str, about: str) -> dict[str, str]:
    said = {"name": " ".join(name.split()), "about": about.strip()}
    if not said["name"]:
        raise Refused("Give the service a name that residents know.")
    if len(said["name"]) > LONGEST_NAME or len(said["about"]) > LONGEST_ABOUT:
        raise Refused(f"A name has at most {LONGEST_NAME} characters, and what is said of it {LONGEST_ABOUT}.")
    return said


def _refuse_second(name: str, other_than: int | None = None) -> None:
    for text in last_texts():
        if text.name.casefold() == name.casefold() and text.service_id != other_than:
            off = "" if text.is_listed else ", though it is off the list: put it right to list it again"
            raise Refused(f"There is a residents' service called {text.name} already{off}.")


def _why(reason: str) -> str:
    if not reason.strip():
        raise Refused("Say why. The reason stands beside the earlier text.")
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(f"A reason has at most {LONGEST_REASON:,} characters.")
    return reason.strip()
