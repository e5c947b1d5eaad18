"""The list of residents' services, and the forms that keep it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.demand.acts import residents as acts
from commonhold.demand.forms.register import CorrectResidentServiceForm, KeyForm, ResidentServiceForm
from commonhold.demand.permissions import keeps_residents_services
from commonhold.demand.queries.register import residents as queries
from commonhold.govuk.form import Form
from commonhold.govuk.pages import page
from commonhold.govuk.shell import Link
from commonhold.partnership.requests import Asked
from commonhold.refusals import require


@require_safe
def residents_services(request: Asked) -> HttpResponse:
    return page(
        request,
        "demand/residents_services.html",
        title="Residents' services",
        listed=queries.residents_services(),
        may_keep=keeps_residents_services(request.by),
    )


@require_http_methods(["GET", "POST"])
def add(request: Asked) -> HttpResponse:
    require(keeps_residents_services(request.by), "list residents' services")
    form = ResidentServiceForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.add, by=request.by):
        return redirect(form.result)
    return _form(request, form, "List a residents' service", "List it")


@require_http_methods(["GET", "POST"])
def correct(request: Asked, number: int) -> HttpResponse:
    require(keeps_residents_services(request.by), "put residents' services right")
    text = queries.last_text(number)
    initial = {"name": text.name, "about": text.about, "edition": text.number}
    form = CorrectResidentServiceForm(request.POST or None, initial=initial)
    if form.is_valid() and form.carry_out(acts.correct, by=request.by, text=text):
        return redirect(text)
    return _form(request, form, f"Put right: {text}", "Put it right")


@require_http_methods(["GET", "POST"])
def end(request: Asked, number: int) -> HttpResponse:
    require(keeps_residents_services(request.by), "take residents' services off the list")
    text = queries.last_text(number)
    form = KeyForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.end, by=request.by, text=text):
        return redirect(text)
    return _form(request, form, f"Take off the list: {text}", "Take it off")


def _form(request: Asked, form: Form, title: str, action: str) -> HttpResponse:
    back = Link("Residents' services", reverse("demand:resident_services"))
    return page(request, "demand/incident_form.html", title=title, form=form, back=back, action=action, quoted="")
