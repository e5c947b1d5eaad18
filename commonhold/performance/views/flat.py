"""Figures as a flat table, for Excel, Power BI and scripts."""

from django.views.decorators.http import require_safe

from commonhold import __version__
from commonhold.govuk import flat
from commonhold.govuk.programs import said
from commonhold.govuk.tables import Cell
from commonhold.ledger.queries import standing
from commonhold.partnership.requests import Asked, takes_token
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries import flat as queries


@takes_token("read")
@require_safe
def figures(request: Asked, kind: str) -> flat.Answer:
    form, part, given = flat.is_a_kind(kind), flat.asked(request, queries.WORDS_OF_ADDRESS), request.GET
    wanted = queries.Wanted(
        flat.a_day(request, "from"),
        flat.a_day(request, "to"),
        *(given.get(word, "") for word in ("by", "measure", "partner", "known_at", "each")),
    )
    record, site = standing(request.by.at), request.build_absolute_uri("/").rstrip("/")
    inside = reads_unpublished_figures(request.by)
    made_from = (record.size, queries.computed_last(), inside)
    tag = flat.tag_of("figures", form, __version__, queries.COLUMNS, site, given.urlencode(), made_from)
    if same := flat.unchanged(request, tag, None):
        return same
    try:
        found = queries.figures(wanted, part, seen_by=request.by, site=site)
    except queries.NotReady as not_ready:
        return said(202 if not_ready.is_coming else 404, str(not_ready))
    about: dict[str, Cell] = {
        "Table": "Figures",
        "Definition": "One row for each figure; the numbered definition of each is in the column definition",
        "From": wanted.first or "the first day known",
        "To": wanted.last or "the last day known",
        "Periods": "the days as one period" if wanted.each == "period" else "each month",
        "Scope": wanted.partner or "all",
        "Grouped by": wanted.by or "everything that is kept ready",
        "Measures": wanted.measure or "all",
        "As of": "in the column as_of",
        "Known at entry": wanted.known_at or "in the column known_at",
        "Grade": "in the columns grade_…: how many tickets of each (F5)",
        "Who may see it": "holders of posts and partners' own people: figures as they are kept, published or not"
        if inside
        else "everybody: figures as public packs publish them, small numbers kept back (F8)",
        "Address": request.build_absolute_uri(),
    }
    return flat.answer(request, form, "figures", queries.COLUMNS, found, about=about, tag=tag)
