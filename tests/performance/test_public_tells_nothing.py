"""What everybody can see is the same in two worlds that differ only in what is kept back (F8)."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from commonhold.figures import Span
from commonhold.ledger.engine.by import By
from commonhold.partnership.acts import starting
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.targets import Targets
from commonhold.partnership.models import Role
from commonhold.performance.acts.composing import compose, profile_of
from commonhold.performance.acts.publishing import publish
from commonhold.performance.queries.citing import citations
from commonhold.performance.queries.periods import Basis, basis, the_period
from tests.demand.bringing import bring, events, operator
from tests.partnership.cast import CALENDARS, plan
from tests.reading import words
from tests.universe import NOON

MAY, JUNE = (Span(date(2026, 5, 1), date(2026, 5, 31)), Span(date(2026, 6, 1), date(2026, 6, 30)))
BOTH = Span(MAY.first, JUNE.last)
DIRECTOR = By(post="managing-director", at=NOON, roles=frozenset({Role.MANAGING_DIRECTOR}))
ALIKE = {f"P{n}": {"resolve_minutes": 240, "calendar": "24x7"} for n in (1, 2, 3, 4)}


def desk(june: dict[str, int]) -> str:
    """Two months of tickets that differ in nothing but their priority, as many of each as told in June."""
    lines = []
    usual = {"P1": 9, "P2": 12, "P3": 40, "P4": 20}
    for month, counts in ((5, usual), (6, june)):
        priorities = [priority for priority, count in counts.items() for _ in range(count)]
        for n, priority in enumerate(sorted(priorities, key=lambda one: one > "P2")):
            opened = datetime(2026, month, 1 + n % 28, 9, tzinfo=UTC)
            ends = opened + timedelta(hours=3 if n % 5 else 9)
            about = f"{priority},incident,Desk,{('Southmere', 'Thornley', 'Wexcombe')[n % 3]},Email,Fault"
            lines += [f"SD{month}{n:03},{opened.isoformat()},open,{about}"]
            lines += [f"SD{month}{n:03},{ends.isoformat()},resolved,{about}"]
    return events(*lines)


def seen_by_everybody(june: dict[str, int]) -> dict[str, str]:
    """The public packs of two months and of both together, and every public page of their figures, without digests."""
    seen: dict[str, str] = {}
    with world(june) as on:
        for span in (MAY, JUNE, BOTH):
            files = compose(period=the_period(span, on.known), profile=profile_of("public"), on=on)
            pack = publish(by=DIRECTOR, files=files)
            seen[f"pack of {span}"] = without_digests(files.files["pack.html"].decode())
            seen[f"figures of {span}"] = json.dumps(files.figures)
            for figure in files.figures:
                if figure["scope"]:
                    page = Client().get(f"/evidence/{figure['evidence']}")
                    assert page.status_code == 200
                    seen[f"evidence {figure['evidence']}"] = without_digests(words(page))
            seen[f"page of {span}"] = without_digests(words(Client().get(pack.get_absolute_url())))
    return seen


@contextmanager
def world(june: dict[str, int]) -> Iterator[Basis]:
    """A partnership with the two months' tickets, undone at the end; gives what is known in it."""
    with time_machine.travel(NOON, tick=False), transaction.atomic():
        agreed = {"calendars": Calendars.from_toml(CALENDARS, "calendars.toml"), "targets": Targets.from_form(ALIKE)}
        starting.start(by=operator(), plan=plan(rules=agreed), personas=True)
        bring(desk(june))
        yield basis()
        transaction.set_rollback(True)


def without_digests(text: str) -> str:
    return re.sub(r"[0-9a-f]{8,64}", "digest", text)


@pytest.mark.long
@pytest.mark.django_db
def test_the_public_cannot_tell_two_urgent_tickets_from_four() -> None:
    two = seen_by_everybody({"P1": 2, "P2": 12, "P3": 40, "P4": 20})
    four = seen_by_everybody({"P1": 4, "P2": 10, "P3": 40, "P4": 20})
    assert two.keys() == four.keys()
    assert [where for where in two if two[where] != four[where]] == []
    assert any("not shown" in text for where, text in two.items() if where.startswith("figures of"))


@pytest.mark.django_db
def test_a_public_pack_that_keeps_something_back_can_be_cited_and_tells_no_more() -> None:
    with world({"P1": 2, "P2": 12, "P3": 40, "P4": 20}) as on:
        files = compose(period=the_period(JUNE, on.known), profile=profile_of("public"), on=on)
        cited = citations(publish(by=DIRECTOR, files=files))
        kept_back = [figure for figure in files.figures if figure["scope"].get("priority") == "P1"]

        assert kept_back
        assert {figure["value"] for figure in kept_back if figure["period"]["from"] == "2026-06-01"} == {None}
        assert cited["Tickets opened"].numerator == 74
        assert "P1 resolved within target" not in cited
        assert all(figure.as_json() in files.figures for figure in cited.values())
