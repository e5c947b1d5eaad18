"""Papers put before a meeting."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from commonhold.governance.models import Citation, Item, Paper
from commonhold.governance.permissions import brings_papers
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
    because: Entry | None,
) -> Paper:
    """Put a paper before a meeting with the figures it cites; its entry holds the evidence of every one of them."""
    require(brings_papers(by), "submit papers")
    if item.papers.filter(address=address).exists():
        raise Refused(f"This is already attached to {item}.")
    paper = Paper.objects.create(item=item, title=title, address=address, files=dict(files), post=by.post)
    Citation.objects.bulk_create(
        Citation(paper=paper, number=number, figure=dict(figure)) for number, figure in enumerate(figures, start=1)
    )
    record(
        by=by,
        kind="paper.submitted",
        subject=paper,
        because=[item.entry, because],
        facts={"files": dict(files), "evidence": [figure["evidence"] for figure in figures]},
    )
    return paper
