"""Whether the tickets are all there: gaps in references, working days without any, for whoever holds a post."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from commonhold.demand.acts.completeness import ask_for_days, forget_days, keep_days, keep_months
from commonhold.demand.engine.completeness import FEWEST, Gap, gaps, quiet, series, split
from commonhold.demand.engine.feeds import KEPT, Brought
from commonhold.demand.engine.mapping import of_holds
from commonhold.demand.models import Batch, DaysComplete
from commonhold.demand.queries.brought import of_days
from commonhold.demand.queries.completeness import complete
from commonhold.jobs.management.runner.doing import Worker, do_next
from commonhold.jobs.management.runner.watching import learn_tasks
from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import public
from commonhold.ledger.models import Entry
from commonhold.refusals import NotAllowed, Refused
from tests.demand.bringing import SNAPSHOTS, bring, events
from tests.demand.conftest import SignIn
from tests.demand.feeds import file, put, set_up, token, work
from tests.reading import words
from tests.universe import NOON, somebody

pages = pytest.mark.usefixtures("partnership")
JUNE = (date(2026, 6, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("SD0012", ("SD", 4, 12)), ("INC-7", ("INC-", 1, 7)), ("42", ("", 2, 42)), ("A/B", None), ("", None),
        ("1234567890123456", None), ("SD1X", None), ("SD\N{ARABIC-INDIC DIGIT ONE}", None),
    ],
)  # fmt: skip
def test_a_reference_is_split_into_its_beginning_and_its_number(
    reference: str, parts: tuple[str, int, int] | None
) -> None:
    assert split(reference) == parts


def test_references_are_a_series_where_they_are_many_and_close() -> None:
    many = [f"SD{number:04}" for number in range(1, FEWEST + 1)]
    few, sparse = [f"X{n}" for n in range(1, 9)], [f"K{n * 50:06}" for n in range(1, FEWEST + 5)]

    assert [(one.prefix, one.low, one.high, one.tickets) for one in series([*many, *few, *sparse, "none"])] == [
        ("SD", 1, FEWEST, FEWEST)
    ]


@given(st.integers(FEWEST, 200), st.integers(200, 4_000), st.integers(0, 2**32))
def test_gaps_are_exactly_what_is_missing_between_the_lowest_and_the_highest(count: int, of: int, seed: int) -> None:
    numbers = set(Random(seed).sample(range(of), count))
    found = series(f"T{number:05}" for number in numbers)
    if not found:
        assert max(numbers) - min(numbers) + 1 > 10 * len(numbers)
        return
    missing = {number for gap in gaps(found[0], numbers) for number in range(gap.first, gap.last + 1)}

    assert missing == set(range(min(numbers), max(numbers) + 1)) - numbers
    assert all(gap.first - 1 in numbers and gap.last + 1 in numbers for gap in gaps(found[0], numbers))


def test_a_gap_is_named_by_its_references() -> None:
    (one,) = series(f"SD{number:04}" for number in range(1, 30) if number not in (5, 8, 9))

    assert gaps(one, {number for number in range(1, 30) if number not in (5, 8, 9)}) == [Gap(5, 5), Gap(8, 9)]
    assert one.reference(8) == "SD0008"


def test_a_quiet_day_is_a_working_day_without_a_ticket() -> None:
    days = [date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)]

    assert quiet([date(2026, 6, 1), date(2026, 6, 6)], days) == days[1:]


def tickets(leave_out: tuple[int, ...] = (), day_out: int = 10) -> str:
    """Forty tickets, two on each working day of June 2026 but one, numbered in that order."""
    days = [JUNE[0] + timedelta(days=n) for n in range(30)]
    working = [day for day in days if day.weekday() < 5 and day.day != day_out]
    lines = []
    for number in range(1, 43):
        if number not in leave_out:
            at = working[(number - 1) // 2]
            lines.append(f"SD{number:04},{at}T09:00Z,open,P3,incident,Service Desk,Southmere,Email,Fault")
    return events(*lines)


@pages
@pytest.mark.django_db
def test_gaps_and_quiet_days_are_told_of_each_desk() -> None:
    bring(tickets(leave_out=(7, 20, 21)))

    (found,) = complete(*JUNE, known=Batch.objects.known())

    assert (found.tickets, found.missing) == (39, 3)
    assert list(found.numbered[0].named(10)) == ["SD0007", "SD0020 to SD0021"]
    assert found.quiet == (date(2026, 6, 10),)
    assert (
        found.sentence == f"{found.desk}: 3 of 42 numbers missing; 1 of {found.working} working days without a ticket"
    )


@pages
@pytest.mark.django_db
def test_a_number_that_a_ticket_of_other_days_has_is_not_missing() -> None:
    bring(tickets(leave_out=(7,)))
    bring(events("SD0007,2026-05-04T09:00Z,open,P3,incident,Service Desk,Southmere,Email,Fault"))

    (found,) = complete(*JUNE, known=Batch.objects.known())

    assert found.missing == 0


@pages
@pytest.mark.django_db
def test_more_than_a_quarter_is_refused_in_plain_words(sign_in: SignIn) -> None:
    with pytest.raises(Refused, match="92 days at once at most"):
        complete(date(2026, 1, 1), date(2026, 6, 30), known=0)
    page = words(sign_in("service-analyst").get("/completeness/?first=2026-01-01&last=2026-06-30"))
    assert "Nothing was looked at" in page and "92 days" in page


@pages
@pytest.mark.django_db
def test_whoever_holds_a_post_reads_the_page_and_the_public_the_rule(sign_in: SignIn) -> None:
    assert "No tickets are known yet" in words(sign_in("service-analyst").get("/completeness/"))
    bring(tickets(leave_out=(7,)))
    keep_months()

    for post in ("service-analyst", "client-lead-of-northgate", "auditor-of-eastwell-vale"):
        page = words(sign_in(post).get("/completeness/"))
        assert "SD0001 to SD0042 1 SD0007 1 of" in page, post
    everybodys = words(sign_in("").get("/completeness/"))
    assert "SD0001" not in everybodys and "Sign in to see it" in everybodys


@pages
@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["?first=2026-06-30&last=2026-06-01", "?first=2026-06-01", "?first=x&last=y", "?last=9999-12-31"]
)
def test_days_that_make_no_sense_are_said(sign_in: SignIn, query: str) -> None:
    assert "Nothing was looked at" in words(sign_in("service-analyst").get(f"/completeness/{query}"))


@pages
@pytest.mark.django_db
def test_the_last_day_of_all_time_is_looked_at_like_any_other(sign_in: SignIn) -> None:
    bring(tickets())
    client: Client = sign_in("service-analyst")

    assert client.get("/completeness/?first=9999-12-01&last=9999-12-31").status_code == 200
    assert client.get("/completeness/?first=0001-01-01&last=0001-01-31").status_code == 200


@pages
@pytest.mark.django_db
def test_months_are_kept_ready_until_another_file_comes(sign_in: SignIn) -> None:
    bring(tickets(leave_out=(7, 20)))
    assert keep_months() == keep_months() == 13

    assert DaysComplete.objects.count() == 13
    kept = DaysComplete.objects.get(first=JUNE[0])
    assert kept.desks == complete(*JUNE, known=Batch.objects.known())
    assert "SD0007 and SD0020" in words(sign_in("service-analyst").get("/completeness/"))
    bring(events("SD0007,2026-06-03T09:00Z,open,P3,incident,Service Desk,Southmere,Email,Fault"))
    assert "Another file was brought since" in words(sign_in("service-analyst").get("/completeness/"))
    keep_months()
    assert "SD0007" not in words(sign_in("service-analyst").get("/completeness/")), "not what was kept before"
    assert {row.batch for row in DaysComplete.objects.all()} == {Batch.objects.known()}


ODD = {"first": "2026-06-03", "last": "2026-06-24"}
THERE = "/completeness/?first=2026-06-03&last=2026-06-24"


def a_worker_works() -> None:
    """A worker does what is due."""
    learn_tasks()
    worker = Worker("one", lambda: NOON)
    while do_next(worker):
        pass


@pages
@pytest.mark.django_db
def test_days_that_are_no_month_are_looked_at_by_a_worker_and_kept(sign_in: SignIn) -> None:
    bring(tickets(leave_out=(15, 20)))
    client, entries = sign_in("service-analyst"), Entry.objects.count()

    assert "Nobody has looked at these days yet" in words(client.get(THERE))
    asked = client.post("/completeness/look/", ODD, follow=True)
    client.post("/completeness/look/", ODD)
    assert "Waiting to begin" in words(asked) and Job.objects.filter(name="demand.look_at_days").count() == 1
    assert "Somebody has asked for these days already" in words(sign_in("auditor-of-eastwell-vale").get(THERE))
    a_worker_works()

    kept = DaysComplete.objects.get(first=date(2026, 6, 3), last=date(2026, 6, 24))
    assert kept.desks == complete(kept.first, kept.last, known=Batch.objects.known())
    assert "SD0015 and SD0020" in words(client.get(THERE))
    assert Entry.objects.count() == entries, "it is a working"


@pages
@pytest.mark.django_db
def test_what_was_found_stays_until_it_is_found_again_and_says_what_it_is(sign_in: SignIn) -> None:
    bring(tickets(leave_out=(15, 20)))
    keep_days(first=date(2026, 6, 3), last=date(2026, 6, 24))
    bring(events("SD0015,2026-06-09T09:00Z,open,P3,incident,Service Desk,Southmere,Email,Fault"))
    client = sign_in("service-analyst")

    page = words(client.get(THERE))
    assert "Another file was brought since" in page and "SD0015 and SD0020" in page
    client.post("/completeness/look/", ODD)
    a_worker_works()
    page = words(client.get(THERE))
    assert "Another file was brought since" not in page and "SD0020" in page and "SD0015 and" not in page
    assert DaysComplete.objects.filter(first=date(2026, 6, 3)).count() == 1


@pages
@pytest.mark.django_db
def test_how_far_it_is_is_told_desk_by_desk() -> None:
    bring(tickets())
    told: list[tuple[int, int, str]] = []
    keep_days(first=JUNE[0], last=JUNE[1], progress=lambda *said: told.append(said))

    assert [(done, of) for done, of, _ in told] == [(0, 1)] and told[0][2].startswith("Looking at ")


@pages
@pytest.mark.django_db
@pytest.mark.parametrize(
    "days",
    [{"first": "2026-01-01", "last": "2026-06-30"}, {"first": "2026-06-02", "last": "2026-06-01"}, {}, {"first": "x"}],
)
def test_no_worker_is_asked_for_days_that_make_no_sense(sign_in: SignIn, days: dict[str, str]) -> None:
    bring(tickets())

    assert sign_in("service-analyst").post("/completeness/look/", days).status_code == 400
    assert not Job.objects.filter(name="demand.look_at_days").exists()


@pages
@pytest.mark.django_db
def test_a_post_has_three_looks_at_once_and_what_was_found_is_forgotten(sign_in: SignIn) -> None:
    bring(tickets())
    keep_months()
    months, by = DaysComplete.objects.count(), somebody("service-analyst")
    for day in (3, 4, 5, 5):
        ask_for_days(by=by, first=date(2026, 6, day), last=date(2026, 6, 24))
    with pytest.raises(Refused, match="the most at once"):
        ask_for_days(by=by, first=date(2026, 6, 6), last=date(2026, 6, 24))
    assert Job.objects.filter(name="demand.look_at_days").count() == 3
    a_worker_works()

    assert forget_days(at=NOON + timedelta(days=6)) == 0
    assert forget_days(at=NOON + timedelta(days=8)) == 3 and DaysComplete.objects.count() == months > 0


@pages
@pytest.mark.django_db
def test_the_public_asks_for_nothing(sign_in: SignIn) -> None:
    assert sign_in("").post("/completeness/look/", ODD).status_code == 403
    with pytest.raises(NotAllowed):
        ask_for_days(by=public(NOON), first=JUNE[0], last=JUNE[1])


@pytest.mark.django_db
def test_a_file_of_holds_tells_of_no_new_tickets() -> None:
    at = datetime(2026, 6, 3, 6, tzinfo=UTC)
    bring("ref,state,opened\nA1,New,2026-06-01T09:00\n", SNAPSHOTS, exported_at=at)
    before = complete(*JUNE, known=Batch.objects.known())
    bring(
        "reference,from,to\nA1,2026-06-02T09:00,2026-06-02T10:00\n", of_holds(SNAPSHOTS), exported_at=at.replace(day=30)
    )

    assert [(one.working, one.quiet) for one in before] == [(2, (date(2026, 6, 2),))]
    assert complete(*JUNE, known=Batch.objects.known()) == before


@pages
@pytest.mark.django_db
def test_without_tickets_no_month_is_kept() -> None:
    assert keep_months() == 0


@pages
@pytest.mark.django_db
def test_files_that_were_expected_and_did_not_come_are_said(sign_in: SignIn) -> None:
    bring(tickets())
    version = set_up(name="service-desk")
    days = (NOON.date(), (NOON + timedelta(days=3)).date())
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        assert put(file("F1"), text=token()).status_code == 202
        work(version.feed_id)
        assert put(file("F1", "F2"), text=token()).status_code == 202
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        found = {one.desk: one for one in of_days(*days, at=NOON + timedelta(days=3), known=Batch.objects.known())}[
            version.desk
        ]

        assert (found.files.expected, found.in_time, len(found.files.late), len(found.files.lacking)) == (3, 0, 2, 1)
        assert "1 of 3 files expected did not come, 2 came late" in found.sentence
        page = words(sign_in("service-analyst").get(f"/completeness/?first={days[0]}&last={days[1]}"))
    assert f"{version.desk} 3 0 2 1 24 July 2026 at 9am" in page
    assert "Files expected from" not in words(sign_in("").get("/completeness/"))


@pytest.mark.django_db
def test_of_files_that_came_long_ago_it_is_no_longer_known_whether_they_did() -> None:
    version = set_up(name="service-desk")
    day, at = NOON.date(), NOON + timedelta(days=430)
    kept_from = at - KEPT

    (old,) = of_days(day, day + timedelta(days=20), at=at, known=0)
    assert (old.desk, old.files) == (version.desk, Brought())
    assert f"came before {kept_from.day} {kept_from:%B %Y} is no longer known" in old.sentence

    (new,) = of_days(day, day + timedelta(days=40), at=at, known=0)
    assert new.files.lacking and min(new.files.lacking) > kept_from and "no longer known" in new.sentence
    (newest,) = of_days(day + timedelta(days=35), day + timedelta(days=40), at=at, known=0)
    assert newest.files.lacking and "no longer known" not in newest.sentence


@pytest.mark.django_db
def test_a_file_of_holds_does_not_tell_of_days_to_the_end() -> None:
    at = datetime(2026, 6, 3, 6, tzinfo=UTC)
    bring("ref,state,opened\nA1,New,2026-06-01T09:00\n", SNAPSHOTS, exported_at=at)
    holds = "reference,from,to\nA1,2026-06-02T09:00,2026-06-02T10:00\n"
    bring(holds, of_holds(SNAPSHOTS), exported_at=at.replace(day=30))

    (desk,) = of_days(*JUNE, at=NOON, known=Batch.objects.known())
    assert desk.told_to == at and desk.stops_short


@pages
@pytest.mark.django_db
def test_a_desk_that_stopped_sending_says_so_instead_of_none_of_none(sign_in: SignIn) -> None:
    bring(tickets())
    keep_days(first=date(2026, 7, 6), last=date(2026, 7, 12))
    page = words(sign_in("service-analyst").get("/completeness/?first=2026-07-06&last=2026-07-12"))

    assert "none of these days" in page and "none of 0" not in page
    assert "its files tell of no working day of these" in page
