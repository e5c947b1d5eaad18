"""Every change to partners and client bodies, posts and appointments, people and their accounts."""

from commonhold.partnership.acts.people.accounts import (
    add_person,
    close_account,
    correct_person,
    make_link,
    pick_persona,
    remove_second_factors,
    reopen_account,
)
from commonhold.partnership.acts.people.partners import (
    add_client_body,
    add_partner,
    correct_client_body,
    correct_partner,
    end_client_body,
    forget_reserved_partners,
    found,
    name_reserved_partners,
    rename_partnership,
    reserve_partner,
)
from commonhold.partnership.acts.people.posts import appoint, end_appointment, make_first_posts, make_post

__all__ = [
    "add_client_body",
    "add_partner",
    "add_person",
    "appoint",
    "close_account",
    "correct_client_body",
    "correct_partner",
    "correct_person",
    "end_appointment",
    "end_client_body",
    "forget_reserved_partners",
    "found",
    "make_first_posts",
    "make_link",
    "make_post",
    "name_reserved_partners",
    "pick_persona",
    "remove_second_factors",
    "rename_partnership",
    "reopen_account",
    "reserve_partner",
]
