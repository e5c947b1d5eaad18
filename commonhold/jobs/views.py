"""The list of jobs, and a page for each: how far it is, what came of it, and a way to stop it or try it again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from commonhold.govuk.addresses import number_in
from commonhold.govuk.pages import page
from commonhold.jobs import acts, queries
from commonhold.jobs.forms import JobFilters
from commonhold.jobs.models import Job
from commonhold.jobs.permissions import looks_after_jobs, may_stop
from commonhold.ledger.requests import Asked
from commonhold.refusals import Refused


@require_safe
def jobs(request: Asked) -> HttpResponse:
    form = JobFilters(request.GET)
    wanted = queries.Wanted(**form.chosen, before=number_in(request, "older"))
    listed = queries.listed(wanted, seen_by=request.by)
    return page(
        request,
        "jobs/jobs.html",
        part="rows",
        title="Jobs",
        form=form,
        jobs=listed.jobs,
        newest=form.href() if wanted.before else "",
        older=form.href(older=listed.older_than) if listed.older_than else "",
        reads_none=request.by.is_public,
        reads_all=looks_after_jobs(request.by),
    )


@require_safe
def job(request: Asked, number: int) -> HttpResponse:
    found = get_object_or_404(queries.visible(request.by), pk=number)
    stoppable = may_stop(request.by, found)
    response = page(
        request, "jobs/job.html", part="progress", title=found.title, subject=found, job=found, may_stop=stoppable
    )
    if request.GET.get("shown", found.state) != found.state:
        # Not only the part that htmx asks for has changed.
        response["HX-Refresh"] = "true"
    return response


@require_POST
def cancel(request: Asked, number: int) -> HttpResponse:
    return _stop(request, number, acts.cancel, "This job stops as soon as it can.")


@require_POST
def retry(request: Asked, number: int) -> HttpResponse:
    return _stop(request, number, acts.retry, "This job will be tried again.")


def _stop(request: Asked, number: int, act: Callable[..., None], words: str) -> HttpResponse:
    """Either act; a job may have gone on since its page was opened, and then its page says so."""
    found: Job = get_object_or_404(queries.visible(request.by), pk=number)
    try:
        act(by=request.by, job=found)
        messages.success(request, words)
    except Refused as refused:
        messages.warning(request, refused.message)
    return redirect(found)
