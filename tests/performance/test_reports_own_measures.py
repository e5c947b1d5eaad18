"""Measures of the partnership's own in a report and in packs: each with its own words, remarks and queries."""

from datetime import date

import pytest

from commonhold.ledger.models import Entry
from commonhold.performance.acts import reporting
from commonhold.performance.acts.composing import compose, profile_of
from commonhold.performance.models import Report
from commonhold.performance.queries import reporting as queries
from commonhold.performance.queries.periods import basis, the_period
from commonhold.refusals import Refused
from tests import readings
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.performance.test_pack_readings import text
from tests.performance.test_reporting import agree, opened
from tests.reading import body_of, links, words
from tests.readings import bring, line
from tests.universe import JUNE, somebody

pytestmark = pytest.mark.django_db
MANAGER, LEAD = "service-manager", "client-lead-of-southmere"
TRAINING, VISITS = "own_training_days", "own_school_visits"
T_PART, V_PART = "readings-own-training-days", "readings-own-school-visits"
WHY = "Two courses were called off."


@pytest.fixture
def report(universe: cast.Committee) -> Report:
    readings.declare()
    readings.declare(name="school_visits", title="Visits to schools", unit="visits", counted_in="visits")
    bring(line(measure=TRAINING, value="12", unit="days"), line(measure=VISITS, value="30", unit="visits"))
    return opened()


def signed(report: Report, about: str) -> None:
    what = {"why": WHY, "doing": "Two more are booked.", "by_when": date(2026, 9, 30)}
    reporting.sign_off(by=somebody(MANAGER), report=report, about=about, **what)


def pack(profile: str = "board") -> str:
    on = basis()
    return text(compose(period=the_period(JUNE, on.known), profile=profile_of(profile), on=on))


def test_each_is_explained_signed_off_queried_and_remarked_on_from_the_report(sign_in: SignIn, report: Report) -> None:
    address = report.get_absolute_url()
    page = sign_in(MANAGER).get(address)

    assert "Explain it : Days of training" in words(page) and "Explain it : Visits to schools" in words(page)
    form = next(href for href in links(page).values() if f"words/?about=part/{T_PART}" in href)
    assert "Explain: Days of training" in words(sign_in(MANAGER).get(form))
    sign_in(MANAGER).post(form, {"why": WHY, "doing": "", "edition": "0", "do": "sign-off"})
    lead = sign_in(LEAD)
    for what in ("query", "remark"):
        answer = lead.post(f"{address}{what}/?about={TRAINING}", {"words": "Whose courses?"})
        assert answer.status_code == 302, words(answer)

    said = body_of(sign_in(MANAGER).get(address)).split(f'id="part-{T_PART}"')[1].split("</section>")[0]
    assert "Days of training" in said and WHY in said and "Whose courses?" in said
    assert Entry.objects.filter(kind="explanation.signed-off").count() == 1
    assert queries.reported(report, seen_by=somebody(MANAGER)).parts[-1].title == "Days of training"


def test_one_off_its_aim_owes_words_and_the_pack_prints_them(report: Report) -> None:
    agree("aims", {TRAINING: {"at_least": "20"}})
    found = queries.reported(report, seen_by=somebody(MANAGER))

    assert [(one.about.title, one.result) for one in found.off] == [("Days of training", "off")]
    assert found.parts[-1].in_words(writes=True) == "readings in, your words on 1 figure missing"
    signed(report, TRAINING)
    assert "Days of training Why: Two courses were called off." in pack()
    assert queries.reported(report, seen_by=somebody(MANAGER)).parts[-1].waiting == []


@pytest.mark.parametrize("profile", ["board", "public", "southmere"])
def test_in_a_pack_they_stand_one_by_one_each_with_what_is_said_of_it(report: Report, profile: str) -> None:
    signed(report, f"part/{V_PART}")
    signed(report, "part/readings-own")
    said = pack(profile)

    if profile != "southmere":  # of which no reading tells
        together, visits = said.rindex("Measures of the partnership's own"), said.rindex("Visits to schools Why:")
        assert together < said.rindex("Days of training") and together < visits
        assert said.count(f"Why: {WHY}") >= 2
    assert f"Visits to schools Why: {WHY}" in said or profile == "southmere"


def test_a_draft_is_named_to_whoever_signs_it_off(report: Report) -> None:
    reporting.draft_words(by=somebody(MANAGER), report=report, about=f"part/{V_PART}", why=WHY)

    assert "Sign off: Visits to schools" in [one.title for one in queries.owed(somebody(MANAGER))]


def test_a_measure_that_nobody_declared_is_nothing_to_speak_of(sign_in: SignIn, report: Report) -> None:
    for about in ("own_happiness", "part/readings-own-happiness"):
        assert sign_in(MANAGER).get(f"{report.get_absolute_url()}words/?about={about}").status_code == 404
        with pytest.raises(Refused, match="neither a part of the pack nor a figure"):
            signed(report, about)
