"""What pages, downloads and commands read of the record; each reader is shown what it may see (L2)."""

from commonhold.ledger.queries.entries import Choices, Filters, Listed, Told, about, choices, listed, told
from commonhold.ledger.queries.exports import audience, export, name_of_export
from commonhold.ledger.queries.proofs import Inclusion, checkpoint, consistency, head, inclusion
from commonhold.ledger.queries.standing import Standing, standing
from commonhold.ledger.queries.subjects import Line, lines
from commonhold.ledger.queries.threads import Step, Thread, thread

__all__ = [
    "Choices",
    "Filters",
    "Inclusion",
    "Line",
    "Listed",
    "Standing",
    "Step",
    "Thread",
    "Told",
    "about",
    "audience",
    "checkpoint",
    "choices",
    "consistency",
    "export",
    "head",
    "inclusion",
    "lines",
    "listed",
    "name_of_export",
    "standing",
    "thread",
    "told",
]
