"""Papers put before a meeting, and withdrawn."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from commonhold.governance.acts.putting_right import _locked, _taken_back
from commonhold.governance.models import Citation, Item, Paper, Retraction
from commonhold.governance.permissions import brings_papers, withdraws_papers
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.refusals import Refused, require


@transaction.atomic
def submit(
    *,
    by: By,
    item: Item,
    title: str,
    address: str,
    files: Mapping[str, str],
    figures: Sequence[Mapping[str, Any]],
    titles: Sequence[str] = (),
    because: Entry | None,
) -> Paper:
    """Put a paper before a meeting with the figures it cites; its entry holds the evidence of every one of them.

    `titles` are the figures' names in words, in their order; without them a figure goes by the name of its measure.
    """
    require(brings_papers(by), "submit papers")
    _locked(item.meeting)
    _locked(item)
    if Retraction.objects.filter(item=item).exists() or Retraction.objects.filter(meeting=item.meeting_id).exists():
        raise Refused(f"{item} is withdrawn, or its meeting is called off. Choose another item.")
    if item.papers.filter(address=address, retraction=None).exists():
        raise Refused(f"This is already attached to {item}.")
    paper = Paper.objects.create(item=item, title=title, address=address, files=dict(files), post=by.post)
    names = [*titles, *(str(figure["measure"]).replace("_", " ").capitalize() for figure in figures[len(titles) :])]
    Citation.objects.bulk_create(
        Citation(paper=paper, number=number, title=name, figure=dict(figure))
        for number, (name, figure) in enumerate(zip(names, figures, strict=True), start=1)
    )
    record(
        by=by,
        kind="paper.submitted",
        subject=paper,
        because=[item.entry, because],
        facts={"files": dict(files), "evidence": [figure["evidence"] for figure in figures]},
    )
    return paper


@transaction.atomic
def withdraw(*, by: By, paper: Paper, reason: str, because: Entry | None = None) -> Retraction:
    """Take a paper back from its meeting with the reason; its figures are shown no longer, its digests stay (L6)."""
    require(withdraws_papers(by), "withdraw papers")
    made = _taken_back(by, paper, reason)
    record(by=by, kind="paper.withdrawn", subject=made, because=[paper.entry, because])
    return made
