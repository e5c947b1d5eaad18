"""An incident: its page, its account while it is written and as it is signed off, and what is entered about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.demand.acts.register import opening, remarks, striking, telling, writing
from commonhold.demand.engine.incidents.account import party_in_words
from commonhold.demand.forms.register import (
    AnswerForm,
    KeyForm,
    RemarkForm,
    SignOffForm,
    StrikeForm,
    TellingForm,
    TicketForm,
    WriteUpForm,
)
from commonhold.demand.models import Incident, IncidentTicket
from commonhold.demand.permissions import keeps_the_register, signs_off
from commonhold.demand.permissions import remarks as may_remark
from commonhold.demand.queries.ages import ages
from commonhold.demand.queries.knowledge import now
from commonhold.demand.queries.register import incident as queries
from commonhold.demand.queries.register import sheet
from commonhold.demand.queries.tickets import the_ticket
from commonhold.govuk.form import Form
from commonhold.govuk.pages import page
from commonhold.govuk.shell import Link
from commonhold.ledger.engine.by import By
from commonhold.partnership.requests import Asked
from commonhold.refusals import require


@require_safe
def incident(request: Asked, number: int) -> HttpResponse:
    found = queries.the_incident(number, seen_by=request.by)
    known = now()
    told = queries.told(found, seen_by=request.by, known=known)
    return page(
        request,
        "demand/incident.html",
        title=str(found),
        subject=found,
        ages=[] if request.by.is_public else ages(seen_by=request.by),
        incident=found,
        told=told,
        account=told.account,
        posts={} if request.by.is_public else queries.posts_named(told),
        party=party_in_words,
        may_write=keeps_the_register(request.by) and not found.struck,
        may_sign=signs_off(request.by) and not found.struck,
        may_remark=may_remark(request.by) and not found.struck,
        sheets=sheet.of_incident(told, known, request.by.at),
    )


@require_http_methods(["GET", "POST"])
def write_up(request: Asked, number: int) -> HttpResponse:
    found = queries.the_incident(number, seen_by=request.by)
    require(keeps_the_register(request.by), "write this incident up")
    told = queries.told(found, seen_by=request.by, known=now())
    form = WriteUpForm(request.POST or None, draft=told.draft, proposed=queries.proposed(told))
    if form.is_valid() and form.carry_out(writing.keep_draft, by=request.by, incident=found):
        messages.success(request, "Kept. It is a draft until it is signed off.")
        return redirect("demand:sign_off", found.pk)
    return page(
        request, "demand/incident_write_up.html", title=f"Write up incident {found.pk}", form=form, incident=found,
        told=told,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def sign_off(request: Asked, number: int) -> HttpResponse:
    """The draft as it would stand, for those who keep the register; signing it off for those who may."""
    found = queries.the_incident(number, seen_by=request.by)
    require(keeps_the_register(request.by), "read the draft of this incident")
    told = queries.told(found, seen_by=request.by, known=now())
    draft = told.draft
    if draft is None:
        raise Http404("Nothing is written of this incident yet.")
    form = SignOffForm(request.POST or None, initial={"edition": draft.edition}, replaces=told.standing is not None)
    if form.is_valid() and form.carry_out(writing.sign_off, by=request.by, incident=found):
        messages.success(request, "Signed off. It stands on the record.")
        return redirect(form.result.incident)
    return page(
        request,
        "demand/incident_sign_off.html",
        title=f"The account of incident {found.pk}, not signed off" if draft.waits else f"Incident {found.pk}, draft",
        form=form,
        incident=found,
        told=told,
        draft=draft,
        read=queries.as_read(draft),
        differs=queries.differs(draft, told),
        party=party_in_words,
        may_sign=signs_off(request.by),
    )


@require_http_methods(["GET", "POST"])
def key(request: Asked, number: int) -> HttpResponse:
    found = queries.the_incident(number, seen_by=request.by)
    require(keeps_the_register(request.by), "flag key incidents")
    form = KeyForm(request.POST or None)
    if form.is_valid() and form.carry_out(opening.flag, by=request.by, incident=found, is_key=not found.is_key):
        return redirect(found)
    title = "This is no key incident" if found.is_key else "This is a key incident"
    return _form(request, form, found, title, "Enter it on the record")


@require_http_methods(["GET", "POST"])
def add_ticket(request: Asked, number: int) -> HttpResponse:
    found = queries.the_incident(number, seen_by=request.by)
    require(keeps_the_register(request.by), "add tickets to this incident")
    form = TicketForm(request.POST or None)
    if form.is_valid() and form.carry_out(_added, by=request.by, incident=found):
        return redirect(found)
    return _form(request, form, found, "Add a ticket to this incident", "Add the ticket")


def _added(*, by: By, incident: Incident, reference: str, desk: str) -> IncidentTicket:
    return opening.add_ticket(by=by, incident=incident, ticket=the_ticket(reference.strip(), desk.strip() or None))


@require_http_methods(["GET", "POST"])
def log(request: Asked, number: int) -> HttpResponse:
    found = queries.the_incident(number, seen_by=request.by)
    require(keeps_the_register(request.by), "log who was told of this incident")
    told = queries.told(found, seen_by=request.by, known=now())
    form = TellingForm(request.POST or None, audiences=queries.audiences(told))
    if form.is_valid() and form.carry_out(telling.log, by=request.by, incident=found):
        return redirect(found)
    return _form(request, form, found, "Log who was told", "Enter it on the record")


@require_http_methods(["GET", "POST"])
def remark(request: Asked, number: int) -> HttpResponse:
    found = queries.the_incident(number, seen_by=request.by)
    require(may_remark(request.by), "remark on this incident")
    form = RemarkForm(request.POST or None)
    if form.is_valid() and form.carry_out(remarks.remark, by=request.by, incident=found):
        return redirect(form.result)
    return _form(request, form, found, "Remark on this incident", "Enter it on the record")


@require_http_methods(["GET", "POST"])
def answer(request: Asked, number: int, remark: int) -> HttpResponse:
    found = queries.the_incident(number, seen_by=request.by)
    require(keeps_the_register(request.by), "answer remarks on this incident")
    of = queries.the_part(found, "remark", remark)
    form = AnswerForm(request.POST or None)
    if form.is_valid() and form.carry_out(remarks.answer, by=request.by, remark=of):
        return redirect(form.result)
    return _form(request, form, found, "Answer this remark", "Enter it on the record", quoted=of.words)


@require_http_methods(["GET", "POST"])
def strike(request: Asked, number: int) -> HttpResponse:
    found = queries.the_incident(number, seen_by=request.by)
    require(signs_off(request.by), "mark this incident as entered in error")
    form = StrikeForm(request.POST or None)
    if form.is_valid() and form.carry_out(striking.strike_incident, by=request.by, incident=found):
        return redirect(found)
    return _form(request, form, found, "This incident was entered in error", "Strike it out")


@require_http_methods(["GET", "POST"])
def strike_part(request: Asked, number: int, what: str, part: int) -> HttpResponse:
    """A ticket, a line of who was told, an account or a remark: struck out by those who may."""
    found = queries.the_incident(number, seen_by=request.by)
    of = queries.the_part(found, what, part)
    act, allowed, title = _parts(request.by, of)[what]
    require(allowed, "mark this as entered in error")
    form = StrikeForm(request.POST or None)
    if form.is_valid() and form.carry_out(act, by=request.by, **{what.replace("-", "_"): of}):
        return redirect(found)
    return _form(request, form, found, title, "Strike it out")


def _parts(by: By, of: Any) -> dict[str, tuple[Callable[..., object], bool, str]]:
    keeps, signs = keeps_the_register(by), signs_off(by)
    return {
        "ticket": (striking.take_out_ticket, keeps, "Take this ticket out of the incident"),
        "telling": (striking.strike_telling, keeps, "This line was entered in error"),
        "write-up": (striking.strike_write_up, signs, "This account was entered in error"),
        "remark": (striking.strike_remark, bool(by.post) and by.post == of.post, "This remark was entered in error"),
    }


def _form(request: Asked, form: Form, of: Incident, title: str, action: str, quoted: str = "") -> HttpResponse:
    back = Link(f"Incident {of.pk}", of.get_absolute_url())
    return page(request, "demand/incident_form.html", title=title, form=form, back=back, action=action, quoted=quoted)
