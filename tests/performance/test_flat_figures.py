"""Figures as a flat table: what is kept ready, laid out by columns, in parts; for the public what was published."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonhold.figures import Figure, Span
from commonhold.govuk.flat import Asked
from commonhold.jobs.models import Job
from commonhold.performance.acts import computing
from commonhold.performance.engine.brought.definition import WORDS as OF_READINGS
from commonhold.performance.engine.groups import GRADES, WORDS
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.models import Period, Table
from commonhold.performance.queries import flat
from commonhold.performance.queries.readings import ALL_READY, ready
from tests import universe as made
from tests.factories import FIGURE
from tests.flat import next_of, read, rows_of
from tests.readings import bring, enter, line
from tests.universe import NOON, browser_of, somebody

pytestmark = pytest.mark.usefixtures("universe", "db")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def asked(query: str = "", post: str = "client-lead-of-southmere", kind: str = "csv", **headers: str) -> Any:
    return read(browser_of(post).get(f"/tables/figures.{kind}{query}", headers=headers))


def kept() -> list[Figure]:
    return [Figure.from_json(one) for row in Table.objects.order_by("pk") for one in row.figures]


def test_every_part_of_a_figure_has_its_column() -> None:
    """What is added to a Figure, or to what figures are grouped or graded by, is added to the table."""
    names = [column.name for column in flat.COLUMNS]
    laid_out = {
        "period": {"period_from", "period_to"},
        "scope": {*WORDS, *OF_READINGS},
        "grade_mix": {f"grade_{g}" for g in GRADES},
    }

    for part in FIGURE:
        assert laid_out.get(part, {part}) <= set(names), part
    assert len(names) == len(set(names))


def test_every_figure_that_is_kept_ready_is_a_row() -> None:
    rows = rows_of(asked("?size=50000"))

    assert len(rows) == len(kept()) > 100
    assert sorted(row["evidence"] for row in rows) == sorted(figure.evidence for figure in kept())
    assert {row["by"] for row in rows} == {",".join(by) for by in ALL_READY}
    assert list(rows[0]) == [column.name for column in flat.COLUMNS]


def test_a_row_says_what_its_figure_says() -> None:
    (row,) = rows_of(asked("?measure=within_target&by=partner&partner=southmere"))
    (figure,) = [
        one for one in kept() if one.measure == "within_target" and dict(one.scope) == {"partner": "Southmere"}
    ]

    assert (row["title"], row["partner"], row["priority"]) == (MEASURES["within_target"].title, "Southmere", "")
    assert float(row["value"]) == figure.value
    assert (row["numerator"], row["denominator"]) == (str(figure.numerator), str(figure.denominator))
    assert (row["period_from"], row["period_to"], row["unit"]) == ("2026-06-01", "2026-06-30", "share")
    assert (row["definition"], row["known_at"], row["overtaken"]) == (figure.definition, str(figure.known_at), "FALSE")
    assert browser_of("client-lead-of-southmere").get(row["address"]).status_code == 200


@pytest.mark.parametrize("size", [7, 100, 1_000])
def test_its_parts_put_together_are_the_whole_whatever_their_size(size: int) -> None:
    query, whole = "&by=partner", [row["key"] for row in rows_of(asked("?by=partner&size=50000"))]
    found, linked, after, address = [], [], "", f"?size={size}{query}"
    while rows := rows_of(asked(f"?size={size}{query}&after={after}")):
        found += [row["key"] for row in rows]
        after = rows[-1]["key"]
    while address:
        answer = asked(address)
        linked += [row["key"] for row in rows_of(answer)]
        address = next_of(answer)

    assert found == linked == whole
    assert len(set(whole)) == len(whole)


def test_it_is_narrowed_down_in_the_address() -> None:
    assert {row["measure"] for row in rows_of(asked("?measure=within_target,reopenings"))} == {
        "within_target", "reopenings"
    }  # fmt: skip
    assert {row["by"] for row in rows_of(asked("?by=whole"))} == {""}
    assert {row["partner"] for row in rows_of(asked("?by=team,partner&partner=northgate"))} == {"Northgate"}
    assert rows_of(asked("?by=partner&partner=none")) == []
    assert rows_of(asked("?from=2026-07-01")) == []
    assert rows_of(asked("?each=period&from=2026-06-01&to=2026-06-30&by=whole"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?by=colour", "not given by"),
        ("?by=partner,team", "not given by"),
        ("?measure=happiness", "no measure called"),
        ("?partner=atlantis", "no partner"),
        ("?each=week", "is month"),
        ("?each=period", "first and its last day"),
        ("?from=2026-07-01&to=2026-06-01", "cannot end"),
        ("?after=nonsense", "no key"),
        ("?after=2026-06-01..2026-06-30-1-2", "no key"),
        ("?after=2026-06-30..2026-06-01-1-2-3", "no key"),
        ("?known_at=99999", "no entry"),
        ("?team=x", "not narrowed down by"),
    ],
)
def test_what_makes_no_sense_is_refused_in_plain_words(query: str, words: str) -> None:
    answer = asked(query)

    assert answer.status_code == 400
    assert words in answer.whole.decode()


QUARTER = Span(date(2026, 6, 1), date(2026, 7, 2))
OF_THE_QUARTER = f"?each=period&from={QUARTER.first}&to={QUARTER.last}"


def test_nothing_is_computed_for_it_and_what_to_do_is_said() -> None:
    missing = asked(OF_THE_QUARTER)
    assert missing.status_code == 404
    assert f"/figures/?first={QUARTER.first}&last={QUARTER.last}" in missing.whole.decode()

    computing.ask_for_period(by=somebody("service-analyst"), span=QUARTER)
    coming = asked(OF_THE_QUARTER)
    assert (coming.status_code, coming["Retry-After"]) == (202, "300")
    assert "are being computed" in coming.whole.decode()

    Job.objects.all().delete()
    made.compute(QUARTER)
    assert rows_of(asked(OF_THE_QUARTER))
    assert QUARTER in ready().periods
    assert QUARTER.first.isoformat() in {row["period_from"] for row in rows_of(asked(OF_THE_QUARTER))}
    assert {row["period_to"] for row in rows_of(asked())} == {"2026-06-30"}, "by itself it holds months alone"


def test_a_month_that_is_told_of_and_not_ready_is_not_left_out_unsaid() -> None:
    assert asked("?from=2026-06-01&to=2026-06-30").status_code == 200
    Period.objects.all().delete()

    assert asked("?from=2026-06-01&to=2026-06-30").status_code == 404
    assert rows_of(asked()) == []


def test_figures_are_given_as_they_were_known_at_an_entry() -> None:
    known = max(figure.known_at for figure in kept())
    rows = rows_of(asked(f"?known_at={known}&by=whole"))

    assert {row["known_at"] for row in rows} == {str(known)}
    Period.objects.all().delete()
    assert rows_of(asked(f"?known_at={known}&by=whole")) == []
    gone = asked(f"?known_at={known}&each=period&from=2026-06-01&to=2026-06-30")
    assert (gone.status_code, "are kept as they were known" in gone.whole.decode()) == (404, True)


def test_the_public_has_what_was_published_and_no_partner_split() -> None:
    rows = rows_of(asked(post=""))
    published = {figure.evidence for pack in [made.Pack.objects.get(profile="public")] for figure in pack_figures(pack)}

    assert {row["evidence"] for row in rows} == published
    assert {row["pack"] for row in rows} == {str(made.Pack.objects.get(profile="public").pk)}
    assert not any(row["partner"] for row in rows)
    assert asked("?known_at=3", post="").status_code == 400
    part = rows_of(asked(f"?size=5&after={rows[4]['key']}", post=""))
    assert [row["key"] for row in part] == [row["key"] for row in rows[5:10]]


def pack_figures(pack: Any) -> list[Figure]:
    return [reading.read for reading in pack.readings.all()]


def test_as_json_it_has_numbers_and_what_is_not_known_is_null() -> None:
    told = json.loads(asked("?by=whole", kind="json").whole)
    rows = {row["measure"]: row for row in told["rows"]}

    assert isinstance(rows["within_target"]["value"], float)
    assert rows["within_target"]["partner"] is None
    assert told["about"]["Periods"] == "each month"


def test_what_was_computed_anew_is_sent_anew() -> None:
    tag = asked()["ETag"]
    assert asked(**{"If-None-Match": tag}).status_code == 304
    assert asked(post="", **{"If-None-Match": tag}).status_code == 200
    made.compute(QUARTER)
    assert asked(**{"If-None-Match": tag}).status_code == 200


def test_any_number_of_rows_is_read_by_the_same_few_queries() -> None:
    by = somebody("service-analyst")
    for size in (1, 300):
        with CaptureQueriesContext(connection) as queries:
            part = flat.figures(flat.Wanted(), Asked("", size), seen_by=by, site="")
            assert len(list(part.rows)) == size
        assert len(queries) == 5


def test_figures_of_readings_are_rows_beside_those_of_tickets() -> None:
    bring(line(), line(measure="calls_offered", first="2026-05-01", last="2026-05-31", value="900"))
    enter()
    rows = rows_of(asked("?measure=calls_offered,site_visits&size=50000"))
    found = {(row["measure"], row["by"], row["site"], row["period_from"]): row for row in rows}

    assert found["site_visits", "site", "Town Hall", "2026-06-01"]["value"] == "412"
    assert found["calls_offered", "", "", "2026-05-01"]["value"] == "900"
    assert found["calls_offered", "", "", "2026-06-01"]["title"] == "Calls offered"
    assert len(found) == len(rows)
    both = rows_of(asked("?by=whole&from=2026-06-01&to=2026-06-30"))
    assert {"within_target", "calls_offered", "site_visits"} <= {row["measure"] for row in both}
    parts, after = [], ""
    while part := rows_of(asked(f"?measure=calls_offered,site_visits&size=3&after={after}")):
        parts += [row["key"] for row in part]
        after = part[-1]["key"]
    assert parts == [row["key"] for row in rows]
