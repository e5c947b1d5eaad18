"""Starting a partnership: from a file, by its page, once; and everything that such a file can get wrong."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from commonhold.ledger.models import Entry, Head
from commonhold.partnership.acts import people, starting
from commonhold.partnership.engine.starting import read_plan
from commonhold.partnership.models import Partner, Person, Post, RuleVersion
from commonhold.partnership.queries import acting, by_of, has_started, owed, rules
from commonhold.partnership.queries.starting import may_start, token_file
from commonhold.refusals import NotAllowed, Refused
from tests.partnership.cast import CALENDARS, NOON, Cast, gather, plan
from tests.partnership.reading import Reader

FILE = """
name = "Shared ICT Service"
partners = ["Authority A", "Authority B"]
administrators = { "Authority A" = "a@example.org" }
[agreement]
found = "Inter Authority Agreement of 1 January 2016"
from = 2016-01-01
calendars = "calendars.toml"
[targets.P1]
resolve_minutes = 240
calendar = "24x7"
[targets.P3]
resolve_minutes = 1800
calendar = "office"
[targets.request.P3]
resolve_minutes = 3000
calendar = "office"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "calendars.toml").write_text(CALENDARS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def start(folder: Path, real_log: Head, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def start(text: str = FILE, *options: str) -> str:
        file = folder / "partnership.toml"
        file.write_text(text, encoding="utf-8")
        call_command("start", str(file), *options)
        return capsys.readouterr().out

    return start


def test_every_administrator_is_told_that_nobody_appoints_the_shared_service_s_people_yet(
    start: Callable[..., str],
) -> None:
    start()
    post = Post.objects.select_related("partner").get(slug="administrator-of-authority-a")
    waiting = {row.title: row.url for row in owed(by_of(post, timezone.now(), post.appointments.get().person))}

    address = waiting["Nobody holds the post Administrator of the shared service."]
    assert address == "/partnership/posts/administrator-of-the-shared-service/"


def test_a_link_can_be_opened_as_it_is_printed_where_the_site_s_address_is_known(
    start: Callable[..., str], settings: Any
) -> None:
    settings.SITE = "https://ict.example.gov.uk"

    said = start()

    assert "chooses a password at https://ict.example.gov.uk/accounts/password/reset/key/" in said
    assert "goes before it" not in said


def test_where_the_site_s_address_is_not_known_it_says_what_to_put_before_a_link(start: Callable[..., str]) -> None:
    assert "chooses a password at /accounts/" in (said := start())
    assert "The site's own address goes before it, such as http://127.0.0.1:8000" in said


def test_a_partnership_is_founded_from_a_file(start: Callable[..., str]) -> None:
    said = start()

    assert "Shared ICT Service is founded." in said
    assert "/accounts/password/reset/key/" in said
    assert "Authority B has no administrator yet" in said
    assert list(Partner.objects.values_list("name", "joined")) == [
        ("Authority A", date(2016, 1, 1)), ("Authority B", date(2016, 1, 1))
    ]  # fmt: skip
    assert Person.objects.get().email == "a@example.org"


def test_the_rules_as_found_are_in_force_from_their_past_day(start: Callable[..., str]) -> None:
    start()
    known = rules(NOON)

    assert known.in_force("targets").row.effective_from == date(2016, 1, 1)
    assert known.targets[0][1].find("P3", "request").resolve_minutes == 3000
    assert known.in_force("targets").standing.words == "confirmed by 0 of 2 partners"
    assert known.consent is not None
    assert known.in_force("priority_matrix") is None


def test_json_is_one_document(start: Callable[..., str]) -> None:
    said = json.loads(start(FILE, "--json"))

    assert said["partners"] == ["Authority A", "Authority B"]
    assert list(said["links"]) == ["Authority A"]


def test_every_part_of_it_has_its_own_entry(start: Callable[..., str]) -> None:
    before = Entry.objects.count()
    start()
    kinds = list(Entry.objects.order_by("number").values_list("kind", flat=True))[before:]

    assert kinds[0] == "partnership.founded"
    assert kinds.count("post.made") == 6
    assert kinds.count("rule.found") == 3
    assert [version.entry is not None for version in RuleVersion.objects.all()] == [True, True, True]


def test_every_entry_of_it_says_that_it_came_through_the_command_line(start: Callable[..., str]) -> None:
    before = Entry.objects.count()
    start()

    assert {entry.through for entry in Entry.objects.filter(number__gt=before)} == {"the command line"}
    assert {entry.through for entry in Entry.objects.filter(number__lte=before)} == {""}


def test_it_is_done_once(start: Callable[..., str]) -> None:
    start()
    with pytest.raises(Refused, match="started already"):
        start()


def test_partners_that_files_named_become_parties(start: Callable[..., str]) -> None:
    kept = people.reserve_partner(name="Authority B")
    people.add_partner(by=acting(None, timezone.now()), name="Authority C")
    said = start()

    assert Partner.objects.get(name="Authority B").pk == kept.pk
    assert Partner.objects.get(name="Authority C").joined is None
    assert "Authority C is named by a file and is not yet a party" in said


def test_nothing_of_it_stays_where_a_part_is_refused(folder: Path, real_log: Head) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused, match="yet to come"):
        starting.start(by=acting(None, NOON), plan=plan(since=date(2099, 1, 1)))
    assert Entry.objects.count() == before
    assert not has_started()


def test_a_demonstration_is_not_started_as_real(folder: Path, db: None) -> None:
    with pytest.raises(Refused, match="holds a demonstration"):
        call_command("start", str(folder / "partnership.toml"))


def test_only_the_command_line_starts(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        starting.start(by=cast.administrator("southmere"), plan=plan())


WRONG: dict[str, tuple[str, str]] = {
    "not TOML": ("name = ", "is not TOML"),
    "empty": ("", "name is missing"),
    "no name": (FILE.replace('name = "Shared ICT Service"', ""), "name is missing"),
    "a number for a name": (FILE.replace('"Shared ICT Service"', "7"), "name is missing"),
    "no partners": (FILE.replace('["Authority A", "Authority B"]', "[]"), "partners is a list"),
    "partners as text": (FILE.replace('["Authority A", "Authority B"]', '"A, B"'), "partners is a list"),
    "a partner twice": (FILE.replace('"Authority B"]', '"authority a"]'), "is listed twice"),
    "a partner without a name": (FILE.replace('"Authority B"]', '" "]'), "has no name"),
    "an administrator of nobody": (FILE.replace('{ "Authority A"', '{ "Authority Z"'), "'Authority Z' is not among"),
    "no address": (FILE.replace("a@example.org", "a at example"), "is not an e-mail address"),
    "administrators as a list": (
        FILE.replace('{ "Authority A" = "a@example.org" }', '["a@example.org"]'), "administrators is a table"
    ),
    "no document": (FILE.replace('found = "Inter Authority Agreement of 1 January 2016"', ""), "found is missing"),
    "no day": (FILE.replace("from = 2016-01-01", ""), "from is the day"),
    "a day as text": (FILE.replace("2016-01-01", '"2016"'), "from is the day"),
    "an instant for a day": (FILE.replace("2016-01-01", "2016-01-01T00:00:00Z"), "from is the day"),
    "no such file": (FILE.replace('"calendars.toml"', '"calendar.toml"'), "calendar.toml cannot be read"),
    "a folder above": (FILE.replace('"calendars.toml"', "7"), "calendars names a file"),
    "a calendar that there is not": (FILE.replace('calendar = "24x7"', 'calendar = "lunch"'), "lunch"),
    "no calendars": (FILE.replace('calendars = "calendars.toml"', ""), "Enter the calendars first"),
    "targets without an agreement": (
        FILE[: FILE.index("[agreement]")] + FILE[FILE.index("[targets.P1]") :], "[agreement] must say"
    ),
    "an unknown key": ("color = 1\n" + FILE, "color is not known here"),
    "an unknown key below": (FILE.replace("from =", "form ="), "agreement.form is not known here"),
    "a priority that there is not": (FILE.replace("targets.P1", "targets.P7"), "P7"),
    "a target of no minutes": (FILE.replace("240", "0"), "resolve_minutes is 0"),
    "a rule on consent of nobody": (FILE + "[consent]\nneeded = 0\n", "at least one partner"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_a_file_that_makes_no_sense_is_refused_in_plain_words(start: Callable[..., str], text: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        start(text)

    assert words in str(refused.value)
    assert not has_started()
    assert not Partner.objects.exists()


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(Refused) as refused:
        read_plan('partners = []\n[agreement]\nfrom = "x"\n', "p.toml", lambda name: "")

    assert len(refused.value.problems) == 4


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xfe", "not UTF-8"), (b"\x00", "is not TOML"), (b"#" * 2**21, "larger than a megabyte")],
)
def test_a_file_that_is_no_text_is_refused(folder: Path, real_log: Head, content: bytes, words: str) -> None:
    file = folder / "partnership.toml"
    file.write_bytes(content)
    with pytest.raises(Refused, match=words):
        call_command("start", str(file))


def test_a_file_that_is_not_there_is_refused(real_log: Head) -> None:
    with pytest.raises(Refused, match="cannot be read: No such file"):
        call_command("start", "/nowhere/partnership.toml")


# The first administrators


def test_the_operator_names_an_administrator_where_there_is_none(
    start: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    start()
    call_command("name_administrator", "authority b", "b.bee@example.org", "--json")

    assert json.loads(capsys.readouterr().out)["partner"] == "Authority B"
    held = Post.objects.get(slug="administrator-of-authority-b").appointments.get()
    assert held.person is not None
    assert held.person.name == "B Bee"
    call_command("name_administrator", "Authority B", "b.bee@example.org")
    with pytest.raises(Refused, match="has an administrator"):
        call_command("name_administrator", "Authority B", "c@example.org")
    with pytest.raises(Refused, match="There is no partner"):
        call_command("name_administrator", "Authority Z", "c@example.org")


# The start page


@pytest.fixture
def token(real_log: Head) -> Iterator[str]:
    token = starting.show_token(by=acting(None, NOON))
    yield token
    token_file().unlink(missing_ok=True)


ENTERED: dict[str, Any] = {
    "name": "Shared ICT Service",
    "partners": "Authority A, a@example.org\r\nAuthority B",
    "needed": "every",
    "found": "Inter Authority Agreement of 1 January 2016",
    "since": "2016-01-01",
    "calendars": CALENDARS,
    "targets": '[targets.P1]\nresolve_minutes = 240\ncalendar = "24x7"',
}


def test_the_token_is_made_once_and_for_its_owner_alone(token: str) -> None:
    assert starting.show_token(by=acting(None, NOON)) == token
    assert token_file().stat().st_mode & 0o777 == 0o600
    assert may_start(token)
    assert not may_start("")
    assert not may_start(token[:-1])


def test_the_command_without_a_file_shows_the_address(token: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("start")
    assert f"/start/?token={token}" in capsys.readouterr().out


def test_finding_an_empty_server_gives_nobody_powers(token: str) -> None:
    for path in ("/start/", "/start/?token=guess"):
        page = Reader().opens(path)
        assert "commonhold start" in page.words
        assert 'name="partners"' not in page.source
    page = Reader().sends("/start/", token="guess", **ENTERED)
    assert page.status == 403
    assert not has_started()


def test_the_page_founds_a_partnership_and_is_gone(token: str) -> None:
    assert Reader().opens(f"/start/?token={token}").headings == ["Start a partnership"]
    page = Reader().sends("/start/", token=token, **ENTERED)

    assert page.headings == ["Shared ICT Service is founded"]
    assert "One of them appoints the administrator of the shared service" in page.words, "and what comes next"
    assert "http://testserver/accounts/password/reset/key/" in page.words
    assert rules(NOON).consent.to_json() == {"needed": "every partner"}
    assert Reader().opens(f"/start/?token={token}").status == 404
    assert not token_file().exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"partners": "Authority A, nobody"}, "is not an e-mail address"),
        ({"partners": "A\nA"}, "is listed twice"),
        ({"calendars": "x"}, "is not TOML"),
        ({"calendars": ""}, "Enter the calendars first"),
        ({"targets": "name = 1"}, "and nothing else"),
        ({"found": ""}, "Name the document in which the rules stand"),
        ({"since": ""}, "Enter the day from which the rules hold"),
        ({"name": ""}, "Enter"),
    ],
)
def test_what_the_page_refuses_comes_back_as_it_was_filled_in(token: str, changes: dict[str, str], words: str) -> None:
    page = Reader().sends("/start/", token=token, **{**ENTERED, **changes})

    assert words in page.errors
    assert page.hidden("token") == token
    assert not has_started()


def test_there_is_no_start_page_in_a_demonstration(db: None) -> None:
    assert Reader().opens("/start/").status == 404


def test_a_demonstration_has_personas_from_the_start(db: None) -> None:
    gather()
    assert Person.objects.filter(persona=False).count() == 0
