"""Corrections and exclusions: the list that all partners see, and the forms that make and undo them."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonhold.demand.acts import putting_right as acts
from commonhold.demand.forms import CorrectForm, ExcludeForm
from commonhold.demand.models import Correction, Exclusion
from commonhold.demand.queries import putting_right as queries
from commonhold.demand.queries import sheets
from commonhold.govuk.addresses import number_in
from commonhold.govuk.pages import page
from commonhold.partnership.queries import titles_of_posts
from commonhold.partnership.requests import Asked

TITLE: Final = "What was put right in source data"


@require_safe
def put_right(request: Asked) -> HttpResponse:
    if request.by.is_public:
        return page(request, "demand/put_right_public.html", title=TITLE, standing=queries.standing())
    older = {name: number_in(request, name) for name in ("corrections", "exclusions")}
    corrections = queries.corrections(seen_by=request.by, before=older["corrections"])
    exclusions = queries.exclusions(seen_by=request.by, before=older["exclusions"])
    posts = {*(one.row.post for one in corrections.rows), *(one.row.post for one in exclusions.rows)}
    return page(
        request,
        "demand/put_right.html",
        title=TITLE,
        corrections=corrections,
        exclusions=exclusions,
        posts=titles_of_posts(posts),
        sheets=sheets.of_put_right(request.by),
    )


@require_http_methods(["GET", "POST"])
def correct(request: Asked, number: int) -> HttpResponse:
    row = queries.to_put_right(number, seen_by=request.by)
    form = CorrectForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.correct, by=request.by, ticket=row.ticket):
        messages.success(request, "The correction counts in every figure from now on.")
        return redirect(row.ticket)
    return page(request, "demand/put_right_form.html", title=f"Correct a fact of {row.ticket}", form=form, row=row)


@require_http_methods(["GET", "POST"])
def exclude(request: Asked, number: int) -> HttpResponse:
    row = queries.to_put_right(number, seen_by=request.by)
    form = ExcludeForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.exclude, by=request.by, ticket=row.ticket):
        messages.success(request, "The ticket is left out of every figure from now on.")
        return redirect(row.ticket)
    return page(request, "demand/put_right_form.html", title=f"Leave {row.ticket} out of figures", form=form, row=row)


@require_POST
def undo_correction(request: Asked, number: int) -> HttpResponse:
    return _undo(request, get_object_or_404(Correction, pk=number))


@require_POST
def undo_exclusion(request: Asked, number: int) -> HttpResponse:
    return _undo(request, get_object_or_404(Exclusion, pk=number))


def _undo(request: Asked, what: Correction | Exclusion) -> HttpResponse:
    acts.undo(by=request.by, what=what)
    messages.success(request, "Undone: what counted before counts again.")
    return redirect(reverse("demand:put_right"))
