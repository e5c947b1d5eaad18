"""Marks of acts that are made otherwise than most."""

from collections.abc import Callable
from typing import Any, TypeVar

Act = TypeVar("Act", bound=Callable[..., Any])


def setting_up(act: Act) -> Act:
    """Mark an act that belongs to making a database: nobody does it yet, and it leaves an entry for each thing made."""
    return act
