"""What is owed, and one action with what came back on it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.governance import queries
from commonhold.governance.acts import actions as acts
from commonhold.governance.forms import ActionFilters, CorrectActionForm, ReasonForm, UpdateForm
from commonhold.governance.models import Action, Update
from commonhold.governance.permissions import clerks, reports
from commonhold.governance.queries import flat
from commonhold.govuk.addresses import number_in
from commonhold.govuk.form import Form
from commonhold.govuk.pages import choices_for, page
from commonhold.govuk.shell import Link
from commonhold.partnership.requests import Asked
from commonhold.refusals import require


@require_safe
def actions(request: Asked) -> HttpResponse:
    form = ActionFilters(request.GET)
    start = number_in(request, "start") or 0
    wanted = queries.Wanted(**form.chosen)
    listing = queries.actions(wanted, request.by.at, start=start)
    return page(
        request,
        "governance/actions.html",
        part="actions",
        title="What was asked for",
        sheets=flat.of_list(wanted, request.by.at, request.build_absolute_uri("/").rstrip("/")),
        form=form,
        listing=listing,
        older=form.href(start=listing.older) if listing.older else "",
        mine=request.by.post if any(slug == request.by.post for slug, _ in form.owners) else "",
    )


@require_safe
def action(request: Asked, number: int) -> HttpResponse:
    found = queries.action(number, request.by.at)
    row = found.line.action
    return page(
        request,
        "governance/action.html",
        subject=row,
        found=found,
        action=row,
        measure=dict(choices_for("measure")).get(row.measure, row.measure),
        may_report=reports(request.by, row) and found.line.state in ("open", "overdue"),
        may_clerk=clerks(request.by),
    )


@require_http_methods(["GET", "POST"])
def update(request: Asked, number: int) -> HttpResponse:
    found = _action(number)
    require(reports(request.by, found), "report on this action")
    form = UpdateForm(request.POST or None, action=found)
    if form.is_valid() and form.carry_out(acts.update, by=request.by, action=found):
        return redirect(form.result)
    return _form(request, form, found, "Give an update", found.text, "Give the update")


@require_http_methods(["GET", "POST"])
def correct_action(request: Asked, number: int) -> HttpResponse:
    require(clerks(request.by), "put this action right")
    found = _action(number)
    said = {"text": found.text, "owner": found.owner, "measure": found.measure, "edition": found.edition}
    form = CorrectActionForm(request.POST or None, initial=said | found.scope)
    if form.is_valid() and form.carry_out(acts.correct_action, by=request.by, action=found):
        return redirect(found)
    return _form(request, form, found, "Put this action right", "", "Put it right")


@require_http_methods(["GET", "POST"])
def strike_action(request: Asked, number: int) -> HttpResponse:
    require(clerks(request.by), "mark this action as entered in error")
    found = _action(number)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.strike_action, by=request.by, action=found):
        return redirect(found)
    return _form(request, form, found, "This action was entered in error", found.text, "Strike it out")


@require_http_methods(["GET", "POST"])
def strike_update(request: Asked, number: int, update: int) -> HttpResponse:
    found = get_object_or_404(Update.objects.select_related("action"), pk=update, action=number)
    require(clerks(request.by) or request.by.post == found.post, "mark this update as entered in error")
    form = ReasonForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.strike_update, by=request.by, update=found):
        return redirect(found)
    return _form(request, form, found.action, "This update was entered in error", found.words, "Strike it out")


def _action(number: int) -> Action:
    row = Action.objects.filter(pk=number).select_related("owner", "resolution__item__meeting__body").first()
    if row is None:
        raise Http404("There is no such action.")
    return row


def _form(request: Asked, form: Form, about: Action, title: str, quoted: str, action: str) -> HttpResponse:
    back = Link(f"Action {about.pk}", about.get_absolute_url())
    return page(request, "governance/form.html", title=title, quoted=quoted, form=form, back=back, action=action)
