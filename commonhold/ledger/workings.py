"""The mark of an act that changes workings only (drafts, jobs, marks, progress) and so leaves no entry (L1)."""

from collections.abc import Callable
from typing import Any, TypeVar

Act = TypeVar("Act", bound=Callable[..., Any])


def working(act: Act) -> Act:
    """Mark an act as one that leaves no entry; a house test lists the tables that such acts may touch."""
    return act
