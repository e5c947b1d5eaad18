"""From a desk's dates to instants: the forms, the zones, and the two nights of the year on which clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.demand.engine import moments
from commonhold.demand.engine.moments import Moments, Unreadable

LONDON = ZoneInfo("Europe/London")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("%d/%m/%Y %H:%M", "5/3/2016 12:00", "2016-03-05T12:00+00:00"),
        ("%d/%m/%Y %H:%M", "05/03/2016 12:00", "2016-03-05T12:00+00:00"),
        ("%d-%m-%Y %H:%M", "29-02-2016 01:16", "2016-02-29T01:16+00:00"),
        ("%d/%m/%Y %H:%M", "1/7/2016 0:05", "2016-07-01T00:05+01:00"),
        ("%m/%d/%y %I:%M %p", "7/1/16 12:05 AM", "2016-07-01T00:05+01:00"),
        ("%d/%b/%y %I:%M %p", "01/Jul/16 1:05 pm", "2016-07-01T13:05+01:00"),
        ("%d %B %Y", "1 September 2016", "2016-09-01T00:00+01:00"),
        ("%Y-%m-%dT%H:%M:%S.%f%z", "2016-07-01T09:00:00.999-05:00", "2016-07-01T14:00:00+00:00"),
        ("%Y%m%d%H%M%S", "20160701090000", "2016-07-01T09:00+01:00"),
        ("iso", "2016-07-01", "2016-07-01T00:00+01:00"),
        ("iso", "2016-07-01 09:00:00", "2016-07-01T09:00+01:00"),
        ("iso", "2016-07-01T09:00:00.5Z", "2016-07-01T09:00+00:00"),
        ("iso", "2016-07-01T09:00:00+0200", "2016-07-01T07:00+00:00"),
        ("epoch-ms", "1467360000999", "2016-07-01T08:00+00:00"),
    ],
)
def test_each_form_gives_its_instant_in_whole_seconds(form: str, text: str, expected: str) -> None:
    assert Moments([form], LONDON).read(text) == (at(expected), False)


def test_forms_are_tried_in_order_whatever_was_read_before() -> None:
    both = Moments(["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"], ZoneInfo("UTC"))
    assert both.read("1/13/2016 10:00")[0] == at("2016-01-13T10:00+00:00"), "only the second form fits"
    assert both.read("2/1/2016 10:00")[0] == at("2016-01-02T10:00+00:00"), "both fit, the first is meant"
    assert both.read("1/2/2016 10:00")[0] == at("2016-02-01T10:00+00:00")


def test_the_hour_that_the_clocks_skip_is_refused_and_the_hour_that_comes_twice_is_taken_as_the_first() -> None:
    local = Moments(["iso"], LONDON)
    assert local.read("2016-03-27 00:59") == (at("2016-03-27T00:59+00:00"), False)
    with pytest.raises(Unreadable, match="did not exist in Europe/London"):
        local.read("2016-03-27 01:00")
    with pytest.raises(Unreadable, match="did not exist in Europe/London"):
        local.read("2016-03-27 01:59:59")
    assert local.read("2016-03-27 02:00") == (at("2016-03-27T02:00+01:00"), False)
    assert local.read("2016-10-30 00:59:59") == (at("2016-10-30T00:59:59+01:00"), False)
    assert local.read("2016-10-30 01:00") == (at("2016-10-30T01:00+01:00"), True)
    assert local.read("2016-10-30 01:59") == (at("2016-10-30T01:59+01:00"), True)
    assert local.read("2016-10-30 02:00") == (at("2016-10-30T02:00+00:00"), False)
    assert local.read("2016-10-30T01:30Z") == (at("2016-10-30T01:30+00:00"), False), "an offset leaves no doubt"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yesterday", "is no date in the mapping's forms (%d/%m/%Y %H:%M, iso), or there is no such day"),
        ("31/2/2016 10:00", "there is no such day"),
        ("5/3/2016 24:00", "there is no such day"),
        ("5/3/2016 10:00 ", "is no date"),
        ("\u0665/3/2016 10:00", "is no date"),
        ("1970-01-01 00:00:00", "lies outside the years 1980 to 2099"),
        ("9999-12-31 23:59:59", "lies outside the years 1980 to 2099"),
        ("0001-01-01", "lies outside the years 1980 to 2099"),
        ("2016-07-01T09:00+99:00", "is no date"),
    ],
)
def test_what_is_no_date(text: str, words: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        Moments(["%d/%m/%Y %H:%M", "iso"], LONDON).read(text)
    assert words in str(unreadable.value)


def test_a_date_without_an_offset_needs_a_zone() -> None:
    with pytest.raises(Unreadable, match="no time zone is named for it"):
        Moments(["iso"], None).read("2016-07-01 09:00")
    assert Moments(["iso"], None).read("2016-07-01 09:00Z") == (at("2016-07-01T09:00+00:00"), False)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("%q", "is no form of date"),
        ("%d/%m/%Y %", "is no form of date"),
        ("ISO", "must have one day"),
        ("%d/%m", "one year"),
        ("%d/%d/%m/%Y", "twice"),
        ("%d/%m/%b/%Y", "one month"),
        ("%d/%m/%Y %I:%M", "%I together with %p"),
        ("%d/%m/%Y %H:%M %p", "%I together with %p"),
    ],
)
def test_what_is_no_form_of_date(form: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        moments.form(form)


@pytest.mark.parametrize("name", ["Europe", "Mars/Olympus", "../../etc/passwd", "", "\0", "BST"])
def test_what_is_no_time_zone(name: str) -> None:
    with pytest.raises(ValueError, match="is no time zone"):
        moments.zone(name)


FORMS = ["%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%d-%m-%y %H:%M", "%m/%d/%Y %I:%M %p", "%d %B %Y", "%d/%b/%Y %H:%M:%S"]


@settings(max_examples=500)
@given(
    moment=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2060, 1, 1)),  # noqa: DTZ001
    form=st.sampled_from(FORMS),
    padded=st.booleans(),
)
def test_a_form_means_what_strptime_means(moment: datetime, form: str, padded: bool) -> None:
    """With leading zeros or without."""
    text = moment.strftime(form if padded else form.replace("%d", "%-d").replace("%m", "%-m").replace("%H", "%-H"))
    peer = datetime.strptime(text, form).replace(tzinfo=UTC)
    reader = Moments([form], ZoneInfo("UTC"))
    assert reader.read(text)[0] == reader.read(text)[0] == int(peer.timestamp())


@settings(max_examples=500)
@given(
    moment=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2060, 1, 1)),  # noqa: DTZ001
    zone=st.sampled_from(
        ["Europe/London", "America/Sao_Paulo", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
    ),
    near=st.booleans(),
)
def test_a_local_moment_means_what_the_zone_says(moment: datetime, zone: str, near: bool) -> None:
    """Also where clocks change at midnight, by half an hour, or by a whole day."""
    info = ZoneInfo(zone)
    local = moment.replace(microsecond=0)
    if near:
        local = _near_a_change(local, info)
    first, second = (local.replace(tzinfo=info, fold=fold).astimezone(UTC) for fold in (0, 1))
    exists = first.astimezone(info).replace(tzinfo=None) == local
    reader = Moments(["iso"], info)
    if exists:
        assert reader.read(local.isoformat()) == (int(first.timestamp()), first != second)
    else:
        with pytest.raises(Unreadable, match="did not exist"):
            reader.read(local.isoformat())


def _near_a_change(start: datetime, zone: ZoneInfo) -> datetime:
    for hours in range(0, 24 * 366, 12):
        moment = start + timedelta(hours=hours)
        if moment.replace(tzinfo=zone).utcoffset() != (moment + timedelta(hours=12)).replace(tzinfo=zone).utcoffset():
            return moment + timedelta(minutes=start.minute * 12)
    return start
