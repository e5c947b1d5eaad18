"""What narrows the list of disputes and a class of tickets down, and what is asked when one is raised or answered."""

from collections.abc import Iterable
from typing import Any, Final

from django.http import QueryDict

from commonhold.demand.engine.disputed import NOT_GIVEN
from commonhold.demand.models import Dispute, DisputeState, Kind, Priority
from commonhold.demand.models.dispute import LONGEST_WORDS
from commonhold.demand.queries.choices import choices
from commonhold.demand.queries.disputes import STANDING
from commonhold.govuk.fields import Date, Radios, Select, TextArea
from commonhold.govuk.filters import Filters
from commonhold.govuk.form import Form
from commonhold.partnership.engine.rules.hold_reasons import REASONS

STATES: Final = ((STANDING, "Not ended"), *DisputeState.choices)
PRIORITIES: Final = [(one.name.lower(), one.label) for one in Priority]
KINDS: Final = [(one.name.lower(), one.label) for one in Kind]
HOLDS: Final = [
    *((reason, reason.replace("_", " ").capitalize()) for reason in REASONS),
    (NOT_GIVEN, "No reason given"),
]
READ: Final = "Whoever holds a post can read this"
FACTS: Final = (
    (Dispute.Fact.HOLD, "A hold: its time should count"),
    (Dispute.Fact.PRIORITY, "The priority"),
    (Dispute.Fact.KIND, "The kind"),
    (Dispute.Fact.PARTNER, "The partner it is counted for"),
    (Dispute.Fact.RESPONSIBLE, "Who answers for the minutes"),
)


class DisputeFilters(Filters):
    """Which disputes are listed."""

    places = frozenset({"before"})

    state = Select("State", STATES, blank="Any")
    partner = Select("Raised by", (), blank="Any")
    fact = Select("What is disputed", Dispute.Fact.choices, blank="Any")

    def __init__(self, asked: QueryDict, *, partners: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(asked, **options)
        self.offer(partner=partners)


class ClassFilters(Filters):
    """What the tickets of a class have in common; the words are those of the list of tickets."""

    opened_from = Date("Opened from")
    opened_to = Date("Opened to")
    resolved_from = Date("Resolved from")
    resolved_to = Date("Resolved to")
    partner = Select("Partner", (), blank="Any")
    desk = Select("Desk", (), blank="Any")
    priority = Select("Priority", PRIORITIES, blank="Any")
    kind = Select("Kind", KINDS, blank="Any")
    team = Select("Team", (), blank="Any")
    service = Select("Service", (), blank="Any")
    reason = Select("Was on hold", HOLDS, blank="For any reason, or never")

    def __init__(self, asked: QueryDict, *, known: int, **options: Any) -> None:
        super().__init__(asked, **options)
        offered = choices(known)
        self.offer(**{name: offered[name] for name in ("partner", "desk", "team", "service")})


class RaiseForm(Form):
    """Which fact is disputed, what it is instead, and why. Only the answer that belongs to the fact is asked for."""

    page_only = frozenset({"hold", "priority", "kind", "partner", "responsible"})
    marks_optional = False

    fact = Radios("What is not as it should be?", FACTS)
    hold = Select("If a hold: whose time should count?", (), required=False)
    priority = Select("If the priority: what is it?", [(p.name, p.label) for p in Priority], required=False)
    kind = Select("If the kind: what is it?", KINDS, required=False)
    partner = Select("If the partner: whose is it?", (), required=False)
    responsible = Select("If the minutes: who answers for them?", (), required=False)
    reason = TextArea("Why?", hint=READ, max_length=LONGEST_WORDS, rows=4)

    def __init__(
        self,
        *entered: Any,
        holds: Iterable[tuple[str, str]],
        partners: Iterable[tuple[str, str]],
        parties: Iterable[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*entered, **options)
        self.offer(hold=holds, partner=partners, responsible=parties)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        fact = cleaned.get("fact")
        if fact:
            cleaned["value"] = cleaned.get(fact, "")
            if not cleaned["value"]:
                self.add_error(fact, "Select what it is instead")
        return cleaned


class AnswerForm(Form):
    """What an officer answers for the service."""

    page_only = frozenset({"outcome"})

    outcome = Radios(
        "What does the service say?",
        (("accept", "The partner is right: put it right"), ("decline", "The service stands by the fact")),
        hints={
            "accept": "Every ticket that it touches is corrected, by one entry, which can be undone",
            "decline": "The dispute goes on standing beside every figure until the partner settles it",
        },
    )
    words = TextArea("What was found?", hint=READ, max_length=LONGEST_WORDS, rows=4)


class WordsForm(Form):
    """Words that a step must have."""

    words = TextArea("Why?", hint=READ, max_length=LONGEST_WORDS, rows=4)


class FewWordsForm(Form):
    """Words that a step may have."""

    words = TextArea("Is there anything to say?", hint=READ, max_length=LONGEST_WORDS, rows=3, required=False)
