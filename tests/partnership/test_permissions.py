"""Who may do what, as a table; and that being host, or running the server, changes none of it (P1, D4)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from commonhold.ledger.engine.by import By, of_partner, public
from commonhold.partnership import permissions, queries
from commonhold.partnership.acts import people
from commonhold.partnership.models import Post
from commonhold.partnership.queries import acting
from tests.partnership.cast import NOON, TODAY, Cast, person

EVERYBODY = [
    "administrator-of-southmere",
    "client-lead-of-southmere",
    "client-lead-of-thornley",
    "administrator-of-the-shared-service",
    "managing-director",
    "service-analyst",
]


def answers(by: By) -> dict[str, bool]:
    """Every predicate about southmere, asked for one reader."""
    partner = "southmere"
    about: dict[str, Callable[[], bool]] = {
        "acts for it": lambda: permissions.acts_for(by, partner),
        "administers it": lambda: permissions.administers(by, partner),
        "administers the service": lambda: permissions.administers(by, None),
        "consents for it": lambda: permissions.may_consent_for(by, partner),
        "sees its rows": lambda: permissions.sees_rows_of(by, partner),
        "sees all rows": lambda: permissions.sees_all_rows(by),
        "enters rules": lambda: permissions.enters_rules(by),
        "is the operator": lambda: permissions.is_operator(by),
        "sees people": lambda: permissions.sees_people(by),
        "appoints the host": lambda: permissions.appoints_to(by, Post.objects.get(slug="host-authority")),
        "appoints its lead": lambda: permissions.appoints_to(by, Post.objects.get(slug="client-lead-of-southmere")),
    }
    return {name: ask() for name, ask in about.items()}


def yes(by: By) -> set[str]:
    return {name for name, answer in answers(by).items() if answer}


def test_what_each_post_gives(cast: Cast) -> None:
    given = {post: yes(cast.by(post)) for post in EVERYBODY}

    assert given == {
        "administrator-of-southmere": {
            "acts for it", "administers it", "sees its rows", "sees people", "appoints the host", "appoints its lead"
        },
        "client-lead-of-southmere": {
            "acts for it", "consents for it", "sees its rows", "enters rules", "sees people"
        },
        "client-lead-of-thornley": {"enters rules", "sees people"},
        "administrator-of-the-shared-service": {
            "administers the service", "sees people", "appoints the host"
        },
        "managing-director": {"sees its rows", "sees all rows", "enters rules", "sees people"},
        "service-analyst": {"sees its rows", "sees all rows", "sees people"},
    }  # fmt: skip


def test_the_public_may_nothing(cast: Cast) -> None:
    assert yes(public(NOON)) == set()


def test_an_export_for_a_partner_is_that_partner_s(cast: Cast) -> None:
    assert yes(of_partner("southmere", NOON)) == {"acts for it", "sees its rows"}
    assert yes(of_partner("thornley", NOON)) == set()


def test_the_command_line_consents_and_administers_for_nobody(cast: Cast) -> None:
    assert yes(acting(None, NOON)) == {
        "is the operator", "sees its rows", "sees all rows", "enters rules", "sees people"
    }  # fmt: skip
    assert "administers it" not in yes(acting("administrator-of-southmere", NOON))
    assert "consents for it" not in yes(acting("client-lead-of-southmere", NOON))


def test_a_person_who_is_operator_sees_no_rows(cast: Cast) -> None:
    people.appoint(
        by=cast.administrator("thornley"),
        post=Post.objects.get(slug="operator"),
        person=person("Gil Moor"),
        starts=TODAY,
    )
    assert yes(cast.by("operator")) == {"is the operator", "sees people"}


def test_the_host_has_no_answer_of_its_own(cast: Cast) -> None:
    """Whoever is host, and whoever follows, every answer about everybody stays as it was."""
    readers = [public(NOON), acting(None, NOON), *(cast.by(post) for post in EVERYBODY)]
    before = [answers(by) for by in readers]
    host = Post.objects.get(slug="host-authority")
    starts = TODAY
    for slug in ("southmere", "thornley", "wexcombe"):
        made = people.appoint(by=cast.administrator("southmere"), post=host, partner=cast.partner(slug), starts=starts)
        starts += timedelta(days=1)
        assert [answers(by) for by in readers] == before
        assert queries.needed(queries.rules(NOON)) == queries.needed(queries.rules(NOON))
        people.end_appointment(by=cast.administrator("southmere"), appointment=made, ends=starts, edition=1)


@pytest.mark.parametrize("post", EVERYBODY)
def test_renaming_a_partner_changes_no_answer(cast: Cast, post: str) -> None:
    before = answers(cast.by(post))
    people.correct_partner(
        by=cast.administrator("southmere"), partner=cast.partner("southmere"), name="Aaa",
        joined=cast.partner("southmere").joined, edition=1,
    )  # fmt: skip
    assert answers(cast.by(post)) == before
