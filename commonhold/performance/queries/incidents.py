"""What a pack tells of P1 and key incidents: their signed-off accounts, and P1 tickets by who was responsible."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from commonhold.demand.engine.incidents.counting import Group, counted
from commonhold.demand.models import Incident, Reckoning, Telling
from commonhold.demand.queries.knowledge import Now
from commonhold.demand.queries.register.members import Member, incidents_of
from commonhold.demand.queries.register.then import Then
from commonhold.demand.queries.register.told import cascade
from commonhold.governance.queries.minutes import entries_of
from commonhold.partnership.queries import rules
from commonhold.performance.engine import groups
from commonhold.performance.engine.extract import Bit, Extract
from commonhold.performance.engine.pack import Profile
from commonhold.performance.engine.pack.holding import URGENT
from commonhold.performance.engine.pack.incidents import Register, Told
from commonhold.performance.queries.periods import Basis


def register(extract: Extract, profile: Profile, on: Basis, known_at: int | None = None) -> Register:
    """The incidents of a period that this audience is told of, and its P1 tickets as the extract has them (F7).

    Accounts are those that stand now, or that stood at an entry, where one is named; the pack's files name each with
    its entry. What is struck out since is told to everybody no more, whatever stood then (L6).
    """
    known = Now(on.known.batch, datetime.fromtimestamp(on.known.through, UTC))
    found = incidents_of(_opened(extract), known, known_at)
    members = [member for member in found if _is_theirs(member, profile)]
    signed = [member for member in members if member.write_up is not None]
    if known_at is not None and not profile.splits:
        signed = [member for member in signed if not _is_struck(member)]
    ids = _urgent(extract, profile, on)
    blamed = {row.pk: member.account.party for member in signed if member.account for row in member.rows}
    unwritten = [number for number in ids if number not in blamed]
    if not profile.splits:
        return Register(told=tuple(_told(signed, profile, on, known_at)), some_unwritten=bool(unwritten))
    rows = Reckoning.objects.filter(pk__in=unwritten).select_related("ticket").order_by("opened_at", "pk")
    return Register(
        told=tuple(_told(signed, profile, on, known_at)),
        counts=tuple(counted(_groups(extract, ids, blamed, on))),
        unwritten=tuple(row.ticket.reference for row in rows.defer("timeline")),
        some_unwritten=bool(unwritten),
    )


def _opened(extract: Extract) -> Q:
    period = extract.period
    first, last = (datetime.fromtimestamp(at, UTC) for at in (period.start, period.until))
    return Q(opened_at__gte=first, opened_at__lte=last)


def _is_theirs(member: Member, profile: Profile) -> bool:
    """Whether an incident is told of in a pack for this audience: in one partner's own, those that hit it."""
    if profile.partner is None:
        return True
    return profile.name in {*member.partners, *(row.partner.slug for row in member.rows if row.partner)}


def _urgent(extract: Extract, profile: Profile, on: Basis) -> list[int]:
    """The P1 tickets opened in the period, by the number of what the clock made of them."""
    scope = profile.own | {"priority": URGENT}
    found: list[int] = groups.members(extract, "tickets_opened", scope, on.names).tickets.tolist()
    return found


def _groups(extract: Extract, ids: list[int], blamed: dict[int, str], on: Basis) -> Iterator[Group]:
    records = extract.records[extract.records["id"].searchsorted(ids)] if ids else extract.records[:0]
    for record in records:
        party = on.names.party.get(int(record["party"]))
        yield Group(blamed.get(int(record["id"]), party), _result(int(record["bits"])), 1)


def _result(bits: int) -> str:
    """As `target_of` has it of a list of tickets, at the instant at which the pack's clocks are read."""
    if bits & Bit.BREACHED:
        return "missed"
    if not bits & Bit.TARGETED:
        return "not set"
    return "running" if bits & Bit.OPEN else "met"


def _is_struck(member: Member) -> bool:
    """Whether an incident, or the account of it that stood, is marked as entered in error by now."""
    return bool(member.incident.struck or (member.write_up and member.write_up.struck))


def _told(signed: list[Member], profile: Profile, on: Basis, known_at: int | None) -> Iterator[Told]:
    """The accounts, in the order in which the incidents were detected."""
    entries = entries_of([member.write_up for member in signed if member.write_up])
    tellings = _tellings(signed, known_at) if profile.splits else {}
    agreed = rules(datetime.fromtimestamp(on.known.through, UTC), known_at)
    found = []
    for member in signed:
        write_up, account = member.write_up, member.account
        if write_up is None or account is None or account.detected is None or account.restored is None:
            continue
        lines = tellings.get(member.incident.pk, [])
        closed: dict[str, Any] = {
            "partners": tuple(write_up.partners),
            "closed": account.closed,
            "cascade": cascade(account.detected, lines, agreed, write_up.at).sentence,
        }
        found.append(
            Told(
                number=member.incident.pk,
                ref=write_up.ref,
                entry=entries[write_up.ref],
                title=account.title,
                is_key=member.incident.is_key,
                happened=account.happened,
                detected=account.detected,
                restored=account.restored,
                minutes=account.minutes or 0,
                result=write_up.result,
                services=tuple(write_up.services),
                party=account.party,
                cause=account.cause,
                legacy=write_up.legacy_in_words,
                legacy_words=account.legacy_words,
                lesson=account.lesson,
                **(closed if profile.splits else {}),
            )
        )
    yield from sorted(found, key=lambda one: (one.detected, one.number))


def _tellings(signed: list[Member], known_at: int | None) -> dict[int, list[Telling]]:
    """The lines of who was told that stand, or stood at an entry, by incident."""
    found: dict[int, list[Telling]] = {}
    numbers = [member.incident.pk for member in signed]
    if known_at is None:
        rows = list(Telling.objects.filter(incident__in=numbers, strike=None))
    else:
        rows = Then(Incident.objects.filter(pk__in=numbers), known_at).tellings()
    for row in rows:
        found.setdefault(row.incident_id, []).append(row)
    return found
