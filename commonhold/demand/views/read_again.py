"""Reading kept files again by another version of a mapping: which can be, which cannot, and asking for it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from commonhold.demand.acts import reading_again as acts
from commonhold.demand.forms import ReadAgainForm
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries import batches, kept
from commonhold.demand.queries import mappings as queries
from commonhold.govuk.pages import page
from commonhold.partnership.requests import Asked
from commonhold.refusals import require


@require_http_methods(["GET", "POST"])
def read_again(request: Asked, number: int) -> HttpResponse:
    require(brings_files(request.by), "have kept files read again")
    batch = get_object_or_404(batches.taken().exclude(mapping_digest=""), number=number)
    choices = queries.to_read_by(batch.mapping_digest)
    form = ReadAgainForm(request.POST or request.GET or None)
    form.offer(mapping=[(row.called, str(row)) for row in choices])
    chosen = None
    if form.is_valid():
        chosen = next(row for row in choices if row.called == form.cleaned_data["mapping"])
        here = f"{reverse('demand:read_again', args=[number])}?{urlencode({'mapping': chosen.called})}"
        if request.method == "POST":
            asked = {"by": request.by, "mapping": chosen, "digest": batch.mapping_digest}
            if form.carry_out(acts.ask_to_read_again, **asked):
                messages.success(request, "The reading has been asked for. This page shows how far it is.")
                return redirect(here)
    numbers = kept.kept_files(batch.mapping_digest)
    return page(
        request,
        "demand/read_again.html",
        title=f"Read the file of batch {number} again",
        batch=batch,
        form=form,
        choices=choices,
        chosen=chosen,
        count=len(numbers),
        files=[kept.kept(one, chosen.mapping()) for one in numbers[: kept.SHOWN]] if chosen else [],
        job=batches.last_job(kept.job_key(chosen.pk, batch.mapping_digest)) if chosen else None,
    )
