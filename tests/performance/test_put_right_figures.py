"""Corrections and exclusions are shown in every figure they touch, to those who see the ticket with their reasons."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from commonhold.demand.acts import putting_right
from commonhold.figures import Figure
from commonhold.ledger.models import Entry
from commonhold.performance.acts import computing
from commonhold.performance.engine import groups
from commonhold.performance.engine.extract import Bit
from commonhold.performance.models import Pack, Period
from commonhold.performance.queries.periods import basis, the_period
from tests import universe as cast
from tests.demand.bringing import ticket
from tests.demand.conftest import Commonhold, SignIn
from tests.performance.conftest import queries_of
from tests.performance.engine_samples import NAMES, STAMP, Sample, at, extracted
from tests.reading import links, words
from tests.universe import JUNE

pytestmark = pytest.mark.django_db

ANALYST, SOUTHMERE, NORTHGATE = "service-analyst", "client-lead-of-southmere", "client-lead-of-northgate"
WHY, STORM = "Logged as P3 by mistake", "A storm of the monitoring"
ONE = "1 ticket is corrected on the record"


def correct(reference: str = "SD0001", priority: str = "P2") -> None:
    by = cast.somebody(ANALYST)
    putting_right.correct(by=by, ticket=ticket(reference), fact="priority", value=priority, reason=WHY)


def figures(measure: str, *by: str) -> list[Figure]:
    on = basis()
    return computing.figures(period=the_period(JUNE, on.known), on=on, measures=[measure], by=by)


def notes(measure: str, *by: str) -> dict[Sequence[str | None], tuple[str, ...]]:
    return {tuple(one.scope.values()): one.notes for one in figures(measure, *by)}


@pytest.mark.parametrize(
    "measure", ["tickets_opened", "tickets_resolved", "within_target", "resolution_hours_median", "source_verdict_met"]
)
def test_a_figure_says_how_many_of_its_tickets_are_corrected(universe: cast.Committee, measure: str) -> None:
    assert ONE not in notes(measure)[()]
    correct()
    was = (ONE,) if measure != "source_verdict_met" else ()

    assert tuple(note for note in notes(measure)[()] if "corrected" in note) == was


def test_only_the_groups_with_the_ticket_say_so(universe: cast.Committee) -> None:
    correct()
    found = notes("tickets_opened", "priority")

    assert {value for value, said in found.items() if ONE in said} == {("P2",)}


def test_undone_it_is_said_no_longer_and_what_was_known_before_stays(
    universe: cast.Committee, commonhold: Commonhold
) -> None:
    correct()
    known = basis().entry
    putting_right.undo(by=cast.somebody(ANALYST), what=ticket("SD0001").corrections.get())
    options = ("figures", "--from", "2026-06-01", "--to", "2026-06-30", "--measure", "tickets_opened", "--json")

    assert commonhold(*options).json[0]["notes"] == []
    assert commonhold(*options, "--known-at", known).json[0]["notes"] == [ONE]


def test_of_minutes_by_those_who_held_them_each_ticket_is_said_once_in_a_group() -> None:
    shared = Sample(resolved=at("2016-03-10T10:00"), used=600, corrected=True, shares=((1, 1, 240), (2, 2, 360)))
    found = groups.figures([extracted([shared], attributed=True)], ["minutes_used"], ("team",), NAMES, STAMP)

    assert {one.scope["team"]: one.notes for one in found} == {"Desk": (ONE,), "Network": (ONE,)}


def test_counting_leaves_out_those_excluded_as_well() -> None:
    extract = extracted([Sample(id=1, corrected=True), Sample(id=2, corrected=True, excluded=True), Sample(id=3)])

    assert extract.has(Bit.CORRECTED).tolist() == [True, True, False]


def test_the_public_reads_it_without_the_number(universe: cast.Committee, sign_in: SignIn) -> None:
    correct()
    pack = cast.publish("public", reason="A priority was put right.")
    row = next(row for row in pack.readings.filter(figure__measure="tickets_opened") if not row.figure["scope"])
    page = sign_in("").get(f"/evidence/{row.reference}")

    assert row.figure["notes"] == ["some tickets are corrected on the record"]
    assert "Some tickets are corrected on the record." in words(page)
    assert WHY not in words(page) and "SD0001" not in words(page) and ONE not in words(page)


# The evidence page


def evidence(measure: str = "tickets_opened") -> str:
    cast.compute()
    (figure,) = figures(measure)
    return f"/evidence/{figure.evidence}"


@pytest.fixture
def put_right(universe: cast.Committee) -> str:
    """The evidence of a figure of which one ticket of Southmere is corrected and one of Northgate left out."""
    correct()
    putting_right.exclude(by=cast.somebody(ANALYST), ticket=ticket("SD0003"), reason=STORM)
    return evidence()


def test_those_who_see_all_rows_read_each_with_its_reason_and_entry(put_right: str, sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get(put_right)
    entries = Entry.objects.filter(kind__in=("ticket.corrected", "ticket.excluded"))

    assert "1 ticket behind it is corrected on the record. 1 ticket that would be in it is left out" in words(page)
    for said in (f"SD0001 Priority corrected to P2 {WHY}", f"SD0003 Left out of figures {STORM}"):
        assert said in words(page)
    for entry in entries:
        assert links(page)[f"entry {entry.number}"] == entry.get_absolute_url()


@pytest.mark.parametrize(("post", "reads", "shut"), [(SOUTHMERE, WHY, STORM), (NORTHGATE, STORM, WHY)])
def test_a_partner_reads_of_its_own_tickets_and_that_there_is_another(
    put_right: str, sign_in: SignIn, post: str, reads: str, shut: str
) -> None:
    seen = words(sign_in(post).get(put_right))

    assert reads in seen and shut not in seen
    assert "1 of them stays shut to you here" in seen


def test_it_takes_no_more_queries_than_a_page_may(put_right: str, sign_in: SignIn) -> None:
    for post in (ANALYST, SOUTHMERE, NORTHGATE):
        assert queries_of(sign_in(post), evidence("within_target")) <= 12


def test_a_figure_that_nothing_touches_says_nothing_of_it(universe: cast.Committee, sign_in: SignIn) -> None:
    assert "put right" not in words(sign_in(ANALYST).get(evidence())).partition("Evidence of a figure")[2]


# What is kept, and what was published


def test_a_period_kept_in_the_older_form_is_computed_again(universe: cast.Committee, sign_in: SignIn) -> None:
    correct()
    cast.compute()
    Period.objects.update(program="0.1.0")

    assert sign_in(ANALYST).get("/parity/").status_code == 200
    assert ONE in notes("tickets_opened")[()]


def test_packs_published_before_and_after_are_computed_again_the_same(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    correct()
    before, after = Pack.objects.get(profile="board"), cast.publish("board", reason="A priority was put right.")
    said = [row.figure for row in after.readings.all()]
    of_an_older_version = [{**figure, "notes": [n for n in figure["notes"] if n != ONE]} for figure in said]

    assert said != of_an_older_version
    for figures in ([row.figure for row in before.readings.all()], said, of_an_older_version):
        (tmp_path / "figures.json").write_text(json.dumps({"figures": figures}))
        answer = commonhold("recompute", tmp_path / "figures.json")
        assert answer.code == 0, answer.out
