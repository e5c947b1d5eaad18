"""The partnership as everybody sees it: partners, shared roles with their dates, posts, client bodies."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.govuk.pages import page
from commonhold.partnership import queries
from commonhold.partnership.acts import people
from commonhold.partnership.forms.partnership import (
    ClientForm,
    CorrectClientForm,
    EndClientForm,
    NameForm,
    PartnerForm,
    PartyForm,
)
from commonhold.partnership.models import ClientBody, Partner
from commonhold.partnership.permissions import (
    administers,
    administers_somebody,
    appoints_to,
    keeps_client_bodies,
    sees_people,
)
from commonhold.partnership.requests import Asked


@require_safe
def partners(request: Asked) -> HttpResponse:
    seen = queries.overview(request.by.at)
    return page(
        request,
        "partnership/partners.html",
        title="The partnership",
        seen=seen,
        names_people=sees_people(request.by),
        may_rename=administers_somebody(request.by) and seen.partnership is not None,
        keeps_clients=keeps_client_bodies(request.by),
        looks_after=(request.by.partner or "service") if administers(request.by, request.by.partner) else "",
    )


@require_http_methods(["GET", "POST"])
def rename(request: Asked) -> HttpResponse:
    known = queries.partnership()
    if known is None or not administers_somebody(request.by):
        raise Http404
    form = NameForm(request.POST or None, initial={"name": known.name})
    if form.is_valid() and form.carry_out(people.rename_partnership, by=request.by):
        return redirect("partnership:partners")
    return page(request, "partnership/form.html", title="Put the partnership's name right", form=form, action="Save")


@require_safe
def partner(request: Asked, slug: str) -> HttpResponse:
    seen = queries.partner(slug, request.by.at)
    if seen is None:
        raise Http404
    return page(
        request,
        "partnership/partner.html",
        title=seen.partner.name,
        subject=seen.partner,
        seen=seen,
        names_people=sees_people(request.by),
        administers=administers(request.by, seen.partner),
        is_party=seen.partner.is_party(queries.day_of(request.by.at)),
    )


@require_http_methods(["GET", "POST"])
def correct_partner(request: Asked, slug: str) -> HttpResponse:
    row = get_object_or_404(Partner, slug=slug)
    if not administers(request.by, row):
        raise Http404
    said = {"name": row.name, "joined": row.joined, "edition": row.edition}
    form = (PartyForm if row.joined else PartnerForm)(request.POST or None, initial=said)
    known = {} if row.joined else {"joined": None}
    if form.is_valid() and form.carry_out(people.correct_partner, by=request.by, partner=row, **known):
        return redirect(form.result)
    return page(request, "partnership/form.html", title=f"Put {row} right", form=form, action="Save")


@require_safe
def post(request: Asked, slug: str) -> HttpResponse:
    seen = queries.post(slug, request.by.at)
    if seen is None:
        raise Http404
    return page(
        request,
        "partnership/post.html",
        title=seen.post.title,
        caption=seen.post.get_role_display(),
        subject=seen.post,
        seen=seen,
        names_people=sees_people(request.by),
        may_appoint=appoints_to(request.by, seen.post),
    )


@require_http_methods(["GET", "POST"])
def add_client(request: Asked) -> HttpResponse:
    if not keeps_client_bodies(request.by):
        raise Http404
    form = ClientForm(request.POST or None)
    if form.is_valid() and form.carry_out(people.add_client_body, by=request.by):
        messages.success(request, f"{form.result} is a client body.")
        return redirect("partnership:partners")
    return page(request, "partnership/form.html", title="Add a client body", form=form, action="Add")


@require_http_methods(["GET", "POST"])
def correct_client(request: Asked, slug: str) -> HttpResponse:
    row = get_object_or_404(ClientBody, slug=slug)
    if not keeps_client_bodies(request.by):
        raise Http404
    form = CorrectClientForm(
        request.POST or None, initial={"name": row.name, "since": row.since, "edition": row.edition}
    )
    if form.is_valid() and form.carry_out(people.correct_client_body, by=request.by, body=row):
        return redirect("partnership:partners")
    return page(request, "partnership/form.html", title=f"Put {row} right", form=form, action="Save")


@require_http_methods(["GET", "POST"])
def end_client(request: Asked, slug: str) -> HttpResponse:
    row = get_object_or_404(ClientBody, slug=slug)
    if not keeps_client_bodies(request.by):
        raise Http404
    form = EndClientForm(request.POST or None, initial={"until": row.until, "edition": row.edition})
    if form.is_valid() and form.carry_out(people.end_client_body, by=request.by, body=row):
        return redirect("partnership:partners")
    return page(request, "partnership/form.html", title=f"End the service of {row}", form=form, action="End")
