"""Which partner a value stands for: any file of two columns, refused by line where it says two things."""

import io
from pathlib import Path

import pytest

from commonhold.demand.engine import partners
from commonhold.refusals import Refused


def read(text: str) -> partners.PartnerMap:
    return partners.read(io.BytesIO(text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "value,partner\nTown Hall,Ashvale\nDepot,\n",
        "location;council\r\nTown Hall;Ashvale\r\nDepot;\r\n",
        "\ufeffvalue\tpartner\n Town Hall \tAshvale \nDepot\t\nTown Hall\tAshvale\n",
    ],
)
def test_any_file_of_two_columns_is_a_map(text: str) -> None:
    assert read(text).partners == {"Town Hall": "Ashvale", "Depot": ""}


def test_a_map_is_kept_as_text_that_gives_it_again_and_has_one_digest() -> None:
    one, other = read("value,partner\na,A\nb,B\n"), read("site;council\nb;B\na;A\n")
    assert one.digest == other.digest
    assert partners.from_canonical(one.canonical) == one


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("value\nTown Hall\n", "No comma, semicolon or tab"),
        ("value,partner,note\na,A,\n", "A map of partners has two columns, value and partner. This one has 3"),
        ("value,partner\na,A\na,B\n", "Line 3: 'a' is 'B' here and 'A' further up; keep one of them."),
        ("value,partner\n,A\n", "Line 2: there is no value before the partner."),
        ("value,partner\na,A,B\n", "Line 2: The row has 3 cells"),
        (f"value,partner\na,{'A' * 121}\n", "Line 2: a value may have 200 characters"),
        ("value,partner\na,A\x07\n", "Line 2: there is a control character in it."),
        ("", "The file is empty."),
    ],
)
def test_what_is_no_map(text: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(text)
    assert words in str(refusal.value)


def test_a_partner_s_name_may_be_as_long_as_partners_have_them() -> None:
    assert read(f"value,partner\na,{'A' * 120}\n").partners == {"a": "A" * 120}


def test_the_map_of_the_public_log(shared: Path) -> None:
    with (shared / "servicenow_location_to_partner.csv").open("rb") as stream:
        found = partners.read(stream).partners
    assert (len(found), found["Location 143"], found["?"]) == (225, "Partner C", "")
