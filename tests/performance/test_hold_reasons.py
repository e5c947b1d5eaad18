"""The rule on hold reasons in use: files, the rule as found, clocks and figures, and what was known before (C4, R3)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from commonhold.demand.acts.reckoning_anew import read_by_changed_rules
from commonhold.demand.models import Batch
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.partnership.acts import agreement
from commonhold.partnership.models import RuleVersion
from commonhold.web.demo import founding
from tests.demand.bringing import CANONICAL, SNAPSHOTS, bring, events, known, snapshots, ticket
from tests.demand.conftest import Commonhold, SignIn
from tests.reading import words
from tests.universe import NOON, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.long]

HEADINGS = "reference,event_at,state,hold_reason,priority,kind,team,partner,service,category"
HOUR = 3_600
REASONS = {
    "awaiting_customer": {"words": "We wait for the customer", "accepted": True},
    "awaiting_supplier": {"words": "We wait for a supplier", "accepted": False},
}
JUNE = ("--from", "2026-06-01", "--to", "2026-06-30", "--json")
SAID = "Hold reasons v1: confirmed by 0 of 3 partners"


@pytest.fixture(autouse=True)
def brought() -> Iterator[None]:
    """Tickets that a team held, each for another reason, from nine on Monday until five on Thursday, and one still."""
    with time_machine.travel(NOON, tick=False):
        founding.start()
        bring(
            events(
                *held("SUPPLIER", "awaiting_supplier"),
                *held("CUSTOMER", "awaiting_customer"),
                *held("UNSAID", ""),
                *held("STILL", "awaiting_supplier")[:2],
                headings=HEADINGS,
            )
        )
        yield


def held(reference: str, reason: str) -> list[str]:
    told = "P3,incident,Networks,Southmere,Email,Fault"
    return [
        f"{reference},2026-06-01T07:00Z,open,,{told}",
        f"{reference},2026-06-01T08:00Z,on_hold,{reason},{told}",
        f"{reference},2026-06-04T16:00Z,resolved,,{told}",
    ]


def enter(reasons: dict[str, Any] = REASONS, effective_from: date = date(2016, 1, 1)) -> RuleVersion:
    """The rule as found in the agreement; and the clocks are read again, as a worker does."""
    version = agreement.enter_as_found(
        by=somebody("client-lead-of-southmere"),
        rule="hold_reasons",
        value=reasons,
        effective_from=effective_from,
        document="Service level schedule",
    )
    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    the_service = By(post="the-service", at=NOON, roles=frozenset({"service"}))
    read_by_changed_rules(
        by=the_service, because=entry, clock=lambda: NOON, progress=lambda share, words: None, waiting=lambda: None
    )
    return version


def figure(commonhold: Commonhold, measure: str, *more: object) -> dict[str, Any]:
    (found,) = commonhold("figures", *JUNE, "--measure", measure, *more).json
    return dict(found)


def page(client: Client, reference: str) -> str:
    found = ticket(reference)
    return words(client.get(f"/tickets/{found.desk_id}/{found.reference}/"))


def test_only_the_minutes_of_holds_that_are_not_accepted_become_used() -> None:
    before = Batch.objects.known()

    enter()

    assert (known("SUPPLIER", before).used, known("SUPPLIER", before).missed_at) == (HOUR, None)
    assert (known("SUPPLIER").used, known("SUPPLIER").held) == (39 * HOUR, 0)
    assert known("SUPPLIER").missed_at is not None
    for reference in ("CUSTOMER", "UNSAID"):
        assert known(reference).pk == known(reference, before).pk, reference


def test_a_reason_given_beside_an_ignored_state_counts_from_then_on_and_only_within_the_hold() -> None:
    told = "P3,incident,Networks,Southmere,Email,Fault"
    bring(
        events(
            f"CHANGED,2026-06-01T07:00Z,open,,{told}",
            f"CHANGED,2026-06-01T08:00Z,on_hold,awaiting_customer,{told}",
            f"CHANGED,2026-06-02T08:00Z,noted,awaiting_supplier,{told}",
            f"CHANGED,2026-06-04T16:00Z,resolved,,{told}",
            f"CHANGED,2026-06-04T16:30Z,noted,awaiting_supplier,{told}",
            headings=HEADINGS,
        ),
        replace(CANONICAL, states={"noted": "ignore", **CANONICAL.states}),
    )

    enter()

    assert (known("CHANGED").used, known("CHANGED").held) == (29 * HOUR, 10 * HOUR)


def test_a_ticket_that_waits_so_is_due_and_missed_though_nothing_more_is_told_of_it() -> None:
    assert (known("STILL").due_at, known("STILL").missed_at) == (None, None)

    enter()

    assert known("STILL").state == known("STILL", 1).state, "the state stays the desk's word"
    assert known("STILL").due_at is not None
    assert known("STILL").missed_at is not None


def test_the_ticket_s_page_says_why_its_hold_counted_and_by_which_rule(sign_in: SignIn) -> None:
    client = sign_in("service-analyst")
    before = page(client, "SUPPLIER")
    assert "1 hour used of 30 hours: target met" in before and "hold_reasons" not in before

    enter()

    after = page(client, "SUPPLIER")
    assert "39 hours used of 30 hours: target missed" in after
    assert "On hold: awaiting supplier does not pause the clock by the agreement Networks P3" in after
    assert "by calendars v1, targets v1, hold_reasons v1" in after
    assert SAID in after
    assert "1 hour used of 30 hours: target met" in page(client, "CUSTOMER")
    assert "of 30 hours: target missed" in page(client, "STILL")


def test_the_command_says_it_too(commonhold: Commonhold) -> None:
    enter()

    (_, hold, *_) = commonhold("clock", "--ticket", "SUPPLIER", "--json").json["explanation"]
    assert (hold["state"], hold["why"]) == ("on_hold", "awaiting supplier does not pause the clock by the agreement")
    assert (
        "on_hold, 540 min: awaiting supplier does not pause the clock"
        in commonhold("clock", "--ticket", "SUPPLIER").out
    )


def test_every_figure_follows_but_the_count_of_tickets_on_hold(commonhold: Commonhold) -> None:
    measures = ("within_target", "minutes_used", "on_hold_minutes", "on_hold_tickets")
    before = {name: figure(commonhold, name) for name in measures}

    enter()

    after = {name: figure(commonhold, name) for name in measures}
    assert (before["within_target"]["numerator"], after["within_target"]["numerator"]) == (3, 2)
    assert (before["minutes_used"]["value"], after["minutes_used"]["value"]) == (3 * 60, (39 + 1 + 1) * 60)
    # What is known reaches to the last resolution, and so does the ticket that still waits.
    assert (before["on_hold_minutes"]["value"], after["on_hold_minutes"]["value"]) == (4 * 38 * 60, 2 * 38 * 60)
    assert before["on_hold_tickets"]["value"] == after["on_hold_tickets"]["value"] == 1
    by_team = figure(commonhold, "minutes_used", "--by", "team")
    assert (by_team["scope"]["team"], by_team["value"]) == ("Networks", after["minutes_used"]["value"])


def test_figures_name_the_rule_where_it_is_in_force_and_what_partners_say_of_it(commonhold: Commonhold) -> None:
    assert figure(commonhold, "within_target")["rule_version"] == "calendars v1, targets v1"
    assert "Hold reasons" not in commonhold("figures", *JUNE).err

    enter()

    assert figure(commonhold, "within_target")["rule_version"] == "calendars v1, targets v1, hold_reasons v1"
    assert SAID in commonhold("figures", *JUNE).err


def test_what_was_known_before_stays_and_both_are_computed_again_the_same(
    commonhold: Commonhold, tmp_path: Path
) -> None:
    then, now = tmp_path / "then.json", tmp_path / "now.json"
    then.write_text(commonhold("figures", *JUNE).out)
    entry = json.loads(then.read_text())[0]["known_at"]

    enter()

    now.write_text(commonhold("figures", *JUNE).out)
    assert json.loads(now.read_text())[0]["known_at"] > entry
    assert json.loads(commonhold("figures", *JUNE, "--known-at", entry).out) == json.loads(then.read_text())
    for file in (then, now):
        assert commonhold("recompute", file).code == 0, file


def test_a_later_version_counts_for_holds_that_begin_under_it() -> None:
    """From 3 July 2023, when the agreement began, the supplier's delays pause the clock; before they did not."""
    bring(
        events(
            "BEFORE,2023-07-02T19:00Z,open,,P3",
            "BEFORE,2023-07-02T20:00Z,on_hold,awaiting_supplier,P3",
            "BEFORE,2023-07-03T07:00Z,on_hold,awaiting_supplier,P1",
            "BEFORE,2023-07-03T11:00Z,resolved,,P1",
            "AFTER,2023-07-03T07:00Z,open,,P1",
            "AFTER,2023-07-03T08:00Z,on_hold,awaiting_supplier,P1",
            "AFTER,2023-07-03T11:00Z,resolved,,P1",
            headings=HEADINGS,
        )
    )
    enter()
    assert [known(reference).used for reference in ("BEFORE", "AFTER")] == [4 * HOUR, 4 * HOUR]

    enter({"awaiting_supplier": {"words": "We wait for a supplier", "accepted": True}}, date(2023, 7, 3))

    assert [known(reference).used for reference in ("BEFORE", "AFTER")] == [4 * HOUR, HOUR]
    assert [known(reference).held for reference in ("BEFORE", "AFTER")] == [0, 3 * HOUR]


def test_a_hold_for_which_the_file_gives_no_reason_does_not_have_that_of_the_one_before() -> None:
    bring(
        events(
            "TWICE,2026-06-01T07:00Z,open,,P3",
            "TWICE,2026-06-01T08:00Z,on_hold,awaiting_supplier,P3",
            "TWICE,2026-06-01T09:00Z,on_hold,,P3",
            "TWICE,2026-06-01T10:00Z,in_progress,,P3",
            "TWICE,2026-06-01T11:00Z,on_hold,,P3",
            "TWICE,2026-06-01T12:00Z,resolved,,P3",
            headings=HEADINGS,
        )
    )

    enter()

    assert (known("TWICE").used, known("TWICE").held) == (4 * HOUR, HOUR)


def test_a_total_of_held_minutes_comes_without_reasons_and_is_taken_as_accepted(commonhold: Commonhold) -> None:
    """Of 39 open hours so much was on hold that 860 minutes are left; 2,520 of the total may have lain outside them."""
    bring(snapshots("C1,Done,2026-06-01T08:00:00,2026-06-04T17:00:00,3,Council,4000"), SNAPSHOTS)

    enter()

    by_team = commonhold("figures", *JUNE, "--measure", "working_minutes_median", "--by", "team").json
    assert [found["value"] for found in by_team if found["scope"]["team"] == "Council"] == [860]
