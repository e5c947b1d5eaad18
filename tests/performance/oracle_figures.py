"""The oracle's figures and parity: every measure by any grouping, one ticket after another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import exp, fsum, lgamma, log
from typing import Any, NamedTuple, TypeAlias

from tests.performance.oracle import Agreement, Clock, Told, day_s_end, midnight, minutes, months, percentile, read

AGED = 30 * 86_400
LONG_AGED = 90 * 86_400


class Said(NamedTuple):
    """A figure's value with the counts behind it."""

    value: Fraction | None
    numerator: int | None
    denominator: int | None


Scope: TypeAlias = tuple[str | None, ...]
Found: TypeAlias = dict[Scope, dict[str, Said]]
Tallies: TypeAlias = dict[str, list[Fraction]]


@dataclass
class Desk:
    """All that is known: tickets, the agreement, and who answers for each team that is not the shared service's."""

    tickets: Sequence[Told]
    agreement: Agreement
    parties: Mapping[str, str]

    @property
    def last_event(self) -> int:
        return max(ticket.last_event for ticket in self.tickets)

    def party(self, team: str | None) -> str | None:
        return None if team is None else self.parties.get(team, "service")


class Period(NamedTuple):
    """Its first second, the last one that counts, and the instant at which clocks are read: a day's last is its end."""

    start: int
    until: int
    read_at: int

    def holds(self, instant: int | None) -> bool:
        return instant is not None and self.start <= instant <= self.until


def period(desk: Desk, first: date, last: date, as_of: int | None) -> Period:
    end = midnight(last + timedelta(days=1)) - 1
    read_at = min(end, desk.last_event) if as_of is None else as_of
    return Period(midnight(first), min(end, read_at), read_at)


def figures(desk: Desk, first: date, last: date, by: Sequence[str] = (), as_of: int | None = None) -> Found:
    """Every measure of a period in every group."""
    if "month" not in by:
        return _figures(desk, period(desk, first, last, as_of), by)
    whole, place, found = period(desk, first, last, as_of), by.index("month"), Found()
    for begins, ends in months(first, last):
        if midnight(begins) <= whole.read_at:
            end = midnight(ends + timedelta(days=1)) - 1
            read_at = whole.read_at if whole.read_at > whole.until else min(whole.read_at, end)
            month = _figures(
                desk, Period(midnight(begins), min(end, read_at), read_at), [w for w in by if w != "month"]
            )
            name = f"{begins:%Y-%m}"
            found |= {(*scope[:place], name, *scope[place:]): measures for scope, measures in month.items()}
    return found


def _figures(desk: Desk, of: Period, by: Sequence[str]) -> Found:
    # The whole is there even where nothing happened.
    whole: dict[Scope, Tallies] = {} if by else {(): defaultdict(list)}
    tallies = defaultdict(lambda: defaultdict(list), whole)
    for ticket in desk.tickets:
        if ticket.opened <= of.read_at:
            _tally(desk, ticket, of, by, tallies)
    return {scope: _measures(tally) for scope, tally in tallies.items()}


def _answers(desk: Desk, ticket: Told, team: str | None) -> str | None:
    """Who answers for a team's minutes on a ticket: who is claimed to for all of the ticket's, else for the team."""
    claimed: str | None = ticket.last.get("responsible")
    return claimed or desk.party(team)


def _facts(desk: Desk, ticket: Told) -> dict[str, str | None]:
    return {**ticket.last, "responsible": _answers(desk, ticket, ticket.last["team"])}


def _instants(desk: Desk, ticket: Told) -> tuple[int | None, int | None]:
    """The last resolution and closing that are known, the desk's own where it keeps a column (F7)."""
    history = read(ticket, desk.agreement, ticket.last_event)
    return (
        ticket.last["resolved_at"] if "resolved_at" in ticket.columns else history.resolved,
        ticket.last["closed_at"] if "closed_at" in ticket.columns else history.closed,
    )


def _is_there(ticket: Told, resolved: int | None, closed: int | None, end: Clock, until: int) -> tuple[bool, bool]:
    """Whether a ticket is open, and whether it is not yet closed, at the end of a period."""
    is_closed = closed is not None and closed <= until if "closed_at" in ticket.columns else end.closed is not None
    is_resolved = (
        resolved is not None and resolved <= until
        if "resolved_at" in ticket.columns
        else end.state in ("resolved", "closed")
    )
    unclosed = ticket.opened <= until and not is_closed and end.state != "cancelled"
    return unclosed and not is_resolved, unclosed


def _tally(desk: Desk, ticket: Told, of: Period, by: Sequence[str], tallies: dict[Scope, Tallies]) -> None:
    facts, (resolved, closed) = _facts(desk, ticket), _instants(desk, ticket)
    clock = read(ticket, desk.agreement, of.read_at, day_s_end(of.read_at))
    end = read(ticket, desk.agreement, of.until, day_s_end(of.until))
    begin = read(ticket, desk.agreement, of.start - 1, of.start) if ticket.opened < of.start else Clock()
    held = minutes(end.held) - minutes(begin.held)
    is_open, unclosed = _is_there(ticket, resolved, closed, end, of.until)
    reopened, passed_on = sum(map(of.holds, clock.reopened)), any(map(of.holds, clock.passed_on))
    verdict, targeted = ticket.last["verdict"], clock.had_target
    told: dict[str, Fraction | int | bool] = {}
    if of.holds(resolved) and resolved is not None:
        told |= {"tickets_resolved": 1, "hours": Fraction(resolved - ticket.opened, 3600)}
        told |= {"minutes": Fraction(clock.used, 60)} if clock.calendar else {"no minutes": 1}
        told |= {"within": not clock.breached} if targeted else {}
        so_far = 0
        for team, seconds in clock.by_team.items():
            if seconds:
                so_far += seconds
                scope = tuple({**facts, "team": team, "responsible": _answers(desk, ticket, team)}[word] for word in by)
                tallies[scope][f"used of {id(ticket)}"].append(Fraction(minutes(so_far) - minutes(so_far - seconds)))
    told |= {"closed_without_resolution": 1} if of.holds(closed) and resolved is None else {}
    told |= {"tickets_closed": 1} if of.holds(closed) else {}
    told |= {"tickets_opened": 1} if of.holds(ticket.opened) else {}
    told |= {"unclosed_at_end": 1} if unclosed else {}
    if is_open:
        told |= {"open_at_end": 1, "late" if targeted else "no target": clock.breached}
        told |= {"aged_open": day_s_end(of.until) - ticket.opened > AGED, "on_hold_tickets": end.state == "on_hold"}
        told |= {"aged_open_90": day_s_end(of.until) - ticket.opened > LONG_AGED}
        told |= {"untriaged_open": None in (facts["priority"], facts["team"])}
    told |= {"held": held} if end.held > begin.held else {}
    told |= {"reopened_tickets": 1, "reopenings": reopened} if reopened else {}
    told |= {"reassigned_tickets": 1} if passed_on else {}
    if of.holds(closed) and verdict is not None:
        told |= {"verdict": verdict} | ({"differs": verdict == clock.breached} if targeted else {})
    if told or of.holds(closed):
        told |= {"has a calendar" if clock.calendar else "no calendar": 1}
        scope = tuple(facts[word] for word in by)
        for word, value in told.items():
            tallies[scope][word].append(Fraction(value))


COUNTS = (
    "tickets_opened", "tickets_resolved", "tickets_closed", "closed_without_resolution", "open_at_end",
    "unclosed_at_end", "aged_open", "aged_open_90", "untriaged_open", "on_hold_tickets", "reopened_tickets",
    "reassigned_tickets",
)  # fmt: skip
SHARES = {"within_target": "within", "source_verdict_met": "verdict", "verdict_differs": "differs"}
POINTS = {"resolution_hours": "hours", "working_minutes": "minutes"}


def _measures(tally: Tallies) -> dict[str, Said]:
    found = {name: _count(tally[name]) for name in COUNTS}
    for name, word in SHARES.items():
        told = tally[word]
        found[name] = Said(sum(told) / Fraction(len(told)) if told else None, int(sum(told)), len(told))
    for name, word in POINTS.items():
        for end, share in (("median", Fraction(1, 2)), ("p90", Fraction(9, 10))):
            value = percentile(tally[word], share)
            value = Fraction(round(value)) if word == "minutes" and value is not None else value
            found[f"{name}_{end}"] = Said(value, None, len(tally[word]))
    nobody_late = tally["no target"] and not tally["late"]
    found["breached_open"] = Said(None, None, None) if nobody_late else _count(tally["late"])
    unclocked = tally["no calendar"] and not tally["has a calendar"]
    found["on_hold_minutes"] = Said(None if unclocked else Fraction(sum(tally["held"])), None, len(tally["held"]))
    found["reopenings"] = Said(Fraction(sum(tally["reopenings"])), None, len(tally["reopened_tickets"]))
    used = [sum(minutes) for word, minutes in tally.items() if word.startswith("used of ")]
    unused = tally["no minutes"] and not tally["minutes"] and not used
    found["minutes_used"] = Said(None if unused else Fraction(sum(used)), None, len(used))
    return found


def _count(told: list[Fraction]) -> Said:
    return Said(Fraction(sum(told)), int(sum(told)), None)


def parity(desk: Desk, first: date, last: date, measure: str) -> dict[str | None, dict[str, Any]]:
    """What was observed of each partner's tickets, and expected of the same mix in the whole service (P2)."""
    of = period(desk, first, last, None)
    mine: dict[str | None, dict[Scope, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for ticket in desk.tickets:
        resolved, closed = _instants(desk, ticket)
        clock = read(ticket, desk.agreement, of.read_at, day_s_end(of.read_at))
        if measure == "within_target":
            counts, missed = of.holds(resolved) and clock.had_target, clock.breached
        else:
            counts, missed = of.holds(closed) and ticket.last["verdict"] is not None, not ticket.last["verdict"]
        if counts:
            mix = (ticket.last["priority"], ticket.last["kind"], ticket.last["service"])
            mine[ticket.last["partner"]][mix].append(missed)
    everybody: dict[Scope, list[bool]] = defaultdict(list)
    for mixes in mine.values():
        for mix, results in mixes.items():
            everybody[mix] += results
    return {partner: _standing(mixes, everybody, sum(p is not None for p in mine)) for partner, mixes in mine.items()}


def _standing(mixes: Mapping[Scope, list[bool]], everybody: Mapping[Scope, list[bool]], k: int) -> dict[str, Any]:
    results = [missed for found in mixes.values() for missed in found]
    expected = sum(Fraction(sum(everybody[m]) * len(found), len(everybody[m])) for m, found in mixes.items())
    said: dict[str, Any] = {"numerator": len(results) - sum(results), "denominator": len(results)}
    said |= {"observed": sum(results), "expected": float(expected)}
    if expected and k:
        low, high = garwood(sum(results), 0.05 / k)
        said |= {"ratio": float(sum(results) / expected)}
        said |= {"ratio_low": low / float(expected), "ratio_high": high / float(expected)}
    return said


def garwood(count: int, doubt: float) -> tuple[float, float]:
    """The exact interval of a count that comes by chance, found by halving (Biometrika 28, 1936)."""
    low = _halve(lambda mean: 1 - _up_to(count - 1, mean) < doubt / 2, 0, count) if count else 0.0
    return low, _halve(lambda mean: _up_to(count, mean) > doubt / 2, count, 4 * count + 40)


def _up_to(count: int, mean: float) -> float:
    return fsum(exp(-mean + n * log(mean) - lgamma(n + 1)) for n in range(count + 1)) if mean else 1.0


def _halve(is_below: Any, low: float, high: float) -> float:
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2
