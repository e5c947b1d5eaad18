"""Actions as a flat table, for Excel, Power BI and scripts."""

from django.views.decorators.http import require_safe

from commonhold import __version__
from commonhold.governance.queries import flat as queries
from commonhold.govuk import flat
from commonhold.govuk.tables import Cell
from commonhold.ledger.queries import standing
from commonhold.partnership.queries import day_of
from commonhold.partnership.requests import Asked, takes_token


@takes_token("read")
@require_safe
def actions(request: Asked, kind: str) -> flat.Answer:
    form, part, given = flat.is_a_kind(kind), flat.asked(request, queries.WORDS), request.GET
    wanted = queries.Wanted(
        flat.a_day(request, "from"),
        flat.a_day(request, "to"),
        *(given.get(word, "") for word in ("state", "body", "owner")),
    )
    record, today = standing(request.by.at), day_of(request.by.at)
    site = request.build_absolute_uri("/").rstrip("/")
    # An action becomes overdue without an entry, so the day is a part of what an answer is made from.
    tag = flat.tag_of("actions", form, __version__, queries.COLUMNS, site, given.urlencode(), record.size, today)
    if same := flat.unchanged(request, tag, None):
        return same
    found = queries.flat_actions(wanted, part, at=request.by.at, site=site)
    about: dict[str, Cell] = {
        "Table": "Actions",
        "Definition": "One row for each action that a body asked for",
        "Asked from": wanted.first or "the first",
        "Asked to": wanted.last or "the last",
        "Scope": ", ".join(filter(None, (wanted.body, wanted.owner, wanted.state))) or "all bodies and posts",
        "As of": today,
        "Known at entry": record.size,
        "Who may see it": "everybody",
        "Address": request.build_absolute_uri(),
    }
    return flat.answer(request, form, "actions", queries.COLUMNS, found, about=about, tag=tag)
