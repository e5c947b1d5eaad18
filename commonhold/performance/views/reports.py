"""Reports on periods: the list, one report with what it waits for, the words on its figures, remarks and queries."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.demand.queries.ages import ages
from commonhold.figures import Span
from commonhold.govuk.addresses import whole_number
from commonhold.govuk.form import Form
from commonhold.govuk.pages import page
from commonhold.govuk.shell import Link
from commonhold.partnership.requests import Asked
from commonhold.performance.acts import reporting
from commonhold.performance.engine.report.about import About, of_part, parse, parts
from commonhold.performance.forms import (
    AnswerForm,
    RemarkForm,
    ReportForm,
    SettleForm,
    TakeBackRemarkForm,
    TurnForm,
    WordsForm,
)
from commonhold.performance.models import Report
from commonhold.performance.permissions import (
    opens_reports,
    reads_reports,
    settles,
    signs_off_words,
    speaks_on_figures,
    takes_back,
    writes_words,
)
from commonhold.performance.queries import disputed, packs, report_sheets
from commonhold.performance.queries import reporting as queries
from commonhold.performance.queries.fed import fed
from commonhold.refusals import Refused, require

SIGN_OFF = "sign-off"


@require_safe
def reports(request: Asked) -> HttpResponse:
    return page(
        request,
        "performance/reports.html",
        title="Reports on periods",
        reports=list(queries.reports(seen_by=request.by)),
        reads=reads_reports(request.by),
        may_open=opens_reports(request.by),
    )


@require_http_methods(["GET", "POST"])
def open_report(request: Asked) -> HttpResponse:
    require(opens_reports(request.by), "lay figures open to the partners")
    form = ReportForm(request.POST or None, initial=packs.suggested(), meetings=queries.meetings_to_come(request.by.at))
    if form.is_valid() and form.carry_out(reporting.open_report, by=request.by):
        messages.success(request, "The figures lie open. Every partner's client lead is told.")
        return redirect(form.result)
    back = Link("Reports", "/reports/")
    return page(
        request,
        "performance/said_form.html",
        title="Report on a period",
        form=form,
        back=back,
        action="Open the report",
    )


@require_safe
def report(request: Asked, days: Span) -> HttpResponse:
    subject = queries.the_report(days, seen_by=request.by)
    found = queries.reported(subject, seen_by=request.by)
    return page(
        request,
        "performance/report.html",
        title=str(subject),
        subject=subject,
        report=subject,
        found=found,
        ages=ages(seen_by=request.by),
        may_turn=opens_reports(request.by),
        may_write=writes_words(request.by),
        may_sign=signs_off_words(request.by),
        may_speak=speaks_on_figures(request.by),
        parts=parts(found.own),
        titles=found.titles,
        part_of=lambda name: of_part(name, found.own),
        disputed=disputed.of_kept(
            queries.kept(days), seen_by=request.by, before=whole_number(request.GET.get("before", ""))
        ),
        sheets=report_sheets.of_report(found, request.by),
    )


@require_http_methods(["GET", "POST"])
def words(request: Asked, days: Span) -> HttpResponse:
    found = queries.the_report(days, seen_by=request.by)
    require(writes_words(request.by), "write explanations")
    about = _about(request)
    spoken = queries.said(found).get(str(about), queries.Spoken(about))
    now = spoken.draft or spoken.explanation
    said = {"why": now.why, "doing": now.doing, "by_when": now.by_when} if now else {}
    edition = queries.edition_of(found, str(about))
    form = WordsForm(request.POST or None, initial=said | {"edition": edition})
    act = reporting.sign_off if request.POST.get("do") == SIGN_OFF else reporting.draft_words
    if form.is_valid() and form.carry_out(act, by=request.by, report=found, about=str(about)):
        said_so = "Signed off and on the record." if act is reporting.sign_off else "Kept as a draft."
        messages.success(request, said_so)
        return redirect(found)
    return page(
        request,
        "performance/words_form.html",
        title=f"Explain: {about.title}",
        form=form,
        report=found,
        about=about,
        spoken=spoken,
        is_off=queries.is_off(found, str(about), seen_by=request.by),
        back=Link(str(found), found.get_absolute_url()),
        may_sign=signs_off_words(request.by),
        sign_off=SIGN_OFF,
    )


@require_http_methods(["GET", "POST"])
def remark(request: Asked, days: Span) -> HttpResponse:
    found = queries.the_report(days, seen_by=request.by)
    require(speaks_on_figures(request.by), "remark on a report for a partner")
    about = _about(request)
    form = RemarkForm(request.POST or None)
    if form.is_valid() and form.carry_out(reporting.remark, by=request.by, report=found, about=str(about)):
        messages.success(request, "Your authority's remark is on the record.")
        return redirect(found)
    return _form(request, form, found, f"Remark on: {about.title}", "Make the remark")


@require_http_methods(["GET", "POST"])
def query(request: Asked, days: Span) -> HttpResponse:
    found = queries.the_report(days, seen_by=request.by)
    require(speaks_on_figures(request.by), "query figures for a partner")
    about = _about(request)
    form = RemarkForm(request.POST or None)
    form.fields["words"].label = "What is doubtful about it?"
    if form.is_valid() and form.carry_out(reporting.query, by=request.by, report=found, about=str(about)):
        messages.success(request, "Your authority's query is on the record, and the officers are told.")
        return redirect(form.result)
    return _form(request, form, found, f"Query: {about.title}", "Query it")


@require_http_methods(["GET", "POST"])
def take_back(request: Asked, days: Span, number: int) -> HttpResponse:
    """Take a remark back, for the post that made it."""
    report = queries.the_report(days, seen_by=request.by)
    found = queries.the_remark(report, number, seen_by=request.by)
    require(takes_back(request.by, found.post), "take this remark back")
    form = TakeBackRemarkForm(request.POST or None)
    if form.is_valid() and form.carry_out(reporting.take_back_remark, by=request.by, remark=found):
        messages.success(request, "The remark is taken back. It stays on the record, marked.")
        return redirect(found)
    return _form(request, form, report, "Take this remark back", "Take it back", quoted=found.words)


@require_http_methods(["GET", "POST"])
def close(request: Asked, days: Span) -> HttpResponse:
    return _turn(request, days, reporting.close_report, "Close this report", "Close it", "The report is closed.")


@require_http_methods(["GET", "POST"])
def reopen(request: Asked, days: Span) -> HttpResponse:
    return _turn(request, days, reporting.reopen_report, "Reopen this report", "Reopen it", "The report goes on.")


def _turn(request: Asked, days: Span, act: Callable[..., object], title: str, action: str, done: str) -> HttpResponse:
    found = queries.the_report(days, seen_by=request.by)
    require(opens_reports(request.by), title[:1].lower() + title[1:])
    form = TurnForm(request.POST or None)
    if form.is_valid() and form.carry_out(act, by=request.by, report=found):
        messages.success(request, done)
        return redirect(found)
    return _form(request, form, found, title, action)


@require_safe
def asked(request: Asked, number: int) -> HttpResponse:
    found = queries.the_query(number, seen_by=request.by)
    settled = hasattr(found, "settlement")
    return page(
        request,
        "performance/query.html",
        title=str(found),
        subject=found,
        query=found,
        settled=settled,
        may_answer=writes_words(request.by) and not settled,
        may_settle=settles(request.by, found.partner) and not settled,
    )


@require_http_methods(["GET", "POST"])
def answer(request: Asked, number: int) -> HttpResponse:
    found = queries.the_query(number, seen_by=request.by)
    require(writes_words(request.by), "answer queries of figures")
    form = AnswerForm(request.POST or None)
    if form.is_valid() and form.carry_out(reporting.answer, by=request.by, query=found):
        messages.success(request, f"Answered. {found.partner} is told.")
        return redirect(found)
    back = Link(str(found), found.get_absolute_url())
    return page(
        request,
        "performance/said_form.html",
        title="Answer a query",
        form=form,
        back=back,
        quoted=f"{found.partner}: {found.words}",
        action="Answer it",
    )


@require_http_methods(["GET", "POST"])
def settle(request: Asked, number: int) -> HttpResponse:
    found = queries.the_query(number, seen_by=request.by)
    require(settles(request.by, found.partner), "settle another partner's query")
    form = SettleForm(request.POST or None)
    if form.is_valid() and form.carry_out(reporting.settle, by=request.by, query=found):
        messages.success(request, "The query is settled.")
        return redirect(found)
    back = Link(str(found), found.get_absolute_url())
    return page(
        request,
        "performance/said_form.html",
        title="Settle a query",
        form=form,
        back=back,
        quoted=found.words,
        action="It is settled",
    )


def _about(request: Asked) -> About:
    """What the address names: a part of the pack, or a figure."""
    try:
        return parse(request.GET.get("about", ""), fed().own_titles)
    except Refused as refused:
        raise Http404(refused.message) from None


def _form(request: Asked, form: Form, report: Report, title: str, action: str, quoted: str = "") -> HttpResponse:
    back = Link(str(report), report.get_absolute_url())
    return page(request, "performance/said_form.html", title=title, form=form, back=back, action=action, quoted=quoted)
