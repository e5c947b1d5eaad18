"""A time of day, as people write it."""

from datetime import time
from typing import Any

import pytest

from commonhold.govuk.fields import Time
from commonhold.govuk.form import Form


class Asked(Form):
    starts = Time("Starts at")


def cleaned(written: str) -> Any:
    form = Asked({"starts": written})
    return form.cleaned_data["starts"] if form.is_valid() else form.problems[0].text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("18:30", time(18, 30)),
        ("6:30pm", time(18, 30)),
        ("6.30 PM", time(18, 30)),
        ("6pm", time(18)),
        ("09:05", time(9, 5)),
        ("12am", time(0)),
        ("12:15pm", time(12, 15)),
        ("midday", time(12)),
        ("noon", time(12)),
        ("midnight", time(0)),
    ],
)
def test_a_time_is_understood_as_it_is_written(written: str, meant: time) -> None:
    assert cleaned(written) == meant


@pytest.mark.parametrize("written", ["6", "18", "25:00", "13pm", "0am", "6:60pm", "evening", "18:30:15", "-1:00"])
def test_what_is_no_time_is_said_so(written: str) -> None:
    assert cleaned(written) == "Starts at must be a time of day, like 6:30pm or 18:30"


def test_a_time_left_empty_is_asked_for() -> None:
    assert cleaned("") == "Enter starts at"


@pytest.mark.parametrize(
    ("kept", "shown"), [(time(18, 30), "6:30pm"), (time(9), "9am"), (time(12), "midday"), (time(0), "midnight")]
)
def test_a_time_is_printed_as_gov_uk_writes_it(kept: time, shown: str) -> None:
    form = Asked(initial={"starts": kept})

    assert f'value="{shown}"' in form.fields["starts"].get_bound_field(form, "starts").field()
    assert not form.fields["starts"].has_changed(kept, shown)
