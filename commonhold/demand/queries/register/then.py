"""The register as it stood at an entry of the record: what was entered by then, and not marked as in error by then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Q, QuerySet

from commonhold.demand.models import Incident, IncidentTicket, KeyFlag, Strike, Telling, WriteUp
from commonhold.governance.queries.minutes import entries_of
from commonhold.ledger.models import Recorded

Row = TypeVar("Row", bound=Recorded)


class Then:
    """The incidents among some that stood at an entry, each with its tickets and its accounts, the last one last."""

    def __init__(self, incidents: QuerySet[Incident], entry: int) -> None:
        self.entry = entry
        made = self._entered(incidents)
        numbers = [incident.pk for incident in made]
        of = Q(incident__in=numbers) | Q(ticket__incident__in=numbers) | Q(write_up__incident__in=numbers)
        struck = self._entered(Strike.objects.filter(of | Q(telling__incident__in=numbers)))
        self._struck = {
            (name, number)
            for strike in struck
            for name in ("incident", "ticket", "telling", "write_up")
            if (number := getattr(strike, f"{name}_id")) is not None
        }
        self.incidents = [incident for incident in made if ("incident", incident.pk) not in self._struck]
        self._flag()
        standing = {incident.pk: incident for incident in self.incidents}
        rows = list(IncidentTicket.objects.filter(incident__in=standing).order_by("pk"))
        numbered = entries_of(rows)
        # The tickets that an incident was opened with are entered with it and have no entry of their own.
        there = [row for row in rows if numbered.get(row.ref, 0) <= entry]
        self.tickets = [row for row in there if ("ticket", row.pk) not in self._struck]
        signed = self._entered(WriteUp.objects.filter(incident__in=standing).order_by("number"))
        self.write_ups = [row for row in signed if ("write_up", row.pk) not in self._struck]

    def tellings(self) -> list[Telling]:
        """Who was told of these incidents, as it was logged by then."""
        rows = Telling.objects.filter(incident__in=[incident.pk for incident in self.incidents])
        return [row for row in self._entered(rows) if ("telling", row.pk) not in self._struck]

    def _flag(self) -> None:
        """Each incident with what was flagged last by then."""
        flags = list(KeyFlag.objects.filter(incident__in=[one.pk for one in self.incidents]).order_by("pk"))
        numbered = entries_of(flags)
        last = {flag.incident_id: flag.is_key for flag in flags if numbered.get(flag.ref, 0) <= self.entry}
        for incident in self.incidents:
            incident.is_key = last.get(incident.pk, False)

    def _entered(self, rows: Iterable[Row]) -> list[Row]:
        listed = list(rows)
        numbered = entries_of(listed)
        return [row for row in listed if row.ref in numbered and numbered[row.ref] <= self.entry]
