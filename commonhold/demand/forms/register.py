"""What narrows the register of grave incidents down, and what is asked about an incident."""

from datetime import date
from typing import Any, Final

from django.http import QueryDict

from commonhold.demand.engine.incidents.account import (
    LEGACY,
    LONGEST_TITLE,
    LONGEST_WORDS,
    SUPPLIER,
    Account,
    instant_of,
)
from commonhold.demand.models import IncidentDraft
from commonhold.demand.models.incident import LONGEST_REASON
from commonhold.demand.models.resident_service import LONGEST_ABOUT, LONGEST_NAME
from commonhold.demand.queries.register import choices
from commonhold.demand.queries.register.listing import BEING_WRITTEN, LONGEST, NOT_WRITTEN, OLDEST, WRITTEN
from commonhold.govuk.fields import Checkbox, Checkboxes, Date, Edition, Radios, Select, Text, TextArea, Time
from commonhold.govuk.filters import Filters
from commonhold.govuk.form import Form
from commonhold.govuk.formats import in_london
from commonhold.refusals import Refused

EVERYBODY: Final = "Everybody can read this once it is signed off"
POSTS: Final = "For those who hold a post; never in a public pack"
STATES: Final = ((NOT_WRITTEN, "Not written up yet"), (BEING_WRITTEN, "Being written"), (WRITTEN, "Signed off"))
OTHER: Final = "another supplier"


class RegisterFilters(Filters):
    """Which incidents are listed."""

    places = frozenset({"start"})

    opened_from = Date("Opened from")
    opened_to = Date("Opened to")
    partner = Select("Partner", (), blank="Any")
    party = Select("Responsible party", (), blank="Any")
    written = Select("Written up", STATES, blank="Either")
    key = Checkbox("Key incidents only")
    order = Select("Order", [(OLDEST, "Oldest first"), (LONGEST, "Longest first")], blank="Newest first")

    def __init__(self, asked: QueryDict, *, offered: choices.Offered, public: bool, **options: Any) -> None:
        super().__init__(asked, **options)
        if public:
            # What the public cannot be told it cannot filter by either: no answer is to give a partner away.
            for name in ("partner", "written"):
                del self.fields[name]
        else:
            self.offer(partner=offered.partners)
        self.offer(party=offered.parties)


class OpenForm(Form):
    """Into which incident a ticket goes, and whether it is a key incident."""

    into = Select("Which incident is it part of?", (), blank="A new one", required=False)
    is_key = Checkbox(
        "It is a key incident", required=False, hint="Whatever its priority: serious enough to be told of"
    )
    reason = TextArea("Why is it a key incident?", required=False, rows=3, max_length=LONGEST_REASON)

    def __init__(self, *entered: Any, **options: Any) -> None:
        super().__init__(*entered, **options)
        self.offer(into=choices.incidents())


class KeyForm(Form):
    """Why an incident is a key incident, or none."""

    reason = TextArea("Why?", hint="All partners can read it", rows=3, max_length=LONGEST_REASON)


class TicketForm(Form):
    """A ticket by its reference, and its desk where several have one of that reference."""

    reference = Text("Reference of the ticket", max_length=100, width=20)
    desk = Text("Desk", required=False, max_length=200, hint="Only where several desks have a ticket of this reference")


class TellingForm(Form):
    """Who was told, how and when."""

    page_only = frozenset({"day", "time", "planned", "other"})

    planned = Select("Who was told?", (), blank="Somebody else", required=False)
    other = Text("Somebody else", required=False, max_length=100, hint="Only where they are not in the list above")
    channel = Text("How?", max_length=100, hint="Such as telephone or e-mail", width=20)
    day = Date("On which day?")
    time = Time("At what time?")
    words = TextArea("What were they told?", required=False, rows=3, max_length=LONGEST_REASON)

    def __init__(self, *entered: Any, audiences: list[str], **options: Any) -> None:
        super().__init__(*entered, **options)
        self.offer(planned=[(name, name) for name in audiences])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("planned") and not cleaned.get("other"):
            self.add_error("other", "Say who was told")
        if not self.errors:
            cleaned["told_at"] = _instant(self, cleaned["day"], cleaned["time"], "When they were told")
            cleaned["audience"] = cleaned["planned"] or cleaned["other"]
        return cleaned


class RemarkForm(Form):
    """What a partner remarks, or is answered."""

    words = TextArea("What do you have to say?", hint=POSTS, rows=5, max_length=LONGEST_WORDS)


class AnswerForm(Form):
    words = TextArea("What is your answer?", hint=POSTS, rows=5, max_length=LONGEST_WORDS)


class StrikeForm(Form):
    """Why something was entered in error."""

    reason = TextArea("Why?", hint="It is shown wherever this was", rows=3, max_length=LONGEST_REASON)


class WriteUpForm(Form):
    """The account of an incident; an unfinished one can be kept, only one that lacks nothing can be signed off."""

    WRITTEN_OUT: Final = (
        "title", "happened", "detected_day", "detected_time", "restored_day", "restored_time", "services", "partners",
        "cause", "party", "supplier", "legacy", "legacy_words", "lesson", "actions", "closed",
    )  # fmt: skip
    page_only = frozenset(WRITTEN_OUT)

    title = Text("Title", required=False, max_length=LONGEST_TITLE, hint=EVERYBODY)
    happened = TextArea(
        "What happened, in plain words?", required=False, rows=6, max_length=LONGEST_WORDS,
        hint=f"{EVERYBODY}, so name no person, and nothing that helps an attacker",
    )  # fmt: skip
    detected_day = Date("On which day was it detected?", required=False)
    detected_time = Time("At what time was it detected?", required=False)
    restored_day = Date("On which day was the service restored?", required=False)
    restored_time = Time("At what time was it restored?", required=False)
    services = Checkboxes("Which residents' services did it hit?", (), required=False, hint=EVERYBODY)
    partners = Checkboxes("Which partners did it hit?", (), required=False, hint=POSTS)
    cause = TextArea("What was the cause?", required=False, rows=4, max_length=LONGEST_WORDS, hint=EVERYBODY)
    party = Select(
        "Who was responsible?", (), required=False,
        hint="The shared service, an authority's own team, or a supplier: everybody can read it",
    )  # fmt: skip
    supplier = Text(
        "Name of the supplier", required=False, max_length=60, hint="Only where it is not in the list above"
    )
    legacy = Radios(
        "Was old equipment, or want of investment, a cause?", list(LEGACY.items()), required=False, inline=True
    )
    legacy_words = TextArea("In what way?", required=False, rows=3, max_length=LONGEST_WORDS, hint=EVERYBODY)
    lesson = TextArea(
        "What is the lesson, and what follows?", required=False, rows=4, max_length=LONGEST_WORDS, hint=EVERYBODY
    )
    actions = Checkboxes("Which actions of a body follow it up?", (), required=False)
    closed = TextArea("Closed wording", required=False, rows=6, max_length=LONGEST_WORDS, hint=POSTS)
    edition = Edition()

    def __init__(self, *entered: Any, draft: IncidentDraft | None, proposed: Account, **options: Any) -> None:
        account = draft.account if draft else proposed
        edition = draft.edition if draft else 0
        initial = _entered(account) | {"edition": edition}
        super().__init__(*entered, initial=initial, **options)
        offered = choices.of_account(account)
        self.offer(
            services=offered.services,
            partners=offered.partners,
            party=[*offered.parties, (OTHER, "Another supplier")],
            actions=offered.actions,
        )
        for name in ("services", "actions"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]  # they are fields with choices
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("party") == OTHER and not cleaned.get("supplier"):
            self.add_error("supplier", "Enter the name of the supplier")
        if not self.errors:
            cleaned["account"] = self._account(cleaned)
        return cleaned

    def _account(self, said: dict[str, Any]) -> Account:
        party = f"{SUPPLIER}: {said['supplier'].strip()}" if said["party"] == OTHER else said["party"]
        words = {name: said[name] for name in ("title", "happened", "cause", "legacy_words", "lesson", "closed")}
        return Account(
            **words,
            detected=_instant(self, said["detected_day"], said["detected_time"], "When it was detected"),
            restored=_instant(self, said["restored_day"], said["restored_time"], "When it was restored"),
            services=_numbers(said.get("services")),
            partners=_numbers(said["partners"]),
            party=party,
            legacy=said["legacy"],
            actions=_numbers(said.get("actions")),
        )


class SignOffForm(Form):
    """That the account was read and is to stand, at the edition that was read."""

    reason = TextArea("Why does it take the place of the one that stands?", rows=3, max_length=LONGEST_REASON)
    edition = Edition()

    def __init__(self, *entered: Any, replaces: bool, **options: Any) -> None:
        super().__init__(*entered, **options)
        if not replaces:
            del self.fields["reason"]


class ResidentServiceForm(Form):
    """A residents' service."""

    name = Text("What do residents call it?", max_length=LONGEST_NAME, hint="Such as: reporting a missed bin")
    about = TextArea("What is it?", required=False, rows=3, max_length=LONGEST_ABOUT)


class CorrectResidentServiceForm(ResidentServiceForm):
    reason = TextArea("Why?", rows=3, max_length=LONGEST_REASON)
    edition = Edition()


def _instant(form: Form, day: date | None, time: Any, what: str) -> Any:
    try:
        return instant_of(day, time, what)
    except Refused as refused:
        form.refuse(refused)
        return None


def _numbers(chosen: list[str] | None) -> tuple[int, ...]:
    return tuple(int(number) for number in chosen or ())


def _entered(account: Account) -> dict[str, Any]:
    """The account as its form has it; times are London's."""
    named = ("title", "happened", "cause", "party", "legacy", "legacy_words", "lesson", "closed")
    words = {name: getattr(account, name) for name in named}
    times: dict[str, Any] = {}
    for name in ("detected", "restored"):
        at = getattr(account, name)
        times |= {f"{name}_day": in_london(at).date(), f"{name}_time": in_london(at).time()} if at else {}
    chosen = {name: [str(number) for number in getattr(account, name)] for name in ("services", "partners", "actions")}
    return words | times | chosen
