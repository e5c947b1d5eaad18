"""Filters live in the address; each is shown, and taken off by a link."""

from datetime import date

from django.http import QueryDict

from commonhold.govuk.fields import Checkboxes, Integer
from tests.govuk.gallery import SERVICES, TicketFilters
from tests.govuk.rendering import rendered


class Several(TicketFilters):
    services = Checkboxes("Services", SERVICES)
    age = Integer("Age in days")


def asked(query: str) -> Several:
    return Several(QueryDict(query))


def test_nothing_need_be_chosen() -> None:
    assert asked("").is_valid()
    assert asked("").chosen == {}
    assert asked("reference=&service=").applied == []


def test_what_was_chosen_is_clean() -> None:
    chosen = asked("reference=+INC1+&opened=2026-03-01&breached=on&services=email&services=network").chosen

    assert chosen == {
        "reference": "INC1",
        "opened": date(2026, 3, 1),
        "breached": True,
        "services": ["email", "network"],
    }


def test_what_makes_no_sense_is_left_out_and_said() -> None:
    form = asked("service=fax&reference=INC1&opened-day=31&opened-month=2&opened-year=2026")

    assert form.chosen == {"reference": "INC1"}
    assert [problem.text for problem in form.problems] == [
        "Service: there is no 'fax'",
        "Opened from must be a real date",
    ]


def test_each_filter_is_shown_in_words_and_taken_off_by_a_link() -> None:
    form = asked(
        "reference=INC&services=email&services=network&opened-day=1&opened-month=3&opened-year=2026&older=9&order=age"
    )

    shown = {(one.label, one.text): one.href for one in form.applied}

    assert list(shown) == [
        ("Reference", "INC"),
        ("Opened from", "1 March 2026"),
        ("Services", "E-mail and calendar"),
        ("Services", "Network"),
    ]
    assert shown["Services", "Network"] == (
        "?reference=INC&services=email&opened-day=1&opened-month=3&opened-year=2026&order=age"
    )
    assert shown["Opened from", "1 March 2026"] == "?reference=INC&services=email&services=network&order=age"


def test_another_order_begins_at_the_start_of_the_list() -> None:
    assert asked("reference=INC&older=9&order=age").href(order="opened") == "?reference=INC&order=opened"


def test_going_on_keeps_the_filters() -> None:
    assert (
        asked("reference=INC&order=age").href(older="2026-03-01.17") == "?reference=INC&order=age&older=2026-03-01.17"
    )
    assert asked("reference=INC&order=age").href(order=None) == "?reference=INC"


def test_filters_are_never_called_optional() -> None:
    assert "(optional)" not in rendered("{{ govuk.filters(form) }}", form=asked(""))


def test_the_form_works_with_and_without_script() -> None:
    plain = rendered("{{ govuk.filters(form) }}", form=asked(""))
    fetched = rendered('{{ govuk.filters(form, target="#results") }}', form=asked(""))

    assert '<form class="ch-filters__form" method="get" action="" novalidate>' in plain
    assert 'hx-target="#results"' in fetched and 'method="get"' in fetched


def test_mistakes_open_the_form() -> None:
    assert "<details" in rendered("{{ govuk.filters(form) }}", form=asked(""))
    assert " open>" not in rendered("{{ govuk.filters(form) }}", form=asked(""))
    assert " open>" in rendered("{{ govuk.filters(form) }}", form=asked("service=fax"))
