"""Service by service in a pack: counts, the row of all others, what a partner reads of its own, and what nobody may."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from commonhold.figures import Figure
from commonhold.performance.acts.composing import Files, compose, profile_of
from commonhold.performance.queries.periods import basis, the_period
from tests.demand.bringing import bring, events, operator
from tests.performance.test_public_tells_nothing import BOTH, JUNE, MAY, without_digests, world
from tests.reading import words
from tests.readings import bring as bring_readings
from tests.readings import line
from tests.universe import NOON

pytestmark = pytest.mark.django_db

USUAL = {"Email": 30, "Printing": 25, "Wiki": 3, "Scanning": 2}
PARTNERS = ("Southmere", "Thornley", "Wexcombe")


def desk(june: Mapping[str, int], may: Mapping[str, int] = USUAL, *, urgent: int = 0) -> str:
    """Tickets of two months that differ in nothing but their service; some of Email's are urgent, a fifth are late."""
    lines = []
    for month, counts in ((5, may), (6, june)):
        named = [service for service, count in counts.items() for _ in range(count)]
        for n, service in enumerate(named):
            opened = datetime(2026, month, 1 + n % 20, 9, tzinfo=UTC)
            ends = opened + timedelta(hours=3 if n % 5 else 9)
            priority = "P1" if service == "Email" and n < urgent else "P3"
            about = f"{priority},incident,Desk,{PARTNERS[n % 3]},{service},Fault"
            lines += [f"SV{month}{n:03},{opened.isoformat()},open,{about}"]
            lines += [f"SV{month}{n:03},{ends.isoformat()},resolved,{about}"]
    return events(*lines)


def composed(profile: str, span: Any = JUNE) -> Files:
    on = basis()
    return compose(period=the_period(span, on.known), profile=profile_of(profile), on=on)


def text(files: Files) -> str:
    class Page:
        content = files.files["body.html"]

    page: Any = Page()
    return words(page)


def section(files: Files) -> str:
    return text(files).partition("Service by service Services with")[2].partition("Every service of these days")[0]


@contextmanager
def with_services(june: Mapping[str, int], **how: Any) -> Iterator[None]:
    """A partnership with 81 tickets of Email in each month, and these beside them; undone at the end."""
    with world({"P1": 9, "P2": 12, "P3": 40, "P4": 20}):
        bring(desk(june, **how), at=NOON)
        yield


def test_the_boards_read_each_service_and_all_others_in_one_row() -> None:
    with with_services(USUAL, urgent=2):
        bring_readings(
            line(measure="availability", value="", numerator="43100", denominator="43200", unit="minutes",
                 service="Printing", first="2026-06-01", last="2026-06-30"),
            by=operator(),
        )  # fmt: skip
        said = section(composed("board"))

    assert "Email 111 111 " in said, "81 tickets of the desk's own and 30 more, in June and in May"
    assert "Printing 25 25 80.0% (20 of 25) 0 0 99.8% (43,100 of 43,200)" in said
    assert "2 other services 5 5 4 of 5 (80.0%) 0 0" in said
    assert "Wiki" not in said and "Satisfaction" not in said, "a column of which nothing is known is left out"


def test_the_row_of_all_others_and_those_listed_add_up_to_the_whole() -> None:
    with with_services(USUAL):
        files = composed("board")
    found = [Figure.from_json(one) for one in files.figures]
    opened = {one.scope.get("service", ""): one for one in found
              if one.measure == "tickets_opened" and one.period == JUNE and set(one.scope) <= {"service"}}  # fmt: skip

    assert set(opened) == {"", "Email", "Printing"}, "only those that are listed stand in the pack"
    assert (opened[""].value or 0) - (opened["Email"].value or 0) - (opened["Printing"].value or 0) == 5


def test_a_partner_reads_its_own_services() -> None:
    with with_services({"Email": 90, "Printing": 75, "Wiki": 3}):
        own = composed("southmere")

    assert "Printing 25 " in section(own)
    scopes = {tuple(one["scope"].items()) for one in json.loads(own.files["figures.json"])["figures"]}
    assert not [scope for scope in scopes if dict(scope).get("service") and dict(scope).get("partner") != "Southmere"]


@pytest.mark.long
@pytest.mark.parametrize("span", [MAY, JUNE, BOTH])
def test_the_public_cannot_tell_how_small_services_divide_what_is_left(span: Any) -> None:
    seen = []
    for june in ({**USUAL, "Wiki": 4, "Scanning": 1}, {**USUAL, "Wiki": 1, "Scanning": 4}):
        with with_services(june):
            files = composed("public", span)
            seen.append((without_digests(text(files)), json.dumps(files.figures)))

    assert seen[0] == seen[1]
    assert "Wiki" not in seen[0][0] and "other services" not in seen[0][0]
    assert "2 services with fewer tickets not listed." in seen[0][0]


@pytest.mark.long
def test_the_public_cannot_tell_three_tickets_of_all_other_services_from_four_by_subtracting() -> None:
    """What is left of the whole beside the services that are listed is a small group as well."""
    seen = []
    for june in ({"Email": 30, "Printing": 26, "Wiki": 3}, {"Email": 30, "Printing": 25, "Wiki": 4}):
        with with_services(june):
            seen.append(json.dumps(composed("public").figures))

    assert seen[0] == seen[1]


def test_without_a_service_of_twenty_tickets_there_is_no_such_part(june: None) -> None:
    assert "Service by service" not in text(composed("board"))
