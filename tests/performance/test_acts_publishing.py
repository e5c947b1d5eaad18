"""Packs published, drafted, withdrawn and put before meetings: what changed, the entry left, and who is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from commonhold.figures import Span
from commonhold.governance.acts import meetings, papers
from commonhold.governance.models import Item, Paper
from commonhold.jobs.models import Job
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By, public
from commonhold.ledger.models import Entry
from commonhold.partnership.models import Role
from commonhold.partnership.queries import acting
from commonhold.performance.acts import publishing
from commonhold.performance.acts.composing import BODY, Files, compose, profile_of
from commonhold.performance.engine.smallnumbers import KEPT_BACK
from commonhold.performance.models import Draft, Pack, Reading, Withdrawal
from commonhold.performance.queries.citing import citations
from commonhold.performance.queries.periods import basis, the_period
from commonhold.refusals import NotAllowed, Refused
from tests import universe
from tests.governance.conftest import Record
from tests.universe import JUNE, NOON, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june")]

NAMES = ["pack.html", "pack.pdf", "update.html", "update.pdf", "tables.xlsx", "figures.json", "manifest.json"]


def files(profile: str = "board") -> Files:
    on = basis()
    return compose(period=the_period(JUNE, on.known), profile=profile_of(profile), on=on)


def draft(profile: str = "board") -> Draft:
    made = publishing.ask_for_draft(by=somebody("service-manager"), first=JUNE.first, last=JUNE.last, profile=profile)
    publishing.write_draft(draft=made)
    made.refresh_from_db()
    return made


def item() -> Item:
    clerk = somebody("governance-officer-of-northgate")
    meeting = universe.meet().meeting
    return meetings.add_item(by=clerk, meeting=meeting, title="Performance", purpose=Item.Purpose.NOTE)


# Publishing


def test_a_pack_is_published_with_one_entry_because_of_what_it_rests_on(record: Record) -> None:
    made = files()
    on = basis()
    pack = publishing.publish(by=somebody("managing-director"), files=made)
    entry = record.one()

    assert (entry.kind, entry.subject, entry.post) == ("pack.published", pack.ref, "managing-director")
    assert entry.because == [on.entry] == [made.known_at]
    assert {key: value for key, value in entry.facts.items() if key != "digests"} == {
        "profile": "board",
        "from": "2026-06-01",
        "to": "2026-06-30",
        "known_at": on.entry,
        "figures": len(made.figures),
        "files": {name: made.digests[name] for name in NAMES},
    }
    assert set(entry.digests) == {"title", "profile"}
    assert (pack.title, pack.span, pack.at) == ("Performance pack, June 2026, for the boards", JUNE, NOON)


def test_its_files_are_kept_and_its_figures_frozen() -> None:
    made = files()
    pack = publishing.publish(by=somebody("service-analyst"), files=made)

    for name, digest in pack.files.items():
        with evidence.opened(digest) as file:
            assert file.read() == made.files[name]
    assert [reading.figure for reading in pack.readings.all()] == made.figures
    assert [reading.reference for reading in pack.readings.all()] == [one["evidence"] for one in made.figures]
    with pytest.raises(DatabaseError), transaction.atomic():
        Reading.objects.filter(pack=pack).update(reference="another")
    with pytest.raises(DatabaseError), transaction.atomic():
        Reading.objects.filter(pack=pack).delete()


def test_the_manifest_holds_the_digest_of_each_file_and_the_place_in_the_record() -> None:
    made = files()
    manifest = json.loads(made.files["manifest.json"])

    assert manifest["sha256"] == {name: made.digests[name] for name in NAMES[:-1]}
    assert manifest["entry"] == basis().entry
    assert manifest["origin"].endswith("-DEMONSTRATION")


def test_a_pack_is_written_twice_with_the_same_bytes() -> None:
    assert files().files == files().files


def test_a_pack_whose_clocks_are_read_after_what_the_files_tell_of_says_so() -> None:
    on, said = basis(), "The files tell of what happened until 2 July 2026 at 10am, and not of what is so as of 21 July"
    later = compose(period=the_period(JUNE, on.known, NOON), profile=profile_of("board"), on=on)

    assert said in later.files["pack.html"].decode()
    assert all("later than anything that the files tell of" in str(figure["notes"]) for figure in later.figures
               if figure["as_of"].startswith("2026-07-21"))  # fmt: skip
    assert said not in files().files["pack.html"].decode()


def test_the_same_pack_is_not_published_twice_unless_the_first_was_withdrawn(record: Record) -> None:
    made = files()
    pack = publishing.publish(by=somebody("managing-director"), files=made)
    record.begin()

    with pytest.raises(Refused, match="This very pack is published already"):
        publishing.publish(by=somebody("managing-director"), files=made)
    assert record.none()
    publishing.withdraw(by=somebody("managing-director"), pack=pack, reason="Too early.")
    assert publishing.publish(by=somebody("managing-director"), files=made) != pack


def test_a_profile_is_the_public_a_board_or_a_partner_by_name_or_slug() -> None:
    assert profile_of("public").splits is False
    assert profile_of("board").partner is None
    assert profile_of("Eastwell Vale") == profile_of("eastwell-vale")
    assert files("northgate").title == "Performance pack, June 2026, for Northgate"
    with pytest.raises(Refused, match=r"no profile 'everybody'\. Choose public, board, or a partner: "):
        profile_of("everybody")


# Drafts


def test_a_draft_is_asked_for_written_and_published_as_the_very_bytes_looked_through(record: Record) -> None:
    made = draft()
    assert record.none(), "a draft is no act"
    looked_through = dict(made.files)
    pack = publishing.publish_draft(by=somebody("managing-director"), draft=made)

    assert {**pack.files, BODY: pack.body} == looked_through
    assert (record.one().kind, record.one().subject) == ("pack.published", pack.ref)
    assert not Draft.objects.exists()


def test_a_draft_whose_bytes_were_altered_where_they_are_kept_is_not_published() -> None:
    made = draft()
    digest = made.files["figures.json"]
    kept = Path(default_storage.path(f"{digest[:2]}/{digest}"))
    whole = kept.read_bytes()
    try:
        kept.write_bytes(whole + b" ")
        with pytest.raises(evidence.Altered):
            publishing.publish_draft(by=somebody("managing-director"), draft=made)
    finally:
        kept.write_bytes(whole)

    assert Draft.objects.get() == made


def test_a_worker_is_asked_to_write_it() -> None:
    made = publishing.ask_for_draft(by=somebody("service-analyst"), first=JUNE.first, last=JUNE.last, profile="board")
    job = Job.objects.get(pk=made.job)

    assert (job.name, job.arguments) == ("performance.write_draft", {"draft": made.pk})
    assert (made.title, made.files, made.post) == ("", {}, "service-analyst")


def test_a_draft_that_is_gone_is_not_published_again(record: Record) -> None:
    made = draft()
    publishing.publish_draft(by=somebody("managing-director"), draft=made)
    record.begin()

    with pytest.raises(Refused, match="This draft is gone"):
        publishing.publish_draft(by=somebody("managing-director"), draft=made)
    assert record.none()


def test_a_draft_of_a_pack_that_was_published_meanwhile_stays(record: Record) -> None:
    first, second = draft(), draft()
    publishing.publish_draft(by=somebody("managing-director"), draft=first)

    with pytest.raises(Refused, match="published already"):
        publishing.publish_draft(by=somebody("managing-director"), draft=second)
    assert Draft.objects.get() == second


def test_what_is_not_written_yet_is_not_published() -> None:
    made = publishing.ask_for_draft(by=somebody("service-analyst"), first=JUNE.first, last=JUNE.last, profile="board")

    with pytest.raises(Refused, match="not written yet"):
        publishing.publish_draft(by=somebody("service-analyst"), draft=made)


@pytest.mark.parametrize(
    ("first", "last", "profile", "said"),
    [
        (JUNE.last, JUNE.first, "board", "last day must not be before the first"),
        (date(2027, 1, 1), date(2027, 1, 31), "board", "Nothing is known yet"),
        (JUNE.first, JUNE.last, "everybody", "There is no profile 'everybody'"),
    ],
)
def test_a_draft_that_makes_no_sense_is_refused(first: date, last: date, profile: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        publishing.ask_for_draft(by=somebody("service-analyst"), first=first, last=last, profile=profile)
    assert not Draft.objects.exists() and not Job.objects.filter(name="performance.write_draft").exists()


def test_a_draft_that_cannot_be_written_says_why() -> None:
    made = publishing.ask_for_draft(by=somebody("service-analyst"), first=JUNE.first, last=JUNE.last, profile="board")
    made.profile = "nobody"
    publishing.write_draft(draft=made)

    assert Draft.objects.get().problem.startswith("There is no profile 'nobody'.")
    assert Draft.objects.get().files == {}


@pytest.mark.parametrize("profile", ["eastwell-vale", "nobody"])
def test_a_draft_that_is_gone_when_it_is_written_stays_gone(profile: str) -> None:
    by, digests = somebody("service-analyst"), files("eastwell-vale").digests.values()
    made = publishing.ask_for_draft(by=by, first=JUNE.first, last=JUNE.last, profile="eastwell-vale")
    made.profile = profile
    Draft.objects.filter(pk=made.pk).delete()
    for digest in digests:
        evidence.remove(digest)
    publishing.write_draft(draft=made)

    assert not Draft.objects.exists()
    assert not any(evidence.is_kept(digest) for digest in digests)


def test_drafts_are_forgotten_after_a_week_with_what_nobody_published() -> None:
    old, published, young = draft("northgate"), draft("board"), draft("southmere")
    pack = publishing.publish(by=somebody("managing-director"), files=files())
    Draft.objects.filter(pk__in=(old.pk, published.pk)).update(at=NOON - timedelta(days=8))

    assert publishing.forget_drafts(at=NOON) == 2
    assert Draft.objects.get() == young
    assert not evidence.is_kept(old.files["pack.pdf"])
    assert all(evidence.is_kept(digest) for digest in (*pack.files.values(), *young.files.values()))


# Withdrawing


def test_withdrawing_takes_the_papers_down_too_and_says_why(record: Record) -> None:
    pack = universe.publish("board")
    paper = publishing.attach(by=somebody("managing-director"), pack=pack, item=item())
    record.begin()
    made = publishing.withdraw(by=somebody("client-lead-of-northgate"), pack=pack, reason=" The wrong quarter. ")
    of_the_paper, of_the_pack = Entry.objects.order_by("number")[record.size :]

    assert made.reason == "The wrong quarter."
    assert (of_the_paper.kind, of_the_pack.kind) == ("paper.withdrawn", "pack.withdrawn")
    assert (of_the_pack.subject, of_the_pack.because) == (made.ref, [number(pack)])
    assert number(pack) in of_the_paper.because
    assert "quarter" not in str(of_the_pack.facts), "the reason is no public value of an entry"
    assert paper.retraction.reason.strip() == "The wrong quarter."
    assert not Pack.objects.standing().exists()
    assert Reading.objects.filter(pack=pack).exists(), "what was frozen stays"


def number(pack: Pack) -> int:
    assert pack.entry
    return pack.entry.number


def test_a_withdrawal_needs_a_reason_and_is_made_once(record: Record) -> None:
    pack = universe.publish("public")
    record.begin()
    with pytest.raises(Refused, match="Say why"):
        publishing.withdraw(by=somebody("managing-director"), pack=pack, reason="  ")
    assert record.none() and not Withdrawal.objects.exists()
    publishing.withdraw(by=somebody("managing-director"), pack=pack, reason="Wrong.")
    record.begin()
    with pytest.raises(Refused, match="withdrawn already"):
        publishing.withdraw(by=somebody("managing-director"), pack=pack, reason="Wrong again.")
    assert record.none()


# Putting before a meeting


def test_a_pack_is_put_before_a_meeting_with_one_entry(record: Record) -> None:
    pack, on = universe.publish("board"), item()
    record.begin()
    paper = publishing.attach(by=somebody("service-manager"), pack=pack, item=on)
    entry = record.one()

    assert (entry.kind, entry.subject) == ("paper.submitted", paper.ref)
    assert on.entry and entry.because == sorted([on.entry.number, number(pack)])
    assert (paper.title, paper.address, paper.files) == (pack.title, pack.get_absolute_url(), pack.files)
    assert [c.title for c in paper.citations.all()] == list(citations(pack))
    assert entry.facts["evidence"] == [c.cited.evidence for c in paper.citations.all()]


def test_what_a_board_s_pack_cites_is_only_what_everybody_may_see() -> None:
    cited = citations(universe.publish("board"))

    assert {name: (figure.numerator, figure.denominator) for name, figure in cited.items()} == {
        "Resolved within target": (5, 6),
        "Tickets opened": (8, None),
        "Half were resolved within": (None, 6),
        "Open for more than 30 days": (0, None),
    }
    for name in ("P1 resolved within target", "Met by the desk's own verdict", "Open at the end"):
        assert name not in cited, "fewer than five tickets, or not known"
    assert all(figure.value is not None and figure.reason != KEPT_BACK for figure in cited.values())


@pytest.mark.parametrize("profile", ["public", "board", "northgate"])
def test_no_pack_cites_how_a_figure_divides_between_partners(profile: str) -> None:
    assert not [figure for figure in citations(universe.publish(profile)).values() if "partner" in figure.scope]


def test_a_withdrawn_pack_or_one_that_is_there_already_is_not_put_before_a_meeting(record: Record) -> None:
    pack, on, director = universe.publish("public"), item(), somebody("managing-director")
    publishing.attach(by=director, pack=pack, item=on)
    with pytest.raises(Refused, match="already attached"):
        publishing.attach(by=director, pack=pack, item=on)
    papers.withdraw(by=director, paper=Paper.objects.get(item=on), reason="Later.")
    publishing.attach(by=director, pack=pack, item=on)
    publishing.withdraw(by=director, pack=pack, reason="Wrong.")
    record.begin()
    with pytest.raises(Refused, match="withdrawn, so it cannot be put before a meeting"):
        publishing.attach(by=director, pack=pack, item=on)
    assert record.none()


# Who may

NOBODY = public(NOON)
MEMBER, AUDITOR = "committee-member-of-southmere", "auditor-of-eastwell-vale"
CLERK, LEAD = "governance-officer-of-northgate", "client-lead-of-northgate"
ACTS: dict[str, Callable[[By], object]] = {
    "make packs": lambda by: publishing.ask_for_draft(by=by, first=JUNE.first, last=JUNE.last, profile="public"),
    "publish packs": lambda by: publishing.publish(by=by, files=Files(JUNE, "public", "", NOON, 1, {})),
    "withdraw packs": lambda by: publishing.withdraw(by=by, pack=Pack(), reason="Wrong."),
    "put packs before a meeting": lambda by: publishing.attach(by=by, pack=Pack(), item=Item()),
}


@pytest.mark.parametrize(
    ("what", "posts"),
    [
        ("make packs", (MEMBER, AUDITOR, CLERK, LEAD)),
        ("publish packs", (MEMBER, AUDITOR, CLERK, LEAD)),
        ("withdraw packs", (MEMBER, AUDITOR)),
        ("put packs before a meeting", (MEMBER, AUDITOR, "operator")),
    ],
)
def test_who_may_not_is_told_what(what: str, posts: tuple[str, ...], record: Record) -> None:
    for by in (NOBODY, *(acting(post, NOON) for post in posts)):
        with pytest.raises(NotAllowed, match=f"You may not {what}"):
            ACTS[what](by)
    assert record.none()


@pytest.mark.parametrize("act", [publishing.withdraw, publishing.attach])
def test_a_pack_made_for_others_is_neither_withdrawn_nor_put_before_a_meeting(
    act: Callable[..., object], record: Record
) -> None:
    pack, on = universe.publish("southmere"), item()
    record.begin()
    about = {"reason": "Wrong."} if act == publishing.withdraw else {"item": on}

    with pytest.raises(NotAllowed, match="that was made for others"):
        act(by=somebody(LEAD), pack=pack, **about)
    assert record.none() and not Withdrawal.objects.exists()
    assert act(by=somebody("client-lead-of-southmere"), pack=pack, **about)


@pytest.mark.parametrize("act", [publishing.withdraw, publishing.attach])
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time.")
def test_what_an_act_looks_at_is_locked_first(act: Callable[..., object]) -> None:
    pack, on = universe.publish("public"), item()
    about = {"reason": "Wrong."} if act == publishing.withdraw else {"item": on}
    with CaptureQueriesContext(connection) as taken:
        act(by=somebody("managing-director"), pack=pack, **about)

    said = [query["sql"] for query in taken.captured_queries]
    locked = next(n for n, sql in enumerate(said) if "FOR UPDATE" in sql and '"performance_pack"' in sql)
    assert locked < next(n for n, sql in enumerate(said) if '"performance_withdrawal"' in sql)


def test_publishing_a_draft_is_for_those_who_publish() -> None:
    with pytest.raises(NotAllowed, match="publish packs"):
        publishing.publish_draft(by=somebody(LEAD), draft=Draft())


@pytest.mark.parametrize("post", ["operator", "service-analyst", "service-manager", "managing-director"])
def test_those_who_run_the_figures_publish(post: str) -> None:
    assert publishing.publish(by=acting(post, NOON), files=files("public"))


@pytest.mark.parametrize("partner", ["southmere", "eastwell-vale", "northgate"])
def test_any_partner_s_client_lead_takes_a_pack_down_whichever_partner_is_host(partner: str) -> None:
    by = By(post=f"client-lead-of-{partner}", at=NOON, partner=partner, roles=frozenset({Role.CLIENT_LEAD}))

    assert publishing.withdraw(by=by, pack=universe.publish("public"), reason="Wrong.")


def test_a_quarter_not_over_is_read_at_the_last_event_and_says_so() -> None:
    on = basis()
    quarter = the_period(Span(date(2026, 7, 1), date(2026, 9, 30)), on.known)
    made = compose(period=quarter, profile=profile_of("public"), on=replace(on))

    assert b"before the period ends" in made.files["pack.html"]
