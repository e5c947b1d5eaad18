"""What is asked on pages of tickets, of what is brought in, and of grave incidents."""

from commonhold.demand.forms.tickets import BringForm, CorrectForm, ExcludeForm, TicketFilters

__all__ = ["BringForm", "CorrectForm", "ExcludeForm", "TicketFilters"]
