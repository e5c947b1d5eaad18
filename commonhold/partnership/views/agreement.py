"""The agreement: each rule in force, where it was found, who confirmed it; its versions; and how one is entered."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonhold.govuk.addresses import number_in
from commonhold.govuk.pages import page
from commonhold.ledger import evidence
from commonhold.partnership import queries
from commonhold.partnership.acts import agreement as acts
from commonhold.partnership.engine.rules.registry import KINDS, Kind
from commonhold.partnership.engine.rules.writing import EXAMPLES
from commonhold.partnership.forms.agreement import DisputeForm, FindForm, ProposeForm
from commonhold.partnership.models import RuleVersion
from commonhold.partnership.permissions import enters_rules, may_consent_for, reads_documents
from commonhold.partnership.queries.agreeing import latest_version
from commonhold.partnership.requests import Asked


@require_safe
def agreement(request: Asked) -> HttpResponse:
    known = queries.rules(request.by.at)
    return page(
        request,
        "partnership/agreement.html",
        title="The agreement",
        wide=True,
        clauses=queries.agreement(known),
        has_started=queries.has_started(),
        waits=queries.waits(known),
    )


@require_safe
def rule(request: Asked, rule: str) -> HttpResponse:
    kind = _kind(rule)
    past = queries.history(rule, request.by.at)
    compared = queries.compared(past, request.GET.get("before", ""), request.GET.get("after", ""))
    return page(
        request,
        "partnership/rule.html",
        title=kind.title,
        caption="Rule of the agreement",
        wide=True,
        kind=kind,
        past=past,
        compared=compared,
        now=next((told for told in past if told.is_in_force(queries.day_of(request.by.at))), None),
        proposals=queries.proposals(rule),
        may_enter=enters_rules(request.by) and queries.has_started(),
        may_confirm=may_consent_for(request.by, request.by.partner),
        reads_documents=reads_documents(request.by),
        speaks_for=request.by.partner,
    )


@require_http_methods(["GET", "POST"])
def find(request: Asked, rule: str) -> HttpResponse:
    kind = _kind(rule)
    if not enters_rules(request.by):
        raise Http404
    wrong = number_in(request, "corrects")
    corrects = None if wrong is None else get_object_or_404(RuleVersion, rule=rule, number=wrong)
    said = (
        {name: getattr(corrects, name) for name in ("effective_from", "document", "clause", "page")} if corrects else {}
    )
    form = FindForm(
        request.POST or None,
        request.FILES or None,
        kind=kind,
        now=corrects.ruled if corrects else None,
        corrects=corrects is not None,
        initial=said,
    )
    if form.is_valid():
        file = form.cleaned_data.get("attached")
        attached = acts.Attached(file.name, file) if file else None
        known = {"rule": rule, "attached": attached, "corrects": corrects}
        if form.carry_out(acts.enter_as_found, by=request.by, **known):
            messages.success(request, "Entered. It works from its day on, and waits for each partner's word.")
            return redirect("partnership:rule", rule)
    title = f"Put {kind.title.lower()} v{corrects.number} right" if corrects else f"{kind.title}: enter as found"
    return page(
        request,
        "partnership/rule_form.html",
        title=title,
        form=form,
        kind=kind,
        example=EXAMPLES.get(rule),
        action="Enter",
    )


@require_http_methods(["GET", "POST"])
def propose(request: Asked, rule: str) -> HttpResponse:
    kind = _kind(rule)
    if not enters_rules(request.by):
        raise Http404
    latest = latest_version(rule)
    now = latest.ruled if latest else None
    said = {"base": latest.number if latest else 0, "effective_from": queries.day_of(request.by.at)}
    form = ProposeForm(request.POST or None, kind=kind, now=now, initial=said)
    if form.is_valid() and form.carry_out(acts.propose, by=request.by, rule=rule):
        messages.success(request, "Proposed. It waits for consent.")
        return redirect(form.result)
    title = f"{kind.title}: propose a change"
    return page(
        request, "partnership/rule_form.html", title=title, form=form, kind=kind, example=EXAMPLES.get(rule),
        action="Propose",
    )  # fmt: skip


@require_POST
def confirm(request: Asked, rule: str, number: int) -> HttpResponse:
    acts.confirm(by=request.by, version=get_object_or_404(RuleVersion, rule=rule, number=number))
    messages.success(request, "Confirmed for your authority.")
    return redirect("partnership:rule", rule)


@require_http_methods(["GET", "POST"])
def dispute(request: Asked, rule: str, number: int) -> HttpResponse:
    version = get_object_or_404(RuleVersion, rule=rule, number=number)
    if not may_consent_for(request.by, request.by.partner):
        raise Http404
    form = DisputeForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.dispute, by=request.by, version=version):
        return redirect("partnership:rule", rule)
    title = f"{version}: not what we agreed"
    return page(request, "partnership/form.html", title=title, form=form, action="Say so")


@require_safe
def document(request: Asked, rule: str, number: int) -> FileResponse:
    """The page that was attached, for those who hold a post: agreements bear signatures."""
    version = get_object_or_404(RuleVersion, rule=rule, number=number)
    if not version.file or not reads_documents(request.by):
        raise Http404
    attached = BytesIO(evidence.content(version.file))
    return FileResponse(attached, as_attachment=True, filename=version.file_name or version.file)


def _kind(rule: str) -> Kind:
    if rule not in KINDS:
        raise Http404
    return KINDS[rule]
