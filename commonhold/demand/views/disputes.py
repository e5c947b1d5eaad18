"""Disputes: their list, and one with its thread, raised, answered and ended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.demand.acts import disputing
from commonhold.demand.engine.disputed import Class
from commonhold.demand.forms.disputes import (
    AnswerForm,
    ClassFilters,
    DisputeFilters,
    FewWordsForm,
    RaiseForm,
    WordsForm,
)
from commonhold.demand.models import Batch, Dispute, Reckoning
from commonhold.demand.permissions import answers_disputes, disputes, reads_disputes, speaks_for
from commonhold.demand.queries import disputed_tickets, disputes_offered, sheets
from commonhold.demand.queries import disputes as queries
from commonhold.demand.queries.putting_right import code_of
from commonhold.demand.queries.register.choices import partners
from commonhold.demand.queries.tickets import seen_ticket
from commonhold.govuk.addresses import number_in
from commonhold.govuk.form import Form
from commonhold.govuk.pages import page
from commonhold.govuk.tables import Cell
from commonhold.govuk.tables import download as table
from commonhold.jobs.queries import is_shown
from commonhold.ledger.engine.by import By
from commonhold.ledger.queries import standing
from commonhold.partnership.requests import Asked
from commonhold.refusals import Refused, require

TITLE: Final = "Disputes"
NOT_IN_LIST: Final = ("resolved_from", "resolved_to", "reason")
HEADINGS: Final = (
    "Number", "Partner", "About", "What is disputed", "It should be", "Tickets touched when raised", "State",
    "Days open", "Raised", "Month it changes most", "Percentage points within target in that month",
)  # fmt: skip


@require_safe
def all_disputes(request: Asked) -> HttpResponse:
    form = DisputeFilters(request.GET, partners=partners() if reads_disputes(request.by) else ())
    listing = queries.listing(queries.Filters(**form.chosen), seen_by=request.by, before=number_in(request, "before"))
    return page(
        request,
        "demand/disputes.html",
        part="disputes",
        title=TITLE,
        form=form,
        listing=listing,
        older=form.href(before=listing.older) if listing.older else "",
        may_dispute=disputes(request.by),
        may_read=reads_disputes(request.by),
    )


@require_safe
def download(request: Asked, kind: str) -> StreamingHttpResponse | FileResponse:
    form = DisputeFilters(request.GET, partners=partners())
    wanted = queries.Filters(**form.chosen)
    if form.misunderstood:
        raise Http404(form.misunderstood)
    about: dict[str, Cell] = {
        "Definition": "One row for each dispute that you may see of a fact of tickets, with what it would change",
        **form.about,
        "As of": request.by.at,
        "Known at entry": standing(request.by.at).size,
    }
    return table(kind, "disputes", HEADINGS, _lines(queries.every(wanted, seen_by=request.by)), about=about)


def _lines(lines: Iterator[queries.Line]) -> Iterator[tuple[Cell, ...]]:
    for line in lines:
        one, effect = line.dispute, line.effect
        yield (
            one.pk,
            one.partner.name,
            one.about,
            one.get_fact_display(),
            one.said,
            line.tickets,
            str(line.state.label),
            line.days,
            one.at,
            effect.first if effect else None,
            effect.points if effect else None,
        )


@require_safe
def dispute(request: Asked, number: int) -> HttpResponse:
    found = queries.the_dispute(number, seen_by=request.by)
    opened = queries.opened(found, seen_by=request.by)
    return page(
        request,
        "demand/dispute.html",
        title=str(found),
        dispute=found,
        opened=opened,
        sheets=sheets.of_dispute(opened),
        list_href=f"{reverse('demand:tickets')}?{urlencode(_words_of_list(found))}" if found.conditions else "",
    )


def _words_of_list(found: Dispute) -> dict[str, str]:
    """The class of a dispute in the words of the list of tickets, which knows most of them."""
    words = {name: value for name, value in (found.conditions or {}).items() if name not in NOT_IN_LIST}
    return words | ({"held": "yes"} if found.fact == Dispute.Fact.HOLD else {})


@require_http_methods(["GET", "POST"])
def raise_dispute(request: Asked) -> HttpResponse:
    require(disputes(request.by), "dispute what figures count of tickets for a partner")
    number = number_in(request, "ticket")
    if number is not None:
        return _of_a_ticket(request, seen_ticket(number, seen_by=request.by))
    # Both forms of the page ask for a priority, a kind and a partner.
    narrowing = ClassFilters(request.GET, known=Batch.objects.known(), auto_id="which_%s")
    wanted, problem = _class(narrowing)
    if wanted is None:
        title = "Dispute a class of tickets"
        return page(request, "demand/dispute_raise.html", title=title, narrowing=narrowing, problem=problem)
    return _of_a_class(request, wanted, narrowing)


def _class(narrowing: ClassFilters) -> tuple[Class | None, str]:
    """The class that an address names, or what is missing or makes no sense."""
    chosen = narrowing.chosen
    if narrowing.misunderstood:
        return None, narrowing.misunderstood
    if "opened_from" not in chosen or "opened_to" not in chosen:
        return None, ""
    try:
        return Class(**chosen), ""
    except Refused as refusal:
        return None, refusal.message


def _of_a_ticket(request: Asked, row: Reckoning) -> HttpResponse:
    form = RaiseForm(request.POST or None, holds=disputes_offered.holds_to_choose(row), **_choices())
    if form.is_valid() and form.carry_out(disputing.raise_dispute, by=request.by, ticket=row.ticket):
        return _raised(request, form.result)
    return page(
        request, "demand/dispute_raise.html", title=f"Dispute a fact of {row.ticket}", form=form, row=row, counts=False
    )


def _of_a_class(request: Asked, wanted: Class, narrowing: ClassFilters) -> HttpResponse:
    form = RaiseForm(request.POST or None, holds=disputes_offered.holds_of_class(wanted), **_choices())
    touches = None
    if form.is_valid():
        touches = _touches(form, wanted, request.by)
        sure = touches is not None and request.POST.get("counted") == str(touches)
        if sure and form.carry_out(disputing.raise_dispute, by=request.by, wanted=wanted):
            return _raised(request, form.result)
    return page(
        request,
        "demand/dispute_raise.html",
        title="Dispute a class of tickets",
        form=form,
        narrowing=narrowing,
        about=wanted.in_words(disputes_offered.name_of(wanted.partner)),
        counts=touches is None,
        touches=touches,
    )


def _touches(form: RaiseForm, wanted: Class, by: By) -> int | str | None:
    """How many tickets it would touch, as far as this reader is told; none is an error of the form."""
    try:
        found = disputed_tickets.touched_by_class(
            wanted, form.cleaned_data["fact"], code_of(form.cleaned_data["fact"], form.cleaned_data["value"])
        )
    except Refused as refusal:
        form.refuse(refusal)
        return None
    told = disputed_tickets.number_told(found, wanted.as_json(), seen_by=by)
    if told == 0:
        form.refuse(Refused("No ticket of this class would be another one, so there is nothing to dispute."))
        return None
    return told


def _choices() -> dict[str, Any]:
    named, parties = disputes_offered.partners_to_choose(), disputes_offered.parties_to_choose()
    return {"partners": named, "parties": parties}


def _raised(request: Asked, made: Dispute) -> HttpResponse:
    messages.success(request, "It stands beside every figure that it touches until you settle or withdraw it.")
    return redirect(made)


@require_http_methods(["GET", "POST"])
def answer(request: Asked, number: int) -> HttpResponse:
    found = queries.the_dispute(number, seen_by=request.by)
    require(answers_disputes(request.by), "answer disputes")
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        if form.cleaned_data["outcome"] == "decline":
            if form.carry_out(disputing.decline, by=request.by, dispute=found):
                messages.success(request, "The dispute goes on standing beside the figures, with your answer.")
                return redirect(found)
        elif found.ticket_id is not None:
            if form.carry_out(disputing.accept, by=request.by, dispute=found):
                messages.success(request, "It is put right, and counts in every figure from now on.")
                return redirect(found)
        elif form.carry_out(disputing.ask_to_accept, by=request.by, dispute=found):
            messages.success(request, "The tickets are being put right. That is accepted once it is done.")
            return redirect(form.result if is_shown(form.result, seen_by=request.by) else found)
    return _said(request, found, form, f"Answer {_named(found)}", "Answer it")


@require_http_methods(["GET", "POST"])
def take_back(request: Asked, number: int) -> HttpResponse:
    found = queries.the_dispute(number, seen_by=request.by)
    require(answers_disputes(request.by), "undo what was put right")
    form = WordsForm(request.POST or None)
    if form.is_valid():
        if found.ticket_id is None:
            if form.carry_out(disputing.ask_to_take_back, by=request.by, dispute=found):
                messages.success(request, "It is being undone. What counted before counts again once that is done.")
                return redirect(form.result if is_shown(form.result, seen_by=request.by) else found)
        elif form.carry_out(disputing.take_back, by=request.by, dispute=found):
            messages.success(request, "Undone: what counted before counts again.")
            return redirect(found)
    return _said(request, found, form, f"Undo what {_named(found)} had put right", "Undo it")


@dataclass(frozen=True, slots=True)
class _Step:
    """What a partner can say of its own dispute: the act, the form, and the words of the page."""

    act: Callable[..., object]
    form: type[Form]
    title: str
    action: str


STEPS: Final = {
    "maintain": _Step(disputing.maintain, WordsForm, "Maintain {}", "Maintain it"),
    "settle": _Step(disputing.settle, FewWordsForm, "Settle {}", "It is settled"),
    "withdraw": _Step(disputing.withdraw, FewWordsForm, "Withdraw {}", "Withdraw it"),
    "reopen": _Step(disputing.reopen, WordsForm, "Raise {} again", "Raise it again"),
}


@require_http_methods(["GET", "POST"])
def say(request: Asked, number: int, what: str) -> HttpResponse:
    step = STEPS.get(what)
    if step is None:
        raise Http404("There is nothing of that name to say of a dispute.")
    found = queries.the_dispute(number, seen_by=request.by)
    require(speaks_for(request.by, found.partner), "speak on another partner's dispute")
    form = step.form(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.carry_out(step.act, by=request.by, dispute=found):
        messages.success(request, "That stands in the dispute's thread.")
        return redirect(found)
    return _said(request, found, form, step.title.format(_named(found)), step.action)


def _named(found: Dispute) -> str:
    return f"dispute {found.pk}"


def _said(request: Asked, found: Dispute, form: Form, title: str, action: str) -> HttpResponse:
    back = reverse("demand:dispute", args=[found.pk])
    return page(request, "demand/dispute_say.html", title=title, form=form, dispute=found, action=action, back_to=back)
