"""Disputes on pages and in packs: evidence, figures, parity, reports, the week, the list, each to whom it is for."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from commonhold.demand.acts import accepting
from commonhold.demand.acts import disputing as demand
from commonhold.demand.models import Dispute
from commonhold.jobs.models import Job
from commonhold.performance.acts import computing, disputing, reporting, weekly
from commonhold.performance.acts.composing import Files, compose, profile_of
from commonhold.performance.engine.disputed import Beside, Value
from commonhold.performance.engine.pack.disputed import KEPT_BACK, WHY_NOT, may_be_told
from commonhold.performance.models import DisputedReading, DisputedTable, Period
from commonhold.performance.queries.periods import basis, the_period
from commonhold.performance.queries.recomputing import recomputed
from commonhold.web.demo import founding
from tests.demand.bringing import bring, events, known, ticket
from tests.demand.disputes import HEADINGS, LEAD, MANAGER, OTHER, bring_holds, held, june, of_class, of_ticket
from tests.performance.conftest import queries_of
from tests.reading import words
from tests.universe import JUNE, NOON, browser_of, compute, publish, somebody

pytestmark = pytest.mark.django_db
BESIDE: dict[str, Any] = {"clock": lambda: NOON, "progress": lambda *_: None, "waiting": lambda: None}
FOOT = "Bank holidays come from GOV.UK"
DAYS = "?first=2026-06-01&last=2026-06-30"


@pytest.fixture(autouse=True)
def desk(db: None) -> Iterator[None]:
    """Tickets of June that were on hold, one dispute of those that waited for a supplier, and June's figures."""
    with time_machine.travel(NOON, tick=False):
        founding.found()
        bring_holds()
        compute()
        yield


@pytest.fixture
def dispute() -> Dispute:
    """Of the five tickets that missed or met their target by holds, those that waited for a supplier."""
    made = of_class()
    disputing.keep_all(progress=lambda *_: None)
    return made


def evidence(measure: str = "within_target", by: tuple[str, ...] = (), scope: dict[str, str] | None = None) -> str:
    on = basis()
    found = computing.figures(period=the_period(JUNE, on.known), on=on, measures=[measure], by=by)
    return f"/evidence/{next(one for one in found if dict(one.scope) == (scope or {})).evidence}"


def page(post: str, address: str) -> str:
    response = browser_of(post).get(address)
    assert response.status_code == 200, address
    return words(response)


def test_the_evidence_of_a_figure_says_with_without_and_as_disputed(dispute: Dispute) -> None:
    text = page(MANAGER, evidence())

    assert f"Dispute {dispute.pk} of Southmere" in text
    assert "7 of 7 (100.0%) 4 of 4 (100.0%) 4 of 7 (57.1%)" in " ".join(text.split())


def have_computed(address: str, post: str = MANAGER) -> None:
    """What a worker does for who asks on the evidence of a figure for what disputes mean."""
    browser_of(post).post(address, {"do": "disputed"})
    job = Job.objects.filter(name="performance.compute_disputed").latest("pk")
    disputing.keep_tables(**job.arguments, progress=lambda *_: None)


def test_a_grouping_that_is_not_kept_is_computed_by_a_worker_who_is_asked(dispute: Dispute) -> None:
    address = evidence("within_target", ("priority",), {"priority": "P3"})
    before = page(MANAGER, address)
    assert "What 1 dispute of these days would mean" in before and "Compute it as disputed" in before
    assert f"Dispute {dispute.pk} of Southmere" not in before

    have_computed(address)
    text = " ".join(page(MANAGER, address).split())
    assert f"Dispute {dispute.pk} of Southmere" in text and "Compute it as disputed" not in text
    assert "5 of 5 (100.0%) 2 of 2 (100.0%) 2 of 5 (40.0%)" in text
    other = page(MANAGER, evidence("within_target", ("priority",), {"priority": "P2"}))
    assert f"Dispute {dispute.pk} of" not in other and "Compute it as disputed" not in other
    assert browser_of("").post(address, {"do": "disputed"}).status_code == 403


def test_a_dispute_that_comes_later_is_computed_for_what_was_asked_for(dispute: Dispute) -> None:
    address = evidence("within_target", ("priority",), {"priority": "P3"})
    have_computed(address)
    later = of_class("hold", "awaiting customer", wanted=june(reason="awaiting_customer"))
    assert "1 dispute is not computed yet for these days" in page(MANAGER, address)
    disputing.keep_all(progress=lambda *_: None)

    assert f"Dispute {later.pk} of Southmere" in page(MANAGER, address)
    demand.withdraw(by=somebody(LEAD), dispute=later)
    assert f"Dispute {later.pk} of Southmere" not in page(MANAGER, address)
    disputing.keep_all(progress=lambda *_: None)
    assert {row.reading.dispute for row in DisputedTable.objects.all()} == {dispute.pk}


def test_many_disputes_are_shown_a_page_at_a_time(dispute: Dispute) -> None:
    reporting.open_report(by=somebody("managing-director"), first=JUNE.first, last=JUNE.last)
    several = [
        of_class("priority", value, wanted=june(resolved_to=date(2026, 6, day)))
        for value in ("P1", "P4", "P5")
        for day in range(10, 15)
    ]
    disputing.keep_all(progress=lambda *_: None)
    newest, oldest = several[-1], dispute
    for address in (f"/parity/{DAYS}", "/reports/2026-06-01..2026-06-30/"):
        text = page(MANAGER, address)
        link = f"Dispute {newest.pk} of Southmere"
        assert link in text and f"Dispute {oldest.pk} of Southmere" not in text and "Older disputes" in text
        further = f"{address}{'&' if '?' in address else '?'}before={several[-12].pk}"
        text = page(MANAGER, further)
        assert f"Dispute {oldest.pk} of Southmere" in text and link not in text and "Older disputes" not in text
        assert queries_of(browser_of(LEAD), further) <= 12
    text = page(MANAGER, evidence())
    assert f"Dispute {newest.pk} of Southmere" in text and "4 more disputes touch it" in text


def test_what_is_not_computed_yet_is_said() -> None:
    of_class()
    assert "1 dispute is not computed yet for these days" in page(MANAGER, evidence())


@pytest.mark.parametrize("who", [LEAD, MANAGER])
@pytest.mark.parametrize(
    ("measure", "by", "scope"),
    [
        ("within_target", (), {}),
        ("within_target", ("priority",), {"priority": "P3"}),
        ("tickets_opened", ("partner",), {"partner": "Northgate"}),
    ],
)
def test_evidence_takes_at_most_twelve_queries_beside_a_dispute(
    dispute: Dispute, who: str, measure: str, by: tuple[str, ...], scope: dict[str, str]
) -> None:
    if "priority" in by:
        have_computed(evidence(measure, by, scope))
    assert queries_of(browser_of(who), evidence(measure, by, scope)) <= 12


def test_from_the_evidence_the_way_to_dispute_its_tickets(dispute: Dispute) -> None:
    response = browser_of(OTHER).get(evidence("tickets_opened", ("partner",), {"partner": "Northgate"}))
    assert (
        "/disputes/new/?opened_from=2026-06-01&amp;opened_to=2026-06-30&amp;partner=northgate"
        in response.content.decode()
    )
    assert "/disputes/new/" not in browser_of("service-analyst").get(evidence()).content.decode()


@pytest.mark.parametrize(
    ("measure", "scope", "offered"),
    [
        ("tickets_opened", {"service": "Email"}, True),
        ("within_target", {"team": "Networks"}, True),
        ("minutes_used", {}, True),
        ("minutes_used", {"team": "Networks"}, False),
        ("tickets_opened", {"responsible": "service"}, False),
        ("tickets_opened", {"category": "Fault"}, False),
        ("open_at_end", {}, False),
        ("tickets_closed", {}, False),
    ],
)
def test_tickets_that_are_no_class_are_not_offered_as_one(measure: str, scope: dict[str, str], offered: bool) -> None:
    response = browser_of(LEAD).get(evidence(measure, tuple(scope), scope))
    assert response.status_code == 200 and ("/disputes/new/?" in response.content.decode()) is offered


def test_an_older_definition_is_disputed_by_that_definition(dispute: Dispute) -> None:
    DisputedReading.objects.update(figures=[])  # Those that are kept are of the newest definitions.
    address = evidence("minutes_used.v1")
    have_computed(address)
    assert f"Dispute {dispute.pk} of Southmere" in page(MANAGER, address)
    assert f"Dispute {dispute.pk} of Southmere" not in page(MANAGER, evidence("minutes_used.v2"))


def test_figures_bear_a_mark_where_they_are_disputed(dispute: Dispute) -> None:
    text = page(MANAGER, f"/figures/{DAYS}")
    assert "disputed : Resolved within target, the whole service" in text
    assert "disputed : Resolved within target, Southmere" in text
    assert "disputed : Tickets opened" not in text


def test_parity_says_whether_the_sentence_changes(dispute: Dispute) -> None:
    text = page(MANAGER, f"/parity/{DAYS}")
    assert "Were the disputed tickets otherwise" in text and "the sentence changes" in text


def test_the_public_is_told_nothing_of_them_on_pages(dispute: Dispute) -> None:
    for address in (f"/figures/{DAYS}", f"/parity/{DAYS}", "/disputes/", "/week/"):
        assert f"Dispute {dispute.pk}" not in page("", address) and "Holds disputed" not in page("", address)
    assert browser_of().get(dispute.get_absolute_url()).status_code == 404
    assert browser_of().get("/disputes.csv").getvalue().decode().count("Southmere") == 0


def test_the_list_and_the_page_say_the_effect_and_are_taken_away(dispute: Dispute) -> None:
    listed = page(MANAGER, "/disputes/?state=standing&fact=hold&partner=southmere")
    assert f"Dispute {dispute.pk}" in listed and "down 42.9 percentage points in June 2026" in listed
    csv = browser_of(MANAGER).get("/disputes.csv").getvalue().decode()
    assert "Tickets opened in June 2026, on hold awaiting supplier" in csv and "-42.8" in csv
    text = page(MANAGER, dispute.get_absolute_url())
    assert "June 2026 Resolved within target" in " ".join(text.split())
    assert "No such disputes" in page(OTHER, "/disputes/?state=withdrawn")
    assert "there is no &#x27;x&#x27;" in browser_of(OTHER).get("/disputes/?fact=x").content.decode().replace(
        "&#39;", "&#x27;"
    )


def test_a_report_shows_headlines_three_ways(dispute: Dispute) -> None:
    reporting.open_report(by=somebody("managing-director"), first=JUNE.first, last=JUNE.last)
    text = " ".join(page(MANAGER, "/reports/2026-06-01..2026-06-30/").split())
    assert "Resolved within target 7 of 7 (100.0%) 4 of 4 (100.0%) 4 of 7 (57.1%)" in text
    assert "All together" not in text


def test_a_report_and_parity_show_all_disputes_together(dispute: Dispute) -> None:
    reporting.open_report(by=somebody("managing-director"), first=JUNE.first, last=JUNE.last)
    of_class("hold", "awaiting customer", wanted=june(reason="awaiting_customer"))
    address = "/reports/2026-06-01..2026-06-30/"
    assert "All together" not in page(MANAGER, address), "of others, until a worker has read them"
    disputing.keep_all(progress=lambda *_: None)
    text = " ".join(page(MANAGER, address).split())
    assert "All together Every dispute that stands" in text
    assert "Resolved within target 7 of 7 (100.0%) 2 of 2 (100.0%) 2 of 7 (28.6%)" in text
    assert "All of them together" in page(MANAGER, f"/parity/{DAYS}")


def test_the_week_says_how_many_holds_are_disputed(dispute: Dispute) -> None:
    weekly.keep_weeks(on=basis(), progress=lambda *_: None)
    assert "Holds disputed: 1 dispute that stands" in " ".join(page(MANAGER, "/week/").split())


def test_a_ticket_says_that_its_hold_is_disputed_and_home_what_waits(dispute: Dispute) -> None:
    text = page(LEAD, ticket("S1").get_absolute_url())
    assert f"Dispute {dispute.pk} of Southmere : every hold awaiting supplier counts" in " ".join(text.split())
    assert "Hold disputed" in text and "Dispute this" in text
    assert "Hold disputed" not in page(LEAD, ticket("S3").get_absolute_url())
    assert f"Answer Dispute {dispute.pk} of Southmere" in page(MANAGER, "/")


# Packs


def pack(profile: str = "board", known_at: int | None = None) -> Files:
    on = basis()
    return compose(period=the_period(JUNE, on.known), profile=profile_of(profile), on=on, known_at=known_at)


def test_a_board_s_pack_says_what_is_disputed_and_its_figures_stay() -> None:
    before = pack(known_at=basis().entry)
    wide = of_class("hold", "every hold", wanted=june())
    now = pack()
    told = json.loads(now.files["figures.json"])

    assert b"What is disputed" not in before.files["body.html"] and b"What is disputed" in now.files["body.html"]
    assert told["figures"] == before.figures
    (one,) = told["disputes"]
    assert (one["dispute"], one["partner"], one["state"], one["tickets"]) == (wide.ref, "Southmere", "Open", 6)
    within = next(figure for figure in one["figures"] if figure["measure"] == "within_target")
    assert [within[word]["numerator"] for word in ("stands", "without", "disputed")] == [7, 1, 1]
    assert now.files == pack().files, "the same bytes for the same inputs"
    assert {answer.answer for answer in recomputed(told["figures"], told["made_from"])} == {"same"}


def test_a_partner_s_own_pack_says_its_own_figures() -> None:
    of_class(by=OTHER, wanted=june(reason="awaiting_supplier", partner="northgate"))
    (one,) = json.loads(pack("northgate").files["figures.json"])["disputes"]
    within = next(figure for figure in one["figures"] if figure["measure"] == "within_target")
    assert within["scope"] == {"partner": "Northgate"} and one["tickets"] == 1
    assert [within[word]["numerator"] for word in ("stands", "without", "disputed")] == [2, 1, 1]


@pytest.mark.parametrize("profile", ["board", "northgate", "public"])
def test_a_pack_tells_none_as_few_are_told(profile: str) -> None:
    """A narrow class of others' tickets must not tell by a pack either whether there is one."""
    narrow = {"partner": "southmere", "priority": "p2"}
    few = of_class("partner", "Northgate", by=OTHER, wanted=june(**narrow))
    none = of_class("partner", "Northgate", by=OTHER, wanted=june(**narrow, kind="change"))
    apart = june(**narrow, kind="change")
    of_class("partner", "Northgate", by=OTHER, wanted=replace(apart, opened_from=JUNE.last, opened_to=JUNE.last))
    of_class(
        "partner",
        "Northgate",
        by=OTHER,
        wanted=replace(apart, opened_from=date(2026, 7, 1), opened_to=date(2026, 7, 2)),
    )
    assert (few.tickets, none.tickets) == (1, 0)
    files = pack(profile).files
    told = json.loads(files["figures.json"])["disputes"]

    assert len(told) == 3 and not any("tickets" in one or "figures" in one for one in told), "none of July"
    body = files["body.html"].decode()
    assert body.count("ticket of this period") == body.count("table-disputed") == 0
    assert (KEPT_BACK in body) is (profile != "public")


def test_the_public_s_pack_keeps_small_numbers_back(dispute: Dispute) -> None:
    files = pack("public")
    told, body = json.loads(files.files["figures.json"]), files.files["body.html"].decode()

    assert WHY_NOT in body and f"Dispute {dispute.pk} of Southmere: the hold of some tickets" in body
    assert told["disputes"] == [
        {"dispute": dispute.ref, "partner": "Southmere", "fact": "Hold", "state": "Open", "entry": dispute.entry.number}  # type: ignore[union-attr]
    ]
    assert "disputed_together" not in told and "awaiting supplier" not in body


def test_everybody_is_told_where_nothing_small_is_had_by_it() -> None:
    more = [line for n in range(20) for line in held(f"A{n}", "awaiting_supplier")]
    others = [line for n in range(20) for line in held(f"B{n}", "awaiting_supplier", "Northgate")]
    bring(events(*more, *others, headings=HEADINGS))
    of_class()
    told = json.loads(pack("public").files["figures.json"])
    within = next(one for one in told["disputed_together"] if one["measure"] == "within_target")

    assert within["scope"] == {}
    assert [within[word]["denominator"] for word in ("stands", "without", "disputed")] == [47, 4, 47]
    entry = basis().entry + 1
    publish("public")
    assert "disputed_together" not in json.loads(pack("public").files["figures.json"]), "another pack told of it"
    assert "disputed_together" in json.loads(pack("public", known_at=entry).files["figures.json"])


@pytest.mark.parametrize(
    ("partners", "stands", "without", "told"),
    [
        ([0, 5, 5], (90, 100), (80, 90), True),
        ([0, 10, 0], (90, 100), (80, 90), False),
        ([0, 4, 6], (90, 100), (80, 90), False),
        ([4, 5, 5], (90, 100), (76, 86), False),
        ([0, 5, 5], (90, 100), (84, 90), False),
        ([0, 5, 5], (90, 100), (90, 100), True),
    ],
)
def test_what_subtraction_would_tell(
    partners: list[int], stands: tuple[int, int], without: tuple[int, int], told: bool
) -> None:
    def value(counts: tuple[int, int]) -> Value:
        return Value(counts[0] / counts[1], *counts, None, None, "")

    beside = Beside("within_target", {}, value(stands), value(without), value(stands))
    assert may_be_told(partners, [beside]) is told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [((0.8, 0.8), (0.95, 0.95), True), ((0.8, 0.77), (0.95, 0.95), False), ((0.8, 0.8), (0.95, 0.94), False)],
)
def test_what_subtraction_of_bounds_would_tell(low: tuple[float, float], high: tuple[float, float], told: bool) -> None:
    stands, disputed = (Value(0.9, 90, 100, *ends, "") for ends in zip(low, high, strict=True))
    assert may_be_told([0, 5, 5], [Beside("within_target", {}, stands, stands, disputed)]) is told


def test_a_dispute_after_publication_stands_beside_the_frozen_figure() -> None:
    published = publish("board")
    row = next(
        row for row in published.readings.all() if row.figure["measure"] == "within_target" and not row.figure["scope"]
    )
    bring(events(*held("S9", "awaiting_supplier"), headings=HEADINGS))
    compute()
    made = of_class()
    disputing.keep_all(progress=lambda *_: None)
    text = " ".join(page(MANAGER, f"/evidence/{row.reference}").split())

    assert f"Dispute {made.pk} of Southmere" in text and "7 of 7 (100.0%) 4 of 4 (100.0%) 4 of 7 (57.1%)" in text
    assert "What was published stays as it was." in text
    assert {answer.answer for answer in recomputed([row.figure])} == {"same"}
    assert Period.objects.count() == 2


def test_accepted_it_stands_beside_nothing_and_counts() -> None:
    made = of_class()
    demand.accept(by=somebody(MANAGER), dispute=made, words="So it was.")
    compute()
    disputing.keep_all(progress=lambda *_: None)
    text = " ".join(page(LEAD, evidence()).split())
    assert f"Dispute {made.pk} of Southmere Tickets" not in text and "4 of 7" in text
    assert f"Dispute {made.pk} of Southmere, accepted: So it was." in text


# Raising and answering by the pages


def test_a_ticket_is_disputed_from_its_page() -> None:
    client, number = browser_of(LEAD), ticket("S1").pk
    address = f"/disputes/new/?ticket={number}"
    assert "Every hold" in words(client.get(address))
    empty = client.post(address, {"fact": ""})
    assert empty.status_code == 200 and "There is a problem" in words(empty)
    lacking = client.post(address, {"fact": "priority", "reason": "Because."})
    assert "Select what it is instead" in words(lacking)
    done = client.post(
        address, {"fact": "hold", "hold": "every hold", "reason": "<script>alert(1)</script>"}, follow=True
    )
    made = Dispute.objects.get()
    assert done.redirect_chain[0][0] == made.get_absolute_url()
    assert "<script>alert" not in done.content.decode()
    twice = client.post(address, {"fact": "hold", "hold": "every hold", "reason": "Again."})
    assert "You dispute this already" in words(twice)
    assert browser_of(OTHER).get(address).status_code == 404
    assert browser_of("service-analyst").get(address).status_code == 403


def test_a_class_is_counted_before_it_is_raised() -> None:
    client = browser_of(OTHER)
    assert "First say which tickets" in words(client.get("/disputes/new/"))
    assert "must not be before" in words(client.get("/disputes/new/?opened_from=2026-06-30&opened_to=2026-06-01"))
    address = "/disputes/new/?opened_from=2026-06-01&opened_to=2026-06-30&reason=awaiting_supplier"
    given = {"fact": "hold", "hold": "awaiting supplier", "reason": "They had answered."}
    counted = client.post(address, given)
    assert "This touches fewer than five tickets by what is known now" in words(counted), "others' are among them"
    assert 'value="3"' not in counted.content.decode() and not Dispute.objects.exists()
    wrong = client.post(address, {**given, "counted": "2"})
    assert "This touches fewer than five tickets" in words(wrong) and not Dispute.objects.exists()
    client.post(address, {**given, "counted": "fewer than five"})
    made = Dispute.objects.get()
    assert made.tickets == 3
    for post in (OTHER, LEAD):
        listed, shown = page(post, "/disputes/"), page(post, made.get_absolute_url())
        assert "fewer than five" in listed and shown.count("fewer than five") == 3
        assert "fewer than five" in browser_of(post).get("/disputes.csv").getvalue().decode()
        assert "tickets" not in made.contents_seen_by(somebody(post))
    assert "fewer than five" not in page(MANAGER, made.get_absolute_url())
    own = client.post(
        "/disputes/new/?opened_from=2026-06-01&opened_to=2026-06-30&partner=northgate",
        {"fact": "kind", "kind": "request", "reason": "So."},
    )
    assert "This touches 2 tickets by what is known now" in words(own), "its own it sees"
    so = {"fact": "kind", "kind": "incident", "reason": "So."}
    none = client.post(address.replace("reason=", "partner=northgate&reason="), so)
    assert "No ticket of this class would be another one" in words(none), "its own it sees"
    assert "This touches fewer than five tickets" in words(client.post(address, so)), "none is said as few are"


def test_none_is_told_as_few_are_to_those_who_do_not_see_them() -> None:
    """A narrow class of others' tickets must not tell whether there is one."""
    reporting.open_report(by=somebody("managing-director"), first=JUNE.first, last=JUNE.last)
    narrow = {"partner": "southmere", "priority": "p2"}
    few = of_class("partner", "Northgate", by=OTHER, wanted=june(**narrow))
    none = of_class("partner", "Northgate", by=OTHER, wanted=june(**narrow, kind="change"))
    assert (few.tickets, none.tickets) == (1, 0)
    disputing.keep_all(progress=lambda *_: None)

    def told(post: str, made: Dispute) -> str:
        text = " ".join(page(post, made.get_absolute_url()).split())
        about = text[text.index("What is disputed") : text.index("What was said")]
        return about + text[text.index("What it means for figures") : text.index(FOOT)]

    assert told(OTHER, few) == told(OTHER, none) and "fewer than five" in told(OTHER, few)
    listed = browser_of(OTHER).get("/disputes.csv").getvalue().decode().splitlines()[1:]
    raised = [line for line in listed if "opened in June 2026, P2" in line]
    assert len(raised) == 2
    for line in raised:
        assert "fewer than five" in line and "2026-06-01" not in line, line
    for address in (f"/figures/{DAYS}", f"/parity/{DAYS}", "/reports/2026-06-01..2026-06-30/", evidence()):
        seen, all_of_it = page(OTHER, address), page(MANAGER, address)
        assert f"Dispute {few.pk}" not in seen and f"Dispute {none.pk}" not in seen
        assert "All together" not in seen and "All of them together" not in seen and "disputed :" not in seen
        assert f"Dispute {few.pk}" in all_of_it or "disputed :" in all_of_it, address
    for post in (LEAD, MANAGER):
        assert "fewer than five" not in told(post, few), "these see its tickets"
        assert told(post, few) != told(post, none)


def test_numbers_of_others_tickets_are_not_had_by_subtraction() -> None:
    """Classes of neighbouring days are told of, before they are raised and after, only as five or more."""
    wide = of_class("hold", "every hold", by=OTHER, wanted=june())
    address = "/disputes/new/?opened_from=2026-06-01&opened_to=2026-06-30"
    counted = browser_of(OTHER).post(address, {"fact": "hold", "hold": "every hold", "reason": "So."})
    assert wide.tickets == 6 and "This touches at least five tickets" in words(counted)
    assert 'name="counted" value="6"' not in counted.content.decode()
    for seen in (page(OTHER, "/disputes/"), browser_of(OTHER).get("/disputes.csv").getvalue().decode()):
        assert "at least five" in seen
    assert page(OTHER, wide.get_absolute_url()).count("at least five") == 2
    assert "at least five" not in page(MANAGER, wide.get_absolute_url())


def narrow_of_others(some: bool) -> Dispute:
    """A class of one ticket of others, or of none."""
    wanted = (
        june(partner="southmere", priority="p2") if some else june(partner="southmere", priority="p2", kind="change")
    )
    return of_class("partner", "Northgate", by=OTHER, wanted=wanted)


@pytest.mark.parametrize("some", [True, False])
def test_that_something_may_be_hidden_is_said_whether_or_not_it_is(some: bool) -> None:
    reporting.open_report(by=somebody("managing-director"), first=JUNE.first, last=JUNE.last)
    narrow_of_others(some)
    disputing.keep_all(progress=lambda *_: None)
    assert DisputedReading.objects.filter(tickets__gt=0).exists() is some
    seen = page(OTHER, "/reports/2026-06-01..2026-06-30/")
    assert "No dispute that stands and is shown to you touches a headline figure" in seen
    assert "Disputes that touch fewer than five tickets of these days, or none, are not shown" in seen
    assert "1 dispute answered" in seen, "a report waits for it either way"


def test_a_job_does_not_tell_how_many_disputes_it_reads(dispute: Dispute) -> None:
    narrow_of_others(True)
    disputing.keep_all(progress=lambda *_: None)
    address, told = evidence("within_target", ("priority",), {"priority": "P3"}), []
    browser_of(MANAGER).post(address, {"do": "disputed"})
    job = Job.objects.filter(name="performance.compute_disputed").latest("pk")
    disputing.keep_tables(**job.arguments, progress=lambda done, total, _: told.append((done, total)))
    assert DisputedTable.objects.count() == 2 and set(told) == {(0, 0)}


def test_a_wide_dispute_does_not_open_a_narrow_group_of_others_tickets() -> None:
    wide = of_class("hold", "every hold", wanted=june())
    disputing.keep_all(progress=lambda *_: None)
    assert wide.tickets == 6
    narrow = evidence("within_target", ("partner", "priority"), {"partner": "Northgate", "priority": "P2"})
    have_computed(narrow)
    link = f"Dispute {wide.pk} of Southmere"
    for address in (narrow, evidence("within_target", ("partner",), {"partner": "Northgate"})):
        assert link in page(MANAGER, address)
        for post in (LEAD, OTHER):
            assert link not in page(post, address) and "What 1 dispute" not in page(post, address)
    assert link in page(LEAD, evidence()), "of the whole service it touches six"
    marked = page(LEAD, f"/figures/{DAYS}")
    assert "disputed : Resolved within target, the whole service" in marked
    assert "disputed : Resolved within target, Northgate" not in marked
    seen = page(LEAD, f"/parity/{DAYS}")
    assert "the sentence changes" not in seen and "the sentence stays" not in seen
    assert "the sentence" in page(MANAGER, f"/parity/{DAYS}")


def answered(client: Client, made: Dispute, outcome: str) -> str:
    given = {"outcome": outcome, "words": "We looked."}
    return words(client.post(f"{made.get_absolute_url()}answer/", given, follow=True))


def test_it_is_answered_and_ended_by_the_pages() -> None:
    made, manager, lead = of_ticket(), browser_of(MANAGER), browser_of(LEAD)
    assert "The service stands by the fact" in answered(manager, made, "decline")
    assert browser_of(OTHER).get(f"{made.get_absolute_url()}settle/").status_code == 403
    assert lead.get(f"{made.get_absolute_url()}nonsense/").status_code == 404
    lead.post(f"{made.get_absolute_url()}maintain/", {"words": "It is not so."})
    assert "Accepted and put right" in answered(manager, made, "accept")
    undone = manager.post(f"{made.get_absolute_url()}undo/", {"words": "Another week."}, follow=True)
    assert "Undone: what counted before counts again" in words(undone)
    lead.post(f"{made.get_absolute_url()}withdraw/", {})
    assert Dispute.objects.with_state().get().state == "withdrawn"


def test_a_class_is_accepted_by_a_worker() -> None:
    made = of_class("priority", "P1", wanted=june(partner="southmere"))
    answered(browser_of(MANAGER), made, "accept")
    job = Job.objects.get(name="demand.accept_dispute")
    assert Dispute.objects.with_state().get().state == "open"
    for _ in range(2):
        accepting.accept_asked_for(by=somebody(MANAGER), **job.arguments, **BESIDE)
    assert Dispute.objects.with_state().get().state == "accepted"

    browser_of(MANAGER).post(f"{made.get_absolute_url()}undo/", {"words": "Another week."}, follow=True)
    assert Dispute.objects.with_state().get().state == "accepted", "a worker undoes it"
    job = Job.objects.get(name="demand.take_back_dispute")
    done = [accepting.take_back_asked_for(by=somebody(MANAGER), **job.arguments, **BESIDE) for _ in range(2)]
    assert done[0] is not None and done[1] is None
    assert Dispute.objects.with_state().get().state == "open" and known("S1").get_priority_display() == "P3"
