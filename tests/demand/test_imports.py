"""Files of tickets, from their bytes to what is known of tickets, by the act that every way of bringing one calls."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonhold.demand.acts import imports, uploads
from commonhold.demand.acts.gathering import add_events
from commonhold.demand.acts.naming import names_of
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine import partners
from commonhold.demand.engine.chunk import Chunk
from commonhold.demand.models import Batch, Category, Desk, Event, Responsibility, State, Team
from commonhold.demand.queries.files import File
from commonhold.demand.queries.first_told import first_told
from commonhold.demand.queries.names import names
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import public
from commonhold.ledger.models import Entry
from commonhold.partnership.models import Partner
from commonhold.refusals import NotAllowed, Refused
from commonhold.web.demo import founding
from tests.demand.bringing import (
    CANONICAL,
    SAMPLES,
    SNAPSHOTS,
    bring,
    events,
    everything,
    known,
    operator,
    references,
    snapshots,
)
from tests.universe import NOON

pytestmark = pytest.mark.django_db

FOUR = events(
    "SD1,2026-06-01T08:00Z,open,P3,incident,Desk,Ashvale,Email,Fault",
    "SD1,2026-06-01T09:00Z,on_hold,P3,incident,Desk,Ashvale,Email,Fault",
    "SD1,2026-06-01T11:00Z,resolved,P3,incident,Desk,Ashvale,Email,Fault",
    "SD2,2026-06-02T08:00Z,open,P1,request,Networks,Brackmoor,Network,Question",
)


def test_the_acts_take_no_kind_of_file_that_nobody_can_read() -> None:
    bring(FOUR)
    before = everything()
    odd = replace(CANONICAL, kind="spam")

    with pytest.raises(Refused, match="cannot be read"):
        bring(events("SD1,2026-06-01T08:00Z,closed"), odd)
    with pytest.raises(Refused, match="cannot be read"):
        uploads.look_through(by=operator(), file=File(stream=BytesIO(FOUR.encode()), mapping=odd))
    chunk, named = Chunk.of("events", {"line": [], "digest": []}), names_of(desk=Desk.objects.get(), batch=1)
    with first_told() as aside, pytest.raises(Refused, match="cannot be read"):
        add_events(chunk=chunk, fresh=[], names=named, mapping=odd, aside=aside)
    assert everything() == before


def test_a_history_becomes_tickets_with_their_facts() -> None:
    report = bring(FOUR)

    assert report["tickets"] == {"new": 2, "changed": 0, "unchanged": 0}
    assert (report["rows"], report["events"], report["refused"]) == (4, 4, [])
    assert report["grades"] == {"intervals": 2, "observed": 0, "total": 0, "none": 0}
    first, second = known("SD1"), known("SD2")
    assert (first.partner and first.partner.name, first.team and first.team.name) == ("Ashvale", "Desk")
    assert (first.get_priority_display(), first.get_kind_display(), first.state) == ("P3", "Incident", State.RESOLVED)
    assert first.opened_at == datetime(2026, 6, 1, 8, tzinfo=UTC)
    assert first.resolved_at == datetime(2026, 6, 1, 11, tzinfo=UTC)
    assert first.was_held and not second.was_held
    assert (second.state, second.resolved_at, second.get_kind_display()) == (State.OPEN, None, "Service request")


def test_an_import_leaves_one_entry_with_digests_and_counts_and_no_title() -> None:
    before = Entry.objects.count()

    report = bring(FOUR)

    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    assert Entry.objects.count() == before + 1
    assert (entry.kind, entry.subject) == ("tickets.imported", f"batch/{report['batch']}")
    assert entry.facts["tickets"] == {"new": 2, "changed": 0, "unchanged": 0}
    assert entry.facts["sha256"] == report["sha256"]
    assert entry.facts["mapping"] == CANONICAL.digest
    assert "SD1" not in str(entry.plain)
    assert entry.is_as_entered


def test_what_was_read_is_kept_as_evidence_by_its_digest() -> None:
    report = bring(FOUR)

    for digest in (report["sha256"], CANONICAL.digest):
        with evidence.opened(digest) as kept:
            assert evidence.digest_of(kept) == digest


def test_the_same_file_again_changes_nothing_at_all() -> None:
    first = bring(FOUR)
    before = everything()

    again = bring(FOUR)

    assert everything() == before
    assert again["tickets"] == {"new": 0, "changed": 0, "unchanged": 2}
    assert (again["batch"], again["sha256"]) == (first["batch"], first["sha256"])


def test_the_same_rows_in_another_file_change_nothing_at_all() -> None:
    bring(FOUR)
    before = everything()

    again = bring(FOUR.replace("\n", "\r\n").replace("T08:00Z", "T09:00+01:00"))

    assert everything() == before
    assert again["tickets"] == {"new": 0, "changed": 0, "unchanged": 2}
    assert again["batch"] is None


def test_a_later_export_brings_what_it_says_anew() -> None:
    first = bring(FOUR)
    longer = (
        FOUR
        + events("SD2,2026-06-02T10:00Z,resolved,P1,request,Networks,Brackmoor,Network,Question").partition("\n")[2]
    )

    report = bring(longer)

    assert report["tickets"] == {"new": 0, "changed": 1, "unchanged": 1}
    assert report["events"] == 1
    assert known("SD2").state == State.RESOLVED
    assert known("SD2", first["batch"]).state == State.OPEN, "what was known before stays known (F7)"
    assert known("SD1").pk == known("SD1", first["batch"]).pk


def test_what_was_known_at_an_entry_is_one_condition() -> None:
    first = bring(events("SD1,2026-06-01T08:00Z,open"))
    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    bring(events("SD2,2026-06-02T08:00Z,open"))

    assert references() == ["SD1", "SD2"]
    assert references(Batch.objects.known(entry.number)) == ["SD1"]
    assert Batch.objects.known(entry.number) == first["batch"]
    assert Batch.objects.known(entry.number - 1) == 0


def test_identical_lines_are_told_apart_by_how_often_they_stand() -> None:
    line = "SD1,2026-06-01T09:00Z,in_progress"
    bring(events("SD1,2026-06-01T08:00Z,open", line, line))
    assert Event.objects.count() == 3

    report = bring(events("SD1,2026-06-01T08:00Z,open", line, line, line))

    assert report["events"] == 1
    assert Event.objects.count() == 4


def test_events_out_of_order_apply_in_order_of_instant_and_at_one_instant_in_the_order_given() -> None:
    bring(
        events(
            "SD1,2026-06-01T11:00Z,resolved,P3",
            "SD1,2026-06-01T08:00Z,open,P3",
            "SD1,2026-06-01T09:00Z,on_hold,P3",
            "SD1,2026-06-01T09:00Z,in_progress,P2",
        )
    )

    row = known("SD1")
    assert (row.opened_at.hour, row.state, row.get_priority_display()) == (8, State.RESOLVED, "P3")
    assert row.resolved_at == datetime(2026, 6, 1, 11, tzinfo=UTC)


def test_an_event_that_came_late_in_a_later_file_takes_its_place_in_time() -> None:
    bring(events("SD1,2026-06-01T08:00Z,open,P3", "SD1,2026-06-01T12:00Z,resolved,P3"))

    bring(events("SD1,2026-06-01T09:00Z,on_hold,P2"))

    row = known("SD1")
    assert (row.state, row.get_priority_display(), row.was_held) == (State.RESOLVED, "P3", True)


SNAPSHOT = snapshots(
    "C1,New,2026-06-01T09:00:00,,3,Desk,",
    "C2,Waiting,2026-06-01T10:00:00,,3,Desk,30",
    "C3,Done,2026-06-01T11:00:00,2026-06-02T09:00:00,3,Desk,0",
)


def test_a_desk_s_table_is_one_moment_of_each_ticket() -> None:
    report = bring(SNAPSHOT, SNAPSHOTS)

    assert report["tickets"]["new"] == 3
    assert report["grades"] == {"intervals": 0, "observed": 0, "total": 2, "none": 1}
    assert [known(reference).state for reference in ("C1", "C2", "C3")] == [
        State.OPEN,
        State.ON_HOLD,
        State.RESOLVED,
    ]
    assert known("C2").was_held and not known("C3").was_held
    assert known("C3").resolved_at == datetime(2026, 6, 2, 8, tzinfo=UTC)


def test_a_state_may_return_to_an_earlier_one_from_table_to_table() -> None:
    bring(SNAPSHOT, SNAPSHOTS)
    second = SNAPSHOT.replace("C1,New", "C1,Waiting")
    third = SNAPSHOT + "\n"

    assert bring(second, SNAPSHOTS)["tickets"] == {"new": 0, "changed": 1, "unchanged": 2}
    assert known("C1").state == State.ON_HOLD
    assert bring(third, SNAPSHOTS)["tickets"] == {"new": 0, "changed": 1, "unchanged": 2}
    assert known("C1").state == State.OPEN
    assert [known("C1", batch).state for batch in (1, 2, 3)] == [State.OPEN, State.ON_HOLD, State.OPEN]


def test_the_last_line_about_a_ticket_in_a_table_counts() -> None:
    twice = snapshots("C1,New,2026-06-01T09:00:00,,3,Desk,", "C1,Waiting,2026-06-01T09:00:00,,3,Desk,")

    report = bring(twice, SNAPSHOTS)

    assert report["tickets"]["new"] == 1
    assert known("C1").state == State.ON_HOLD
    assert bring(twice + "\n", SNAPSHOTS)["tickets"] == {"new": 0, "changed": 0, "unchanged": 1}


class TestReadAnew:
    """The same file read in another way: its new reading counts in place of the old one (U3)."""

    LINES = events("SD1,2026-06-01T08:00:00,open,P3", "SD1,2026-06-01T09:00:00,resolved,P3")

    def test_in_another_time_zone(self) -> None:
        first = bring(self.LINES, time_zone="UTC")

        report = bring(self.LINES, time_zone="Europe/London")

        assert report["replaces"] == [first["batch"]]
        assert report["tickets"] == {"new": 0, "changed": 1, "unchanged": 0}
        assert "read in another way before, in batch 1" in report["warnings"][-1]
        assert known("SD1").opened_at == datetime(2026, 6, 1, 7, tzinfo=UTC)
        assert known("SD1").reopenings == 0, "no event counts twice"
        assert known("SD1", first["batch"]).opened_at == datetime(2026, 6, 1, 8, tzinfo=UTC)

    def test_with_another_mapping(self) -> None:
        bring(self.LINES)
        mended = mappings.parse(
            b'kind = "events"\ndesk = "canonical"\n[columns]\nreference = "reference"\nevent_at = "event_at"\n'
            b'state = "state"\npriority = "priority"\n[states]\n"open" = "open"\n"resolved" = "resolved"\n'
            b'[priorities]\n"P3" = "P4"\n[kinds]\n',
            "mended",
        )

        report = bring(self.LINES, mended, time_zone="Europe/London")

        assert report["tickets"] == {"new": 0, "changed": 1, "unchanged": 0}
        assert known("SD1").get_priority_display() == "P4"

    def test_a_row_that_is_now_refused_is_told_of_no_longer(self) -> None:
        given = events("SD1,2026-06-01T08:00:00,open", "SD2,2026-03-29T01:30:00,open")
        bring(given, time_zone="UTC")

        report = bring(given, time_zone="Europe/London", tolerate=0.5)

        assert [problem["line"] for problem in report["refused"]] == [3]
        assert references() == ["SD1"]
        assert references(1) == ["SD1", "SD2"]

    def test_read_again_as_before_it_is_the_third_reading(self) -> None:
        bring(self.LINES, time_zone="UTC")
        bring(self.LINES, time_zone="Europe/London")

        report = bring(self.LINES, time_zone="UTC")

        assert report["replaces"] == [2]
        assert known("SD1").opened_at == datetime(2026, 6, 1, 8, tzinfo=UTC)

    def test_a_refusal_leaves_the_first_reading_as_it_was(self) -> None:
        bring(self.LINES, time_zone="UTC")
        before = everything()
        strict = mappings.parse(
            b'kind = "events"\ndesk = "canonical"\n[columns]\nreference = "reference"\nevent_at = "event_at"\n'
            b'state = "state"\n[states]\n"open" = "open"\n',
            "strict",
        )

        with pytest.raises(Refused):
            bring(self.LINES, strict, time_zone="UTC")

        assert everything() == before


TEAMS = CANONICAL.canonical


def with_teams(**teams: str) -> mappings.Mapping:
    """Our own mapping, with teams given to parties."""
    changed = TEAMS.replace('"teams":{}', '"teams":{' + ",".join(f'"{t}":"{p}"' for t, p in teams.items()) + "}")
    return mappings.from_canonical(changed, "canonical")


def party_of(team: str, batch: int | None = None) -> str:
    named = names(batch)
    return named.party[named.party_of[Team.objects.get(name=team).pk]]


def test_a_team_is_the_shared_service_s_until_a_mapping_gives_it_to_somebody() -> None:
    first = bring(FOUR)
    assert any("not named under [teams]" in warning for warning in first["warnings"])
    assert (party_of("Desk"), party_of("Networks")) == ("service", "service")

    bring(FOUR, with_teams(Networks="supplier: Lines Ltd"))

    assert (party_of("Desk"), party_of("Networks")) == ("service", "supplier: Lines Ltd")
    assert party_of("Networks", first["batch"]) == "service", "what was known before stays known (F7)"


def test_a_mapping_that_does_not_name_a_team_leaves_it_to_whom_it_was_given() -> None:
    bring(FOUR, with_teams(Networks="supplier: Lines Ltd"))

    bring(events("SD3,2026-06-03T08:00Z,open,P3,incident,Networks"))

    assert party_of("Networks") == "supplier: Lines Ltd"
    assert Responsibility.objects.count() == 2


class TestPartners:
    """A partner that a file names and the partnership does not have."""

    def test_before_the_start_it_is_added_as_not_yet_a_party_with_a_warning(self) -> None:
        report = bring(FOUR)

        assert report["warnings"][-1] == (
            "2 partners were added as not yet parties, because the file names them: 'Ashvale', 'Brackmoor'."
        )
        assert {partner.name: partner.joined for partner in Partner.objects.all()} == {
            "Ashvale": None,
            "Brackmoor": None,
        }

    def test_after_the_start_its_rows_are_refused_by_line(self) -> None:
        founding.found()
        given = events("SD1,2026-06-01T08:00Z,open,,,,Southmere", "SD2,2026-06-01T08:00Z,open,,,,Ashvale")

        report = bring(given, tolerate=0.5)

        (problem,) = report["refused"]
        assert (problem["line"], problem["column"], problem["value"]) == (3, "partner", "Ashvale")
        assert "its partners are 'Eastwell Vale', 'Northgate', 'Southmere'" in problem["problem"]
        assert references() == ["SD1"]
        assert not Partner.everyone.filter(name="Ashvale").exists()
        assert Batch.objects.get().parties == ["Eastwell Vale", "Northgate", "Southmere"]

    def test_one_that_a_file_named_before_is_no_partner_by_that_and_its_tickets_stay(self) -> None:
        before = events("SD1,2023-06-01T08:00Z,open,,,,Ashvale")
        first = bring(before, at=founding.BEGINS)
        founding.found()

        with pytest.raises(Refused) as refusal:
            bring(events("SD1,2023-06-01T08:00Z,open,,,,Ashvale", "SD2,2026-06-02T08:00Z,open,,,,Ashvale"))

        assert "'Ashvale' is no partner of this partnership: its partners are 'Eastwell Vale'" in str(refusal.value)
        assert "another authority becomes a partner by a change of the agreement" in str(refusal.value)
        assert references() == ["SD1"] and known("SD1").partner == Partner.objects.get(name="Ashvale")
        again = bring(before)
        assert (again["batch"], again["tickets"]["unchanged"]) == (first["batch"], 1)

    def test_one_that_has_left_is_still_told_of(self) -> None:
        founding.found()
        Partner.objects.filter(name="Northgate").update(left=date(2026, 4, 1))

        assert bring(events("SD1,2026-03-01T08:00Z,open,,,,Northgate"))["refused"] == []

    def test_a_mapping_may_give_no_team_to_another_authority(self) -> None:
        ghost = mappings.parse(
            (resources.files("commonhold.demand.engine") / "mappings" / "canonical.toml").read_bytes()
            + b"""
[teams]
"Ghost" = "authority: Nowhere"
"Local" = "authority: Northgate"
""",
            "ghost",
            "ghost.toml",
        )
        report = bring(events("SD1,2023-06-01T08:00Z,open"), ghost, at=founding.BEGINS)
        assert report["warnings"][-1].startswith(
            "The mapping ghost.toml gives teams to 'Northgate', 'Nowhere', which are not yet known as partners."
        )
        founding.found()
        before = everything()

        with pytest.raises(Refused) as refusal:
            bring(events("SD2,2026-06-01T08:00Z,open"), ghost)

        assert str(refusal.value).startswith("The mapping ghost.toml names an authority that is no partner.")
        assert refusal.value.problems == (
            "ghost.toml, [teams] 'Ghost': 'authority: Nowhere' is no partner of this partnership.",
        )
        assert everything() == before

    def test_a_map_gives_the_partner_and_a_value_that_it_does_not_name_has_none(self) -> None:
        with (SAMPLES / "partners.csv").open("rb") as stream:
            areas = partners.read(stream)
        given = events("SD1,2026-06-01T08:00Z,open,,,,Location 12", "SD2,2026-06-01T08:00Z,open,,,,Depot")

        report = bring(given, partners=areas)

        assert known("SD1").partner == Partner.objects.get(name="Ashvale")
        assert known("SD2").partner is None
        assert (
            "1 value of 'partner' is not in the map of partners, so it has no partner: 'Depot'." in report["warnings"]
        )

    def test_a_file_that_names_a_thousand_partners_is_read_by_the_wrong_column(self) -> None:
        lines = (f"SD{n},2026-06-01T08:00Z,open,,,,Place {n}" for n in range(1_001))
        before = everything()

        with pytest.raises(Refused, match="names more than 1000 partners that nobody knows"):
            bring(events(*lines))

        assert everything() == before


def test_a_file_with_too_many_bad_rows_is_refused_with_each_line_and_leaves_nothing() -> None:
    before = everything()

    with pytest.raises(Refused) as refusal:
        bring(events("SD1,2026-06-01T08:00Z,open", "SD2,yesterday,open", "SD3,2026-06-01T08:00Z,pending"))

    assert refusal.value.message.startswith("2 of the 3 rows cannot be read, more than the 1% that is tolerated")
    assert [problem.partition(":")[0] for problem in refusal.value.problems] == [
        "Line 3, event_at",
        "Line 4, state",
    ]
    assert everything() == before


def test_bad_rows_within_what_is_tolerated_are_listed_and_left_out() -> None:
    report = bring(events("SD1,2026-06-01T08:00Z,open", "SD2,yesterday,open"), tolerate=0.5)

    batch = Batch.objects.get()
    assert references() == ["SD1"]
    assert [problem["line"] for problem in report["refused"]] == [3]
    assert batch.left_out == report["refused"]
    assert batch.report["left_out"] == 1
    assert "yesterday" not in str(batch.contents()), "the record holds a digest of what quotes the file"


def test_dates_after_the_import_are_warned_of_and_clocks_are_not_read_there() -> None:
    later = (NOON + timedelta(days=365)).isoformat()

    report = bring(events("SD1,2026-06-01T08:00Z,open", f"SD2,{later},open"))

    assert "tells of moments after it was brought, the last of them 21 July 2027" in report["warnings"][-1]
    assert Batch.objects.known_through() == NOON


def test_what_nobody_may_bring_is_refused_before_anything_is_read() -> None:
    with pytest.raises(NotAllowed, match="bring ticket files"):
        bring(FOUR, by=public(NOON))


def test_names_of_a_file_are_known_from_its_batch() -> None:
    bring(FOUR)
    bring(events("SD3,2026-06-03T08:00Z,open,P3,incident,Field,,,Printing"))

    assert list(Team.objects.known(1).values_list("name", flat=True)) == ["Desk", "Networks"]
    assert list(Category.objects.known(2).values_list("name", flat=True)) == ["Fault", "Printing", "Question"]
    assert list(Desk.objects.values_list("name", "known_from")) == [("canonical", 1)]


def test_an_import_says_how_far_it_is() -> None:
    told: list[float] = []
    file = File(stream=BytesIO(FOUR.encode()), mapping=CANONICAL)

    imports.bring(by=operator(), file=file, clock=lambda: NOON, progress=lambda share, words: told.append(share))

    assert told == sorted(told)
    assert told[0] <= 0.3 and told[-1] <= 1


def last_transaction(queries: list[dict[str, str]]) -> list[str]:
    """The statements from the beginning of the last transaction to its end."""
    begins = [place for place, query in enumerate(queries) if query["sql"].startswith("SAVEPOINT")]
    inserted = next(place for place, query in enumerate(queries) if 'INSERT INTO "ledger_entry"' in query["sql"])
    first = max(place for place in begins if place < inserted)
    return [query["sql"] for query in queries[first:]]


def test_taking_over_is_a_few_statements_and_touches_no_row_that_was_gathered() -> None:
    with CaptureQueriesContext(connection) as captured:
        bring(events(*(f"SD{n},2026-06-01T08:00Z,open" for n in range(300))))

    statements = last_transaction(captured.captured_queries)
    assert len(statements) <= 17
    assert not [sql for sql in statements if any(table in sql for table in ("demand_event", "demand_reckoning"))]
