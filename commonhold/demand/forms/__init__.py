"""What is asked on pages of tickets, of what is brought in and how it is read, and of grave incidents."""

from commonhold.demand.forms.mappings import ReadAgainForm, RetireMappingForm, SaveMappingForm
from commonhold.demand.forms.tickets import EVERY_HOLD, BatchFilters, BringForm, CorrectForm, ExcludeForm, TicketFilters

__all__ = [
    "EVERY_HOLD",
    "BatchFilters",
    "BringForm",
    "CorrectForm",
    "ExcludeForm",
    "ReadAgainForm",
    "RetireMappingForm",
    "SaveMappingForm",
    "TicketFilters",
]
