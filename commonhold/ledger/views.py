"""The pages of the record: its list, an entry with its proof, the thread of an entry, and what is taken away (L3)."""

import base64

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from commonhold.govuk.addresses import number_in
from commonhold.govuk.pages import page
from commonhold.ledger import queries
from commonhold.ledger.engine.by import of_partner, public
from commonhold.ledger.engine.verify_commonhold import is_included
from commonhold.ledger.forms import EntryFilters
from commonhold.ledger.permissions import may_take_export
from commonhold.ledger.requests import Asked
from commonhold.refusals import Refused, require

MOST_AT_ONCE = 50_000
"""Entries beyond which an export would keep a web process too long; the command line has no such bound."""


@require_safe
def record(request: Asked) -> HttpResponse:
    """The record: what it is, how long it is, and its entries, newest first."""
    head, choices = queries.head(), queries.choices(request.by)
    form = EntryFilters(request.GET, choices)
    listed = queries.listed(
        form.narrowed,
        request.by,
        before=number_in(request, "older"),
        after=number_in(request, "newer"),
        posts=choices.posts,
    )
    return page(
        request,
        "ledger/record.html",
        part="entries",
        form=form,
        listed=listed,
        head=head,
        root=base64.b64encode(head.tree.root).decode(),
        most_at_once=MOST_AT_ONCE,
        own_partner=request.by.partner,
    )


@require_safe
def entry(request: Asked, number: int) -> HttpResponse:
    """One entry in words, what it happened because of and what came of it, and the proof that it is in the record."""
    told = queries.told(number, request.by)
    if told is None:
        raise Http404("There is no such entry.")
    head = queries.head()
    proof = queries.inclusion(number, head)
    whole = told.entry.is_as_entered and is_included(proof.leaf, proof.index, proof.size, proof.path, proof.root)
    return page(request, "ledger/entry.html", told=told, head=head, proof=proof, whole=whole)


@require_safe
def thread(request: Asked, number: int) -> HttpResponse:
    """All that led to an entry and all that came of it, as one story."""
    found = queries.thread(number, request.by, page=number_in(request, "page"))
    if found is None:
        raise Http404("There is no such entry.")
    return page(request, "ledger/thread.html", thread=found)


@require_safe
def checkpoint(request: Asked) -> HttpResponse:
    """How long the record is and its root, as a note that others can keep (C2SP tlog-checkpoint)."""
    return HttpResponse(queries.checkpoint(), content_type="text/plain; charset=utf-8")


@require_safe
def export(request: Asked, partner: str | None = None) -> StreamingHttpResponse:
    """The record as a zip that anybody can verify, with what the public or the reader's own partner may see."""
    require(may_take_export(request.by, partner), "take an export made for another partner")
    head = queries.head()
    if head.size > MOST_AT_ONCE:
        raise Refused(
            f"The record has more than {MOST_AT_ONCE:,} entries. Ask the operator for an export made with: commonhold"
            " export-ledger"
        )
    reader = of_partner(partner, request.by.at) if partner else public(request.by.at)
    response = StreamingHttpResponse(queries.export(head, reader), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{queries.name_of_export(head, reader)}"'
    return response
