"""What partners say of a rule stands beside every figure that uses it, wherever the figure is printed (R0)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from commonhold.partnership.acts import agreement
from commonhold.partnership.models import RuleVersion
from commonhold.partnership.queries import disputes, rules
from commonhold.workdays import midnight
from tests import universe as cast
from tests.reading import links, words

pytestmark = pytest.mark.django_db

SAID = "Targets v1: confirmed by 2 of 3 partners; Northgate: not what we agreed."
PERIOD = "?first=2026-06-01&last=2026-06-30"


@pytest.fixture
def disputed(universe: cast.Committee) -> RuleVersion:
    version = RuleVersion.objects.get(rule="targets", number=1)
    agreement.dispute(
        by=cast.somebody("client-lead-of-northgate"), version=version, words="P3 was agreed as two working days."
    )
    return version


def reader(post: str) -> Client:
    return cast.browser_of(post)


@pytest.mark.parametrize("post", ["", "service-analyst", "committee-member-of-southmere"])
@pytest.mark.parametrize("address", [f"/figures/{PERIOD}", f"/figures/within-target/{PERIOD}"])
def test_a_page_of_figures_says_so(disputed: RuleVersion, post: str, address: str) -> None:
    with time_machine.travel(cast.NOON, tick=False):
        assert SAID in words(reader(post).get(address))


@pytest.mark.parametrize("post", ["", "service-analyst"])
def test_home_says_so_until_it_is_taken_back(disputed: RuleVersion, post: str) -> None:
    with time_machine.travel(cast.NOON, tick=False):
        assert "Targets v1: Northgate: not what we agreed." in words(reader(post).get("/"))
        agreement.confirm(by=cast.somebody("client-lead-of-northgate"), version=disputed)
        assert "not what we agreed" not in words(reader(post).get("/"))


@pytest.mark.parametrize("post", ["", "service-analyst"])
def test_the_evidence_of_a_figure_says_so_to_everybody(disputed: RuleVersion, post: str) -> None:
    with time_machine.travel(cast.NOON, tick=False):
        client = reader(post)
        page = client.get(f"/figures/within-target/{PERIOD}")
        evidence = next(href for href in links(page).values() if href.startswith("/evidence/"))

        assert SAID in words(client.get(evidence))


def test_the_comparison_of_partners_says_so_by_our_clock_and_not_by_the_desk_s_verdict(disputed: RuleVersion) -> None:
    with time_machine.travel(cast.NOON, tick=False):
        analyst = cast.browser_of("service-analyst")

        assert SAID in words(analyst.get(f"/parity/{PERIOD}"))
        assert SAID not in words(analyst.get(f"/parity/{PERIOD}&measure=source_verdict_met"))
        assert SAID not in words(analyst.get(f"/figures/tickets-opened/{PERIOD}"))


@pytest.mark.parametrize("command", ["figures", "parity"])
def test_the_command_line_says_so_beside_its_answer(
    disputed: RuleVersion, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with time_machine.travel(cast.NOON, tick=False):
        call_command(command, "--from=2026-06-01", "--to=2026-06-30", "--measure=within_target", "--json")
    said = capsys.readouterr()

    assert SAID in said.err and SAID not in said.out


def test_a_figure_of_earlier_days_is_beside_the_version_that_it_was_measured_by(disputed: RuleVersion) -> None:
    """A later version that all agreed on takes nothing back of what was said of the one before it."""
    begins = date(2026, 7, 1)
    RuleVersion.objects.create(
        rule="targets", number=2, value=disputed.value, effective_from=begins, how="found", document="Later agreement",
        post="operator", at=cast.NOON,
    )  # fmt: skip
    known = rules(cast.NOON)
    june = known.remarks("targets", since=midnight(date(2026, 6, 1)), until=midnight(begins) - timedelta(seconds=1))
    july = known.remarks("targets", since=midnight(begins), until=midnight(date(2026, 7, 31)))

    assert june == (SAID.removesuffix("."),)
    assert july == ("Targets v2: confirmed by 0 of 3 partners",)
    assert disputes("targets", first=date(2026, 6, 1), last=date(2026, 6, 30)) == (
        "Targets v1: Northgate: not what we agreed",
    )
    assert disputes("targets", first=begins, last=date(2026, 7, 31)) == ()
