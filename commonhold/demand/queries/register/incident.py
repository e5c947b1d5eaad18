"""One incident as a reader sees it: its account, its tickets and their clocks, who was told, what was remarked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, QuerySet
from django.http import Http404

from commonhold.databases.together import together
from commonhold.demand.engine.incidents.account import LEGACY, Account, Clocked, differences
from commonhold.demand.engine.incidents.cascade import BEYOND
from commonhold.demand.models import (
    Incident,
    IncidentDraft,
    IncidentTicket,
    KeyFlag,
    Reckoning,
    Remark,
    Telling,
    WriteUp,
)
from commonhold.demand.models.incident import OfIncident
from commonhold.demand.permissions import keeps_the_register, reads_incidents
from commonhold.demand.queries.knowledge import Now
from commonhold.demand.queries.register.residents import named
from commonhold.demand.queries.register.standing import clocked, rows_of
from commonhold.demand.queries.register.told import Cascade, cascade
from commonhold.governance.models import Action
from commonhold.governance.queries.minutes import entries_of
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner
from commonhold.partnership.permissions import sees_rows_of
from commonhold.partnership.queries import titles_of_posts
from commonhold.partnership.queries.rules import asked, of_rows

LARGEST: Final = 2**62


@dataclass(frozen=True, slots=True)
class Part:
    """A ticket of an incident: what is known of it and its clock; None where no file tells of it any longer."""

    member: IncidentTicket
    row: Reckoning | None
    clock: Clocked | None


@dataclass(frozen=True, slots=True)
class Remarked:
    """A remark with the answers to it."""

    remark: Remark
    answers: list[Remark]

    @property
    def waits(self) -> bool:
        """Whether it stands and no answer to it does."""
        return not self.remark.struck and all(answer.struck for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Told:
    """An incident with everything that its page says to one reader.

    `others` is how many tickets are another partner's. `differs` says where the account that stands is not as the
    tickets are known now. `counted_from` is when the minutes of the plan begin.
    """

    incident: Incident
    standing: WriteUp | None
    versions: list[WriteUp]
    draft: IncidentDraft | None
    parts: list[Part]
    taken_out: list[IncidentTicket]
    others: int
    differs: list[str]
    overtaken: bool
    counted_from: datetime | None
    cascade: Cascade | None
    tellings: list[Telling]
    flags: list[KeyFlag]
    remarks: list[Remarked]
    actions: list[Action]
    entries: Mapping[str, int]

    @property
    def account(self) -> Account | None:
        return self.standing.account if self.standing else None

    @property
    def unanswered(self) -> int:
        """Remarks that stand and were not answered."""
        return sum(one.waits for one in self.remarks)


def the_incident(number: int, *, seen_by: By) -> Incident:
    """An incident by its number. Not found where there is none, or it is not open to this reader."""
    found = Incident.shown().filter(pk=number).first() if number < LARGEST else None
    if found is None or not found.is_open_to(seen_by):
        raise Http404("There is no such incident.")
    return found


def told(incident: Incident, *, seen_by: By, known: Now) -> Told:
    """What this reader may know of an incident: for the public, the account that stands and no more (D2, D3)."""
    if not reads_incidents(seen_by):
        versions = incident.write_ups.select_related("strike").order_by("-number")
        return _for_the_public(incident, next((row for row in versions if not row.struck), None))
    return _whole(incident, together(_parts(incident, seen_by)), seen_by, known)


def _parts(incident: Incident, seen_by: By) -> dict[str, QuerySet[Any, Any]]:
    """What an incident's page is read from in one query, but for what is known of its tickets."""
    drafts = IncidentDraft.objects.filter(incident=incident, edition__gt=0)
    return {
        "write_ups": incident.write_ups.select_related("strike"),
        "members": incident.tickets.select_related("strike", "ticket__desk"),
        "flags": incident.flags.all(),
        "tellings": incident.tellings.select_related("strike"),
        "remarks": incident.remarks.select_related("strike", "partner"),
        "drafts": drafts if keeps_the_register(seen_by) else drafts.none(),
        "actions": Action.objects.filter(write_ups__incident=incident)
        .select_related("owner", "retraction")
        .annotate(account=F("write_ups__pk")),
        **asked(seen_by.at),
    }


def _for_the_public(incident: Incident, standing: WriteUp | None) -> Told:
    shown = None if incident.struck else standing
    return Told(
        incident=incident, standing=shown, versions=[], draft=None, parts=[], taken_out=[], others=0, differs=[],
        overtaken=False, counted_from=None, cascade=None, tellings=[], flags=[], remarks=[], actions=[],
        entries=entries_of([incident, *([shown] if shown else [])]),
    )  # fmt: skip


def _whole(incident: Incident, read: Mapping[str, Sequence[Any]], seen_by: By, known: Now) -> Told:
    versions = sorted(read["write_ups"], key=lambda row: -row.number)
    standing = next((row for row in versions if not row.struck), None)
    members, flags, said = (_in_order(read[name]) for name in ("members", "flags", "remarks"))
    tellings = sorted(read["tellings"], key=lambda one: (one.told_at, one.pk))
    agreed = of_rows(read["versions"], read["said"], read["parties"], seen_by.at)
    stand = [member for member in members if not member.struck]
    rows = {row.ticket_id: row for row in rows_of([member.ticket_id for member in stand], known)}
    clocks = clocked(rows.values(), known, agreed)
    parts = [Part(member, rows.get(member.ticket_id), clocks.get(member.ticket_id)) for member in stand]
    seen = [part for part in parts if _is_seen(part, seen_by)]
    since = _counted_from(standing, parts)
    now = sorted(clocks.values(), key=lambda one: (one.opened, one.reference))
    return Told(
        incident=incident,
        standing=standing,
        versions=versions,
        draft=next(iter(read["drafts"]), None),
        parts=seen,
        taken_out=[member for member in members if member.struck] if keeps_the_register(seen_by) else [],
        others=len(parts) - len(seen),
        differs=differences(standing.account, now) if standing and len(parts) == len(seen) else [],
        overtaken=standing is not None and [one.to_json() for one in now] != standing.clocked,
        counted_from=since,
        cascade=cascade(since, [one for one in tellings if not one.struck], agreed, seen_by.at) if since else None,
        tellings=tellings,
        flags=flags,
        remarks=_remarks(said),
        actions=[row for row in _in_order(read["actions"]) if standing and row.account == standing.pk],
        entries=entries_of([incident, *versions, *members, *tellings, *flags, *said]),
    )


def _in_order(rows: Sequence[Any]) -> list[Any]:
    """As they were entered."""
    return sorted(rows, key=lambda row: row.pk)


def _is_seen(part: Part, seen_by: By) -> bool:
    """Rows are for the partner concerned (D2); whose a ticket is that no file tells of any longer nobody knows."""
    if part.row is None:
        return keeps_the_register(seen_by)
    return sees_rows_of(seen_by, part.row.partner.slug if part.row.partner else None)


def _counted_from(standing: WriteUp | None, parts: list[Part]) -> datetime | None:
    """When the incident was detected, as its account says; until there is one, when its first ticket was opened."""
    if standing is not None and standing.account.detected:
        return standing.account.detected
    return min((part.row.opened_at for part in parts if part.row), default=None)


def _remarks(rows: Sequence[Remark]) -> list[Remarked]:
    """The remarks in order, each with the answers to it."""
    return [
        Remarked(row, [answer for answer in rows if answer.answers_id == row.pk])
        for row in rows
        if row.answers_id is None
    ]


def posts_named(told: Told) -> dict[str, str]:
    """The titles of the posts that the page names, by slug, in one query."""
    slugs = {told.incident.post, *(row.post for row in told.versions), *(row.written_by for row in told.versions)}
    slugs |= {row.post for row in told.tellings} | {row.post for row in told.flags}
    slugs |= {row.post for one in told.remarks for row in (one.remark, *one.answers)}
    return titles_of_posts(slugs)


PARTS: Final[Mapping[str, type[OfIncident]]] = {
    "ticket": IncidentTicket,
    "telling": Telling,
    "write-up": WriteUp,
    "remark": Remark,
}
"""What of an incident can be marked as entered in error, by the word of its address."""


def the_part(incident: Incident, what: str, number: int) -> Any:
    """A row about an incident. Not found where there is none."""
    model = PARTS.get(what)
    found = model.shown().filter(pk=number, incident=incident).first() if model and number < LARGEST else None
    if found is None:
        raise Http404("There is no such part of this incident.")
    return found


def proposed(told: Told) -> Account:
    """What an account begins with: what the incident's tickets tell."""
    rows = [part.row for part in told.parts if part.row]
    restored = [row.resolved_at or row.closed_at for row in rows]
    return Account(
        detected=told.counted_from,
        restored=max((at for at in restored if at), default=None) if all(restored) else None,
        partners=tuple(sorted({row.partner_id for row in rows if row.partner_id})),
    )


@dataclass(frozen=True, slots=True)
class AsRead:
    """A draft in words: what its numbers stand for, and what it lacks before it can be signed off."""

    account: Account
    services: list[str]
    partners: list[str]
    actions: list[Action]
    legacy: str
    lacks: list[str]


def as_read(draft: IncidentDraft) -> AsRead:
    """A draft as it would stand."""
    account = draft.account
    return AsRead(
        account=account,
        services=named(account.services),
        partners=list(Partner.objects.filter(pk__in=account.partners).order_by("name").values_list("name", flat=True)),
        actions=list(Action.objects.filter(pk__in=account.actions).select_related("retraction")),
        legacy=LEGACY.get(account.legacy, "not said"),
        lacks=account.lacks,
    )


def differs(draft: IncidentDraft, told: Told) -> list[str]:
    """Where a draft's instants are not those of the incident's tickets."""
    return differences(draft.account, [part.clock for part in told.parts if part.clock])


def audiences(told: Told) -> list[str]:
    """Whom the communication plan names, those first who were not told yet."""
    lines = [line for line in told.cascade.lines if line.result != BEYOND] if told.cascade else []
    return [line.audience for line in sorted(lines, key=lambda line: line.told is not None)]
