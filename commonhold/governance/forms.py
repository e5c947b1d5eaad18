"""What is asked about bodies, meetings and what they ask for."""

from typing import Any

from commonhold.governance.models import Action, Body, Item, Paper, Resolution
from commonhold.governance.queries import ALL, CLOSED, OVERDUE, evidence_for, owners
from commonhold.govuk.fields import Checkbox, Date, Edition, ModelChoice, Radios, Select, Text, TextArea, Time
from commonhold.govuk.filters import Filters
from commonhold.govuk.form import Form
from commonhold.govuk.pages import choices_for
from commonhold.partnership.models import Partner, Post, Role

PRIORITIES = [(word, word) for word in ("P1", "P2", "P3", "P4", "P5")]
NOBODY_OWES = (Role.OPERATOR, Role.SERVICE, Role.HOST)


class BodyForm(Form):
    """A body that meets."""

    name = Text("Name of the body", max_length=120, hint="As its terms of reference call it")
    kind = Radios("What kind of body is it?", Body.Kind.choices)


class CorrectBodyForm(BodyForm):
    edition = Edition()


class PlaceForm(Form):
    """When in the day a meeting starts, and where."""

    starts = Time("Starts at")
    place = Text("Place", max_length=200, hint="Where people come to, or where it can be followed")


class MeetingForm(PlaceForm):
    """A meeting on a day."""

    day = Date("Day")
    field_order = ("day", "starts", "place")


class CorrectMeetingForm(PlaceForm):
    edition = Edition()


class ItemForm(Form):
    """An item of business."""

    title = Text("Title", max_length=200, hint="As it is to stand on the agenda")
    purpose = Radios("What is the body asked to do?", Item.Purpose.choices)


class CorrectItemForm(ItemForm):
    edition = Edition()


class ReasonForm(Form):
    """Why something is taken back."""

    reason = TextArea("Why?", hint="Everybody can read this wherever it was", max_length=500, rows=3)


class ResolutionForm(Form):
    """What was resolved, and when the body is to hear more."""

    word = Radios("How is it to be minuted?", Resolution.Word.choices, inline=True)
    text = TextArea("What was resolved?", hint="As it is to stand in the minutes", rows=6)
    due = Radios("When is the body to hear more?", Resolution.Due.choices, initial=Resolution.Due.NONE)
    due_day = Date("By which date?", required=False, hint="Only where it is to hear more by a date")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "due_day" not in self.errors and "due" in cleaned:
            by_date, day = cleaned["due"] == Resolution.Due.DATE, cleaned.get("due_day")
            if by_date and not day:
                self.add_error("due_day", "Enter the date by which the body is to hear more")
            if day and not by_date:
                self.add_error(
                    "due_day",
                    f"Leave the date empty, or choose “{Resolution.Due.DATE.label}”",
                )
        return cleaned


class ActionForm(Form):
    """What was asked for, of whom, and by which measure its effect is read."""

    page_only = frozenset({"partner", "priority"})

    text = TextArea("What is to be done?", hint="In words that can be checked later", rows=4)
    owner = ModelChoice(
        "Who owes it?",
        Post.objects.exclude(role__in=NOBODY_OWES).select_related("partner"),
        hint="The post, whoever holds it",
    )
    measure = Select(
        "By which measure is its effect read?", (), blank="None", required=False,
        hint="Its figures, and what they do from now on, stand beside the action",
    )  # fmt: skip
    partner = Select("Of which partner?", (), blank="The whole service", required=False)
    priority = Select("Of which priority?", PRIORITIES, blank="All", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        partners = Partner.objects.values_list("name", flat=True)
        self.offer(measure=choices_for("measure"), partner=[(name, name) for name in partners])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words = ("partner", "priority") if cleaned.get("measure") else ()
        cleaned["scope"] = {word: cleaned[word] for word in words if cleaned.get(word)}
        return cleaned


class CorrectActionForm(ActionForm):
    edition = Edition()


def _named(paper: Paper) -> str:
    return f"{paper.title} ({paper.item.meeting})"


class UpdateForm(Form):
    """What became of an action."""

    words = TextArea("What was done since?", rows=5)
    paper = ModelChoice(
        "Paper that shows it", Paper.objects.none(), blank="None", required=False, written=_named,
        hint="Papers that were put before the same body since it asked",
    )  # fmt: skip
    closes = Checkbox("This closes the action", required=False, hint="Only with a paper that shows what was done")

    def __init__(self, *args: Any, action: Action, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["paper"].queryset = evidence_for(action)  # type: ignore[attr-defined]


class ActionFilters(Filters):
    """Which actions are listed."""

    places = frozenset({"start"})

    state = Select(
        "State",
        [(OVERDUE, "Overdue"), (CLOSED, "Closed"), (ALL, "All")],
        blank="Open",
    )
    owner = Select("Owed by", (), blank="Anybody")
    body = Select("Asked for by", (), blank="Any body")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.owners = owners()
        self.offer(owner=self.owners, body=Body.objects.values_list("slug", "name"))
