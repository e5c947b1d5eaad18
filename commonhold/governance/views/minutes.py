"""What a body resolved on an item, and what it asked for by that."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from commonhold.governance import queries
from commonhold.governance.acts import actions, minutes
from commonhold.governance.forms import ActionForm, ReasonForm, ResolutionForm
from commonhold.governance.models import Item, Resolution
from commonhold.governance.permissions import clerks
from commonhold.govuk.form import Form
from commonhold.govuk.pages import page
from commonhold.govuk.shell import Link
from commonhold.partnership.requests import Asked
from commonhold.refusals import require


@require_http_methods(["GET", "POST"])
def resolve(request: Asked, body: str, day: date, item: int) -> HttpResponse:
    require(clerks(request.by), "record resolutions at this meeting")
    found = queries.the_item(body, day, item)
    form = ResolutionForm(request.POST or None)
    if form.is_valid() and form.carry_out(minutes.resolve, by=request.by, item=found):
        return redirect(form.result)
    return _form(request, form, found, "Record a resolution", str(found), "Record the resolution")


@require_http_methods(["GET", "POST"])
def strike_resolution(request: Asked, body: str, day: date, item: int, number: int) -> HttpResponse:
    require(clerks(request.by), "mark this resolution as entered in error")
    found = queries.the_resolution(body, day, item, number)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and form.carry_out(minutes.strike_resolution, by=request.by, resolution=found):
        return redirect(found)
    return _form(request, form, found, "This resolution was entered in error", str(found), "Strike it out")


@require_http_methods(["GET", "POST"])
def ask(request: Asked, body: str, day: date, item: int, number: int) -> HttpResponse:
    require(clerks(request.by), "record actions of this meeting")
    found = queries.the_resolution(body, day, item, number)
    form = ActionForm(request.POST or None)
    if form.is_valid() and form.carry_out(actions.ask, by=request.by, resolution=found):
        return redirect(form.result)
    return _form(request, form, found, "Ask for an action", str(found), "Ask for it")


def _form(request: Asked, form: Form, about: Item | Resolution, title: str, quoted: str, action: str) -> HttpResponse:
    back = Link(str(about.meeting), about.get_absolute_url())
    return page(request, "governance/form.html", title=title, quoted=quoted, form=form, back=back, action=action)
