"""Partners, posts, appointments and accounts: what each act changes, the one entry it leaves, and who is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from commonhold.ledger.engine.by import public
from commonhold.ledger.models import Entry, Head
from commonhold.partnership.acts import people
from commonhold.partnership.models import Appointment, ClientBody, Partner, Person, Post, Role, Told
from commonhold.partnership.queries import acting, owed, reader
from commonhold.refusals import NotAllowed, Refused
from tests.partnership.cast import NOON, TODAY, Cast, person
from tests.partnership.conftest import Record

TOMORROW = TODAY + timedelta(days=1)


# Partners and client bodies


def test_a_partner_is_added_as_not_yet_a_party(cast: Cast, record: Record) -> None:
    made = people.add_partner(by=cast.by("service-analyst"), name="  Long   Marsh ")

    assert (made.name, made.slug, made.joined) == ("Long Marsh", "long-marsh", None)
    assert (record.one().kind, record.one().facts["name"]) == ("partner.added", "Long Marsh")
    assert made not in Partner.objects.parties(TODAY)


@pytest.mark.parametrize("name", ["Southmere", "SOUTHMERE", " "])
def test_a_partner_has_a_name_of_its_own(cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        people.add_partner(by=cast.operator(), name=name)


def test_a_name_is_as_long_as_the_database_keeps_and_no_longer(cast: Cast) -> None:
    """PostgreSQL keeps to what a column says; nobody gets as far as that."""
    long = people.add_partner(by=cast.operator(), name="é" * 120)
    post = people.make_post(by=cast.operator(), title="T" * 80, role=Role.CLIENT_LEAD, partner=long)
    people.add_person(by=cast.operator(), name="N" * 120, email="n@long.example", partner=long)

    assert post.title.endswith("é" * 120)
    for too_long in (
        lambda: people.add_partner(by=cast.operator(), name="é" * 121),
        lambda: people.make_post(by=cast.operator(), title="T" * 81, role=Role.CLIENT_LEAD, partner=long),
        lambda: people.add_person(by=cast.operator(), name="N" * 121, email="m@long.example"),
        lambda: people.add_person(by=cast.operator(), name="N", email=f"{'m' * 60}@{'long.' * 50}example"),
    ):
        with pytest.raises(Refused, match="characters"):
            too_long()


@pytest.mark.parametrize("name", ["Public", "Board", "Service", "None"])
def test_no_partner_is_called_in_addresses_by_a_word_that_means_an_audience_or_a_whole(cast: Cast, name: str) -> None:
    made = people.add_partner(by=cast.operator(), name=name)
    named_by_a_file = people.reserve_partner(name=f"{name}!")

    assert (made.name, made.slug) == (name, f"{name.lower()}-2")
    assert named_by_a_file.slug == f"{name.lower()}-3"


def test_the_public_adds_no_partner(cast: Cast) -> None:
    for by in (public(NOON), cast.lead("southmere")):
        with pytest.raises(NotAllowed):
            people.add_partner(by=by, name="Long Marsh")


def test_a_place_that_a_file_keeps_is_seen_once_it_is_named(cast: Cast) -> None:
    kept = people.reserve_partner(name="Long Marsh")
    assert not Partner.objects.filter(name="Long Marsh").exists()
    assert people.name_reserved_partners(numbers=[kept.pk]) == ["Long Marsh"]
    assert Partner.objects.get(name="Long Marsh").joined is None


def test_a_partner_s_name_is_put_right_by_its_own_administrator(cast: Cast, record: Record) -> None:
    southmere = cast.partner("southmere")
    values: dict[str, Any] = {"partner": southmere, "name": "South Mere", "joined": date(2017, 6, 1), "edition": 1}
    made = people.correct_partner(by=cast.administrator("southmere"), **values)

    assert Post.objects.get(slug="client-lead-of-southmere").title == "Client lead, South Mere"
    assert Post.objects.get(slug="client-lead-of-thornley").title == "Client lead, Thornley"
    assert (made.name, made.slug, made.edition) == ("South Mere", "southmere", 2)
    assert record.one().facts == {
        "name": "South Mere", "joined": "2017-06-01", "digests": record.one().facts["digests"]
    }  # fmt: skip
    with pytest.raises(Refused, match="Somebody saved"):
        people.correct_partner(by=cast.administrator("southmere"), **values)
    with pytest.raises(NotAllowed):
        people.correct_partner(by=cast.administrator("thornley"), **values)


@pytest.mark.parametrize("joined", [None, TOMORROW + timedelta(days=365)])
def test_no_correction_makes_a_partner_leave(cast: Cast, joined: date | None) -> None:
    with pytest.raises(Refused, match="by consent"):
        people.correct_partner(
            by=cast.administrator("southmere"), partner=cast.partner("southmere"), name="S", joined=joined, edition=1
        )


def test_the_partnership_is_renamed_and_every_administrator_told(cast: Cast, record: Record) -> None:
    people.rename_partnership(by=cast.administrator("thornley"), name="Shared Technology")

    assert record.one().kind == "partnership.renamed"
    assert Told.objects.filter(why__contains="name was put right").count() == 3
    with pytest.raises(NotAllowed):
        people.rename_partnership(by=cast.lead("thornley"), name="Ours")


def test_a_partnership_is_founded_once_and_by_the_command_line(cast: Cast) -> None:
    with pytest.raises(Refused, match="started already"):
        people.found(by=cast.operator(), name="Another", partners=["A"], joined=TODAY)
    with pytest.raises(NotAllowed):
        people.found(by=cast.administrator("southmere"), name="Another", partners=["A"], joined=TODAY)


@pytest.mark.parametrize(("name", "partners"), [("", ["A"]), ("P", []), ("P", ["A", "a"]), ("P", [" "])])
def test_what_is_no_partnership_is_refused(db: None, name: str, partners: list[str]) -> None:
    with pytest.raises(Refused):
        people.found(by=acting(None, NOON), name=name, partners=partners, joined=TODAY)
    assert not Partner.objects.exists()


def test_a_client_body_is_added_put_right_and_ended(cast: Cast, record: Record) -> None:
    by = cast.lead("southmere")
    body = people.add_client_body(by=by, name="Homes", since=date(2020, 4, 1))
    body = people.correct_client_body(by=by, body=body, name="Southmere Homes", since=date(2020, 5, 1), edition=1)
    people.end_client_body(by=by, body=body, until=date(2026, 1, 1), edition=2)

    assert [entry.kind for entry in record.new()] == ["client-body.added", "client-body.corrected", "client-body.ended"]
    assert ClientBody.objects.get().until == date(2026, 1, 1)
    for refused in (
        lambda: people.add_client_body(by=by, name="southmere homes", since=TODAY),
        lambda: people.end_client_body(by=by, body=body, until=date(2019, 1, 1), edition=2),
        lambda: people.correct_client_body(by=by, body=body, name="X", since=TODAY, edition=1),
    ):
        with pytest.raises(Refused):
            refused()
    with pytest.raises(NotAllowed):
        people.add_client_body(by=public(NOON), name="Others", since=TODAY)


# Posts and appointments


def test_a_post_belongs_to_a_partner_and_gives_nothing_by_itself(cast: Cast, record: Record) -> None:
    made = people.make_post(
        by=cast.administrator("southmere"), title="Deputy", role=Role.CLERK, partner=cast.partner("southmere")
    )
    assert (made.slug, made.title) == ("deputy-of-southmere", "Deputy, Southmere")
    assert (record.one().kind, record.one().subject) == ("post.made", made.ref)


@pytest.mark.parametrize("role", [Role.SERVICE_MANAGER, Role.MANAGING_DIRECTOR, Role.ANALYST, Role.OPERATOR, Role.HOST])
def test_no_partner_makes_itself_a_post_of_the_shared_service(cast: Cast, role: str) -> None:
    with pytest.raises(Refused, match="cannot have the role"):
        people.make_post(by=cast.administrator("southmere"), title="X", role=role, partner=cast.partner("southmere"))


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SERVICE, Role.CLIENT_LEAD])
def test_the_service_s_administrator_makes_the_service_s_posts_only(cast: Cast, role: str) -> None:
    with pytest.raises(Refused):
        people.make_post(by=cast.by("administrator-of-the-shared-service"), title="X", role=role)


def test_the_shared_service_never_consents(cast: Cast) -> None:
    with pytest.raises(Refused, match="not party"):
        people.make_post(
            by=cast.by("administrator-of-the-shared-service"), title="X", role=Role.ANALYST, may_consent=True
        )


def test_nobody_makes_posts_for_another_partner(cast: Cast) -> None:
    for by in (cast.administrator("thornley"), cast.lead("southmere"), cast.by("managing-director"), public(NOON)):
        with pytest.raises(NotAllowed):
            people.make_post(by=by, title="X", role=Role.CLERK, partner=cast.partner("southmere"))


def test_the_same_post_twice_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="already a post"):
        people.make_post(
            by=cast.administrator("southmere"), title="Client lead", role=Role.CLERK, partner=cast.partner("southmere")
        )


def appoint(cast: Cast, **changes: Any) -> Appointment:
    values: dict[str, Any] = {
        "by": cast.administrator("southmere"),
        "post": Post.objects.get(slug="client-lead-of-southmere"),
        "person": person("Ada King"),
        "kind": "cover",
        "starts": TODAY,
        "ends": TODAY + timedelta(days=7),
    }
    return people.appoint(**{**values, **changes})


def test_somebody_covers_and_acts_in_the_post_for_those_days(cast: Cast, record: Record) -> None:
    made = appoint(cast)

    entry = record.one()
    assert (entry.kind, entry.subject) == ("appointment.made", made.ref)
    assert entry.facts["post"] == "client-lead-of-southmere"
    covering = reader(person("Ada King"), NOON, "client-lead-of-southmere")
    assert covering.post == "client-lead-of-southmere"
    after = reader(person("Ada King"), NOON + timedelta(days=7), "client-lead-of-southmere")
    assert after.post == "administrator-of-southmere"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends": None}, "Give the day until which"),
        ({"ends": TODAY}, "end before it began"),
        ({"kind": "substantive", "ends": None}, "Dora Lund holds this post"),
        ({"person": None}, "The host is a partner"),
    ],
)
def test_what_is_no_appointment_is_refused(cast: Cast, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        appoint(cast, **changes)


def test_the_same_person_is_not_in_a_post_twice(cast: Cast) -> None:
    appoint(cast)
    with pytest.raises(Refused, match="Ada King holds this post until"):
        appoint(cast, starts=TOMORROW)


def test_the_next_holder_follows_the_last(cast: Cast) -> None:
    held = Post.objects.get(slug="client-lead-of-southmere").appointments.get()
    people.end_appointment(by=cast.administrator("southmere"), appointment=held, ends=TOMORROW, edition=1)
    appoint(cast, kind="substantive", starts=TOMORROW, ends=None)


def test_nobody_appoints_to_another_partner_s_posts(cast: Cast) -> None:
    for by in (cast.administrator("thornley"), cast.lead("southmere"), cast.operator(), public(NOON)):
        with pytest.raises(NotAllowed):
            appoint(cast, by=by)


def test_the_command_line_cannot_act_as_an_administrator(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        appoint(cast, by=acting("administrator-of-southmere", NOON))


def test_nobody_is_appointed_to_be_the_service_itself(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        appoint(cast, post=Post.objects.get(slug="the-service"))


def test_an_ended_appointment_gives_nothing_from_that_day_on(cast: Cast, record: Record) -> None:
    held = Post.objects.get(slug="client-lead-of-southmere").appointments.get()
    people.end_appointment(by=cast.administrator("southmere"), appointment=held, ends=TODAY, edition=1)

    assert record.one().facts["error"] is True
    assert reader(person("Dora Lund"), NOON).post == ""
    with pytest.raises(Refused, match="Somebody saved a change"):
        people.end_appointment(by=cast.administrator("southmere"), appointment=held, ends=TOMORROW, edition=1)
    with pytest.raises(Refused, match="taken back as an error"):
        people.end_appointment(by=cast.administrator("southmere"), appointment=held, ends=TOMORROW, edition=2)


def test_an_appointment_does_not_end_before_it_began(cast: Cast) -> None:
    held = Post.objects.get(slug="client-lead-of-southmere").appointments.get()
    with pytest.raises(Refused, match="before the appointment began"):
        people.end_appointment(
            by=cast.administrator("southmere"), appointment=held, ends=TODAY - timedelta(days=1), edition=1
        )


def test_the_last_administrator_stays_until_there_is_another(cast: Cast) -> None:
    held = Post.objects.get(slug="administrator-of-southmere").appointments.get()
    with pytest.raises(Refused, match="the last administrator"):
        people.end_appointment(by=cast.administrator("southmere"), appointment=held, ends=TODAY, edition=1)


def test_the_host_is_a_partner_appointed_like_anybody(cast: Cast, record: Record) -> None:
    host = Post.objects.get(slug="host-authority")
    made = people.appoint(by=cast.administrator("wexcombe"), post=host, partner=cast.partner("thornley"), starts=TODAY)

    assert record.one().facts["partner"] == "thornley"
    assert Told.objects.filter(subject=made.ref).count() == 3
    with pytest.raises(Refused, match="The host is a partner"):
        people.appoint(by=cast.administrator("wexcombe"), post=host, person=person("Ada King"), starts=TOMORROW)


def test_a_power_that_nobody_holds_is_shown_to_the_administrator(cast: Cast) -> None:
    held = Post.objects.get(slug="client-lead-of-southmere").appointments.get()
    people.end_appointment(by=cast.administrator("southmere"), appointment=held, ends=TODAY, edition=1)

    assert [row.title for row in owed(cast.administrator("southmere"))] == [
        "Nobody holds the post Client lead, Southmere.",
        "Nobody can consent for Southmere to changes of the agreement.",
    ]


def test_the_post_in_which_commonhold_itself_acts_waits_for_no_holder(cast: Cast) -> None:
    keeper = cast.by("administrator-of-the-shared-service")

    waiting = [row.title for row in owed(keeper)]

    assert "Nobody holds the post Operator." in waiting
    assert "Nobody holds the post The service." not in waiting


# Accounts


def test_an_account_has_no_password_until_its_person_chooses_one(cast: Cast, record: Record) -> None:
    made = people.add_person(
        by=cast.administrator("southmere"), name="Kit Vale", email="Kit@southmere.example",
        partner=cast.partner("southmere"),
    )  # fmt: skip
    assert not made.has_usable_password()
    assert record.one().facts == {"partner": "southmere"}
    key = people.make_link(by=cast.administrator("southmere"), person=made)
    assert "-" in key
    assert record.new()[-1].kind == "person.link-made"


def test_nothing_personal_is_on_the_record(cast: Cast) -> None:
    written = " ".join(str(entry.plain) for entry in Entry.objects.all())

    for row in Person.objects.all():
        assert row.name not in written
        assert row.email not in written


@pytest.mark.parametrize("email", ["nobody", "", "ada.king@southmere.example", "ADA.KING@southmere.example"])
def test_an_address_is_real_and_nobody_else_s(cast: Cast, email: str) -> None:
    with pytest.raises(Refused):
        people.add_person(by=cast.administrator("southmere"), name="X", email=email, partner=cast.partner("southmere"))


def test_nobody_gives_accounts_or_links_for_another_partner(cast: Cast) -> None:
    dora = person("Dora Lund")
    for by in (cast.administrator("thornley"), cast.lead("southmere"), cast.by("managing-director"), public(NOON)):
        for act in (
            lambda by=by: people.add_person(by=by, name="X", email="x@y.example", partner=cast.partner("southmere")),
            lambda by=by: people.make_link(by=by, person=dora),
            lambda by=by: people.close_account(by=by, person=dora),
            lambda by=by: people.reopen_account(by=by, person=dora),
            lambda by=by: people.remove_second_factors(by=by, person=dora),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_the_operator_makes_no_link_but_for_an_administrator(cast: Cast) -> None:
    Person.objects.update(persona=False)
    with pytest.raises(NotAllowed):
        people.make_link(by=cast.operator(), person=person("Dora Lund"))
    people.make_link(by=cast.operator(), person=person("Ada King"))

    assert Told.objects.filter(why__contains="The operator made a link").count() == 4


def test_one_puts_one_s_own_name_and_address_right(cast: Cast, record: Record) -> None:
    dora = person("Dora Lund")
    by = cast.lead("southmere")
    people.correct_person(by=by, person=dora, name="Dora Lunde", email="dora@southmere.example", edition=1)

    assert record.one().facts == {"changed": ["name", "email"]}
    assert list(EmailAddress.objects.filter(user=dora).values_list("email", "verified")) == [
        ("dora@southmere.example", True)
    ]
    with pytest.raises(Refused, match="Somebody saved"):
        people.correct_person(by=by, person=dora, name="D", email="d@southmere.example", edition=1)
    with pytest.raises(Refused, match="Nothing is different"):
        people.correct_person(by=by, person=dora, name="Dora Lunde", email="dora@southmere.example", edition=2)
    with pytest.raises(NotAllowed):
        people.correct_person(by=cast.lead("thornley"), person=dora, name="D", email="d@x.example", edition=2)


def test_a_closed_account_gives_nothing_until_it_is_opened_again(cast: Cast, record: Record) -> None:
    ada, dora = cast.administrator("southmere"), person("Dora Lund")
    people.close_account(by=ada, person=dora)
    with pytest.raises(Refused, match="closed"):
        people.make_link(by=ada, person=person("Dora Lund"))
    with pytest.raises(Refused, match="closed already"):
        people.close_account(by=ada, person=dora)
    people.reopen_account(by=ada, person=dora)

    assert [entry.kind for entry in record.new()] == ["person.deactivated", "person.reactivated"]


def test_nobody_closes_their_own_account(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        people.close_account(by=cast.administrator("southmere"), person=person("Ada King"))


def test_a_lost_second_factor_is_removed_by_the_administrator(cast: Cast, record: Record) -> None:
    dora = person("Dora Lund")
    Authenticator.objects.create(user=dora, type=Authenticator.Type.TOTP, data={"secret": "x"})
    people.remove_second_factors(by=cast.administrator("southmere"), person=dora)

    assert record.one().kind == "person.second-factors-removed"
    with pytest.raises(Refused, match="no second factor"):
        people.remove_second_factors(by=cast.administrator("southmere"), person=dora)


# Personas


def test_a_persona_is_picked_in_a_demonstration(cast: Cast) -> None:
    assert people.pick_persona(by=public(NOON), person=person("Dora Lund")) == person("Dora Lund")


def test_no_persona_is_picked_or_made_in_a_real_partnership(cast: Cast, real_log: Head) -> None:
    with pytest.raises(NotAllowed):
        people.pick_persona(by=public(NOON), person=person("Dora Lund"))
    with pytest.raises(Refused, match="a real partnership has none"):
        people.add_person(
            by=cast.administrator("southmere"), name="X", email="x@y.example", partner=cast.partner("southmere"),
            persona=True,
        )  # fmt: skip


def test_somebody_real_is_never_picked(cast: Cast) -> None:
    made = people.add_person(
        by=cast.administrator("southmere"), name="Kit Vale", email="kit@southmere.example",
        partner=cast.partner("southmere"),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        people.pick_persona(by=public(NOON), person=made)
