"""Bodies and their meetings."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.governance import queries
from commonhold.governance.acts import meetings as acts
from commonhold.governance.forms import BodyForm, CorrectBodyForm, MeetingForm
from commonhold.governance.permissions import clerks
from commonhold.govuk.pages import page
from commonhold.govuk.shell import Link
from commonhold.partnership.requests import Asked
from commonhold.refusals import require


@require_safe
def meetings(request: Asked) -> HttpResponse:
    return page(
        request,
        "governance/meetings.html",
        bodies=queries.bodies(request.by.at),
        meetings=queries.meetings(request.by.at, before=_day(request)),
        may_clerk=clerks(request.by),
    )


@require_safe
def body(request: Asked, slug: str) -> HttpResponse:
    found = queries.body(slug, request.by.at, before=_day(request))
    return page(request, "governance/body.html", subject=found.body, found=found, may_clerk=clerks(request.by))


@require_http_methods(["GET", "POST"])
def form_body(request: Asked) -> HttpResponse:
    require(clerks(request.by), "enter a body")
    form = BodyForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.form_body, by=request.by):
        return redirect(form.result)
    back = Link("Meetings", reverse("governance:meetings"))
    return page(
        request, "partnership/form.html", title="Enter a body that meets", form=form, back=back, action="Enter it"
    )


@require_http_methods(["GET", "POST"])
def correct_body(request: Asked, slug: str) -> HttpResponse:
    require(clerks(request.by), "put this body right")
    found = queries.the_body(slug)
    said = {"name": found.name, "kind": found.kind, "edition": found.edition}
    form = CorrectBodyForm(request.POST or None, initial=said)
    if form.is_valid() and form.carry_out(acts.correct_body, by=request.by, body=found):
        return redirect(found)
    back = Link(found.name, found.get_absolute_url())
    return page(
        request, "partnership/form.html", title=f"Put {found.name} right", form=form, back=back, action="Put it right"
    )


@require_http_methods(["GET", "POST"])
def call_meeting(request: Asked, slug: str) -> HttpResponse:
    require(clerks(request.by), "call a meeting")
    found = queries.the_body(slug)
    form = MeetingForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.call_meeting, by=request.by, body=found):
        return redirect(form.result)
    back = Link(found.name, found.get_absolute_url())
    title = f"Call a meeting of {found.name}"
    return page(request, "partnership/form.html", title=title, form=form, back=back, action="Call the meeting")


def _day(request: Asked) -> date | None:
    """The day that a list goes on from, where the address says one that makes sense."""
    try:
        return date.fromisoformat(request.GET.get("before", ""))
    except ValueError:
        return None
