"""What a pack tells of readings, for each audience, and what it keeps back from the public."""

import json
from typing import Any

import pytest

from commonhold.figures import Figure
from commonhold.ledger.models import Entry
from commonhold.performance.acts import bringing, publishing
from commonhold.performance.acts.composing import Files, compose, profile_of
from commonhold.performance.models import SourceReading
from commonhold.performance.queries.brought import known
from commonhold.performance.queries.periods import basis, the_period
from tests import universe as cast
from tests.demand.conftest import Commonhold, SignIn
from tests.reading import words
from tests.readings import bring, line
from tests.universe import JUNE, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june")]
PARTNERS = ("Eastwell Vale", "Northgate", "Southmere")


def composed(profile: str = "board", known_at: int | None = None) -> Files:
    on = basis()
    return compose(period=the_period(JUNE, on.known), profile=profile_of(profile), on=on, known_at=known_at)


def text(files: Files) -> str:
    class Page:
        content = files.files["body.html"]

    page: Any = Page()
    return words(page)


def figures(files: Files, measure: str) -> dict[tuple[tuple[str, str | None], ...], Figure]:
    found = [Figure.from_json(one) for one in files.figures if one["measure"] == measure]
    return {tuple(one.scope.items()): one for one in found if one.period == JUNE}


def satisfied(returns: dict[str, int]) -> None:
    bring(
        *(
            line(measure="satisfaction", partner=partner, value="", numerator=4 * count, denominator=count,
                 unit="score", threshold="5", grade="stated")
            for partner, count in returns.items()
        )
    )  # fmt: skip


def test_without_readings_the_boards_are_told_so_in_one_line_and_the_public_nothing() -> None:
    said = "No readings were brought of telephones, on-site desks, satisfaction, availability of services, patching"

    assert said in text(composed())
    assert "readings" not in text(composed("public")).lower()
    assert "readings" not in json.loads(composed("public").files["figures.json"])["made_from"]


def test_a_section_for_what_there_is() -> None:
    bring(
        line(),
        line(first="2026-05-01", last="2026-05-31", value="1000"),
        line(first="2025-06-01", last="2025-06-30", value="800"),
        line(measure="calls_abandoned", value="", numerator="60", denominator="1200", threshold="30"),
        line(measure="availability", value="", numerator="43100", denominator="43200", unit="minutes", service="Email"),
    )
    said = text(composed())

    assert "Telephones" in said and "Calls offered" in said and "1,200 calls" in said
    assert "Calls offered, beside the period before: 1,200 against 1,000: up 20%." in said
    assert "Calls offered, beside the same period last year: 1,200 against 800: up 50%." in said
    assert "Calls abandoned: hung up after more than 30 seconds" in said and "5.0% (60 of 1,200)" in said
    assert "Availability: Email" in said and "99.8% (43,100 of 43,200)" in said
    assert "counted by the source" in said
    assert "No readings were brought of on-site desks, satisfaction, patching" in said
    assert "Calls hung up unanswered after more than the stated number of seconds" in said, "its definition"
    files = composed()
    made_from = json.loads(files.files["figures.json"])["made_from"]
    assert made_from["readings_known_at"] == known().entry and len(made_from["readings"]) == 1
    assert files.files == composed().files, "the same bytes again"


def months_of_calls(*, small: bool = False) -> None:
    days = {3: 31, 4: 30, 5: 31}
    for month, last in days.items():
        count = "3" if small and month == 4 else f"{1_000 + month}"
        bring(line(first=f"2026-0{month}-01", last=f"2026-0{month}-{last}", value=count))


def test_calls_satisfaction_and_availability_are_followed_month_by_month() -> None:
    months_of_calls()
    bring(
        line(),
        *(
            line(measure="availability", value="", numerator=str(43_000 + month), denominator="43200", unit="minutes",
                 service="Email", first=f"2026-0{month}-01", last=f"2026-0{month}-{last}")
            for month, last in ((4, 30), (6, 30))
        ),
    )  # fmt: skip
    said = text(composed())

    assert "Calls offered, each month by itself" in said
    assert "March 2026 1,003 calls April 2026 1,004 calls May 2026 1,005 calls June 2026 1,200 calls" in said
    assert "Availability, each month by itself" in said and "April 2026 99.5%" in said
    assert "May 2026 99" not in said, "a month of which nothing is known breaks the line"
    assert "Satisfaction, each month" not in said


def test_a_month_told_in_part_is_left_out_of_the_chart() -> None:
    months_of_calls()
    bring(line(first="2026-06-01", last="2026-06-10", value="400"))
    chart = text(composed()).partition("Calls offered, each month by itself")[2].partition("On-site")[0]

    assert "May 2026 1,005 calls" in chart and "June 2026 400" not in chart


def test_the_public_is_shown_all_months_of_a_measure_or_none() -> None:
    months_of_calls(small=True)
    bring(line())

    assert "each month by itself" in text(composed()).partition("Telephones")[2]
    assert "Calls offered, each month" not in text(composed("public"))
    found = map(Figure.from_json, composed("public").figures)
    assert {one.period.first.month for one in found if one.measure == "calls_offered"} == {5, 6}


def test_what_is_told_in_part_says_so_and_is_compared_with_nothing() -> None:
    bring(line(first="2026-06-01", last="2026-06-10", value="400"), line(first="2026-05-01", last="2026-05-31"))
    said = text(composed())

    assert "told in part: 10 of 30 days; missing 11 June 2026 to 30 June 2026" in said
    assert "beside the period before" not in said.partition("Telephones")[2]


def test_the_boards_see_each_partner_the_public_the_whole_a_partner_its_own() -> None:
    satisfied({"Eastwell Vale": 20, "Northgate": 30, "Southmere": 50})
    boards, everybodys, own = (composed(profile) for profile in ("board", "public", "southmere"))

    assert "Satisfaction, by partner" in text(boards)
    scopes = {dict(scope).get("partner") for scope in figures(boards, "satisfaction")}
    assert scopes == {None, *PARTNERS}
    assert "Satisfaction" in text(everybodys) and "Northgate" not in text(everybodys).partition("Satisfaction")[2]
    (whole,) = figures(everybodys, "satisfaction").values()
    assert (whole.value, whole.denominator, dict(whole.scope)) == (4, 100, {"threshold": "5"})
    assert {dict(scope).get("partner") for scope in figures(own, "satisfaction")} == {None, "Southmere"}


@pytest.mark.parametrize(
    ("returns", "shown"),
    [
        ({"Eastwell Vale": 1, "Northgate": 1, "Southmere": 1}, False),  # three returns in all
        ({"Southmere": 50}, False),  # one partner's own figure, whatever it is called
        ({"Northgate": 2, "Southmere": 3}, True),
    ],
)
def test_the_public_is_shown_no_small_number_and_no_partner_s_own(returns: dict[str, int], shown: bool) -> None:
    satisfied(returns)
    (whole,) = figures(composed("public"), "satisfaction").values()

    assert (whole.value is not None) == shown
    if not shown:
        assert (whole.numerator, whole.denominator, whole.grade_mix, whole.notes) == (None, None, {}, ())
        assert whole.reason is not None and "readings" in whole.reason and "ticket" not in whole.reason
        assert (
            "not shown" in text(composed("public")) and "4.0" not in text(composed("public")).split("Satisfaction")[2]
        )
    assert any(one.value is not None for one in figures(composed(), "satisfaction").values())


def test_a_small_group_between_two_thresholds_is_not_to_be_had_by_subtraction() -> None:
    bring(
        *(
            line(measure="audit_actions_overdue", unit="actions", value=value, threshold=threshold)
            for threshold, value in (("0", "20"), ("30", "18"), ("90", "7"))
        )
    )
    found = {dict(scope)["threshold"]: one.value for scope, one in
             figures(composed("public"), "audit_actions_overdue").items()}  # fmt: skip

    assert found == {"0": 20, "30": None, "90": 7}
    board = figures(composed(), "audit_actions_overdue")
    assert sorted(one.value for one in board.values() if one.value) == [7, 18, 20]


def test_what_an_earlier_pack_told_gives_no_small_number_away() -> None:
    bring(
        line(first="2026-06-01", last="2026-06-29", value="1197"),
        line(first="2026-06-30", last="2026-06-30", value="3"),
    )
    on = basis()
    files = compose(period=the_period(JUNE, on.known), profile=profile_of("public"), on=on)
    publishing.publish(by=somebody("managing-director"), files=files)
    short = cast.Span(JUNE.first, JUNE.last.replace(day=29))
    later = compose(period=the_period(short, on.known), profile=profile_of("public"), on=on)
    found = [one["value"] for one in later.figures if one["measure"] == "calls_offered"
             and one["period"]["to"] == "2026-06-29"]  # fmt: skip

    assert [one.value for one in figures(files, "calls_offered").values()] == [1_200]
    assert found == [None]


def test_a_published_figure_is_open_to_everybody_with_its_file_s_digest(sign_in: SignIn) -> None:
    bring(line())
    pack = publishing.publish(by=somebody("managing-director"), files=composed("public"))
    entry = Entry.objects.latest("number")
    reference = pack.readings.get(figure__measure="calls_offered", figure__period__from="2026-06-01").reference
    page = sign_in("").get(f"/evidence/{reference}")

    assert known().entry in entry.because
    assert page.status_code == 200 and "1,200 calls" in words(page)
    assert SourceReading.objects.get().delivery.sha256 in words(page)
    assert "Reading 1" not in words(page)
    seen = words(sign_in("").get("/figures/?first=2026-06-01&last=2026-06-30"))
    assert "Brought as readings, June 2026" in seen and "1,200 calls" in seen
    assert "1,200 calls" in words(sign_in("").get("/figures/calls-offered/?first=2026-06-01&last=2026-06-30"))


def test_a_pack_comes_out_the_same_from_the_kept_files(commonhold: Commonhold, tmp_path: Any) -> None:
    bring(line(), *(line(measure="site_visits", unit="visits", partner=one, value="40") for one in PARTNERS))
    for profile in ("public", "board", "southmere"):
        files = composed(profile)
        path = tmp_path / f"{profile}.json"
        path.write_bytes(files.files["figures.json"])
        bringing.take_back(by=somebody("service-analyst"), reading=SourceReading.objects.standing()[0], reason="No")

        answers = commonhold("recompute", path, "--json").json
        assert {one["answer"] for one in answers} == {"same"}, [one for one in answers if one["answer"] != "same"]


def test_what_was_known_at_an_entry_is_composed_again() -> None:
    bring(line())
    then = known().entry
    before = composed(known_at=then).files["figures.json"]
    bring(line(value="1100"), reason="A test line was counted")

    assert composed(known_at=then).files["figures.json"] == before
    assert [one.value for one in figures(composed(), "calls_offered").values()] == [1_100]
