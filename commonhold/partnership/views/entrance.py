"""Coming in: the start of a partnership, a demonstration's personas, the post one acts in, what one was told."""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.govuk.addresses import whole_number
from commonhold.govuk.pages import page
from commonhold.partnership import queries
from commonhold.partnership.acts import people, starting, telling
from commonhold.partnership.engine.rules.writing import EXAMPLES
from commonhold.partnership.forms.entrance import PreferenceForm, StartForm
from commonhold.partnership.models import Person
from commonhold.partnership.queries.starting import may_start
from commonhold.partnership.requests import POST_CHOSEN, Asked, signed_in
from commonhold.partnership.signin import path_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("token")
@require_http_methods(["GET", "POST"])
def start(request: Asked) -> HttpResponse:
    """While nothing is founded, and for whoever has the token that the command line shows: what a start file asks."""
    if queries.has_started() or queries.is_demonstration():
        raise Http404
    token = str(request.POST.get("token") or request.GET.get("token", ""))
    if not may_start(token):
        return page(request, "partnership/start_closed.html", title="Start a partnership", status=403 if token else 200)
    form = StartForm(request.POST or None, initial={"token": token})
    if form.is_valid():
        # The token comes from the machine's own command line, so this acts as that does.
        by = queries.acting(None, at=request.by.at)
        form.cleaned_data = {"plan": form.plan}
        if form.carry_out(starting.start, by=replace(by, person=None)):
            started: starting.Started = form.result
            links = {name: request.build_absolute_uri(path_of(key)) for name, key in started.keys.items()}
            title = f"{started.partnership.name} is founded"
            days = settings.PASSWORD_RESET_TIMEOUT // 86_400
            return page(request, "partnership/started.html", title=title, started=started, links=links, days=days)
    return page(request, "partnership/start.html", title="Start a partnership", form=form, examples=EXAMPLES)


@require_http_methods(["GET", "POST"])
def personas(request: Asked) -> HttpResponse:
    """In a demonstration, everybody may be anybody; in a real partnership this page is not there."""
    if not queries.is_demonstration():
        raise Http404
    if request.method == "POST":
        person = get_object_or_404(Person, pk=whole_number(request.POST.get("person", "")))
        login(request, people.pick_persona(by=request.by, person=person), backend=BACKEND)
        request.session.pop(POST_CHOSEN, None)
        return redirect(_next(request))
    return page(
        request,
        "partnership/personas.html",
        title="Choose who you are",
        personas=queries.personas(request.by.at),
        next=request.GET.get("next", ""),
    )


@require_http_methods(["GET", "POST"])
def choose_post(request: Asked) -> HttpResponse:
    """Somebody who holds several posts chooses which one they act in."""
    person = signed_in(request)
    if person is None:
        return redirect(settings.LOGIN_URL)
    held = queries.appointments_of(person, request.by.at)
    if request.method == "POST":
        chosen = next((a.post for a in held if a.post.slug == request.POST.get("post")), None)
        if chosen is None:
            messages.warning(request, "You do not hold that post today.")
            return redirect("partnership:choose_post")
        request.session[POST_CHOSEN] = chosen.slug
        return redirect(_next(request))
    title = "Choose the post you act in"
    return page(request, "partnership/choose_post.html", title=title, held=held, acting=request.by.post)


@require_http_methods(["GET", "POST"])
def told(request: Asked) -> HttpResponse:
    """What somebody was told, and whether they are told by e-mail as well."""
    person = signed_in(request)
    if person is None:
        return redirect(settings.LOGIN_URL)
    lines = queries.told(person, request.by)
    if request.method == "POST" and "seen" in request.POST:
        telling.note_seen(by=request.by, numbers=[line.number for line in lines if line.is_new])
        return redirect("partnership:told")
    saved = request.POST if request.method == "POST" else None
    form = PreferenceForm(saved, initial={"told_by_email": person.told_by_email})
    if form.is_valid() and form.carry_out(telling.prefer, by=request.by):
        messages.success(request, "Saved.")
        return redirect("partnership:told")
    by_email = settings.TELL_BY_EMAIL
    return page(request, "partnership/told.html", title="What you were told", lines=lines, form=form, by_email=by_email)


@require_safe
def not_here(request: Asked, **given: object) -> HttpResponse:
    """Addresses that sign-in's own pages know of and that Commonhold does not have."""
    raise Http404


@require_safe
def own_account(request: Asked) -> HttpResponse:
    """An address is put right on the account's own page."""
    person = signed_in(request)
    return redirect("partnership:account", person.pk) if person else redirect(settings.LOGIN_URL)


def _next(request: Asked) -> str:
    wanted = str(request.POST.get("next", ""))
    if not wanted.startswith("/"):  # a bare word is the name of a view to redirect()
        return "/"
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"
