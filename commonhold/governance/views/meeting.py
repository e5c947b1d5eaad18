"""A meeting, its agenda, and what is put right or taken back of it."""

from collections.abc import Callable
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.governance import queries
from commonhold.governance.acts import meetings as acts
from commonhold.governance.acts import papers
from commonhold.governance.forms import CorrectItemForm, CorrectMeetingForm, ItemForm, ReasonForm
from commonhold.governance.models import Item, Meeting, Paper
from commonhold.governance.permissions import clerks, withdraws_papers
from commonhold.govuk.form import Form
from commonhold.govuk.pages import page
from commonhold.govuk.shell import Link
from commonhold.partnership.requests import Asked
from commonhold.refusals import require


@require_safe
def meeting(request: Asked, body: str, day: date) -> HttpResponse:
    found = queries.meeting(body, day, request.by.at)
    return page(
        request,
        "governance/meeting.html",
        subject=found.meeting,
        found=found,
        may_clerk=clerks(request.by),
        may_withdraw_papers=withdraws_papers(request.by),
    )


@require_http_methods(["GET", "POST"])
def correct_meeting(request: Asked, body: str, day: date) -> HttpResponse:
    require(clerks(request.by), "put this meeting right")
    found = queries.the_meeting(body, day)
    said = {"starts": found.starts, "place": found.place, "edition": found.edition}
    form = CorrectMeetingForm(request.POST or None, initial=said)
    if form.is_valid() and form.carry_out(acts.correct_meeting, by=request.by, meeting=found):
        return redirect(found)
    return _form(request, form, found, "Put its time or place right", "Put it right")


@require_http_methods(["GET", "POST"])
def call_off(request: Asked, body: str, day: date) -> HttpResponse:
    require(clerks(request.by), "call this meeting off")
    found = queries.the_meeting(body, day)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.call_off, by=request.by, meeting=found):
        return redirect(found)
    return _form(request, form, found, "Call this meeting off", "Call it off")


@require_http_methods(["GET", "POST"])
def add_item(request: Asked, body: str, day: date) -> HttpResponse:
    require(clerks(request.by), "change this agenda")
    found = queries.the_meeting(body, day)
    form = ItemForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.add_item, by=request.by, meeting=found):
        return redirect(form.result)
    return _form(request, form, found, "Put an item on the agenda", "Add the item")


@require_http_methods(["GET", "POST"])
def correct_item(request: Asked, body: str, day: date, item: int) -> HttpResponse:
    require(clerks(request.by), "put this item right")
    found = queries.the_item(body, day, item)
    said = {"title": found.title, "purpose": found.purpose, "edition": found.edition}
    form = CorrectItemForm(request.POST or None, initial=said)
    if form.is_valid() and form.carry_out(acts.correct_item, by=request.by, item=found):
        return redirect(found)
    return _form(request, form, found, f"Put item {found.number} right", "Put it right")


@require_http_methods(["GET", "POST"])
def withdraw_item(request: Asked, body: str, day: date, item: int) -> HttpResponse:
    require(clerks(request.by), "withdraw this item")
    found = queries.the_item(body, day, item)
    return _take_back(request, acts.withdraw_item, found, f"Withdraw item {found.number}", item=found)


@require_http_methods(["GET", "POST"])
def withdraw_paper(request: Asked, body: str, day: date, number: int) -> HttpResponse:
    require(withdraws_papers(request.by), "withdraw papers")
    found = queries.the_paper(body, day, number)
    return _take_back(request, papers.withdraw, found, f"Withdraw the paper {found.title}", paper=found)


def _take_back(
    request: Asked, act: Callable[..., object], row: Item | Paper, title: str, **known: object
) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    item = row.item if isinstance(row, Paper) else row
    if form.is_valid() and form.carry_out(act, by=request.by, **known):
        return redirect(item)
    return _form(request, form, item, title, "Withdraw it")


def _form(request: Asked, form: Form, about: Meeting | Item, title: str, action: str) -> HttpResponse:
    of = about.meeting if isinstance(about, Item) else about
    back = Link(str(of), about.get_absolute_url())
    return page(request, "partnership/form.html", title=title, caption=str(of), form=form, back=back, action=action)
