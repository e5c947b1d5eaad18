"""Samples: drawing one from a figure's evidence, its page, and the working paper to fill in."""

from collections.abc import Iterator
from typing import Final

from django.contrib import messages
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.govuk.addresses import number_in
from commonhold.govuk.pages import page
from commonhold.govuk.tables import Cell
from commonhold.govuk.tables import download as table
from commonhold.partnership.requests import Asked
from commonhold.performance.acts import sampling as acts
from commonhold.performance.forms import SampleForm
from commonhold.performance.permissions import draws_samples
from commonhold.performance.queries import samples as queries
from commonhold.performance.queries.evidence import population
from commonhold.refusals import require

HEADINGS: Final = (
    "Number", "Desk", "Reference", "Counts in the numerator", "Partner", "Priority", "Kind", "Team", "Service",
    "Opened", "Resolved", "Closed", "Seen at the desk", "Agrees", "Finding", "Checked by", "Checked on",
)  # fmt: skip
BLANK: Final = ("", "", "", "", "")


@require_safe
def samples(request: Asked) -> HttpResponse:
    found, older = queries.samples(seen_by=request.by, before=number_in(request, "before"))
    return page(
        request, "performance/samples.html", title="Samples", samples=found, older=f"?before={older}" if older else ""
    )


@require_http_methods(["GET", "POST"])
def draw(request: Asked, reference: str) -> HttpResponse:
    require(draws_samples(request.by), "draw samples")
    text = f"{reference}?{request.META.get('QUERY_STRING', '')}"
    among = population(text, seen_by=request.by)
    form = SampleForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.draw, by=request.by, figure=text):
        messages.success(request, "The sample is drawn, and the draw is on the record.")
        return redirect(form.result)
    return page(
        request,
        "performance/draw.html",
        title=f"Draw a sample: {among.definition.title}",
        form=form,
        among=among,
        reference=str(among.reference),
    )


@require_safe
def sample(request: Asked, number: int) -> HttpResponse:
    found = queries.the_sample(number, seen_by=request.by)
    return page(
        request, "performance/sample.html", title=str(found.sample), subject=found.sample, found=found,
        sample=found.sample,
    )  # fmt: skip


@require_safe
def paper(request: Asked, number: int, kind: str) -> StreamingHttpResponse | FileResponse:
    found = queries.the_sample(number, seen_by=request.by)
    drawn = found.sample
    about: dict[str, Cell] = {
        "Measure": found.definition.title,
        "Figure": drawn.figure,
        "Drawn at": drawn.at,
        "Drawn by": drawn.post,
        "Seed": drawn.seed,
        "Way of drawing": drawn.algorithm,
        "Tickets drawn from": drawn.population,
        "Tickets behind the figure": drawn.of_all,
        "SHA-256 of the list": drawn.sha256,
        "Entry of the record": found.entry,
    }
    return table(kind, f"sample-{drawn.pk}-working-paper", HEADINGS, _rows(found.lines), about=about)


def _rows(lines: list[queries.Line]) -> Iterator[tuple[Cell, ...]]:
    for line in lines:
        row = line.row
        known: tuple[Cell, ...] = (None,) * 8
        if row is not None:
            known = (
                row.partner.name if row.partner else None,
                row.get_priority_display(),
                row.get_kind_display(),
                row.team.name if row.team else None,
                row.service.name if row.service else None,
                row.opened_at,
                row.resolved_at,
                row.closed_at,
            )
        yield (line.number, line.desk, line.reference, line.counted, *known, *BLANK)
