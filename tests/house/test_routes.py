"""An address that was once given to people goes on answering: one that disappears needs a redirect."""

from pathlib import Path

from tests.house.addresses import every_address

KNOWN = Path(__file__).with_name("routes.txt")


def recorded() -> list[str]:
    return KNOWN.read_text(encoding="utf-8").splitlines()


def present() -> set[str]:
    return {f"/{route}" for route, _ in every_address()}


def test_no_address_disappears_without_a_redirect() -> None:
    gone = set(recorded()) - present()

    assert not gone, f"choose where each of these is sent, and keep it in urls: {sorted(gone)}"


def test_every_address_is_recorded() -> None:
    new = present() - set(recorded())

    assert not new, f"write these into {KNOWN.name}, where they stay: {sorted(new)}"


def test_the_record_of_addresses_is_in_order_and_names_each_once() -> None:
    assert recorded() == sorted(set(recorded()))
