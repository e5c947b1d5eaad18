"""People, posts and appointments."""

from typing import Any

from commonhold.govuk.fields import Checkbox, Date, Edition, Email, ModelChoice, Radios, Select, Text
from commonhold.govuk.form import Form
from commonhold.partnership.models import Appointment, Partner, Person, Role


class PersonForm(Form):
    name = Text("Full name", max_length=120, autocomplete="name")
    email = Email(hint="They sign in with it. Each person has an account of their own.")


class CorrectPersonForm(PersonForm):
    edition = Edition()


class PostForm(Form):
    title = Text("Title of the post", max_length=80, hint="For example: Deputy client lead.")
    role = Select("What the post is for", ())
    may_consent = Checkbox(
        "May consent",
        required=False,
        hint="Whoever holds the post may agree to changes of the agreement for your authority. Name at least two.",
    )

    def __init__(self, *args: Any, roles: frozenset[str], may_consent: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        role = self.fields["role"]
        assert isinstance(role, Select)
        role.choices = [(value, label) for value, label in Role.choices if value in roles]
        if not may_consent:
            del self.fields["may_consent"]


class AppointForm(Form):
    """A person for a post: one whom the administrator looks after, or another by their address."""

    page_only = frozenset({"email"})
    marks_optional = False

    person = ModelChoice("Somebody you look after", Person.objects.none(), required=False, blank="Choose a person")
    email = Email(
        "Or the email address of somebody else",
        required=False,
        autocomplete="off",
        hint="For a person whose account another authority looks after.",
    )
    kind = Radios("How they hold the post", Appointment.Kind.choices)
    starts = Date("From")
    ends = Date("Until", required=False, hint="The first day on which they hold it no longer, if it is known.")

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        person = self.fields["person"]
        assert isinstance(person, ModelChoice)
        person.queryset = people

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("email") and cleaned.get("person"):
            self.add_error("email", "Choose a person or enter an email address, not both")
        elif cleaned.get("email"):
            cleaned["person"] = Person.objects.filter(email__iexact=cleaned["email"]).first()
            if cleaned["person"] is None:
                self.add_error("email", "There is no account with this email address")
        elif not cleaned.get("person") and "email" not in self.errors:
            self.add_error("person", "Choose a person, or enter an email address")
        return cleaned


class AppointHostForm(Form):
    partner = ModelChoice("Authority", Partner.objects.none(), blank="Choose an authority")
    starts = Date("From")
    ends = Date("Until", required=False, hint="The first day on which it is host no longer.")

    def __init__(self, *args: Any, partners: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        partner = self.fields["partner"]
        assert isinstance(partner, ModelChoice)
        partner.queryset = partners


class EndForm(Form):
    ends = Date(
        "Until",
        hint="The first day on which the post is held no longer; today takes effect at once. "
        "The appointment's own first day, if it was entered in error.",
    )
    edition = Edition()
