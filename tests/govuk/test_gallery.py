"""The gallery as HTML."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.mark.parametrize("path", ["/", "/form/", "/wrong/", "/bare/"])
def test_a_page_answers(site: Settings, client: Client, path: str) -> None:
    assert client.get(path).status_code == 200
