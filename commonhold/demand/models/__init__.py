"""The tables of demand: desks and what they name, tickets and their history, batches of source data."""

from commonhold.demand.models.age import DeskAge
from commonhold.demand.models.batch import Batch
from commonhold.demand.models.completeness import DaysComplete
from commonhold.demand.models.dispute import Dispute, DisputeEffect, DisputeState, DisputeStep
from commonhold.demand.models.exception import BulkClosing, FoundException
from commonhold.demand.models.feed import Feed, FeedFile, FeedVersion
from commonhold.demand.models.incident import (
    Incident,
    IncidentDraft,
    IncidentTicket,
    KeyFlag,
    Remark,
    Strike,
    Telling,
    WriteUp,
)
from commonhold.demand.models.mapping import RetiredMapping, SavedMapping
from commonhold.demand.models.names import Category, Desk, Party, Responsibility, Service, Team
from commonhold.demand.models.putting_right import Correction, Exclusion
from commonhold.demand.models.resident_service import ResidentService, ResidentServiceText
from commonhold.demand.models.sketch import Sketch
from commonhold.demand.models.ticket import Event, Kind, Priority, Reckoning, State, Ticket
from commonhold.demand.models.upload import Upload

__all__ = [
    "Batch",
    "BulkClosing",
    "Category",
    "Correction",
    "DaysComplete",
    "Desk",
    "DeskAge",
    "Dispute",
    "DisputeEffect",
    "DisputeState",
    "DisputeStep",
    "Event",
    "Exclusion",
    "Feed",
    "FeedFile",
    "FeedVersion",
    "FoundException",
    "Incident",
    "IncidentDraft",
    "IncidentTicket",
    "KeyFlag",
    "Kind",
    "Party",
    "Priority",
    "Reckoning",
    "Remark",
    "ResidentService",
    "ResidentServiceText",
    "Responsibility",
    "RetiredMapping",
    "SavedMapping",
    "Service",
    "Sketch",
    "State",
    "Strike",
    "Team",
    "Telling",
    "Ticket",
    "Upload",
    "WriteUp",
]
