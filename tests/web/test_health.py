"""What a load balancer asks: whether the process answers, and whether its database does."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from commonhold.ledger.models import Head


def test_live_needs_no_database(client: Client) -> None:
    # Without the mark, a query would fail this test.
    assert client.get("/health/live").json() == {"live": True}


@pytest.mark.django_db
def test_ready_says_how_long_the_record_is(client: Client) -> None:
    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()) == (200, {"ready": True, "entries": Head.objects.get().size})


@pytest.mark.django_db
def test_not_ready_while_the_database_is_away(client: Client) -> None:
    def away(execute: object, sql: str, params: object, many: bool, context: object) -> None:
        raise DatabaseError("away")

    with connection.execute_wrapper(away):
        answer = client.get("/health/ready", headers={"cookie": "sessionid=somebody"})

    assert (answer.status_code, answer.json()["ready"]) == (503, False)


@pytest.mark.django_db
def test_not_ready_before_the_database_is_set_up(client: Client) -> None:
    Head.objects.all().delete()

    assert client.get("/health/ready").status_code == 503


@pytest.mark.django_db
def test_it_is_asked_with_get_alone(client: Client) -> None:
    assert client.post("/health/live").status_code == 405
