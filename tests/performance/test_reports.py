"""The pages of reports, and what a pack makes of them: words, what has none, queries that are not settled."""

import json
import re
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client

from commonhold.demand.models import Ticket
from commonhold.figures import Span
from commonhold.ledger.models import Entry
from commonhold.performance.acts import bringing, publishing, reporting
from commonhold.performance.acts.composing import Files, compose, profile_of
from commonhold.performance.engine.pack import Correction
from commonhold.performance.engine.pack.readings import TITLES
from commonhold.performance.engine.report.about import PARTS
from commonhold.performance.models import Explanation, FigureQuery, Pack, Report, Wording
from commonhold.performance.queries import readings
from commonhold.performance.queries import reporting as queries
from commonhold.performance.queries.packs import correcting
from commonhold.performance.queries.periods import basis, the_period
from commonhold.refusals import Refused
from tests import incidents
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.performance.test_reporting import ANALYST, DIRECTOR, DOING, LEAD, MANAGER, MEMBER, SHARE, WHY, agree, opened
from tests.reading import body_of, sheets_of, words
from tests.universe import JUNE, NOON, somebody

pytestmark = pytest.mark.django_db

SURVEY = (
    b"measure,partner,service,from,to,numerator,denominator,unit,source,note,threshold\n"
    b"satisfaction,,,2026-06-01,2026-06-30,400,100,score,Survey,,5\n"
)
OTHER = "client-lead-of-northgate"
BY_WHEN = {"by_when": "2026-09-01"}
PART = Span(JUNE.first, JUNE.last.replace(day=29))
"""Days of which the universe published no pack."""
AIMS = {"within_target": {"at_least": "90%"}, "aged_open": {"at_most": "100"}}


def composed(profile: str = "board", known_at: int | None = None) -> Files:
    on = basis()
    return compose(period=the_period(JUNE, on.known), profile=profile_of(profile), on=on, known_at=known_at)


def published(at: datetime, correction: Correction | None = None) -> Pack:
    """The boards' pack of a part of June."""
    on = basis()
    files = compose(period=the_period(PART, on.known), profile=profile_of("board"), on=on, correction=correction)
    return publishing.publish(by=somebody(DIRECTOR, at), files=files)


def html(files: Files) -> str:
    return files.files["pack.html"].decode()


def figures(files: Files) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files.files["figures.json"])
    return found


# Pages


def test_a_report_is_opened_explained_queried_and_settled_on_pages(universe: cast.Committee, sign_in: SignIn) -> None:
    agree("aims", AIMS)
    director, lead, manager = sign_in(DIRECTOR), sign_in(LEAD), sign_in(MANAGER)
    days = {"first_0": "1", "first_1": "6", "first_2": "2026", "last_0": "30", "last_1": "6", "last_2": "2026"}
    page = director.post("/reports/new/", days, follow=True)
    if not Report.objects.exists():
        page = director.post("/reports/new/", {"first": "2026-06-01", "last": "2026-06-30"}, follow=True)
    report = Report.objects.get()
    assert "no explanation given" in words(page) and "84% ready" in words(page)

    address = f"{report.get_absolute_url()}words/?about={SHARE}"
    manager.post(address, {"why": WHY, "edition": 0, "do": "draft"})
    assert Wording.objects.get().why == WHY and not Explanation.objects.exists()
    said = {"why": WHY, "doing": DOING, "edition": 1, "do": "sign-off"}
    refused = words(manager.post(address, said))
    assert "Say by when, or keep it as a draft." in refused and DOING in refused and not Explanation.objects.exists()
    manager.post(address, said | BY_WHEN)
    assert WHY in words(director.get(report.get_absolute_url()))

    lead.post(f"{report.get_absolute_url()}query/?about={SHARE}", {"words": "Ours were on hold."})
    query = FigureQuery.objects.get()
    manager.post(f"{query.get_absolute_url()}answer/", {"outcome": "stands", "words": "They were not."})
    assert "They were not." in words(lead.get(query.get_absolute_url()))
    lead.post(f"{query.get_absolute_url()}settle/", {"words": ""})
    assert "92% ready" in words(director.get(report.get_absolute_url()))
    incidents.signed_off(incidents.opened(Ticket.objects.get(reference="SD0006")))
    assert "100% ready" in words(director.get(report.get_absolute_url()))


def test_of_two_who_write_at_once_the_second_sees_both_texts(universe: cast.Committee, sign_in: SignIn) -> None:
    report = opened()
    reporting.draft_words(by=somebody(ANALYST), report=report, about=SHARE, why=WHY)
    page = sign_in(MANAGER).post(
        f"{report.get_absolute_url()}words/?about={SHARE}", {"why": "Mine.", "edition": 0, "do": "sign-off"}
    )

    assert "Saved meanwhile" in words(page) and WHY in words(page) and "Mine." in words(page)
    assert not Explanation.objects.exists()


def test_the_public_is_told_that_there_are_reports_and_no_more(universe: cast.Committee) -> None:
    report = opened()
    public = Client()

    assert public.get(report.get_absolute_url()).status_code == 404
    assert "What officers and partners say about figures is published with them" in words(public.get("/reports/"))
    assert "/reports/2026" not in body_of(public.get("/reports/"))


def test_pages_of_figures_say_that_they_are_provisional(universe: cast.Committee, sign_in: SignIn) -> None:
    agree("provisional", {"working_days": 5, "holidays": "GB-ENG"})
    opened()
    said = "every partner can query these figures until 28 July 2026"

    for address in ("/figures/", "/figures/within-target/", "/parity/"):
        assert said in words(sign_in(MEMBER).get(f"{address}?first=2026-06-01&last=2026-06-30")), address
        assert said not in words(Client().get(f"{address}?first=2026-06-01&last=2026-06-30")), address


def test_what_is_provisional_ends_with_its_days_everywhere(universe: cast.Committee, sign_in: SignIn) -> None:
    agree("provisional", {"working_days": 5, "holidays": "GB-ENG"})
    cast.compute(PART)
    report = reporting.open_report(by=somebody(DIRECTOR), first=PART.first, last=PART.last)
    kept = queries.kept(PART)
    assert kept
    figure = readings.figures([kept], [()], seen_by=somebody(MEMBER))[0][0]
    asked = f"first={PART.first}&last={PART.last}"
    pages = [f"/figures/?{asked}", f"/figures/tickets-opened/?{asked}", f"/parity/?{asked}", f"/parity/funnel/?{asked}",
             report.get_absolute_url(), "/week/", f"/evidence/{figure.evidence}"]  # fmt: skip
    ended, late = (
        "The days for the partners' queries ended on 28 July 2026",
        "A query that comes now is recorded as late",
    )

    for address in pages:
        said = words(sign_in(MEMBER).get(address))
        assert "Provisional: every partner can query these figures until 28 July 2026." in said, address
        assert ended not in said
    with time_machine.travel(NOON + timedelta(days=8), tick=False):
        client = sign_in(MEMBER)
        for address in pages:
            said = words(client.get(address))
            assert "Provisional" not in said and "can query" not in said and f"{ended}. {late}." in said, address
        assert "In work" in words(client.get("/reports/"))


def test_a_published_figure_says_what_was_true_when_it_was_published(universe: cast.Committee, sign_in: SignIn) -> None:
    agree("provisional", {"working_days": 5, "holidays": "GB-ENG"})
    cast.compute(PART)
    reporting.open_report(by=somebody(DIRECTOR), first=PART.first, last=PART.last)
    pack = published(NOON)
    reference = pack.readings.filter(figure__measure="tickets_opened", figure__scope={})[0].reference
    early = "still query it, until 28 July 2026"

    with time_machine.travel(NOON + timedelta(days=8), tick=False):
        client = sign_in(MEMBER)
        seen = words(client.get(f"/evidence/{reference}"))
        assert f"published on 21 July 2026 while every partner could {early}" in seen and "Provisional" not in seen
        page = words(client.get(pack.get_absolute_url()))
        assert "every partner could still query its figures, until 28 July 2026" in page
        assert "and these figures are published." in words(client.get(f"/figures/?first={PART.first}&last={PART.last}"))
        assert "Published" in words(client.get("/reports/")) and "No report is in work" in words(client.get("/week/"))
        later = published(NOON + timedelta(days=8), correcting(PART, "board", "A file came late."))
        assert "could still query its figures" not in words(client.get(later.get_absolute_url()))


@pytest.mark.parametrize("about", ["", "weather", "part/weather"])
def test_words_about_nothing_are_not_found(universe: cast.Committee, sign_in: SignIn, about: str) -> None:
    report = opened()

    assert sign_in(MANAGER).get(f"{report.get_absolute_url()}words/?about={about}").status_code == 404


@pytest.mark.parametrize("days", ["2026-06-30..2026-06-01", "2026-13-01..2026-06-30", "2026-06-01..2026-06-29"])
def test_a_report_that_is_not_there_is_not_found(universe: cast.Committee, sign_in: SignIn, days: str) -> None:
    opened()

    assert sign_in(MANAGER).get(f"/reports/{days}/").status_code == 404


def test_a_report_takes_as_many_queries_however_much_is_said(universe: cast.Committee, sign_in: SignIn) -> None:
    agree("aims", AIMS)
    report, director = opened(), sign_in(DIRECTOR)
    before = queries_of(director, report.get_absolute_url())
    for number, part in enumerate(("volumes", "targets", "backlog")):
        about = f"part/{part}"
        reporting.sign_off(by=somebody(MANAGER), report=report, about=about, why=WHY)
        reporting.remark(by=somebody(LEAD), report=report, about=about, words=f"Remark {number}.")
        query = reporting.query(by=somebody(LEAD), report=report, about=about, words="Hm.")
        reporting.answer(by=somebody(ANALYST), query=query, outcome="stands", words="No.")

    assert queries_of(director, report.get_absolute_url()) <= before + 1


def test_a_remark_is_taken_back_by_who_made_it_and_stays_marked(universe: cast.Committee, sign_in: SignIn) -> None:
    report = opened()
    made = reporting.remark(by=somebody(LEAD), report=report, about="part/targets", words="We saw it coming.")
    address = f"{report.get_absolute_url()}remarks/{made.pk}/take-back/"
    assert "Take it back" in words(sign_in(LEAD).get(report.get_absolute_url()))
    assert "Take it back" not in words(sign_in(OTHER).get(report.get_absolute_url()))
    assert [sign_in(post).post(address, {}).status_code for post in (OTHER, DIRECTOR, MEMBER)] == [403, 403, 403]

    seen = words(sign_in(LEAD).post(address, {"reason": ""}, follow=True))
    assert "We saw it coming." in seen and "Taken back" in seen
    entry = Entry.objects.latest("number")
    assert (entry.kind, list(entry.facts)) == ("remark.taken-back", ["digests"])
    assert "is taken back already" in words(sign_in(LEAD).post(address, {"reason": "Again."}))
    assert sign_in(LEAD).get(f"{report.get_absolute_url()}remarks/99/take-back/").status_code == 404


def test_a_report_is_closed_with_a_reason_and_reopened(universe: cast.Committee, sign_in: SignIn) -> None:
    agree("provisional", {"working_days": 5, "holidays": "GB-ENG"})
    days = Span(JUNE.first, JUNE.last.replace(day=29))
    cast.compute(days)
    report = reporting.open_report(by=somebody(DIRECTOR), first=days.first, last=days.last)
    at, june, provisional = report.get_absolute_url(), "?first=2026-06-01&last=2026-06-29", "can query these figures"
    assert sign_in(LEAD).get(f"{at}close/").status_code == 403
    assert "not closed" in words(sign_in(MANAGER).post(f"{at}reopen/", {"reason": "So."}))
    assert "There is a problem" in words(sign_in(MANAGER).post(f"{at}close/", {"reason": " "}))

    closed = words(sign_in(MANAGER).post(f"{at}close/", {"reason": "The meeting is called off."}, follow=True))
    assert "This report is closed: The meeting is called off. (Service manager" in closed
    assert "closed already" in words(sign_in(MANAGER).post(f"{at}close/", {"reason": "Again."}))
    assert "Closed" in words(sign_in(LEAD).get("/reports/"))
    assert list(queries.in_work(seen_by=somebody(DIRECTOR))) == [] and queries.owed(somebody(LEAD)) == []
    assert provisional not in words(sign_in(MEMBER).get("/figures/" + june))
    reporting.query(by=somebody(LEAD), report=report, about=SHARE, words="It can still be said.")

    assert "goes on" in words(sign_in(DIRECTOR).post(f"{at}reopen/", {"reason": "It is called again."}, follow=True))
    assert list(queries.in_work(seen_by=somebody(DIRECTOR))) == [report]
    assert provisional in words(sign_in(MEMBER).get("/figures/" + june))
    kinds = Entry.objects.filter(kind__startswith="report.").order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["report.opened", "report.closed", "report.reopened"]


def test_what_is_published_is_not_closed(universe: cast.Committee) -> None:
    report = opened()

    with pytest.raises(Refused, match="A pack of these days is published"):
        reporting.close_report(by=somebody(DIRECTOR), report=report, reason="Too late.")


# Packs


def test_every_part_of_a_pack_can_have_words(universe: cast.Committee) -> None:
    frame = {"in-short", "contents", "definitions", "checking", "readings"}
    found = set(re.findall(r'<h2[^>]* id="([a-z-]+)"', html(composed()))) - frame

    assert found <= set(PARTS) and len(found) > 4
    assert {f"readings-{section}" for section in TITLES} <= set(PARTS)
    assert all(PARTS[f"readings-{section}"] == title for section, title in TITLES.items())


def test_without_aims_or_words_a_pack_says_nothing_of_them(universe: cast.Committee) -> None:
    files = composed()

    assert "Off target, and why" not in html(files)
    assert not {"explanations", "queries"} & set(figures(files))


def test_what_is_off_its_aim_without_words_is_listed_as_such(universe: cast.Committee) -> None:
    agree("aims", AIMS)
    for profile in ("board", "public"):
        written = html(composed(profile))
        assert "Off target, and why" in written and "No explanation was given." in written, profile
        assert "aims v1" in written


def test_words_stand_with_their_post_and_entry(universe: cast.Committee) -> None:
    agree("aims", AIMS)
    report = opened()
    whole = {"why": WHY, "doing": DOING, "by_when": date(2026, 9, 1)}
    made = reporting.sign_off(by=somebody(MANAGER), report=report, about=SHARE, **whole)
    reporting.sign_off(by=somebody(MANAGER), report=report, about="part/volumes", why="More laptops came.")
    files = composed("public")
    written = html(files)

    assert made.entry
    assert "No explanation was given." not in written
    for said in (f"Why: {WHY}", f"What is done: {DOING}", "Why: More laptops came.", f"entry {made.entry.number}"):
        assert said in written, said
    assert figures(files)["explanations"][1]["why"] == WHY


def test_a_query_that_is_not_settled_is_published_as_queried(universe: cast.Committee) -> None:
    report = opened()
    asked = reporting.query(by=somebody(LEAD), report=report, about="tickets_opened", words="One is ours twice.")

    board, public = html(composed("board")), html(composed("public"))
    assert "Queried by Southmere, not answered yet" in board and "One is ours twice." in board
    assert "Queried by Southmere, not answered yet" in public and "One is ours twice." not in public

    reporting.settle(by=somebody(LEAD), query=asked)
    assert "Queried by Southmere" not in html(composed("board"))


def test_the_public_s_pack_says_nothing_of_a_partner_s_own_figure(universe: cast.Committee) -> None:
    report = opened()
    about = "tickets_opened?partner=Southmere"
    reporting.sign_off(by=somebody(MANAGER), report=report, about=about, why="A school moved.")
    reporting.query(by=somebody(LEAD), report=report, about=about, words="Hm.")

    assert "A school moved." in html(composed("board"))
    public = composed("public")
    assert "A school moved." not in html(public) and "Southmere" not in json.dumps(figures(public).get("queries", []))


def test_a_pack_as_known_then_has_the_words_of_then(universe: cast.Committee) -> None:
    report = opened()
    first = reporting.sign_off(by=somebody(MANAGER), report=report, about="part/targets", why=WHY)
    query = reporting.query(by=somebody(LEAD), report=report, about=SHARE, words="Hm.")
    assert first.entry and query.entry
    then = composed(known_at=query.entry.number)
    reporting.sign_off(by=somebody(MANAGER), report=report, about="part/targets", why="Other words.", edition=1)
    reporting.settle(by=somebody(LEAD), query=query)

    assert composed(known_at=query.entry.number).digests == then.digests
    assert WHY in html(then) and "Queried by Southmere" in html(then)
    now = html(composed())
    assert WHY not in now and "Other words." in now and "Queried by Southmere" not in now
    before = composed(known_at=first.entry.number - 2)
    assert WHY not in html(before)


def test_a_pack_of_other_days_has_none_of_it(universe: cast.Committee) -> None:
    report = opened()
    reporting.sign_off(by=somebody(MANAGER), report=report, about="part/targets", why=WHY)
    on = basis()
    days = Span(JUNE.first, JUNE.last.replace(day=29))
    files = compose(period=the_period(days, on.known), profile=profile_of("board"), on=on)

    assert WHY not in html(files)


def test_a_reading_off_its_aim_owes_an_explanation_too(universe: cast.Committee) -> None:
    agree("aims", {"satisfaction": {"at_least": "4.5"}})
    bringing.bring(by=somebody(ANALYST), stream=BytesIO(SURVEY))
    report = opened()
    found = queries.reported(report, seen_by=somebody(DIRECTOR))

    assert [(one.about.measure, str(one.result)) for one in found.against] == [("satisfaction", "off")]
    assert "No explanation was given." in html(composed())
    whole = {"why": "The survey is new.", "doing": DOING, "by_when": date(2026, 9, 1)}
    reporting.sign_off(by=somebody(MANAGER), report=report, about="satisfaction?threshold=5", **whole)
    assert "Why: The survey is new." in html(composed())


def test_figures_beside_their_aims_are_taken_with_their_numbers(universe: cast.Committee, sign_in: SignIn) -> None:
    agree("aims", AIMS)
    report = opened()
    about, table = sheets_of(sign_in(MANAGER).get(f"{report.get_absolute_url()}?take=aims.xlsx"))
    assert about["Period"] == f"{report.first} to {report.last}" and about["As of"]
    row = next(row for row in table if row["Aim"] == 0.9)
    assert (row["Unit"], row["Aim: at least or at most"], row["Words"]) == ("share", "at least", "none")
    assert row["Value"] == row["Numerator"] / row["Denominator"] and row["Why"] is None
    _, table = sheets_of(sign_in(MANAGER).get(f"{report.get_absolute_url()}?take=sections.xlsx"))
    assert table and all(0 <= row["Ready"] <= 1 for row in table)
