"""Every change to the agreement: rules entered as found and confirmed, changes proposed and consented to (R0-R3)."""

from commonhold.partnership.acts.agreement.changing import consent, propose, withdraw_consent, withdraw_proposal
from commonhold.partnership.acts.agreement.finding import Attached, confirm, dispute, enter_as_found

__all__ = [
    "Attached",
    "confirm",
    "consent",
    "dispute",
    "enter_as_found",
    "propose",
    "withdraw_consent",
    "withdraw_proposal",
]
