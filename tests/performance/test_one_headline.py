"""One draft of sources of mixed grades: every table of the pack and of its update report heads a figure alike (F5)."""

import html
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Final
from urllib.parse import parse_qsl

import pytest

from commonhold.demand.engine import mapping as mappings
from commonhold.figures import Figure, Span
from commonhold.performance.acts.composing import Files, compose, profile_of
from commonhold.performance.queries.periods import basis, the_period
from tests.demand.bringing import HEADINGS, bring
from tests.performance.test_reporting import agree

pytestmark = pytest.mark.django_db

JUNE: Final = Span(date(2026, 6, 1), date(2026, 6, 30))
OURS, DESKS = "within_target", "source_verdict_met"
TOLD_APART: Final = ("table-verdicts", "funnel-services", "funnel-partners", "chart-targets")
"""Tables whose caption says by which verdict all of it is."""
MAPPING = mappings.parse(
    b"""
kind = "tickets"
desk = "Another desk"
time_zone = "UTC"
[columns]
reference = "ref"
state = "state"
opened_at = "opened"
resolved_at = "resolved"
closed_at = "resolved"
partner = "partner"
priority = "priority"
service = "service"
category = "category"
source_verdict = "made"
source_verdict_true = ["yes"]
[states]
"Done" = "closed"
"Waiting" = "on_hold"
""",
    "another",
)
LINK: Final = re.compile(r'href="[^"]*/evidence/performance/2026-06-01\.\.2026-06-30/(\w+)\.v\d+(\?[^"]*)?"')
Scope = tuple[tuple[str, str], ...]


def unproven(count: int, priority: str, service: str, category: str, partner: str) -> Iterator[str]:
    """Tickets of a table that tells nothing of holds: every second one late by our clock, in time by the desk's."""
    for n in range(count):
        resolved = "2026-06-15T10:00" if n % 2 else "2026-06-01T11:00"
        ref = f"T-{priority}-{service}-{category}-{partner}-{n}".replace(" ", "")
        made = "yes" if n % 5 else "no"
        yield f"{ref},Done,2026-06-01T10:00,{resolved},{partner},{priority},{service},{category},{made}"


def proven(count: int, priority: str, service: str, category: str, partner: str) -> Iterator[str]:
    """Tickets of a log that tells every hold."""
    for n in range(count):
        resolved = "2026-06-15T10:00Z" if n % 4 == 1 else "2026-06-01T11:00Z"
        ref = f"L-{priority}-{service}-{category}-{partner}-{n}".replace(" ", "")
        for at, state in (("2026-06-01T10:00Z", "open"), (resolved, "resolved"), (resolved, "closed")):
            verdict = "met" if n % 3 else "no"
            yield f"{ref},{at},{state},{priority},incident,{partner} desk,{partner},{service},{category},{verdict}"


@pytest.fixture
def mixed(partnership: None) -> None:
    """Most P1 and P2 tickets, one service, one category and one partner are of a table, all else is of a log."""
    agree("aims", {OURS: {"at_least": "50%", "P1": {"at_least": "95%"}, "P2": {"at_least": "90%"}}})
    table = [
        *unproven(30, "P2", "Email", "Printer", "Northgate"),
        *unproven(6, "P3", "Email", "Printer", "Northgate"),
        *unproven(8, "P1", "Email", "Printer", "Northgate"),
        *unproven(4, "P3", "Rare", "Rare", "Northgate"),
    ]
    log = [
        *proven(60, "P3", "Payroll", "Password", "Southmere"),
        *proven(24, "P3", "Telephony", "Network", "Eastwell Vale"),
        *proven(8, "P2", "Payroll", "Password", "Southmere"),
        *proven(3, "P1", "Payroll", "Password", "Southmere"),
    ]
    bring("\n".join(["ref,state,opened,resolved,partner,priority,service,category,made", *table]) + "\n", MAPPING)
    bring("\n".join([f"{HEADINGS},source_verdict", *log]) + "\n")


def composed(profile: str) -> Files:
    on = basis()
    return compose(period=the_period(JUNE, on.known), profile=profile_of(profile), on=on)


def heads(files: Files) -> dict[Scope, str]:
    """By scope which verdict heads it, worked out from the pack's own figures."""
    found: dict[Scope, dict[str, Figure]] = {}
    for row in json.loads(files.files["figures.json"])["figures"]:
        figure = Figure.from_json(row)
        if figure.measure in (OURS, DESKS) and figure.period == JUNE:
            found.setdefault(scope_of(figure.evidence), {})[figure.measure] = figure
    return {scope: _head(pair.get(OURS), pair.get(DESKS)) for scope, pair in found.items()}


def _head(ours: Figure | None, desks: Figure | None) -> str:
    if ours is None or desks is None or not desks.denominator:
        return OURS
    mix = ours.grade_mix
    return DESKS if not ours.denominator or 2 * mix.get("none", 0) > sum(mix.values()) else OURS


def scope_of(evidence: str) -> Scope:
    pairs = parse_qsl(evidence.partition("?")[2], keep_blank_values=True)
    return tuple(sorted(pair for pair in pairs if pair[0] not in ("as_of", "known_at")))


def shown(page: str) -> Iterator[tuple[str, Scope, str, bool]]:
    """Every figure of either verdict on a page: its measure, its scope, what names it, and whether in a table."""
    for table in re.findall(r"<table.*?</table>", page, re.S):
        headings = [plain(one) for one in re.findall(r"<th[^>]*scope=\"col\"[^>]*>(.*?)</th>", table, re.S)]
        for row in re.findall(r"<tr.*?</tr>", table, re.S):
            cells = re.findall(r"<t[hd].*?</t[hd]>", row, re.S)
            for at, one in enumerate(cells):
                for measure, query in LINK.findall(one):
                    near = plain(cells[at + 1]) if at + 1 < len(cells) and "Whose verdict" in headings else ""
                    yield measure, scope_of(html.unescape(query)), f"{plain(cells[0])} {headings[at]} {near}", True
    for measure, query in LINK.findall(re.sub(r"<table.*?</table>", "", page, flags=re.S)):
        yield measure, scope_of(html.unescape(query)), "", False


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def without_told_apart(page: str) -> str:
    for place in TOLD_APART:
        page = re.sub(rf'<(figure|div|section)[^>]*id="{place}".*?</table>', "", page, flags=re.S)
        page = re.sub(rf'<table[^>]*id="{place}".*?</table>', "", page, flags=re.S)
    return page


def test_every_figure_of_every_document_has_one_headline(mixed: None) -> None:
    for profile in ("board", "northgate", "public"):
        files = composed(profile)
        headed = heads(files)
        assert profile == "public" or DESKS in headed.values()
        assert profile == "northgate" or OURS in headed.values()
        found = [
            (name, *one)
            for name in ("pack.html", "update.html")
            for one in shown(without_told_apart(files.files[name].decode()))
            if one[0] in (OURS, DESKS)
        ]
        assert {name for name, *_ in found} == {"pack.html", "update.html"} and len(found) > 12
        assert [one for one in found if not is_rightly_named(*one[1:], headed)] == [], profile


def is_rightly_named(measure: str, scope: Scope, named: str, in_table: bool, headed: dict[Scope, str]) -> bool:
    """A figure that heads its scope, the desk's own named so; or ours, named as the least that it can be."""
    head = headed.get(scope, OURS)
    if not in_table:
        return measure == head
    says_desk, says_least = "desk's own" in named, "our clock at least" in named.casefold()
    if measure == DESKS:
        return says_desk
    return says_least if head == DESKS else not (says_least or says_desk)
