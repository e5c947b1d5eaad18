"""The tables of the partnership."""

from commonhold.partnership.models.agreement import Confirmation, Consent, Proposal, Revocation, RuleVersion
from commonhold.partnership.models.partner import ClientBody, Partner, Partnership
from commonhold.partnership.models.people import Appointment, Person, Post, Role
from commonhold.partnership.models.telling import Told
from commonhold.partnership.models.token import Token

__all__ = [
    "Appointment",
    "ClientBody",
    "Confirmation",
    "Consent",
    "Partner",
    "Partnership",
    "Person",
    "Post",
    "Proposal",
    "Revocation",
    "Role",
    "RuleVersion",
    "Token",
    "Told",
]
