"""Proposed changes of the agreement: the list, one with its text side by side, and each partner's consent."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonhold.govuk.pages import page
from commonhold.partnership import queries
from commonhold.partnership.acts import agreement as acts
from commonhold.partnership.forms.agreement import OptionalReasonForm, ReasonForm
from commonhold.partnership.models import Proposal
from commonhold.partnership.permissions import sees_people, withdraws
from commonhold.partnership.requests import Asked
from commonhold.refusals import Refused


@require_safe
def proposals(request: Asked) -> HttpResponse:
    return page(
        request,
        "partnership/proposals.html",
        title="Proposed changes of the agreement",
        wide=True,
        proposals=queries.proposals(),
    )


@require_safe
def proposal(request: Asked, number: int) -> HttpResponse:
    seen = queries.proposed(number, request.by.at)
    if seen is None:
        raise Http404
    return page(
        request,
        "partnership/proposal.html",
        title=str(seen.proposal),
        wide=True,
        subject=seen.proposal,
        seen=seen,
        names_people=sees_people(request.by),
        may_consent=seen.may_consent(request.by),
        may_take_back=seen.may_take_back(request.by),
        may_withdraw=seen.is_open and withdraws(request.by, seen.proposal),
    )


@require_POST
def consent(request: Asked, number: int) -> HttpResponse:
    row = get_object_or_404(Proposal.objects.select_related("partner"), pk=number)
    try:
        given = acts.consent(by=request.by, proposal=row, text=request.POST.get("text", ""))
        agreed = hasattr(given, "version")
        messages.success(request, "Agreed: this was the last consent." if agreed else "Your authority has consented.")
    except Refused as refused:
        messages.warning(request, refused.message)
    return redirect(row)


@require_http_methods(["GET", "POST"])
def withdraw_consent(request: Asked, number: int) -> HttpResponse:
    seen = queries.proposed(number, request.by.at)
    if seen is None or not seen.may_take_back(request.by):
        raise Http404
    form = OptionalReasonForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.withdraw_consent, by=request.by, proposal=seen.proposal):
        return redirect(seen.proposal)
    title = "Withdraw your authority's consent"
    return page(request, "partnership/form.html", title=title, form=form, action="Withdraw", caption=str(seen.proposal))


@require_http_methods(["GET", "POST"])
def withdraw(request: Asked, number: int) -> HttpResponse:
    row = get_object_or_404(Proposal.objects.select_related("partner"), pk=number)
    if not withdraws(request.by, row):
        raise Http404
    form = ReasonForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.withdraw_proposal, by=request.by, proposal=row):
        return redirect(row)
    title = "Withdraw this proposal"
    return page(request, "partnership/form.html", title=title, form=form, action="Withdraw", caption=str(row))
