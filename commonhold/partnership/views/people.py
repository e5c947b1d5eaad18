"""People, posts and appointments, for the administrator of one partner or of the shared service."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonhold.govuk.pages import page
from commonhold.partnership import queries
from commonhold.partnership.acts import people
from commonhold.partnership.forms.people import (
    AppointForm,
    AppointHostForm,
    CorrectPersonForm,
    EndForm,
    PersonForm,
    PostForm,
)
from commonhold.partnership.models import Appointment, Partner, Person, Post, Role
from commonhold.partnership.permissions import (
    PARTNER_ROLES,
    SERVICE_ROLES,
    administers,
    appoints_to,
    is_own,
)
from commonhold.partnership.requests import Asked
from commonhold.partnership.signin import path_of

SERVICE = "service"
"""The word in addresses for the people of the shared service."""


def _partner(request: Asked, slug: str) -> Partner | None:
    """The partner whose people the reader administers, None for the shared service; nobody else learns more."""
    row = None if slug == SERVICE else get_object_or_404(Partner, slug=slug)
    if not administers(request.by, row):
        raise Http404
    return row


@require_safe
def people_of(request: Asked, slug: str) -> HttpResponse:
    partner = _partner(request, slug)
    seen = queries.people_of(partner, request.by)
    whose = partner or "the shared service"
    return page(request, "partnership/people.html", title=f"People of {whose}", seen=seen, slug=slug, wide=True)


@require_http_methods(["GET", "POST"])
def add_person(request: Asked, slug: str) -> HttpResponse:
    partner = _partner(request, slug)
    form = PersonForm(request.POST or None)
    if form.is_valid() and form.carry_out(people.add_person, by=request.by, partner=partner):
        messages.success(request, f"{form.result} has an account. Make them a link, and appoint them to a post.")
        return redirect("partnership:account", form.result.pk)
    return page(request, "partnership/form.html", title="Give somebody an account", form=form, action="Add")


@require_http_methods(["GET", "POST"])
def make_post(request: Asked, slug: str) -> HttpResponse:
    partner = _partner(request, slug)
    roles = PARTNER_ROLES if partner else SERVICE_ROLES
    form = PostForm(request.POST or None, roles=frozenset(roles), may_consent=partner is not None)
    if form.is_valid() and form.carry_out(people.make_post, by=request.by, partner=partner):
        return redirect(form.result)
    return page(request, "partnership/form.html", title="Make a post", form=form, action="Make")


@require_http_methods(["GET", "POST"])
def appoint(request: Asked, slug: str) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("partner"), slug=slug)
    if not appoints_to(request.by, post):
        raise Http404
    form = _appointment_form(request, post)
    if form.is_valid() and form.carry_out(people.appoint, by=request.by, post=post):
        messages.success(request, "Appointed.")
        return redirect(post)
    return page(
        request,
        "partnership/form.html",
        title=f"Appoint to {post}",
        form=form,
        action="Appoint",
        warning=_warning(post),
    )


def _appointment_form(request: Asked, post: Post) -> AppointForm | AppointHostForm:
    today = queries.day_of(request.by.at)
    if post.role == Role.HOST:
        return AppointHostForm(request.POST or None, partners=Partner.objects.parties(today), initial={"starts": today})
    own = Person.objects.filter(partner__slug=request.by.partner, is_active=True)
    return AppointForm(
        request.POST or None,
        people=own,
        initial={"starts": today, "kind": Appointment.Kind.SUBSTANTIVE},
    )


def _warning(post: Post) -> str:
    return (
        "" if post.partner else "This post is shared by all partners. Every administrator is told of the appointment."
    )


@require_http_methods(["GET", "POST"])
def end_appointment(request: Asked, number: int) -> HttpResponse:
    row = get_object_or_404(Appointment.shown().select_related("post__partner"), pk=number)
    if not appoints_to(request.by, row.post):
        raise Http404
    form = EndForm(request.POST or None, initial={"ends": row.ends, "edition": row.edition})
    if form.is_valid() and form.carry_out(people.end_appointment, by=request.by, appointment=row):
        return redirect(row.post)
    return page(request, "partnership/form.html", title=f"End the appointment of {row}", form=form, action="End")


@require_safe
def account(request: Asked, number: int) -> HttpResponse:
    seen = queries.person(number, request.by)
    if seen is None:
        raise Http404
    return page(
        request,
        "partnership/account.html",
        title=seen.account.person.name,
        seen=seen,
        is_own=request.by.person == number,
        may_correct=is_own(request.by, seen.account.person) or administers(request.by, seen.account.person.partner),
        administers=administers(request.by, seen.account.person.partner),
    )


@require_http_methods(["GET", "POST"])
def correct_account(request: Asked, number: int) -> HttpResponse:
    row = get_object_or_404(Person.objects.select_related("partner"), pk=number)
    if not (is_own(request.by, row) or administers(request.by, row.partner)):
        raise Http404
    said = {"name": row.name, "email": row.email, "edition": row.edition}
    form = CorrectPersonForm(request.POST or None, initial=said)
    if form.is_valid() and form.carry_out(people.correct_person, by=request.by, person=row):
        return redirect("partnership:account", number)
    return page(request, "partnership/form.html", title="Put the account right", form=form, action="Save")


@require_POST
def make_link(request: Asked, number: int) -> HttpResponse:
    """The link is shown on this answer and nowhere else."""
    row = _administered(request, number)
    key = people.make_link(by=request.by, person=row)
    response = page(
        request,
        "partnership/link.html",
        title=f"A link for {row}",
        person=row,
        link=request.build_absolute_uri(path_of(key)),
        days=settings.PASSWORD_RESET_TIMEOUT // 86_400,
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def close_account(request: Asked, number: int) -> HttpResponse:
    return _change(request, number, people.close_account, "The account is closed.")


@require_POST
def reopen_account(request: Asked, number: int) -> HttpResponse:
    return _change(request, number, people.reopen_account, "The account is open again.")


@require_POST
def remove_second_factors(request: Asked, number: int) -> HttpResponse:
    return _change(request, number, people.remove_second_factors, "The second factors are removed.")


def _change(request: Asked, number: int, act: Callable[..., Person], words: str) -> HttpResponse:
    act(by=request.by, person=_administered(request, number))
    messages.success(request, words)
    return redirect("partnership:account", number)


def _administered(request: Asked, number: int) -> Person:
    row = get_object_or_404(Person.objects.select_related("partner"), pk=number)
    if not administers(request.by, row.partner):
        raise Http404
    return row
