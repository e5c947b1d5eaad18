"""Figures published before Commonhold: entered with evidence, corrected, taken back; beside ours in pages and packs."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commonhold.ledger.models import Entry
from commonhold.partnership.models import Partner
from commonhold.performance.acts import comparators as acts
from commonhold.performance.acts.bringing import Attached
from commonhold.performance.acts.composing import Files, compose, profile_of
from commonhold.performance.engine.before import Basis
from commonhold.performance.models import Comparator
from commonhold.performance.queries import comparators as queries
from commonhold.performance.queries.periods import basis, the_period
from commonhold.refusals import NotAllowed, Refused
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import links, sheets_of, words
from tests.readings import bring, line, published_before
from tests.universe import JUNE, somebody

pytestmark = [pytest.mark.django_db]
ANALYST, LEAD = "service-analyst", "client-lead-of-southmere"
DAYS = {"first": date(2025, 6, 1), "last": date(2025, 6, 30)}


def composed(profile: str = "board", known_at: int | None = None) -> Files:
    on = basis()
    return compose(period=the_period(JUNE, on.known), profile=profile_of(profile), on=on, known_at=known_at)


def text(files: Files) -> str:
    class Page:
        content = files.files["body.html"]

    page: Any = Page()
    return words(page)


@pytest.mark.usefixtures("partnership")
class TestEntering:
    def test_it_is_entered_with_what_shows_it(self) -> None:
        made = published_before()
        entry = Entry.objects.latest("number")

        assert (entry.kind, entry.subject, entry.facts["measure"]) == ("comparator.entered", made.ref, "within_target")
        assert made.published.exact == pytest.approx(0.66)
        assert made.scope == {"priority": "P2"}
        assert [row.pk for row in queries.standing()] == [made.pk]

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"value": "66"}, "Write a share as a percentage"),
            ({"value": "166%"}, "at most 100%"),
            ({"value": ""}, "Give the number as it was published"),
            ({"value": "many"}, "Write a share as a percentage"),
            ({"value": "many%"}, "is a number such as"),
            ({"value": "", "numerator": "9"}, "Give both counts"),
            ({"value": "", "numerator": "9", "denominator": "0"}, "Give both counts"),
            ({"value": "", "numerator": "17", "denominator": "16"}, "Give both counts"),
            ({"numerator": "9", "denominator": "16"}, "Give both counts of a share and no value"),
            ({"measure": "tickets_opened", "value": "", "numerator": "9", "denominator": "16"}, "the value alone"),
            ({"measure": "tickets_opened", "value": "12%"}, "and nothing else with a %"),
            ({"measure": "happiness"}, "There is no measure called 'happiness'"),
            ({"measure": "calls_abandoned", "priority": "", "value": "4%"}, "states a threshold"),
            ({"threshold": 30}, "has no threshold"),
            ({"measure": "calls_answered", "value": "90%"}, "Only figures of tickets have a priority"),
            ({"published_in": " "}, "Say where it was published"),
            ({"attached": None}, "Attach what shows it"),
            ({"basis": Basis.OTHER.value}, "Say how it was counted otherwise"),
            ({"first": date(2025, 7, 1)}, "end after they begin"),
            ({"last": date(2026, 8, 1)}, "before today"),
            ({"published_in": "x" * 1_001}, "at most 1,000 characters"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, said: dict[str, Any], words: str) -> None:
        with pytest.raises(Refused, match=words):
            published_before(**said)
        assert not Comparator.objects.exists()

    def test_a_correction_names_the_old_one_and_can_be_taken_back(self) -> None:
        made = published_before()
        again = published_before(value="65%", corrects=made, reason="Misread", attached=None)
        assert (Entry.objects.latest("number").kind, again.attached) == ("comparator.corrected", made.attached)
        assert [row.pk for row in queries.standing()] == [again.pk]
        known = Entry.objects.latest("number").number

        acts.take_back(by=somebody(ANALYST), comparator=again, reason="It was right")
        assert [row.pk for row in queries.standing()] == [made.pk]
        assert [row.pk for row in queries.standing(known)] == [again.pk]
        assert [row.pk for row in queries.standing(known - 1)] == [made.pk]
        with pytest.raises(Refused, match="corrected or taken back before"):
            acts.take_back(by=somebody(ANALYST), comparator=again, reason="Again")
        with pytest.raises(Refused, match="Say why"):
            published_before(value="65%", corrects=made, reason=" ")
        with pytest.raises(Refused, match="Say why"):
            acts.take_back(by=somebody(ANALYST), comparator=made, reason=" ")

    def test_a_client_lead_enters_those_of_their_own_partner(self) -> None:
        own = Partner.objects.get(slug="southmere")
        assert published_before(by=somebody(LEAD), partner=own).partner == own
        for other in (None, Partner.objects.get(slug="northgate")):
            with pytest.raises(NotAllowed):
                published_before(by=somebody(LEAD), partner=other)
        with pytest.raises(NotAllowed):
            published_before(by=somebody("managing-director"))

    def test_one_is_typed_corrected_and_taken_back_on_pages(self, sign_in: SignIn) -> None:
        browser = sign_in(ANALYST)
        said = {
            "measure": "within_target", "first-day": "1", "first-month": "3", "first-year": "2025", "last-day": "30",
            "last-month": "6", "last-year": "2025", "priority": "P2", "value": "66%", "basis": Basis.UNKNOWN.value,
            "published_in": "Report of July 2025",
        }  # fmt: skip
        file = SimpleUploadedFile("page.pdf", b"%PDF-1.7\n")
        assert "Choose what shows it" in words(browser.post("/comparators/new/", said))
        done = browser.post("/comparators/new/", {**said, "file": file}, follow=True)
        assert "66.0%, March to June 2025" in words(done) and "not verifiable here" in words(done)
        made = Comparator.objects.get()
        form = browser.get(f"{made.get_absolute_url()}correct/")
        assert b'value="66%"' in form.content
        right = browser.post(f"{made.get_absolute_url()}correct/", {**said, "value": "", "numerator": "9",
                             "denominator": "16", "reason": "Counts were printed too"}, follow=True)  # fmt: skip
        assert "9 of 16, 56.2%" in words(right) and "It corrects" in words(right)
        listed = browser.get("/comparators/?measure=within_target")
        assert "Corrected" in words(listed) and "9 of 16, 56.2%" in words(listed)
        newest = Comparator.objects.latest("pk")
        back = browser.post(f"{newest.get_absolute_url()}take-back/", {"reason": "No"}, follow=True)
        assert "Taken back: No" in words(back)
        assert b"".join(browser.get(f"{made.get_absolute_url()}attached").streaming_content).startswith(b"%PDF")
        assert "66" not in words(sign_in("").get("/comparators/"))
        assert sign_in("").get(made.get_absolute_url()).status_code == 404

    def test_what_shows_one_is_for_whoever_reads_the_figure_but_for_one_partners_own(self, sign_in: SignIn) -> None:
        auditor, other = "auditor-of-eastwell-vale", "client-lead-of-northgate"
        of_all, own = published_before(), published_before(partner=Partner.objects.get(slug="southmere"))
        widened = published_before(corrects=own, reason="It was of all.", attached=None)
        page = Attached("all.pdf", BytesIO(b"%PDF-1.7\nP2 66% of all\n"))
        anew = published_before(corrects=widened, reason="The page of all.", attached=page)

        for made, opens, shut in (
            (of_all, (ANALYST, LEAD, other, auditor, "managing-director"), ("",)),
            (own, (ANALYST, LEAD, "managing-director"), (other, auditor, "")),
            (widened, (ANALYST, LEAD, "managing-director"), (other, auditor, "")),
            (anew, (ANALYST, LEAD, other, auditor), ("",)),
        ):
            for post in opens:
                assert sign_in(post).get(f"{made.get_absolute_url()}attached").status_code == 200, (made, post)
                assert b"what shows it" in sign_in(post).get(made.get_absolute_url()).content
            for post in shut:
                assert sign_in(post).get(f"{made.get_absolute_url()}attached").status_code == 404, (made, post)
                assert b"what shows it" not in sign_in(post).get(made.get_absolute_url()).content

    def test_the_list_takes_as_many_queries_for_one_as_for_three(self, sign_in: SignIn) -> None:
        published_before()
        one = queries_of(sign_in(ANALYST), "/comparators/")
        published_before(first=date(2024, 1, 1))
        published_before(first=date(2023, 1, 1))

        assert queries_of(sign_in(ANALYST), "/comparators/") == one == 5


@pytest.mark.usefixtures("universe")
class TestBesideOurs:
    def test_it_stands_on_the_page_of_its_measure_with_what_changed(self, sign_in: SignIn) -> None:
        published_before(priority="", value="50%", **DAYS)
        published_before(priority="", value="50%", basis=Basis.UNKNOWN.value, **DAYS)
        published_before(priority="", value="50%", basis=Basis.OTHER.value, basis_words="By other targets.", **DAYS)
        seen = sign_in(ANALYST).get("/figures/within-target/?first=2026-06-01&last=2026-06-30")

        assert "Published before Commonhold" in words(seen) and words(seen).count("Not verifiable here") == 3
        assert "5 of 6 (83.3%) against 50.0%: up 33.3 percentage points." in words(seen)
        assert "Not compared: nobody knows how it was counted." in words(seen)
        assert "Not compared: it was counted otherwise. By other targets." in words(seen)
        assert "Figures of this measure published before Commonhold" in links(seen)
        assert "Published before Commonhold" not in words(sign_in("").get("/figures/within-target/"))

    def test_periods_of_unequal_length_are_compared_per_month(self, sign_in: SignIn) -> None:
        published_before(
            measure="tickets_opened", priority="", value="32", first=date(2025, 3, 1), last=date(2025, 6, 30)
        )
        seen = words(sign_in(ANALYST).get("/figures/tickets-opened/?first=2026-06-01&last=2026-06-30"))

        assert "8 a month against 8: unchanged. The periods are of different lengths" in seen

    def test_a_pack_holds_its_figures_against_them_and_marks_them(self) -> None:
        published_before(priority="", value="50%", **DAYS)
        published_before(
            partner=Partner.objects.get(slug="southmere"), priority="", value="40%",
            first=date(2026, 5, 1), last=date(2026, 5, 31),
        )  # fmt: skip
        published_before(priority="", value="10%", first=date(2023, 6, 1), last=date(2023, 6, 30))
        boards, everybodys, own, others = (
            text(composed(name)) for name in ("board", "public", "southmere", "northgate")
        )

        for said in (boards, everybodys):
            assert "Beside figures published before" in said and "not verifiable here" in said
            assert "5 of 6 (83.3%) against 50.0%: up 33.3 percentage points." in said
        assert "10.0%" not in boards, "more than two years back"
        assert "40.0%" in boards and "40.0%" in own
        assert "40.0%" not in everybodys and "40.0%" not in others
        files = composed()
        assert b'"published_before"' in files.files["figures.json"] and files.files == composed().files

    def test_it_is_told_as_it_was_known(self) -> None:
        made = published_before(priority="", value="50%", **DAYS)
        known = Entry.objects.latest("number").number
        acts.take_back(by=somebody(ANALYST), comparator=made, reason="No")

        assert "Beside figures published before" in text(composed(known_at=known))
        assert "Beside figures published before" not in text(composed())

    def test_of_a_figure_that_is_told_in_part_nothing_is_worked_out(self, sign_in: SignIn) -> None:
        bring(line(last="2026-06-10", value="400"))
        published_before(measure="calls_offered", priority="", value="1,000", **DAYS)
        seen = words(sign_in(ANALYST).get("/figures/calls-offered/?first=2026-06-01&last=2026-06-30"))

        assert "1,000 calls" in seen and "Not compared: ours is told in part." in seen
        assert "Not compared: ours is told in part." in text(composed())


@pytest.fixture
def universe(db: None, june: None) -> None:
    cast.compute()


def test_attachments_are_kept_by_their_digest(partnership: None) -> None:
    made = published_before(attached=Attached("a.txt", BytesIO(b"66%")))

    assert len(made.attached) == 64 and made.attached_name == "a.txt"


def test_all_of_them_are_taken_with_their_numbers(partnership: None, sign_in: SignIn) -> None:
    made = published_before()
    about, table = sheets_of(sign_in(ANALYST).get("/comparators/?measure=within_target&take=list.xlsx"))
    assert about["Scope"] == "of the measure within_target"
    row = next(row for row in table if row["Comparator"] == made.pk)
    assert (row["Value"], row["Unit"], row["Priority"], row["State"]) == (0.66, "share", "P2", "not verifiable here")
    assert sign_in("").get("/comparators/?take=list.xlsx").status_code == 404
