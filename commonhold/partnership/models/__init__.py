"""The tables of the partnership."""

from commonhold.partnership.models.partner import ClientBody, Partner
from commonhold.partnership.models.people import Appointment, Person, Post, Role

__all__ = ["Appointment", "ClientBody", "Partner", "Person", "Post", "Role"]
