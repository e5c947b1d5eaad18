"""What narrows the list of tickets down, and what is asked when a file is brought or a fact is put right."""

from typing import Any

from django.conf import settings
from django.http import QueryDict

from commonhold.demand.engine.mapping import BUILT_IN, HOLDS
from commonhold.demand.forms.mappings import MAPPING_NAMES, SMALL_FILE
from commonhold.demand.models import Correction, Kind, Priority, State
from commonhold.demand.models.putting_right import LONGEST_REASON
from commonhold.demand.queries.choices import choices
from commonhold.demand.queries.mappings import names_in_use
from commonhold.govuk.fields import Date, Decimal, File, Radios, Select, Text, TextArea
from commonhold.govuk.filters import Filters
from commonhold.govuk.form import Form

YES_OR_NO = (("yes", "Yes"), ("no", "No"))
ORDERS = (("opened", "Newest first"), ("due", "Due soonest first"))
STATES = (("unresolved", "Not resolved"), *((state.name.lower(), state.label) for state in State))
OFFERED = 500
"""Names in one choice: a longer list would be no help. The others are still understood in the address."""
EVERY_HOLD = "every-hold"
VALUES = (
    'A name as lists show it, a priority such as P2, or "none". Of a hold, whose time then counts: "every hold", a '
    'reason such as "awaiting supplier", or when it begins'
)
SEEN = "All partners see this beside every figure that it touches"


class TicketFilters(Filters):
    """The list's filters; each choice is offered only where tickets have it."""

    places = frozenset({"after", "before"})

    reference = Text("Reference begins with", max_length=100)
    partner = Select("Partner", (), blank="Any")
    desk = Select("Desk", (), blank="Any")
    opened_from = Date("Opened from")
    opened_to = Date("Opened to")
    priority = Select("Priority", [(p.name.lower(), p.label) for p in Priority], blank="Any")
    kind = Select("Kind", [(k.name.lower(), k.label) for k in Kind], blank="Any")
    state = Select("State", STATES, blank="Any")
    team = Select("Team", (), blank="Any")
    service = Select("Service", (), blank="Any")
    category = Select("Category", (), blank="Any")
    breached = Select("Target missed", YES_OR_NO, blank="Either")
    held = Select("Was on hold", YES_OR_NO, blank="Either")
    order = Select("Order", ORDERS, blank="Newest first")

    def __init__(self, asked: QueryDict, *, known: int, **options: Any) -> None:
        super().__init__(asked, **options)
        for name, names in choices(known).items():
            offered = names[:OFFERED] + [one for one in names[OFFERED:] if one[0] in asked.getlist(name)]
            self.offer(**{name: offered})
            if name == "desk" and len(names) < 2 and not asked.get(name):
                del self.fields[name]


class BatchFilters(Filters):
    """Of which desk the batches are listed; offered where there are several."""

    places = frozenset({"before"})

    desk = Select("Desk", (), blank="Any")

    def __init__(self, asked: QueryDict, *, desks: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(asked, **options)
        self.offer(desk=desks)


class BringForm(Form):
    """A ticket file and how to read it."""

    file = File("Ticket file", hint="CSV or JSON as the desk exports it; it may be packed with gzip")
    mapping = Radios("Which desk does it come from?", ())
    tells = Radios(
        "What does it tell?",
        (
            ("tickets", "Tickets, or the history of their changes"),
            (HOLDS, "From when to when tickets that are here already were on hold"),
            (EVERY_HOLD, "The same, of every hold of the desk: a ticket that is not in it was not on hold"),
        ),
        initial="tickets",
        required=False,
    )
    own_mapping = File(
        "Mapping file", hint="TOML, in the form that the guide describes", required=False, largest=SMALL_FILE
    )
    partners = File(
        "Map of partners",
        hint="CSV of two columns, value and partner; without one, the file's own value is the partner's name",
        required=False,
        largest=SMALL_FILE,
    )
    time_zone = Text(
        "Time zone of its dates",
        hint="Such as Europe/London or UTC. Leave it empty if dates say their offset, or the mapping says it",
        required=False,
        width=20,
    )
    exported_at = Text(
        "When did the desk make it?",
        hint="Such as 2026-07-21T12:00:00+01:00. Leave it empty to take the last moment that the file tells of",
        required=False,
        width=30,
    )
    tolerate = Decimal(
        "Share of rows that may be left out", hint="0.01 is one in a hundred", initial="0.01", min_value=0, max_value=1,
        width=5, like="0.05",
    )  # fmt: skip

    def __init__(self, *entered: Any, **options: Any) -> None:
        super().__init__(*entered, **options)
        self.fields["file"].largest = settings.UPLOAD_LIMIT  # type: ignore[attr-defined]
        saved = [(name, f"{name}, saved here") for name in names_in_use()]
        built_in = [(name, MAPPING_NAMES.get(name, name)) for name in BUILT_IN]
        self.offer(mapping=[*saved, *built_in, ("own", "Another desk: I have a mapping file")])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("mapping") == "own" and not cleaned.get("own_mapping"):
            self.add_error("own_mapping", "Choose the mapping file")
        return cleaned


class CorrectForm(Form):
    """A fact of a ticket as it should be."""

    fact = Radios("What is wrong?", Correction.Fact.choices)
    value = Text("What should it be?", hint=VALUES, max_length=200)
    reason = TextArea("Why?", hint=SEEN, max_length=LONGEST_REASON, rows=3)


class ExcludeForm(Form):
    """Why a ticket is left out of figures."""

    reason = TextArea("Why?", hint=SEEN, max_length=LONGEST_REASON, rows=3)
