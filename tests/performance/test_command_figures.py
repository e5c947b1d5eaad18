"""commonhold figures: what it prints, to the letter of what others rely on, and what it refuses in plain words."""

import json

import pytest

from commonhold.ledger.models import Entry
from commonhold.performance.engine.measures import MEASURES
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import Commonhold
from tests.house.source import ROOT

pytestmark = pytest.mark.django_db

KEYS = [
    "measure", "value", "low", "high", "unit", "numerator", "denominator", "period", "scope", "definition",
    "rule_version", "as_of", "known_at", "program", "grade_mix", "evidence", "reason", "notes",
]  # fmt: skip
JUNE = ("--from", "2026-06-01", "--to", "2026-06-30")


def test_a_figure_is_printed_with_everything_it_carries(universe: cast.Committee, commonhold: Commonhold) -> None:
    said = commonhold("figures", *JUNE, "--measure", "within_target", "--json")
    (figure,) = said.json

    assert said.code == 0
    assert list(figure) == KEYS
    assert {key: figure[key] for key in KEYS if key not in ("known_at", "evidence", "grade_mix", "notes")} == {
        "measure": "within_target", "value": 5 / 6, "low": None, "high": None, "unit": "share",
        "numerator": 5, "denominator": 6, "period": {"from": "2026-06-01", "to": "2026-06-30"}, "scope": {},
        "definition": "within_target.v1", "rule_version": "calendars v1, targets v1",
        "as_of": "2026-06-30T23:59:59+01:00", "program": "0.1.0", "reason": None,
    }  # fmt: skip
    assert figure["grade_mix"] == {"intervals": 6, "observed": 0, "total": 0, "none": 0}
    assert figure["evidence"] == (
        "performance/2026-06-01..2026-06-30/within_target.v1?as_of=2026-06-30T23:59:59%2B01:00"
        f"&known_at={figure['known_at']}"
    )


def test_without_days_it_is_the_whole_history_and_every_measure(
    universe: cast.Committee, commonhold: Commonhold
) -> None:
    figures = commonhold("figures", "--json").json

    assert [figure["measure"] for figure in figures] == list(MEASURES)
    assert {json.dumps(figure["period"]) for figure in figures} == {'{"from": "2026-06-01", "to": "2026-07-02"}'}
    assert figures[0]["as_of"] == "2026-07-02T10:00:00+01:00", "the last event"


def test_scopes_have_one_key_for_each_word_of_by_in_that_spelling(
    universe: cast.Committee, commonhold: Commonhold
) -> None:
    bring(events("SD0011,2026-06-20T08:00Z,open"), at=cast.NOON)
    figures = commonhold("figures", "--by", "month,partner", "--measure", "tickets_opened", "--json").json

    assert [(figure["scope"], figure["value"]) for figure in figures] == [
        ({"month": "2026-06", "partner": "Eastwell Vale"}, 2),
        ({"month": "2026-06", "partner": "Northgate"}, 3),
        ({"month": "2026-06", "partner": "Southmere"}, 3),
        ({"month": "2026-06", "partner": None}, 1),
        ({"month": "2026-07", "partner": "Eastwell Vale"}, 0),
        ({"month": "2026-07", "partner": "Northgate"}, 0),
        ({"month": "2026-07", "partner": "Southmere"}, 1),
        ({"month": "2026-07", "partner": None}, 0),
    ]
    assert figures[0]["period"] == {"from": "2026-06-01", "to": "2026-06-30"}


def test_for_people_it_prints_a_line_for_each(universe: cast.Committee, commonhold: Commonhold) -> None:
    said = commonhold("figures", *JUNE, "--measure", "within_target", "open_at_end", "--by", "partner")
    lines = [" ".join(line.split()) for line in said.out.splitlines()]

    assert lines == [
        "within_target partner Eastwell Vale 2 of 2 (100.0%)",
        "within_target partner Northgate 1 of 2 (50.0%)",
        "within_target partner Southmere 2 of 2 (100.0%)",
        "open_at_end partner Eastwell Vale 0 tickets",
        "open_at_end partner Northgate 1 ticket",
        "open_at_end partner Southmere 1 ticket",
    ]


def test_it_reads_the_clock_as_of_an_instant_and_what_was_known_at_an_entry(
    universe: cast.Committee, commonhold: Commonhold
) -> None:
    before = Entry.objects.filter(kind="tickets.imported").get().number
    bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=cast.NOON)

    def open_at_end(*options: object) -> object:
        return commonhold("figures", *JUNE, "--measure", "open_at_end", "--json", *options).json[0]["value"]

    assert open_at_end() == 1
    assert open_at_end("--known-at", before) == 2
    assert open_at_end("--as-of", "2026-06-22T20:00:00+01:00") == 1
    assert open_at_end("--as-of", "2026-06-23T11:00:00+01:00", "--known-at", before) == 1


def test_clocks_read_after_what_the_files_tell_of_are_said_to_be_so(
    universe: cast.Committee, commonhold: Commonhold
) -> None:
    said = commonhold("figures", *JUNE, "--measure", "open_at_end", "--json", "--as-of", "2031-06-30T23:59:59+01:00")
    usual = commonhold("figures", *JUNE, "--measure", "open_at_end", "--json")

    assert (said.code, usual.json[0]["notes"], usual.err) == (0, [], "")
    assert said.json[0]["as_of"] == "2031-06-30T23:59:59+01:00"
    assert said.json[0]["notes"] == [
        "clocks are read later than anything that the files tell of, so what happened until then is not known"
    ]
    assert said.err == (
        "The files tell of what happened until 2 July 2026 at 10am, and not of what is so as of 30 June 2031 at "
        "11:59pm.\n"
    )


def test_where_no_target_is_in_force_the_value_is_null_with_the_reason(
    universe: cast.Committee, commonhold: Commonhold
) -> None:
    lines = ("SD0012,2026-06-20T08:00Z,open,P5", "SD0012,2026-06-20T09:00Z,resolved,P5")
    bring(events(*lines), at=cast.NOON)
    figures = commonhold("figures", *JUNE, "--measure", "within_target", "--by", "priority", "--json").json
    (p5,) = (figure for figure in figures if figure["scope"] == {"priority": "P5"})

    assert (p5["value"], p5["numerator"], p5["denominator"]) == (None, 0, 0)
    assert p5["reason"] == "no target is in force for P5 tickets"


def test_a_measure_named_twice_is_printed_once(universe: cast.Committee, commonhold: Commonhold) -> None:
    said = commonhold("figures", *JUNE, "--measure", "open_at_end", "open_at_end", "--measure", "open_at_end", "--json")

    assert [figure["measure"] for figure in said.json] == ["open_at_end"]


def test_what_the_files_tell_of_in_part_is_said_beside_the_figures(
    universe: cast.Committee, commonhold: Commonhold
) -> None:
    early = commonhold("figures", "--from", "2026-05-01", "--to", "2026-06-30", "--measure", "tickets_opened", "--json")

    assert (early.code, early.json[0]["value"]) == (0, 8)
    assert "The files tell of what happened from 1 June 2026 on, after the period begins." in early.err
    assert "The files tell" not in commonhold("figures", *JUNE, "--measure", "tickets_opened").err


def test_the_newest_entry_can_be_named(universe: cast.Committee, commonhold: Commonhold) -> None:
    newest = Entry.objects.order_by("-number")[0].number

    assert commonhold("figures", *JUNE, "--known-at", newest).code == 0
    assert f"its newest is entry {newest}." in commonhold("figures", *JUNE, "--known-at", newest + 1).err


def test_nothing_is_recorded(universe: cast.Committee, commonhold: Commonhold) -> None:
    before = Entry.objects.count()
    commonhold("figures", *JUNE)

    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from", "1 June"), "'1 June' is not a day. Write it like 2026-06-30."),
        (("--from", "2026-06-31"), "'2026-06-31' is not a day."),
        (("--from", "2026-06-30", "--to", "2026-06-01"), "cannot end on 2026-06-01 before it begins on 2026-06-30"),
        (("--from", "1066-10-14", "--to", "1066-10-15"), "A period lies between the years 1970 and 2199"),
        (("--from", "2027-01-01", "--to", "2027-01-31"), "Nothing is known yet of the days from 2027-01-01"),
        (
            ("--from", "2010-04-01", "--to", "2010-06-30"),
            "Nothing is known of the days from 2010-04-01 to 2010-06-30: the files tell of what happened from 1 June",
        ),
        ((*JUNE, "--measure", "happiness"), "There is no measure called 'happiness'. Choose from: tickets_opened, "),
        ((*JUNE, "--by", "partner,height"), "Figures cannot be grouped by 'height'. Choose from: "),
        ((*JUNE, "--by", "team,team"), "A word to group by is given twice."),
        ((*JUNE, "--as-of", "2026-06-30T12:00:00"), "does not say its offset"),
        ((*JUNE, "--as-of", "noon"), "'noon' is not an instant. Write it like 2026-06-30T23:59:59+01:00."),
        ((*JUNE, "--as-of", "2026-05-01T12:00:00+01:00"), "before the period begins on 2026-06-01"),
        ((*JUNE, "--known-at", "yesterday"), "yesterday is neither the number of an entry nor an instant"),
        ((*JUNE, "--known-at", "1"), "No tickets were known at 1 yet."),
        ((*JUNE, "--known-at", "9999"), "The record has no entry 9999 yet: its newest is entry "),
        ((*JUNE, "--colour", "red"), "unrecognized arguments: --colour red"),
    ],
)
def test_what_makes_no_sense_is_refused_in_plain_words(
    universe: cast.Committee, commonhold: Commonhold, options: tuple[str, ...], said: str
) -> None:
    answer = commonhold("figures", *options)

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err and "Traceback" not in answer.err


def test_its_page_in_the_guide_names_every_option() -> None:
    page = (ROOT / "docs" / "guide" / "commands" / "figures.md").read_text(encoding="utf-8")

    for option in ("--from", "--to", "--by", "--measure", "--as-of", "--known-at", "--json"):
        assert f"`{option}" in page
    for key in KEYS:
        assert f'"{key}": ' in page


def test_the_help_s_example_works(universe: cast.Committee, commonhold: Commonhold) -> None:
    example = "figures --from 2026-06-01 --to 2026-06-30 --by partner,priority --measure within_target"

    assert commonhold(*example.split()).code == 0
