"""Fields: what they accept, what they say of a mistake, and how they are printed."""

import re
from datetime import date
from decimal import Decimal as Exact
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from commonhold.govuk import fields
from commonhold.govuk.form import Form
from commonhold.partnership.models import Post

SERVICES = [("email", "E-mail"), ("network", "Network")]


def form_of(field: fields.Shown) -> type[Form]:
    return type("Asked", (Form,), {"asked": field})


def cleaned(field: fields.Shown, **sent: Any) -> Any:
    """What the field makes of what was sent, or what it says."""
    form = form_of(field)({name.replace("_", "-"): value for name, value in sent.items()})
    return form.cleaned_data["asked"] if form.is_valid() else form.problems[0].text


@pytest.mark.parametrize(
    ("field", "sent", "said"),
    [
        (fields.Text("Title"), "", "Enter title"),
        (fields.Text("ICT budget"), "", "Enter ICT budget"),
        (fields.Text("What was resolved?"), "", "Answer the question “What was resolved?”"),
        (fields.Text("Title", missing="Enter the paper's title"), "", "Enter the paper's title"),
        (fields.Text("Title", max_length=3), "four", "Title must be 3 characters or less"),
        (fields.Text("Title", min_length=3), "no", "Title must be 3 characters or more"),
        (fields.Integer("Posts"), "many", "Posts must be a whole number, like 15"),
        (fields.Integer("Posts"), "1.5", "Posts must be a whole number, like 15"),
        (fields.Integer("Posts", min_value=0), "-1", "Posts must be 0 or more"),
        (fields.Integer("Posts", max_value=1500), "1501", "Posts must be 1,500 or fewer"),
        (fields.Decimal("Cost"), "dear", "Cost must be a number, like 12.5"),
        (fields.Decimal("Cost", decimal_places=2), "1.234", "Cost must have no more than 2 decimal places"),
        (fields.Email(), "", "Enter an email address"),
        (fields.Email(), "nobody", "Enter an email address in the correct format, like name@example.com"),
        (fields.Password(), "", "Enter a password"),
        (fields.Select("Service", SERVICES), "", "Select service"),
        (fields.Select("Service", SERVICES), "fax", "Select one of the choices given"),
        (fields.Radios("Standing", SERVICES), "", "Select standing"),
        (fields.Checkboxes("Services", SERVICES), ["fax"], "Select one of the choices given"),
        (fields.Checkbox("I have read it"), "", "Tick “I have read it”"),
    ],
)
def test_what_is_said_of_a_mistake(field: fields.Shown, sent: Any, said: str) -> None:
    assert cleaned(field, asked=sent) == said


@pytest.mark.parametrize(
    ("field", "sent", "value"),
    [
        (fields.Text("Title"), "  Recovery ", "Recovery"),
        (fields.TextArea("Text"), "a\r\nb", "a\nb"),
        (fields.TextArea("Text", max_length=3), "a\r\nb", "a\nb"),
        (fields.Integer("Posts"), " 1,500 ", 1500),
        (fields.Decimal("Cost"), "£1,234.50", Exact("1234.50")),
        (fields.Password(), " kept as it is ", " kept as it is "),
        (fields.Select("Service", SERVICES), "email", "email"),
        (fields.Radios("Priority", [(1, "P1"), (2, "P2")], coerce=int), "2", 2),
        (fields.Checkboxes("Services", SERVICES), ["email", "network"], ["email", "network"]),
        (fields.Checkbox("Read"), "on", True),
        (fields.Text("Note", required=False), "", ""),
    ],
)
def test_what_is_understood(field: fields.Shown, sent: Any, value: Any) -> None:
    assert cleaned(field, asked=sent) == value


@pytest.mark.parametrize(
    ("day", "month", "year", "meant"),
    [
        ("21", "7", "2026", date(2026, 7, 21)),
        ("1", "July", "2026", date(2026, 7, 1)),
        ("1", "sept", "2026", date(2026, 9, 1)),
        (" 1 ", "02", "2026", date(2026, 2, 1)),
        ("", "", "", "Enter update due"),
        ("21", "", "2026", "Update due must include a month"),
        ("21", "", "", "Update due must include a month and year"),
        ("31", "2", "2026", "Update due must be a real date"),
        ("29", "2", "2025", "Update due must be a real date"),
        ("0", "1", "2026", "Update due must be a real date"),
        ("x", "1", "2026", "Update due must be a real date"),
        ("1", "Ju", "2026", "Update due must be a real date"),
        ("٣", "1", "2026", "Update due must be a real date"),
        ("1", "1", "26", "Update due must have a year of 4 numbers"),
        ("31", "12", "2025", "Update due must be on or after 1 January 2026"),
        ("1", "1", "2031", "Update due must be on or before 31 December 2030"),
    ],
)
def test_a_date(day: str, month: str, year: str, meant: date | str) -> None:
    field = fields.Date("Update due", earliest=date(2026, 1, 1), latest=date(2030, 12, 31))

    assert cleaned(field, asked_day=day, asked_month=month, asked_year=year) == meant


@pytest.mark.parametrize(
    ("sent", "meant"), [("2026-07-21", date(2026, 7, 21)), ("2026-02-31", "Update due must be a real date")]
)
def test_a_date_in_an_address(sent: str, meant: date | str) -> None:
    assert cleaned(fields.Date("Update due"), asked=sent) == meant


def test_a_month() -> None:
    assert cleaned(fields.Month("Month"), asked_month="3", asked_year="2026") == date(2026, 3, 1)
    assert cleaned(fields.Month("Month"), asked="2026-03") == date(2026, 3, 1)


@given(st.dictionaries(st.sampled_from(["asked", "asked-day", "asked-month", "asked-year"]), st.text()))
def test_whatever_is_sent_a_date_is_a_date_or_a_plain_sentence(sent: dict[str, str]) -> None:
    form = form_of(fields.Date("Update due"))(sent)

    assert isinstance(form.cleaned_data["asked"], date) if form.is_valid() else form.problems[0].text
    assert "govuk-date-input" in form["asked"].field()


def test_the_link_of_an_error_goes_to_the_box_that_is_wrong() -> None:
    form = form_of(fields.Date("Update due"))({"asked-day": "21", "asked-year": "2026"})

    assert [(one.text, one.href) for one in form.problems] == [("Update due must include a month", "#id_asked-month")]
    marked = re.findall(r'class="[^"]*govuk-input--error[^"]*" id="([^"]+)"', form["asked"].field())
    assert marked == ["id_asked-month"]


def test_a_field_prints_its_label_hint_error_and_what_was_entered() -> None:
    field = fields.Integer("Posts", hint="Filled and vacant.", width=3)
    written = form_of(field)({"asked": "many"})["asked"].field()

    assert re.search(r'<label class="govuk-label govuk-label--s" for="id_asked">\s*Posts\s*</label>', written)
    assert 'id="id_asked-hint"' in written and "Filled and vacant." in written
    assert re.search(
        r'id="id_asked-error"[^>]*>\s*<span class="govuk-visually-hidden">Error:</span> Posts must', written
    )
    assert 'aria-describedby="id_asked-hint id_asked-error"' in written
    assert 'value="many"' in written and 'inputmode="numeric"' in written and "govuk-input--width-3" in written


def test_what_may_be_left_out_says_so() -> None:
    assert "Note (optional)" in form_of(fields.Text("Note", required=False))()["asked"].field()
    assert "(optional)" not in form_of(fields.Text("Note"))()["asked"].field()


def test_a_label_can_be_the_heading_of_the_page() -> None:
    assert '<h1 class="govuk-label-wrapper">' in form_of(fields.Text("What is it?", heading=True))()["asked"].field()
    assert '<h1 class="govuk-fieldset__heading">' in form_of(fields.Date("When?", heading=True))()["asked"].field()


def test_several_controls_of_one_question_have_a_legend() -> None:
    for field in (fields.Date("Due"), fields.Radios("Due", SERVICES), fields.Checkboxes("Due", SERVICES)):
        written = form_of(field)()["asked"].field()
        assert re.search(r'<legend class="[^"]*govuk-fieldset__legend--s">\s*Due\s*</legend>', written)


def test_choices_show_which_are_chosen() -> None:
    radios = form_of(fields.Radios("Service", SERVICES))({"asked": "network"})["asked"].field()
    select = form_of(fields.Select("Service", SERVICES))(initial={"asked": "email"})["asked"].field()
    boxes = form_of(fields.Checkboxes("Services", SERVICES))({"asked": ["email", "network"]})["asked"].field()

    assert re.findall(r'value="(\w+)" checked', radios) == ["network"]
    assert re.findall(r'value="(\w*)" selected', select) == ["email"]
    assert re.findall(r'value="(\w+)" checked', boxes) == ["email", "network"]


def test_the_first_choice_bears_the_id_that_an_error_links_to() -> None:
    form = form_of(fields.Radios("Service", SERVICES))({})

    assert form.problems[0].href == "#id_asked"
    assert 'id="id_asked"' in form["asked"].field()


def test_a_password_is_never_printed_back() -> None:
    written = form_of(fields.Password("New password", autocomplete="new-password"))({"asked": "secret"})[
        "asked"
    ].field()

    assert "secret" not in written
    assert 'autocomplete="new-password"' in written


def test_a_file_is_refused_when_it_is_too_large_or_empty() -> None:
    field = fields.File("Export", accept=".csv", largest=10)

    def said(content: bytes) -> str:
        form = form_of(field)({}, {"asked": SimpleUploadedFile("export.csv", content)})
        return "" if form.is_valid() else form.problems[0].text

    assert said(b"a,b\n") == ""
    assert said(b"") == "The file is empty"
    assert said(b"a" * 11) == "The file must be smaller than 10 bytes; this one has 11 bytes"
    assert cleaned(field) == "Choose export"
    assert form_of(field)().enctype == "multipart/form-data"
    assert 'accept=".csv"' in form_of(field)()["asked"].field()


EVERY = [
    fields.Text("L", prefix="p", suffix="s"),
    fields.TextArea("L"),
    fields.TextArea("L", max_length=20),
    fields.Integer("L"),
    fields.Decimal("L"),
    fields.Email(),
    fields.Password(),
    fields.Date("L"),
    fields.Month("L"),
    fields.Radios("L", SERVICES, inline=True),
    fields.Checkboxes("L", SERVICES),
    fields.Checkbox("L"),
    fields.Select("L", SERVICES),
    fields.File("L"),
    fields.Hidden(),
    fields.Edition(),
]


@pytest.mark.parametrize("field", EVERY, ids=lambda one: type(one).__name__)
@given(
    st.sampled_from(['"><script>alert(1)</script>', "</textarea><b>", "' onload='x", "&amp;", "{{ 7*7 }}", "<\x01>"])
)
def test_nothing_entered_becomes_markup(field: fields.Shown, hostile: str) -> None:
    sent = {"asked": hostile, "asked-day": hostile, "asked-month": hostile, "asked-year": hostile}
    written = form_of(field)(sent, {})["asked"].field()

    for markup in ("<script", "<b>", " onload='x", "</textarea><b", "49", "<\x01>"):
        assert markup not in written


@pytest.mark.parametrize("field", EVERY, ids=lambda one: type(one).__name__)
def test_a_field_prints_nothing_inline(field: fields.Shown) -> None:
    for form in (form_of(field)(), form_of(field)({})):
        written = form["asked"].field()
        assert " style=" not in written and " on" not in re.sub(r">[^<]*<", "><", written)


@pytest.mark.django_db
@pytest.mark.parametrize("radios", [False, True])
def test_a_row_of_a_table_can_be_chosen(radios: bool) -> None:
    posts = Post.objects.order_by("slug")
    operator = posts.get(slug="operator")
    field = fields.ModelChoice("Post", posts, radios=radios, written=lambda post: f"the {post.slug}")

    assert cleaned(field, asked=str(operator.pk)) == operator
    assert cleaned(field, asked="") == "Select post"
    assert cleaned(field, asked="-1") == "Select one of the choices given"
    written = form_of(field)(initial={"asked": operator})["asked"].field()
    assert re.search(rf'value="{operator.pk}" {"checked" if radios else "selected"}', written)
    assert "the operator" in written
    assert ("Choose one" in written) is not radios


def test_a_list_that_was_printed_before_is_not_taken_for_one_that_only_looks_like_it() -> None:
    def printed(text: str) -> str:
        return str(form_of(fields.Select("Service", [("email", text)]))()["asked"].field())

    assert "<b>E-mail</b>" in printed(SafeString("<b>E-mail</b>"))
    assert "&lt;b&gt;E-mail&lt;/b&gt;" in printed("<b>E-mail</b>")
    assert "Network" in printed("Network")
