"""My tokens, and those of the posts that somebody administers."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.govuk.pages import choices_for, page
from commonhold.partnership import queries
from commonhold.partnership.acts import tokens as acts
from commonhold.partnership.forms.tokens import TokenForm
from commonhold.partnership.models import Partner, Token
from commonhold.partnership.permissions import administers, makes_tokens, revokes_token
from commonhold.partnership.queries.tokens import own_tokens, tokens_of
from commonhold.partnership.requests import Asked, signed_in
from commonhold.refusals import require

SERVICE = "service"
SUGGESTED = timedelta(days=90)


@require_safe
def tokens(request: Asked) -> HttpResponse:
    if signed_in(request) is None:
        return redirect(f"{reverse(settings.LOGIN_URL)}?next={request.path}")
    return page(
        request,
        "partnership/tokens.html",
        title="My tokens",
        lines=own_tokens(request.by),
        may_make=makes_tokens(request.by),
        own=True,
        wide=True,
    )


@require_safe
def partner_s_tokens(request: Asked, slug: str) -> HttpResponse:
    partner = None if slug == SERVICE else get_object_or_404(Partner, slug=slug)
    lines = tokens_of(partner, request.by)
    if lines is None:
        raise Http404
    title = f"Tokens of {partner or 'the shared service'}"
    return page(request, "partnership/tokens.html", title=title, lines=lines, slug=slug, wide=True)


@require_http_methods(["GET", "POST"])
def make_token(request: Asked) -> HttpResponse:
    """The token is shown on the answer to this form and nowhere else."""
    require(makes_tokens(request.by), "make a token: it is made by somebody signed in, for the post that they act in")
    suggested = {"last_day": queries.day_of(request.by.at) + SUGGESTED} | {
        name: request.GET[name] for name in ("purpose", "feed") if name in request.GET
    }
    form = TokenForm(request.POST or None, feeds=choices_for("feed", request.by), initial=suggested)
    if form.is_valid() and form.carry_out(acts.make_token, by=request.by):
        made: acts.Made = form.result
        response = page(request, "partnership/token_made.html", title="Your token", made=made)
        response["Cache-Control"] = "no-store"
        return response
    post = queries.post(request.by.post, request.by.at)
    return page(request, "partnership/token_form.html", title="Make a token", form=form, post=post)


@require_http_methods(["GET", "POST"])
def revoke_token(request: Asked, number: int) -> HttpResponse:
    row = get_object_or_404(Token.shown(), pk=number)
    if not revokes_token(request.by, row):
        raise Http404
    post = row.appointment.post
    own = row.appointment.person_id == request.by.person
    slug = post.partner.slug if post.partner else SERVICE
    back = reverse("partnership:tokens") if own else reverse("partnership:partner_tokens", args=[slug])
    if request.method == "POST":
        acts.revoke_token(by=request.by, token=row)
        messages.success(request, "The token is revoked. What sends it is refused from now on.")
        return redirect(back)
    may_see_list = own or administers(request.by, post.partner)
    return page(
        request, "partnership/revoke_token.html", title=f"Revoke {row}", token=row, back_to=back if may_see_list else ""
    )
