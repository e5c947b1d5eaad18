"""commonhold withdraw: a pack taken down by its name or by a figure in it, once, with a reason, by who may."""

import pytest

from commonhold.ledger.models import Entry
from commonhold.performance.models import Pack, Reading, Withdrawal
from tests import universe as cast
from tests.demand.conftest import Commonhold, SignIn

pytestmark = pytest.mark.django_db

WHY = ("--reason", "A ticket file was read with the wrong time zone")


def test_a_pack_is_taken_down_at_once(universe: cast.Committee, commonhold: Commonhold, sign_in: SignIn) -> None:
    pack = Pack.objects.get(profile="public")
    said = commonhold("withdraw", pack.ref, *WHY)
    entry = Entry.objects.order_by("-number")[0]

    assert said.code == 0
    assert said.out == f"{pack.title} is withdrawn, on the record as entry {entry.number}.\n"
    assert (entry.kind, entry.post) == ("pack.withdrawn", "operator")
    assert sign_in("").get(pack.get_absolute_url()).status_code == 410


def test_it_prints_one_json_document(universe: cast.Committee, commonhold: Commonhold) -> None:
    pack = Pack.objects.get(profile="public")
    said = commonhold("withdraw", pack.ref, *WHY, "--json", "--acting", "client-lead-of-northgate")

    assert said.json == {"withdrawn": pack.ref, "title": pack.title, "entry": Entry.objects.count()}
    assert Withdrawal.objects.get().post == "client-lead-of-northgate"


def test_a_pack_is_found_by_a_figure_in_it(universe: cast.Committee, commonhold: Commonhold) -> None:
    pack = Pack.objects.get(profile="board")
    figure = next(one for one in pack.readings.all() if one.figure["scope"] == {"partner": "Northgate"})

    assert commonhold("withdraw", figure.reference, *WHY).code == 0
    assert Withdrawal.objects.get().pack == pack


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("pack/999", *WHY),
            "There is no publication 'pack/999'. Write it like pack/3; the pack's address has",
        ),
        (("pack/x", *WHY), "There is no publication 'pack/x'."),
        (("paper/1", *WHY), "There is no publication 'paper/1'."),
        (("pack/9999999999999999999999", *WHY), "There is no publication 'pack/9999"),
        (("performance/nonsense", *WHY), "There is no publication 'performance/nonsense'."),
    ],
)
def test_what_there_is_not_is_refused(
    universe: cast.Committee, commonhold: Commonhold, arguments: tuple[str, ...], said: str
) -> None:
    answer = commonhold("withdraw", *arguments)

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "the following arguments are required: --reason"),
        (("--reason", "  "), "Say why the pack is withdrawn."),
        ((*WHY, "--acting", "committee-member-of-southmere"), "You may not withdraw packs."),
        ((*WHY, "--acting", "nobody"), "There is no post 'nobody'."),
    ],
)
def test_without_a_reason_or_the_right_post_nothing_is_withdrawn(
    universe: cast.Committee, commonhold: Commonhold, options: tuple[str, ...], said: str
) -> None:
    answer = commonhold("withdraw", Pack.objects.get(profile="public").ref, *options)

    assert answer.code == 2
    assert said in answer.err
    assert not Withdrawal.objects.exists()


def test_another_partner_s_pack_is_withdrawn_neither_by_its_number_nor_by_a_figure_in_it(
    universe: cast.Committee, commonhold: Commonhold
) -> None:
    """It answers as if there were no such pack, as its page does."""
    pack = cast.publish("northgate")
    elsewhere = Reading.objects.exclude(pack=pack).values("reference")
    figure = pack.readings.exclude(reference__in=elsewhere)[0]
    for reference in (pack.ref, figure.reference):
        answer = commonhold("withdraw", reference, *WHY, "--acting", "client-lead-of-southmere")
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith(f"There is no publication '{reference}'.")
    assert not Withdrawal.objects.filter(pack=pack).exists()
    assert commonhold("withdraw", pack.ref, *WHY, "--acting", "client-lead-of-northgate").code == 0


def test_a_pack_is_withdrawn_once(universe: cast.Committee, commonhold: Commonhold) -> None:
    pack = Pack.objects.get(profile="public")
    commonhold("withdraw", pack.ref, *WHY)
    again = commonhold("withdraw", pack.ref, *WHY)

    assert (again.code, again.err) == (2, "This pack is withdrawn already.\n")
