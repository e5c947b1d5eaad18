"""What demand can do with subjects of apps below it: the incidents that an action follows up."""

from collections.abc import Iterator

from commonhold.demand.models import WriteUp
from commonhold.demand.permissions import reads_incidents
from commonhold.governance.models import Action
from commonhold.govuk.shell import Link
from commonhold.ledger.engine.by import By


def offers_for_action(action: object, seen_by: By) -> Iterator[Link]:
    """The incidents whose account that stands names the action as what follows."""
    if not isinstance(action, Action) or not reads_incidents(seen_by):
        return
    rows = WriteUp.objects.filter(actions=action, strike=None, incident__strike=None).select_related("incident")
    later = WriteUp.objects.filter(incident__in=[row.incident_id for row in rows], strike=None)
    last = {row.incident_id: row.number for row in later.order_by("number").only("incident", "number")}
    for row in rows:
        if row.number == last[row.incident_id]:
            yield Link(f"See incident {row.incident_id}", row.incident.get_absolute_url(), row.incident.title)
