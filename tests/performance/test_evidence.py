"""The page behind a figure: everybody reads what was published, and nobody more than is theirs of the tickets (D2)."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pytest

from commonhold.demand.acts import reading_again, saved_mappings
from commonhold.demand.models import Batch, SavedMapping
from commonhold.figures import Span
from commonhold.governance.acts import papers
from commonhold.governance.models import Paper
from commonhold.govuk import pages
from commonhold.jobs.models import Job
from commonhold.performance.acts import computing, publishing
from commonhold.performance.models import Pack, Period, Reading
from commonhold.performance.queries import evidence as queries
from commonhold.performance.queries import readings
from commonhold.performance.queries.periods import basis, the_period
from tests import universe as cast
from tests.demand.bringing import SNAPSHOTS, bring, events, snapshots
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, links, words
from tests.universe import NOON, somebody

pytestmark = pytest.mark.django_db

ANALYST, AUDITOR = "service-analyst", "auditor-of-eastwell-vale"
LEADS = {partner: f"client-lead-of-{partner}" for partner in ("southmere", "eastwell-vale", "northgate")}


def reference(profile: str = "public", measure: str = "within_target", **scope: str) -> str:
    """The reference of a published figure."""
    rows = Reading.objects.filter(pack__profile=profile, figure__measure=measure)
    (found,) = [row.reference for row in rows if row.figure["scope"] == scope]
    return found


def address(profile: str = "public", measure: str = "within_target", **scope: str) -> str:
    return f"/evidence/{reference(profile, measure, **scope)}"


def withdraw(profile: str) -> None:
    pack = Pack.objects.get(profile=profile)
    publishing.withdraw(by=cast.somebody("managing-director"), pack=pack, reason="A file was read in the wrong zone.")


# What everybody reads


@pytest.mark.parametrize("post", ["", ANALYST, AUDITOR, *LEADS.values()])
def test_everybody_reads_definition_scope_rules_counts_and_digests(
    universe: cast.Committee, sign_in: SignIn, post: str
) -> None:
    page = sign_in(post).get(address())
    seen = words(page)

    assert page.status_code == 200
    assert "<title>Resolved within target - " in body_of(page)
    for said in (
        "Evidence of a figure", "5 of 6", "Definition within_target.v1", "Period June 2026", "Scope the whole service",
        "Clocks read as of 30 June 2026 at 11:59pm", "Rules in force calendars v1, targets v1",
        "Program Commonhold 0.1.0",
        f"Reference {reference()}", "Published in Performance pack, June 2026, for the",
        "Files it rests on, newest first",
        "Batch 1", "canonical",
    ):  # fmt: skip
        assert said in seen, said


def test_the_public_sees_no_ticket_and_no_pack_that_is_not_for_it(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in("").get(address())

    assert "SD000" not in body_of(page) and "The tickets behind it" not in words(page)
    assert "for the boards" not in words(page)


def test_what_is_kept_back_is_said_to_be_so(universe: cast.Committee, sign_in: SignIn) -> None:
    seen = words(sign_in("").get(address(measure="open_at_end")))

    assert "not shown , June 2026: evidence : a group of fewer than five tickets" in seen
    assert "2 tickets" not in seen


def test_of_a_figure_by_partner_the_public_learns_nothing(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in("").get(address("board", "tickets_opened", partner="Northgate"))

    assert page.status_code == 403
    assert "3 tickets" not in words(page)


def test_a_figure_that_a_paper_cites_is_open_to_everybody(universe: cast.Committee, sign_in: SignIn) -> None:
    withdraw("public")

    assert "5 of 6" in words(sign_in("").get(address("board")))
    papers.withdraw(by=cast.somebody("managing-director"), paper=Paper.objects.get(), reason="Later.")
    gone = sign_in("").get(address("board"))
    assert gone.status_code == 410
    assert "Everything that this figure was published in was withdrawn" in words(gone)
    assert "withdrawn on 21 July 2026 at midday : A file was read in the wrong zone." in words(gone)
    assert "5 of 6" not in words(gone)


def test_a_figure_that_was_computed_and_not_published_is_not_the_public_s(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    unpublished = reference().replace("within_target.v1", "tickets_opened.v1").replace("?", "?team=Service%20Desk&")

    assert sign_in("").get(f"/evidence/{unpublished}").status_code == 403
    assert "8 tickets" in words(sign_in(AUDITOR).get(f"/evidence/{unpublished}"))


# The tickets behind it


@pytest.mark.parametrize(
    ("post", "shown"),
    [
        (ANALYST, {"SD0001", "SD0002", "SD0003", "SD0004", "SD0005", "SD0006"}),
        ("managing-director", {"SD0001", "SD0002", "SD0003", "SD0004", "SD0005", "SD0006"}),
        (LEADS["southmere"], {"SD0001", "SD0004"}),
        (LEADS["eastwell-vale"], {"SD0002", "SD0005"}),
        (LEADS["northgate"], {"SD0003", "SD0006"}),
    ],
)
def test_rows_are_for_who_runs_the_tickets_and_for_the_partner_concerned(
    universe: cast.Committee, sign_in: SignIn, post: str, shown: set[str]
) -> None:
    page = sign_in(post).get(address())
    seen = words(page)

    assert {name for name in links(page) if name.startswith("SD")} == shown
    assert "6 tickets, 5 of which the numerator counts." in seen
    assert ("4 of them stay shut to you: they are other partners'." in seen) == (len(shown) == 2)
    assert f"Tickets 1 to {len(shown)} of {len(shown)}" in seen


def test_of_another_partner_s_figure_all_rows_stay_shut(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in(LEADS["southmere"]).get(address("board", "tickets_opened", partner="Northgate"))

    assert "3 tickets" in words(page)
    assert "all of them stay shut to you" in words(page)
    assert "SD000" not in body_of(page) and "Those that you may see" not in words(page)


def test_a_median_says_what_each_ticket_brings(universe: cast.Committee, sign_in: SignIn) -> None:
    seen = words(sign_in(ANALYST).get(address(measure="resolution_hours_median")))

    assert "12.5 hours" in seen
    assert "SD0001 yes Southmere P3 Service Desk 1 June 2026 at 9am 1 June 2026 at 1pm 4.0" in seen


def test_rows_go_on_page_by_page(universe: cast.Committee, sign_in: SignIn) -> None:
    bring(events(*(f"SM{n:02},2026-06-20T08:00Z,open,P3,incident,Desk,Southmere" for n in range(30))), at=NOON)
    cast.compute()
    client = sign_in(ANALYST)
    opened = f"/evidence/{newest_opened()}"
    first, second = client.get(opened), client.get(f"{opened}&start=25")

    assert "Tickets 1 to 25 of 38" in words(first) and "Tickets 26 to 38 of 38" in words(second)
    assert [href for words, href in links(first).items() if words.startswith("More")] == [f"{opened}&start=25"]
    assert [href for words, href in links(second).items() if words.startswith("Back")] == [f"{opened}&start=0"]
    assert words(client.get(f"{opened}&start=x")).count("Tickets 1 to 25 of 38") == 1


def newest_opened() -> str:
    from commonhold.performance.models import Table

    row = Table.objects.filter(by="", measure="tickets_opened").order_by("-pk").first()
    assert row
    return str(row.figures[0]["evidence"])


# Then and now


def test_a_figure_that_was_published_stands_beside_what_is_computed_now(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    seen = words(sign_in(ANALYST).get(address("board")))

    assert "Computed again now, the figure is not what was published" not in seen
    assert "Performance pack, June 2026, for the boards : 5 of 6" in seen


def test_where_the_period_is_not_kept_it_can_be_computed_again(universe: cast.Committee, sign_in: SignIn) -> None:
    Period.objects.all().delete()
    client = sign_in(LEADS["northgate"])
    page = client.get(address())

    assert "Not kept ready" in words(page) and "5 of 6" in words(page), "as it was published"
    asked = client.post(address())
    job = Job.objects.get(name="performance.compute")
    assert (asked.status_code, asked.url) == (302, job.get_absolute_url())
    assert job.arguments["known_at"] == Pack.objects.filter(profile="public").get().known_at


def test_of_an_instant_that_no_file_tells_of_it_cannot_be_computed(universe: cast.Committee, sign_in: SignIn) -> None:
    client = sign_in(LEADS["northgate"])
    later = f"/evidence/{reference().replace('as_of=2026-06-30', 'as_of=2031-06-30')}"
    page, asked = client.get(later), client.post(later)
    said = "The files tell of what happened until 2 July 2026 at 10am, and not of what is so as of 30 June 2031"

    assert said in words(page) and "Compute it again" not in words(page)
    assert asked.status_code == 400 and said in words(asked)
    assert not Job.objects.filter(name="performance.compute").exists()


def test_of_such_an_instant_a_figure_that_the_command_line_printed_says_so(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    on = basis()
    period = the_period(cast.JUNE, on.known, datetime(2031, 6, 30, 12, tzinfo=UTC))
    (figure,) = computing.figures(period=period, on=on, measures=["open_at_end"], by=())
    seen = words(sign_in(ANALYST).get(f"/evidence/{figure.evidence}"))

    assert (
        "Clocks are read later than anything that the files tell of, so what happened until then is not known." in seen
    )
    assert "June 2026 , read as of 30 June 2026" in words(sign_in(ANALYST).get("/figures/"))


def test_the_public_cannot_have_it_computed(universe: cast.Committee, sign_in: SignIn) -> None:
    assert sign_in("").post(address()).status_code == 403


def test_a_rule_that_a_partner_disputes_stands_beside_every_figure_that_uses_it(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    from commonhold.partnership.acts import agreement
    from commonhold.partnership.models import RuleVersion

    version = RuleVersion.objects.get(rule="targets")
    agreement.dispute(by=cast.somebody(LEADS["northgate"]), version=version, words="P2 was eight hours.")
    client = sign_in(ANALYST)

    assert "not what we agreed" in words(client.get(address())).lower()
    assert "not what we agreed" not in words(client.get(address(measure="tickets_opened"))).lower()


# What is none


@pytest.mark.parametrize(
    "text",
    [
        "performance/nonsense",
        "performance/2026-06-01..2026-06-30/happiness.v1?as_of=2026-06-30T23:59:59%2B01:00&known_at=1",
        "performance/2026-06-01..2026-06-30/within_target.v9?as_of=2026-06-30T23:59:59%2B01:00&known_at=1",
        "performance/2026-06-30..2026-06-01/within_target.v1?as_of=2026-06-30T23:59:59%2B01:00&known_at=1",
        "performance/2026-06-01..2026-06-30/within_target.v1?as_of=2026-06-30T23:59:59&known_at=1",
        "performance/2026-06-01..2026-06-30/within_target.v1?as_of=2026-06-30T23:59:59%2B01:00&known_at=x",
        "performance/2026-06-01..2026-06-30/within_target.v1?height=2&as_of=2026-06-30T23:59:59%2B01:00&known_at=1",
        "capacity/2026-06-01..2026-06-30/within_target.v1?as_of=2026-06-30T23:59:59%2B01:00&known_at=1",
        quote("performance/<script>/x?as_of=1&known_at=1", safe="/?=&"),
    ],
)
@pytest.mark.parametrize("post", ["", ANALYST])
def test_what_is_no_reference_is_refused_in_plain_words(
    universe: cast.Committee, sign_in: SignIn, post: str, text: str
) -> None:
    page = sign_in(post).get(f"/evidence/{text}")

    assert page.status_code == 400
    assert "<script>" not in body_of(page).partition("<main")[2]


def test_a_figure_of_a_partner_that_there_is_not_is_not_found(universe: cast.Committee, sign_in: SignIn) -> None:
    nobody = reference().replace("?", "?partner=Partner%20Q&")

    assert sign_in(ANALYST).get(f"/evidence/{nobody}").status_code == 404
    assert sign_in(ANALYST).get(f"/evidence/{nobody.replace('Partner%20Q', 'Northgate')}").status_code == 200
    assert sign_in("").get(f"/evidence/{nobody}").status_code == 403


def test_an_entry_that_the_record_does_not_have_yet_has_no_figure(universe: cast.Committee, sign_in: SignIn) -> None:
    text = reference().rpartition("=")[0] + "=9999999"

    assert sign_in("").get(f"/evidence/{text}").status_code == 403
    assert sign_in(ANALYST).get(f"/evidence/{text}").status_code in (200, 400)


@pytest.mark.parametrize(("post", "queries"), [("", 5), (ANALYST, 10), (LEADS["northgate"], 10)])
@pytest.mark.parametrize("files", [1, 3])
def test_it_takes_as_many_queries_for_one_file_as_for_three(
    universe: cast.Committee, sign_in: SignIn, post: str, queries: int, files: int
) -> None:
    for number in range(files - 1):
        bring(events(f"SM{number},2026-06-2{number}T08:00Z,open,P3,incident,Desk,Southmere"), at=NOON)
    cast.compute()
    if files > 1:
        cast.publish("public", reason="More files came.")
    rows = Reading.objects.filter(pack__profile="public", figure__measure="within_target").order_by("-pack_id")
    newest = next(row.reference for row in rows if not row.figure["scope"])
    client = sign_in(post)

    assert body_of(client.get(f"/evidence/{newest}")).count("ch-digest") == files
    assert queries_of(client, f"/evidence/{newest}") == queries


MAY = snapshots("A-1,Done,2026-05-01 08:00,2026-05-04 09:00,3,Desk,", "A-2,Waiting,2026-05-02 08:00,,3,Desk,30")
IN_MAY = Span(date(2026, 5, 1), date(2026, 5, 31))


def closed_in_may() -> str:
    """The reference of the tickets closed in May as it is known now."""
    cast.compute(IN_MAY)
    kept = readings.ready().periods[IN_MAY]
    (whole,) = readings.figures([kept], [()], seen_by=somebody(ANALYST), measure="tickets_closed")
    return whole[0].evidence


def test_a_figure_names_the_version_that_read_its_files_and_the_figure_before_a_reading_anew(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    def saved(why: str, **changes: Any) -> SavedMapping:
        mapping = replace(SNAPSHOTS, **changes)
        return saved_mappings.save_mapping(by=somebody(ANALYST), name="council", mapping=mapping, why=why)

    client, first = sign_in(ANALYST), saved("So.")
    bring(MAY, first.mapping(), at=NOON)
    old = closed_in_may()
    seen = words(client.get(f"/evidence/{old}"))
    assert "council@1" in seen and "read anew" not in seen

    second = saved("Done is closed.", states={**SNAPSHOTS.states, "Done": "closed"})
    how: dict[str, Any] = {"clock": lambda: NOON, "progress": lambda *_: None, "waiting": lambda: None}
    reading_again.read_again(by=somebody(ANALYST), mapping=second.pk, digest=first.digest, **how)
    new = closed_in_may()
    page = client.get(f"/evidence/{new}")
    assert "council@2" in words(page) and "1 file of them was read anew by council@2." in words(page)
    earlier = client.get(links(page)["This figure as it was known before that"])
    assert "council@1" in words(earlier) and "council@2" not in words(earlier).partition("read anew since")[0]
    assert "1 file that it rests on was read anew since, by council@2." in words(earlier)
    assert links(earlier)["This figure as it is known from then on"] == f"/evidence/{new}"
    assert "council@2" in words(client.get(f"/imports/{Batch.objects.known()}/"))


def test_all_files_are_reached_page_by_page_and_taken_whole(
    universe: cast.Committee, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "FILES", 2)
    for number in range(4):
        bring(events(f"SM{number},2026-06-2{number}T08:00Z,open,P3,incident,Desk,Southmere"), at=NOON)
    cast.compute()
    cast.publish("public", reason="More files came.")
    rows = Reading.objects.filter(pack__profile="public", figure__measure="within_target").order_by("-pack_id")
    newest = next(row.reference for row in rows if not row.figure["scope"])
    client = sign_in(ANALYST)

    seen = []
    for at in (0, 2, 4):
        seen += re.findall(r'ch-digest">(\w+)<', body_of(client.get(f"/evidence/{newest}&files={at}")))
    assert len(seen) == len(set(seen)) == 5
    with monkeypatch.context() as patch:
        patch.setattr(pages, "render", None)
        for reader in ("", ANALYST):
            answer = sign_in(reader).get(f"/evidence/{newest}&take=files.csv")
            taken = b"".join(answer.streaming_content).decode()
            assert taken.count("\n") == 6 and "canonical" in taken, "from what is known, no page is printed"
    assert all(digest in taken for digest in seen)
    assert "3 earlier files" in words(client.get(f"/evidence/{newest}"))
