"""Who may do what: predicates that other apps compose, by the post acted in. Deny by default; no host (P1, D4)."""

from typing import Final

from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner, Person, Post, Proposal, Role, Token

CONSENTS: Final = "consents"
"""Among the roles of a By: that its post may consent for its partner."""

PARTNER_ROLES: Final = frozenset(
    {Role.ADMINISTRATOR, Role.CLIENT_LEAD, Role.CLERK, Role.MEMBER, Role.ARCHITECT, Role.AUDITOR}
)
SERVICE_ROLES: Final = frozenset(
    {
        Role.ADMINISTRATOR,
        Role.MANAGING_DIRECTOR,
        Role.SERVICE_MANAGER,
        Role.ANALYST,
        Role.ARCHITECT,
        Role.CLERK,
        Role.AUDITOR,
    }
)
RUN_THE_TICKETS: Final = frozenset({Role.MANAGING_DIRECTOR, Role.SERVICE_MANAGER, Role.ANALYST, Role.SERVICE})
ENTER_RULES: Final = frozenset({Role.CLIENT_LEAD, Role.CLERK, Role.MANAGING_DIRECTOR, Role.SERVICE_MANAGER})


def holds(by: By, *roles: str) -> bool:
    """Whether the post acted in has one of these roles."""
    return bool(by.roles.intersection(roles))


def acts_for(by: By, partner: Partner | str | None) -> bool:
    """Whether the post is one of this partner's. Nobody acts for no partner."""
    return by.partner is not None and by.partner == slug_of(partner)


def is_operator(by: By) -> bool:
    return by.partner is None and holds(by, Role.OPERATOR)


def is_the_command_line(by: By) -> bool:
    """Whether the operator's command line acts: nobody signed in, on the machine itself."""
    return is_operator(by) and by.person is None


def administers(by: By, partner: Partner | str | None) -> bool:
    """Whether somebody, signed in, administers this partner's people; None: those of the shared service.

    The command line is nobody: it cannot act as a partner's administrator, whatever post it names.
    """
    return by.person is not None and holds(by, Role.ADMINISTRATOR) and by.partner == slug_of(partner)


def administers_somebody(by: By) -> bool:
    """Whether somebody, signed in, administers the people of one partner or of the shared service."""
    return by.person is not None and holds(by, Role.ADMINISTRATOR)


def appoints_to(by: By, post: Post) -> bool:
    """Whether somebody may say who holds a post: its partner's administrator, or for the shared posts that come before
    any other (host, operator, the service's own administrator) the administrator of any partner.
    """
    if post.role == Role.SERVICE:
        return False
    partner = post.partner.slug if post.partner else None
    if administers(by, partner):
        return True
    first = post.role in (Role.HOST, Role.OPERATOR, Role.ADMINISTRATOR)
    return partner is None and first and administers_somebody(by)


def may_consent_for(by: By, partner: Partner | str | None) -> bool:
    """Whether somebody, signed in, acts in a post that may consent for this partner. The command line never does."""
    return by.person is not None and CONSENTS in by.roles and acts_for(by, partner)


def enters_rules(by: By) -> bool:
    """Officers who enter rules as found and propose changes; the command line does when it starts a partnership."""
    return holds(by, *ENTER_RULES) or CONSENTS in by.roles or is_the_command_line(by)


def withdraws(by: By, proposal: Proposal) -> bool:
    """The post that made a proposal, and whoever may consent for its partner."""
    own = proposal.partner is not None and may_consent_for(by, proposal.partner)
    return own or (bool(by.post) and by.post == proposal.post)


def reads_documents(by: By) -> bool:
    """Pages of the agreement itself bear signatures: they are for those who hold a post."""
    return bool(by.post)


def adds_partners(by: By) -> bool:
    """The command line, any administrator, and those who bring the files that name partners."""
    return is_operator(by) or administers_somebody(by) or holds(by, Role.ANALYST, Role.SERVICE_MANAGER)


def keeps_client_bodies(by: By) -> bool:
    """Those who enter rules: a client body is in the agreement too."""
    return enters_rules(by) or administers_somebody(by)


def sees_people(by: By) -> bool:
    """Names of people are for those who hold a post; the public sees posts and authorities."""
    return bool(by.post)


def is_own(by: By, person: Person) -> bool:
    """Whether somebody who holds a post asks about their own account."""
    return bool(by.post) and by.person == person.pk


def sees_person(by: By, person: Person) -> bool:
    """The account's page is for the person and for those who administer it."""
    return by.person == person.pk or administers(by, person.partner)


def makes_tokens(by: By) -> bool:
    """Somebody signed in, in a post; what comes through a token or the command line makes none."""
    return by.person is not None and bool(by.post) and not by.through


def revokes_token(by: By, token: Token) -> bool:
    """Whoever made it, in whichever post, and the administrator of its post's partner."""
    own = makes_tokens(by) and by.person == token.appointment.person_id
    return own or (not by.through and administers(by, token.appointment.post.partner))


def sees_rows_of(by: By, partner: Partner | str | None) -> bool:
    """Rows about tickets are for posts of the partner concerned, and for those who run the tickets (D2)."""
    return acts_for(by, partner) or sees_all_rows(by)


def sees_all_rows(by: By) -> bool:
    """Posts of the shared service that run the tickets, and the command line on the machine that holds the rows."""
    return (by.partner is None and holds(by, *RUN_THE_TICKETS)) or is_the_command_line(by)


def slug_of(partner: Partner | str | None) -> str | None:
    return partner.slug if isinstance(partner, Partner) else partner
