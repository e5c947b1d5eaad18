"""The demonstration's story, told by acts with a twentieth of its tickets: what it holds, and that it is told once."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from commonhold.demand.engine.columns import Grade
from commonhold.demand.models import Batch, Correction, Dispute, Incident, Reckoning, Ticket
from commonhold.figures import Span
from commonhold.governance.acts import actions
from commonhold.governance.models import Action, Meeting
from commonhold.jobs.models import Job
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.performance.acts import computing, publishing, reconciling
from commonhold.performance.engine.disputed import Beside
from commonhold.performance.engine.parity import parity
from commonhold.performance.models import DisputedReading, Pack, Reconciliation
from commonhold.performance.queries.periods import basis, the_period
from commonhold.performance.queries.readings import figures, ready
from commonhold.web.demo import founding, story, telling
from commonhold.web.demo.desk import A_FEW, FAULTS, WORSE_SERVED
from commonhold.web.demo.reports import SPRING
from tests import universe
from tests.documents.test_pdf import text_of
from tests.reading import links

pytestmark = pytest.mark.long


def said(share: float, words: str) -> None:
    assert 0 <= share <= 1
    assert words


@pytest.fixture(scope="module")
def whole_story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        founding.found()
        for number in range(len(story.CHAPTERS)):
            story.tell(number, A_FEW, said)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def told(whole_story: None, db: None, settings: Settings) -> None:
    settings.STATIC_ROOT = None


def quarter(year: int, month: int) -> Span:
    """Three months from the first of this one."""
    after = date(year + (month == 10), (month + 2) % 12 + 1, 1)
    return Span(date(year, month, 1), after - timedelta(days=1))


QUARTERS = [quarter(year, month) for year in (2023, 2024, 2025, 2026) for month in (1, 4, 7, 10)][2:14]


def served(days: Span, measure: str) -> dict[str | None, str]:
    on = basis()
    extract = computing.extract_of(period=the_period(days, on.known), on=on)
    return {one.partner: one.difference for one in parity(extract, measure, on.names).partners}


@pytest.mark.parametrize("measure", ["within_target", "source_verdict_met"])
def test_parity_finds_the_one_quarter_in_which_northgate_is_served_worse(told: None, measure: str) -> None:
    found = {
        (days.first, partner) for days in QUARTERS for partner, how in served(days, measure).items() if how == "worse"
    }

    assert found == {(WORSE_SERVED[1], WORSE_SERVED[0])}


@pytest.mark.parametrize(
    "days", [quarter(2025, 7), quarter(2026, 1), quarter(2026, 4)], ids=lambda days: str(days.first)
)
def test_in_the_quarters_around_it_parity_finds_nobody(told: None, days: Span) -> None:
    assert set(served(days, "within_target").values()) == {"none"}


def test_the_story_is_that_of_one_action_from_the_resolution_to_its_close(told: None) -> None:
    action = Action.objects.get()

    assert [str(meeting.day) for meeting in Meeting.objects.order_by("day")][:3] == [
        "2026-01-27", "2026-04-21", "2026-07-21",
    ]  # fmt: skip
    assert [update.closes for update in action.updates.order_by("pk")] == [False, True]
    assert Pack.objects.filter(profile="public").count() == Pack.objects.filter(profile="board").count() == 3


def test_whoever_follows_the_story_finds_a_pack_without_signing_in(told: None) -> None:
    """Each meeting has the public's pack before it beside the boards', which asks the public to sign in."""
    for day in ("2026-01-27", "2026-04-21", "2026-07-21"):
        found = links(Client().get(f"/meetings/joint-committee/{day}/"))
        packs = {address for address in found.values() if re.fullmatch(r"/packs/\d+/", address)}

        assert sorted(Client().get(address).status_code for address in packs) == [200, 403]


def test_one_dispute_was_put_right_one_is_maintained_and_one_waits(told: None) -> None:
    found = list(Dispute.objects.with_state().select_related("partner").order_by("pk"))

    assert [(str(one.partner), one.fact, one.state) for one in found] == [
        ("Northgate", "hold", "settled"), ("Eastwell Vale", "hold", "maintained"), ("Southmere", "priority", "open"),
    ]  # fmt: skip
    assert Correction.objects.get().ticket == found[0].ticket, "what was accepted is put right"
    assert found[1].tickets > 1, "a class of tickets"


def test_what_is_maintained_stands_beside_the_figures_of_its_quarter(told: None) -> None:
    dispute = Dispute.objects.get(partner__slug="eastwell-vale")
    kept = DisputedReading.objects.get(dispute=dispute.pk, period=ready().periods[SPRING].number)

    beside = [Beside.from_json(one) for one in kept.figures]
    (share,) = [one for one in beside if one.measure == "within_target" and not one.scope]
    assert share.points is not None
    assert share.points < 0, "with its holds counted, fewer are within target"


def test_a_partner_s_own_figure_comes_out_to_the_last_ticket(told: None) -> None:
    asked = Reconciliation.objects.get()
    assert (asked.partner, asked.kind) == ("eastwell-vale", "list")

    reconciling.work_out(reconciliation=asked.pk, at=universe.NOON, progress=lambda _: None)

    asked.refresh_from_db()
    assert asked.result is not None
    assert asked.result["left_over"]["value"] == 0
    assert {line["cause"] for line in asked.result["lines"]} >= {"only", "basis", "holds"}


def test_a_desk_that_keeps_no_history_leaves_its_figures_in_doubt(told: None) -> None:
    rows = Reckoning.objects.known(Batch.objects.known()).filter(ticket__desk__name="Libraries Help Desk")
    analyst = founding.somebody("service-analyst", universe.NOON)
    ((share,),) = figures([ready().periods[SPRING]], [()], seen_by=analyst, measure="within_target")

    assert {Grade(grade) for grade in rows.values_list("grade", flat=True)} == {
        Grade.NONE, Grade.OBSERVED, Grade.INTERVALS,
    }  # fmt: skip
    assert share.low < share.value < share.high


def test_what_is_told_of_an_incident_is_about_the_service_of_its_ticket(told: None) -> None:
    known = Reckoning.objects.known(Batch.objects.known())
    for account, service in (("Telephones", "Telephony"), ("File storage", "File storage")):
        incident = Incident.objects.get(title__startswith=account)
        row = known.get(ticket__in=incident.tickets.values("ticket"))
        assert str(row.service) == service
        assert str(row.category) in FAULTS


def test_everything_happened_at_its_own_time(told: None) -> None:
    instants = list(Entry.objects.order_by("number").values_list("at", flat=True))

    assert instants == sorted(instants)
    assert instants[-1].date() == date(2026, 7, 22)


def test_a_chapter_told_again_changes_nothing(told: None) -> None:
    before = Entry.objects.count(), Ticket.objects.count(), Batch.objects.count()

    founding.found()
    for number in range(len(story.CHAPTERS)):
        story.tell(number, A_FEW, said)

    assert (Entry.objects.count(), Ticket.objects.count(), Batch.objects.count()) == before


def test_a_chapter_can_be_told_again_whatever_people_did_since(told: None) -> None:
    """Somebody takes back what the story told and adds to it; the next start of the demonstration leaves that alone."""
    now = universe.NOON + timedelta(days=30)
    director = founding.somebody("managing-director", now)
    clerk = founding.somebody(founding.CLERK, now)
    action = Action.objects.get()
    actions.strike_update(by=director, update=action.updates.get(closes=True), reason="Too soon.")
    actions.ask(by=clerk, resolution=action.resolution, text="Look again", owner=action.owner)
    publishing.withdraw(by=director, pack=Pack.objects.order_by("pk")[0], reason="A trial.")
    before = Entry.objects.count()

    for number in range(len(story.CHAPTERS)):
        story.tell(number, A_FEW, said)

    assert Entry.objects.count() == before


@pytest.mark.parametrize("address", ["/", "/figures/", "/parity/", "/packs/", "/meetings/", "/record/", "/nowhere/"])
def test_every_page_bears_the_word(told: None, address: str) -> None:
    assert b"DEMONSTRATION" in Client().get(address).content


def test_every_document_bears_the_word_on_every_page(told: None) -> None:
    for pack in Pack.objects.all():
        with evidence.opened(pack.html) as file:
            assert b"DEMONSTRATION" in file.read()
        with evidence.opened(pack.pdf) as file:
            pages = text_of(file.read()).split("\f")[:-1]
        assert len(pages) > 2
        assert all("DEMONSTRATION" in page for page in pages)


def asked(number: int, **changes: object) -> Job:
    """A chapter as it stands among the jobs."""
    story.ask_for(number, By(post="operator", at=universe.NOON), A_FEW)
    Job.objects.filter(name=telling.CHAPTER).update(**changes)
    return Job.objects.get(name=telling.CHAPTER)


def test_while_it_is_told_the_first_page_says_how_far_it_is(told: None) -> None:
    asked(3, done=45, total=100)

    seen = Client().get("/").content.decode()

    assert "The demonstration is still being told: October to December 2025, chapter 4 of 8" in seen
    assert re.search(r'<progress[^>]*value="45" max="100"', seen)


def test_how_far_it_is_is_asked_for_alone_and_at_the_end_the_page_comes_anew(told: None) -> None:
    job = asked(3, done=45, total=100)
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}

    seen = Client().get("/", headers=part)
    assert seen.content.decode().lstrip().startswith('<div class="ch-progress"')
    assert "HX-Refresh" not in seen

    Job.objects.filter(pk=job.pk).update(state="done", ended_at=universe.NOON)
    assert Client().get("/", headers=part)["HX-Refresh"] == "true"


@pytest.mark.parametrize("state", ["asked", "failed", "cancelled"])
def test_until_it_is_told_nobody_adds_to_it(told: None, state: str) -> None:
    ended = {} if state == "asked" else {"ended_at": universe.NOON}
    asked(3, state=state, **ended)
    client = universe.browser_of(founding.CLERK)
    words = {"name": "Scrutiny", "kind": "joint_committee", "reason": "What somebody wrote must not be lost."}

    refused = client.post("/meetings/new/", words)

    assert refused.status_code == 403
    assert "The story is still being told" in refused.content.decode()
    assert words["reason"] in refused.content.decode()
    assert client.post("/me/post/", {"post": founding.CLERK}).status_code in (200, 302), "a post can be chosen"


def test_a_story_that_stopped_says_so_and_goes_on_from_there(told: None) -> None:
    asked(3, state="failed", ended_at=universe.NOON)
    assert "stopped in chapter 4 of 8, October to December 2025" in Client().get("/").content.decode()

    story.begin(universe.NOON)

    again = telling.newest()
    assert again is not None
    assert (again.state, again.arguments) == ("asked", {"number": 3, "tickets_a_day": A_FEW})


def test_a_story_that_was_told_is_not_begun_again(told: None) -> None:
    asked(7, state="done", ended_at=universe.NOON)

    story.begin(universe.NOON)

    assert telling.is_told()
    assert Job.objects.filter(name=telling.CHAPTER).count() == 1


def test_there_are_as_many_chapters_as_pages_say() -> None:
    assert len(story.CHAPTERS) == telling.CHAPTERS
