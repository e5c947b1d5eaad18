"""Kept files read again by another version of a mapping: what is replaced, what cannot be, and the thread both ways."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from commonhold.demand.acts import importing, saved_mappings
from commonhold.demand.acts import reading_again as acts
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.models import Batch, Event, SavedMapping
from commonhold.demand.queries import ages
from commonhold.demand.queries.kept import kept
from commonhold.demand.queries.knowledge import knowledge
from commonhold.jobs.models import Job
from commonhold.ledger import evidence
from commonhold.ledger.models import Entry
from commonhold.ledger.queries.threads import thread
from commonhold.refusals import NotAllowed, Refused
from tests.demand.bringing import SNAPSHOTS, bring, known, references, snapshots
from tests.demand.conftest import SignIn
from tests.reading import links, words
from tests.universe import NOON, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST = "service-analyst"
MAY = snapshots("A-1,Done,2026-05-01 08:00,2026-05-04 09:00,3,Desk,", "A-2,Waiting,2026-05-02 08:00,,3,Desk,30")
JUNE = snapshots("A-2,Done,2026-05-02 08:00,2026-06-02 10:00,3,Desk,30", "A-3,New,2026-06-03 08:00,,3,Field,")
CLOSED = {**SNAPSHOTS.states, "Done": "closed"}


def saved(**changes: Any) -> SavedMapping:
    by = somebody(ANALYST)
    return saved_mappings.save_mapping(by=by, name="council", mapping=replace(SNAPSHOTS, **changes), why="So.")


def read_again(row: SavedMapping, digest: str, progress: Callable[[float, str], None] | None = None) -> str:
    return acts.read_again(
        by=somebody(ANALYST),
        mapping=row.pk,
        digest=digest,
        clock=lambda: NOON,
        progress=progress or (lambda share, words: None),
        waiting=lambda: None,
    )


def counting() -> list[int]:
    return list(Batch.objects.taken().filter(known_until=None).order_by("number").values_list("number", flat=True))


def test_every_kept_file_is_read_again_and_the_new_reading_counts_in_place_of_the_old() -> None:
    first = saved()
    bring(MAY, first.mapping())
    bring(JUNE, first.mapping())
    second = saved(states=CLOSED)
    then = knowledge()

    assert read_again(second, first.digest) == "2 of 2 read again by council, version 2."

    assert counting() == [3, 4]
    assert known("A-1").get_state_display() == "Closed"
    assert known("A-2").get_state_display() == "Closed", "June's file tells of it after May's, as before"
    assert known("A-3").team is not None
    assert known("A-1", then.batch).get_state_display() == "Resolved", "what was known then is as it was"
    assert list(Batch.objects.filter(known_until__isnull=False).values_list("number", "known_until")) == [
        (2, 4),
        (1, 3),
    ]
    assert Event.objects.filter(batch=1).exists()


def test_a_file_that_is_being_read_again_counts_until_that_is_taken_over() -> None:
    bring(MAY, saved().mapping())
    told = Batch.objects.known_through()
    gathering = importing.begin(kind=Batch.Kind.FILE, at=NOON)
    Batch.objects.filter(number=1).update(known_until=gathering.number)

    assert told is not None and Batch.objects.known_through() == told
    assert [age.told_to for age in ages.found(NOON)] == [told]


def test_the_pages_of_both_readings_lead_to_each_other(sign_in: SignIn) -> None:
    first = saved()
    bring(MAY, first.mapping())
    read_again(saved(states=CLOSED), first.digest)
    client = sign_in("client-lead-of-southmere")
    page = client.get("/imports/2/")
    assert "This reading takes the place of batch 1" in words(page)
    assert links(page)["batch 1"] == "/imports/1/"
    assert links(client.get("/imports/1/"))["batch 2"] == "/imports/2/"


def test_the_thread_leads_from_the_mapping_to_the_reading_and_back() -> None:
    first = saved()
    bring(MAY, first.mapping())
    second = saved(states=CLOSED)
    read_again(second, first.digest)

    entry = Batch.objects.get(number=2).entry
    assert entry is not None and second.entry is not None
    assert entry.because == [second.entry.number]
    assert entry.facts["replaces"] == [1]
    for start in (first.entry, entry):
        assert start is not None
        whole = thread(start.number, somebody(ANALYST))
        assert whole is not None and first.entry is not None
        told = {step.line.number for step in whole.steps}
        assert {first.entry.number, second.entry.number, entry.number} <= told


def test_zone_map_of_partners_and_share_of_bad_rows_stay_as_they_were_said_beside_the_file() -> None:
    first = saved()
    given = snapshots("A-1,New,2026-05-01 08:00,,3,Desk,", "A-2,Odd,2026-05-01 08:00,,3,Desk,")
    bring(given, first.mapping(), time_zone="UTC", tolerate=0.6)
    second = saved(priorities={"3": "P2"}, time_zone="Europe/Paris")

    assert read_again(second, first.digest).startswith("1 of 1")
    batch = Batch.objects.get(number=2)
    assert (batch.time_zone, len(batch.left_out)) == ("UTC", 1)
    assert known("A-1").get_priority_display() == "P2"


def test_the_zone_of_the_mapping_gives_way_to_that_of_the_new_one() -> None:
    first = saved()
    bring(MAY, first.mapping())
    read_again(saved(time_zone="Europe/Paris"), first.digest)
    assert Batch.objects.get(number=2).time_zone == "Europe/Paris"


def test_a_column_that_was_not_kept_cannot_be_added_and_the_original_is_asked_for_by_its_digest() -> None:
    first = saved(columns={ours: theirs for ours, theirs in SNAPSHOTS.columns.items() if ours != "team"}, optional=())
    report = bring(MAY, first.mapping())
    second = saved(optional=frozenset())

    said = read_again(second, first.digest)

    original = hashlib.sha256(MAY.encode()).hexdigest()
    assert said == (
        f"0 of 1 read again by council, version 2. Batch 1 lacks 'team': bring the file as it came, SHA-256 {original}."
    )
    assert counting() == [report["batch"]]
    assert bring(MAY, second.mapping())["replaces"] == [1], "and the original brings it"


def test_what_an_earlier_reading_kept_is_found_again() -> None:
    """A version that names fewer columns leaves a smaller file; the next is read from the one that has them."""
    first = saved()
    bring(MAY, first.mapping())
    small = saved(columns={"reference": "ref", "opened_at": "opened", "state": "state"}, optional=frozenset())
    read_again(small, first.digest)
    assert known("A-1").priority == 0
    third = saved(states=CLOSED)
    assert kept(2, third.mapping()).can_be_read
    assert read_again(third, small.digest).startswith("1 of 1")
    assert known("A-1").get_priority_display() == "P3"


def test_columns_that_may_be_missing_are_named() -> None:
    first = saved(columns={ours: theirs for ours, theirs in SNAPSHOTS.columns.items() if ours != "team"}, optional=())
    bring(MAY, first.mapping())
    one = kept(1, SNAPSHOTS)
    assert (one.can_be_read, one.missing, one.unknown) == (True, (), ("team",))


def test_a_file_that_is_not_kept_any_more_is_said_and_the_others_are_read() -> None:
    first = saved()
    bring(MAY, first.mapping())
    bring(JUNE, first.mapping())
    evidence.remove(Batch.objects.get(number=1).sha256)
    said = read_again(saved(states=CLOSED), first.digest)
    assert said.startswith("1 of 2 read again") and "Batch 1 is not kept here" in said
    assert counting() == [1, 3]


def test_a_file_that_the_new_version_cannot_read_stays_as_it_was() -> None:
    first = saved()
    bring(MAY, first.mapping())
    said = read_again(saved(states={"New": "open"}), first.digest)
    assert "0 of 1 read again" in said and "Batch 1 was refused: 2 of the 2 rows cannot be read" in said
    assert counting() == [1]
    assert references() == ["A-1", "A-2"]


def test_where_it_stops_what_was_read_stays_and_asked_again_it_goes_on() -> None:
    first = saved()
    bring(MAY, first.mapping())
    bring(JUNE, first.mapping())
    second = saved(states=CLOSED)

    def stop(share: float, words: str) -> None:
        if share >= 0.7:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        read_again(second, first.digest, stop)
    assert counting() == [2, 3]
    assert references() == ["A-1", "A-2", "A-3"]

    assert read_again(second, first.digest) == "1 of 1 read again by council, version 2."
    assert counting() == [3, 4]
    assert known("A-2").get_state_display() == "Closed"


def test_progress_runs_from_file_to_file() -> None:
    first = saved()
    bring(MAY, first.mapping())
    bring(JUNE, first.mapping())
    told: list[tuple[float, str]] = []
    read_again(saved(states=CLOSED), first.digest, lambda share, words: told.append((share, words)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares) and 0 <= shares[0] < 0.5 <= shares[-1] <= 1
    assert told[0][1].startswith("Batch 1: ")


def test_who_may_ask_and_for_what() -> None:
    first = saved()
    bring(MAY, first.mapping())
    second = saved(states=CLOSED)
    with pytest.raises(NotAllowed):
        acts.ask_to_read_again(by=somebody("client-lead-of-southmere"), mapping=second, digest=first.digest)
    with pytest.raises(Refused, match="read by this version already"):
        acts.ask_to_read_again(by=somebody(ANALYST), mapping=first, digest=first.digest)
    with pytest.raises(Refused, match="No file that counts"):
        acts.ask_to_read_again(by=somebody(ANALYST), mapping=first, digest=second.digest)
    saved_mappings.retire_mapping(by=somebody(ANALYST), mapping=second, why="No.")
    with pytest.raises(Refused, match="is retired"):
        acts.ask_to_read_again(by=somebody(ANALYST), mapping=second, digest=first.digest)


def test_the_page_shows_which_files_can_be_read_and_asks_for_it_once(sign_in: SignIn) -> None:
    first = saved()
    bring(MAY, first.mapping())
    client = sign_in(ANALYST)
    assert "There is no other saved mapping to read by" in words(client.get("/imports/1/read-again/"))
    saved(states=CLOSED)
    assert links(client.get("/imports/1/"))["Read this file again by another mapping"] == "/imports/1/read-again/"

    page = client.get("/imports/1/read-again/?mapping=council@2")
    assert "Batch 1 Council desk Yes" in words(page)
    entries = Entry.objects.count()
    answer = client.post("/imports/1/read-again/", {"mapping": "council@2"})
    assert answer.url == "/imports/1/read-again/?mapping=council%402"
    job = Job.objects.get(name="demand.read_again")
    assert (job.post, job.words_for_it) == (ANALYST, "Read kept files again by council, version 2")
    assert Entry.objects.count() == entries, "asking is no act; each reading is"
    assert "Waiting to begin" in words(client.get(answer.url))
    client.post("/imports/1/read-again/", {"mapping": "council@2"})
    assert Job.objects.filter(name="demand.read_again").count() == 1


def test_the_page_says_what_is_missing(sign_in: SignIn) -> None:
    few: Mapping = replace(SNAPSHOTS, columns={"reference": "ref", "opened_at": "opened"}, optional=frozenset())
    few = replace(few, states={})
    bring(MAY, few)
    saved(optional=frozenset({"team"}))
    page = words(sign_in(ANALYST).get("/imports/1/read-again/?mapping=council@1"))
    assert "No: what is kept has no held, priority, resolved, state" in page
    assert hashlib.sha256(MAY.encode()).hexdigest() in page


@pytest.mark.parametrize("post", ["", "client-lead-of-southmere", "managing-director"])
def test_others_are_not_asked(sign_in: SignIn, post: str) -> None:
    first = saved()
    bring(MAY, first.mapping())
    saved(states=CLOSED)
    client = sign_in(post)
    assert client.get("/imports/1/read-again/").status_code in (302, 403)
    assert client.post("/imports/1/read-again/", {"mapping": "council@2"}).status_code in (302, 403)
    assert not Job.objects.filter(name="demand.read_again").exists()
    assert "Read this file again" not in words(client.get("/imports/1/"))


@pytest.mark.parametrize("mapping", ["council@1", "nobody@1", "hornbill", "x" * 5_000, "council@2\x00"])
def test_what_is_no_choice_is_an_error_on_the_form(sign_in: SignIn, mapping: str) -> None:
    first = saved()
    bring(MAY, first.mapping())
    saved(states=CLOSED)
    answer = sign_in(ANALYST).post("/imports/1/read-again/", {"mapping": mapping})
    assert answer.status_code == 200
    assert not Job.objects.filter(name="demand.read_again").exists()
