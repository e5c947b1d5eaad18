"""Who may bring files and keep feeds, put source data right, keep the register of grave incidents, see which rows."""

from commonhold.demand.models import FeedVersion
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner, Role
from commonhold.partnership.permissions import CONSENTS, acts_for, holds

RUN_THE_FIGURES = (Role.OPERATOR, Role.ANALYST, Role.SERVICE_MANAGER)
ANSWER_DISPUTES = (Role.ANALYST, Role.SERVICE_MANAGER, Role.MANAGING_DIRECTOR)
SIGN_OFF = (Role.MANAGING_DIRECTOR, Role.SERVICE_MANAGER)


def brings_files(by: By) -> bool:
    """Those who run the service's figures, and the operator on their behalf."""
    return holds(by, *RUN_THE_FIGURES)


def keeps_feeds(by: By) -> bool:
    """Who sets feeds up, changes and stops them: those who bring files, signed in."""
    return brings_files(by) and not by.through


def brings_to(by: By, version: FeedVersion) -> bool:
    """Whether a post is one of those that a feed names; and the service, where files are taken from a folder."""
    return not version.stopped and (by.post in version.posts or (version.from_folder and holds(by, Role.SERVICE)))


def puts_right(by: By, partner: str | None) -> bool:
    """Those who bring files; and of the tickets of its own partner, each partner's client lead."""
    return brings_files(by) or (holds(by, Role.CLIENT_LEAD) and acts_for(by, partner))


def keeps_the_register(by: By) -> bool:
    """Who opens incidents, writes them up and logs who was told: those who run the figures, and who signs off."""
    return holds(by, *RUN_THE_FIGURES, *SIGN_OFF)


def signs_off(by: By) -> bool:
    """Who answers for what is written of an incident: the Managing Director or a service manager."""
    return holds(by, *SIGN_OFF)


def remarks(by: By) -> bool:
    """Each partner's client lead; whose partner it is makes no difference."""
    return holds(by, Role.CLIENT_LEAD) and by.partner is not None


def keeps_residents_services(by: By) -> bool:
    """Those who keep the register, and each partner's client lead, who knows its residents' services."""
    return keeps_the_register(by) or remarks(by)


def asks_for_completeness(by: By) -> bool:
    """Whoever holds a post may have the completeness of some days looked at."""
    return bool(by.post)


def reads_incidents(by: By) -> bool:
    """Whoever holds a post, and a partner's own people; the public reads what is signed off, and not what is closed."""
    return not by.is_public


def disputes(by: By) -> bool:
    """Who disputes facts for a partner: its client lead, or who may consent for it."""
    return by.partner is not None and (holds(by, Role.CLIENT_LEAD) or CONSENTS in by.roles)


def speaks_for(by: By, partner: Partner) -> bool:
    """A dispute is settled, maintained, withdrawn and reopened by the partner that raised it, and by nobody else."""
    return disputes(by) and acts_for(by, partner)


def answers_disputes(by: By) -> bool:
    """Officers of the shared service; what they accept is put right."""
    return by.partner is None and holds(by, *ANSWER_DISPUTES)


def reads_disputes(by: By) -> bool:
    """Whoever holds a post, and a partner's own people; the public reads what a pack says of them."""
    return not by.is_public
