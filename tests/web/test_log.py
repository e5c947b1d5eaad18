"""One JSON line per request without personal data: a route instead of an address, a kind instead of a fault's words."""

import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from commonhold.web.log import OneLine, WithoutAddress
from tests.governance.conftest import acting  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db


class Lines(logging.Handler):
    """Keeps what the installation's log would hold."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(OneLine())
        self.addFilter(WithoutAddress())
        self.text: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.text.append(self.format(record))

    @property
    def requests(self) -> list[dict[str, object]]:
        return [line for line in map(json.loads, self.text) if line["message"] == "request"]


@pytest.fixture
def log() -> Iterator[Lines]:
    lines = Lines()
    logging.getLogger().addHandler(lines)
    yield lines
    logging.getLogger().removeHandler(lines)


def test_a_line_tells_of_a_request_what_an_operator_needs(client: Client, log: Lines) -> None:
    client.get("/record/entries/1/?q=Ada")
    (line,) = log.requests

    assert set(line) == {
        "at", "level", "logger", "message", "method", "route", "status", "milliseconds", "queries", "request", "post"
    }  # fmt: skip
    assert (line["method"], line["route"], line["status"]) == ("GET", "record/entries/<int:number>/", 200)
    assert isinstance(line["queries"], int) and line["queries"] > 0
    assert len(str(line["request"])) == 16


@pytest.mark.parametrize(
    "address",
    [
        "/tickets/1/INC-Ada-Lovelace/", "/search/?q=Ada+Lovelace", "/nowhere/Ada-Lovelace", "/tickets/?reference=Ada",
        "/accounts/password/reset/key/Ada-Lovelace/",
    ],
)  # fmt: skip
def test_no_address_no_name_and_no_word_of_a_query_is_logged(client: Client, log: Lines, address: str) -> None:
    client.get(address, headers={"referer": "http://testserver/Ada", "user-agent": "Ada"})
    client.post(address, {"name": "Ada Lovelace"})

    assert log.requests
    assert "Ada" not in "".join(log.text)


def test_who_reads_is_named_by_post(acting: object, log: Lines) -> None:  # noqa: F811
    acting("clerk").get("/")

    assert log.requests[-1]["post"] == "clerk-post"
    assert "Holder of" not in "".join(log.text)


def test_a_token_that_is_not_good_is_logged_without_the_address(log: Lines) -> None:
    Client(enforce_csrf_checks=True).post("/nowhere/Ada/", {"a": "b"})
    Client(enforce_csrf_checks=True).post("/accounts/login/?Ada", {"a": "b"})

    assert any("Forbidden" in line for line in log.text)
    assert "Ada" not in "".join(log.text)


def test_a_fault_is_logged_with_its_kind_and_where_without_its_words(
    monkeypatch: pytest.MonkeyPatch, log: Lines
) -> None:
    def fail() -> None:
        try:
            raise KeyError("Ada")
        except KeyError as cause:
            raise ValueError("Ada Lovelace of 18 Acacia Avenue") from cause

    monkeypatch.setattr("commonhold.web.glossary.sections", fail)
    Client(raise_request_exception=False).get("/glossary/?q=Ada")
    faults = [json.loads(line) for line in log.text if "fault" in json.loads(line)]

    assert faults
    assert faults[0]["route"] == "glossary/"
    assert faults[0]["request"] == log.requests[-1]["request"]
    assert "KeyError" in faults[0]["fault"] and faults[0]["fault"].endswith("ValueError")
    assert "in fail" in faults[0]["fault"]
    assert "Acacia" not in json.dumps(faults[0]).replace("raise ValueError", "").replace(
        '(\\"Ada Lovelace of 18 Acacia Avenue\\")', ""
    )


def test_a_line_is_one_line(log: Lines) -> None:
    logging.getLogger("commonhold").warning("two\nlines")

    assert all("\n" not in line for line in log.text)
