"""Performance packs: the list, one pack as it was published, a new one to preview and publish, and its withdrawal."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonhold.demand.queries.ages import ages
from commonhold.figures import Span
from commonhold.govuk.addresses import number_in
from commonhold.govuk.pages import page
from commonhold.govuk.tables import XLSX
from commonhold.ledger import evidence
from commonhold.partnership.requests import Asked
from commonhold.performance.acts import publishing
from commonhold.performance.acts.composing import BODY
from commonhold.performance.forms import AttachForm, CorrectForm, PackForm, WithdrawForm
from commonhold.performance.models import Draft, Pack
from commonhold.performance.permissions import attaches_packs, publishes_packs, withdraws_packs
from commonhold.performance.queries import packs as queries
from commonhold.performance.queries import reporting, sheets
from commonhold.refusals import require

TYPES = {
    "pack.html": "text/html; charset=utf-8",
    "pack.pdf": "application/pdf",
    "figures.json": "application/json",
    "manifest.json": "application/json",
    "tables.xlsx": XLSX,
    "update.html": "text/html; charset=utf-8",
    "update.pdf": "application/pdf",
}
READ_ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox"
"""The policy of a pack's own file, which holds its style and reads without the site."""


@require_safe
def packs(request: Asked) -> HttpResponse:
    first = number_in(request, "start") or 0
    return page(
        request,
        "performance/packs.html",
        title="Performance packs",
        listed=queries.listed(seen_by=request.by, start=first),
        sheets=sheets.of_packs(request.by),
        first=first,
        audiences=queries.audiences(),
        drafts=list(queries.drafts(seen_by=request.by)[:10]),
        may_publish=publishes_packs(request.by),
    )


@require_http_methods(["GET", "POST"])
def new(request: Asked) -> HttpResponse:
    require(publishes_packs(request.by), "make packs")
    form = PackForm(request.POST or None, initial={**queries.suggested(), "profile": "board"})
    if form.is_valid() and form.carry_out(publishing.ask_for_draft, by=request.by):
        return redirect(form.result)
    return page(request, "performance/new_pack.html", title="Make a performance pack", form=form)


@require_http_methods(["GET", "POST"])
def draft(request: Asked, number: int) -> HttpResponse:
    found = get_object_or_404(queries.drafts(seen_by=request.by), pk=number)
    if request.method == "POST":
        pack = publishing.publish_draft(by=request.by, draft=found)
        messages.success(request, "Published. Its figures are frozen and on the record.")
        return redirect(pack)
    return _draft(request, found, CorrectForm())


@require_POST
def correct(request: Asked, number: int) -> HttpResponse:
    """Why a draft is to take the place of the pack that stands: it is written anew with the reason in it."""
    found = get_object_or_404(queries.drafts(seen_by=request.by), pk=number)
    form = CorrectForm(request.POST)
    about = {"first": found.first, "last": found.last, "profile": found.profile}
    if form.is_valid() and form.carry_out(publishing.ask_for_draft, by=request.by, **about):
        return redirect(form.result)
    return _draft(request, found, form)


def _draft(request: Asked, found: Draft, form: CorrectForm) -> HttpResponse:
    return page(
        request,
        "performance/draft.html",
        title=_title(found),
        draft=found,
        sheets=sheets.of_tables(found.files, f"Draft {found.pk}"),
        job=queries.job_of(found),
        body=queries.body(found.files.get(BODY)),
        overtaken=queries.is_overtaken(found),
        ages=ages(seen_by=request.by),
        stands=queries.newest(Span(found.first, found.last), found.profile),
        standing=reporting.standing_on(Span(found.first, found.last), seen_by=request.by),
        form=form,
    )


@require_safe
def draft_file(request: Asked, number: int, name: str) -> HttpResponse | FileResponse:
    found = get_object_or_404(queries.drafts(seen_by=request.by), pk=number)
    return _file(found.files, name)


@require_safe
def pack(request: Asked, number: int) -> HttpResponse:
    found = _pack(request, number)
    return page(
        request,
        "performance/pack.html",
        status=410 if found.is_withdrawn else 200,
        title=found.title,
        subject=found,
        sheets=sheets.of_one_pack(found),
        pack=found,
        entry=found.entry,
        body=queries.body(None if found.is_withdrawn else found.body),
        papers=queries.papers(found),
        newer=queries.newer(found),
        standing=reporting.standing_on(found.span, seen_by=request.by),
        may_withdraw=withdraws_packs(request.by) and not found.is_withdrawn,
        may_attach=attaches_packs(request.by) and not found.is_withdrawn,
    )


@require_safe
def file(request: Asked, number: int, name: str) -> HttpResponse | FileResponse:
    found = _pack(request, number)
    return _gone(request, found) if found.is_withdrawn else _file(found.files, name)


@require_http_methods(["GET", "POST"])
def withdraw(request: Asked, number: int) -> HttpResponse:
    found = _pack(request, number)
    require(withdraws_packs(request.by), "withdraw packs")
    if found.is_withdrawn:
        return _gone(request, found)
    form = WithdrawForm(request.POST or None)
    if form.is_valid() and form.carry_out(publishing.withdraw, by=request.by, pack=found):
        messages.success(request, "The pack is withdrawn everywhere, and its place says so.")
        return redirect(found)
    return page(request, "performance/withdraw.html", title=f"Withdraw: {found.title}", form=form, pack=found)


@require_http_methods(["GET", "POST"])
def attach(request: Asked, number: int) -> HttpResponse:
    found = _pack(request, number)
    require(attaches_packs(request.by), "put packs before a meeting")
    if found.is_withdrawn:
        return _gone(request, found)
    form = AttachForm(request.POST or None, items=queries.items_for(found, request.by.at))
    if form.is_valid() and form.carry_out(publishing.attach, by=request.by, pack=found):
        messages.success(request, "The pack is before the meeting, with its figures cited.")
        return redirect(form.cleaned_data["item"])
    return page(request, "performance/attach.html", title="Put a pack before a meeting", form=form, pack=found)


def _title(draft: Draft) -> str:
    if draft.title:
        return f"Draft: {draft.title}"
    return "A pack was not written" if draft.problem else "A pack is being written"


def _pack(request: Asked, number: int) -> Pack:
    """A pack that is open to this reader. Of others nobody learns whether there is one, unless it is on an agenda."""
    found = queries.packs(seen_by=request.by).filter(pk=number).first()
    if found is None:
        require(not queries.is_before_a_meeting(number), "read a pack that was made for others")
        raise Http404
    return found


def _gone(request: Asked, pack: Pack) -> HttpResponse:
    """What stands in the place of a pack that was taken down: when, and why (L6)."""
    return page(request, "performance/withdrawn.html", status=410, title="Withdrawn", pack=pack)


def _file(files: dict[str, str], name: str) -> FileResponse:
    if name not in TYPES or name not in files:
        raise Http404(f"A pack has no file called {name}.")
    response = FileResponse(BytesIO(evidence.content(files[name])), content_type=TYPES[name], filename=name)
    if name.endswith(".html"):
        response["Content-Security-Policy"] = READ_ALONE
    return response
