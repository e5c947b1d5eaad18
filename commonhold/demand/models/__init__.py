"""The tables of demand: desks and what they name, tickets and their history, batches of source data."""

from commonhold.demand.models.batch import Batch
from commonhold.demand.models.names import Category, Desk, Party, Responsibility, Service, Team
from commonhold.demand.models.putting_right import Correction, Exclusion
from commonhold.demand.models.ticket import Event, Kind, Priority, Reckoning, State, Ticket
from commonhold.demand.models.upload import Upload

__all__ = [
    "Batch",
    "Category",
    "Correction",
    "Desk",
    "Event",
    "Exclusion",
    "Kind",
    "Party",
    "Priority",
    "Reckoning",
    "Responsibility",
    "Service",
    "State",
    "Team",
    "Ticket",
    "Upload",
]
