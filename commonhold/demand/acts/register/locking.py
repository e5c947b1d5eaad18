"""What the acts on an incident share: the incident kept from others, and a reason that says something."""

from commonhold.demand.models import Incident
from commonhold.demand.models.incident import LONGEST_REASON
from commonhold.refusals import Refused


def _standing(incident: Incident) -> Incident:
    """The incident as it is, kept from others until the act is done. Refused where it was entered in error."""
    now = Incident.objects.select_for_update(of=("self",)).select_related("strike").get(pk=incident.pk)
    if now.struck:
        raise Refused("This incident was entered in error, so nothing more is entered of it.")
    return now


def _given(reason: str, without: str) -> str:
    """A reason, trimmed. Refused where there is none, in words that ask for it."""
    said = reason.strip()
    if not said:
        raise Refused(without)
    if len(said) > LONGEST_REASON:
        raise Refused(f"A reason has at most {LONGEST_REASON:,} characters.")
    if "\x00" in said:
        raise Refused("A reason cannot hold a null character.")
    return said
