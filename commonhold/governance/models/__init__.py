"""The tables of governance: bodies and their meetings, what was put before them, and what came of it."""

from commonhold.governance.models.action import Action, Update
from commonhold.governance.models.meeting import Body, Item, Meeting
from commonhold.governance.models.minutes import Resolution
from commonhold.governance.models.paper import Citation, Paper
from commonhold.governance.models.putting_right import Correction, Retraction

__all__ = [
    "Action",
    "Body",
    "Citation",
    "Correction",
    "Item",
    "Meeting",
    "Paper",
    "Resolution",
    "Retraction",
    "Update",
]
