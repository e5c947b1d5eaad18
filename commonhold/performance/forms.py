"""Which period a page is about; a pack's period and audience; why one is corrected or withdrawn, where it is put."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from commonhold.figures import Span
from commonhold.governance.models import Item, Meeting
from commonhold.govuk.fields import Date, Edition, ModelChoice, Radios, TextArea
from commonhold.govuk.filters import Filters
from commonhold.govuk.form import Form
from commonhold.performance.models import QueryAnswer
from commonhold.performance.queries.packs import offered


class PeriodForm(Filters):
    """The days of a period, in the address; without any, what the page chooses."""

    first = Date("From")
    last = Date("To, included")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day must not be before the first")
        return cleaned

    @property
    def span(self) -> Span | None:
        """The days chosen, where both are there and make sense."""
        first, last = self.chosen.get("first"), self.chosen.get("last")
        if isinstance(first, date) and isinstance(last, date) and first <= last:
            return Span(first, last)
        return None


class PackForm(Form):
    """The period and the audience of a pack."""

    first = Date("First day of the period")
    last = Date("Last day, included")
    profile = Radios("For whom?", ())

    HINTS = {"public": ": the service as a whole", "board": ": the service as a whole, and each partner"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(
            profile=(
                (name, words + self.HINTS.get(name, ", its own figures beside the whole service's"))
                for name, words in offered().items()
            )
        )


class CorrectForm(Form):
    """Why a pack takes the place of one that stands."""

    reason = TextArea(
        "Why is the pack that stands corrected?",
        hint="It stands on the first page of the new pack and in place of the old one, for all their readers",
        max_length=1_000,
        rows=3,
    )


class WithdrawForm(Form):
    """Why a pack is taken down."""

    reason = TextArea("Why is it withdrawn?", hint="Shown in its place to all who could see it", max_length=500, rows=3)


class ReportForm(Form):
    """The period whose figures are laid open, and the meeting that the report is for."""

    first = Date("First day of the period")
    last = Date("Last day, included")
    meeting = ModelChoice("For which meeting?", Meeting.objects.none(), required=False, written=str)

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]


class WordsForm(Form):
    """Why something is as it is, what is done about it, and by when."""

    why = TextArea(
        "Why is it so?", hint="In plain words; it may stand in the pack that everybody reads", max_length=5_000
    )
    doing = TextArea("What is done about it?", required=False, max_length=5_000)
    by_when = Date("By when?", required=False)
    edition = Edition()


class RemarkForm(Form):
    """What a partner says about a part of a report or a figure."""

    words = TextArea("What does your authority say to it?", max_length=5_000)


class AnswerForm(Form):
    """What comes of a query."""

    outcome = Radios("What came of it?", QueryAnswer.Outcome.choices)
    words = TextArea("Answer", hint="What was looked at, and what was found", max_length=5_000)


class SettleForm(Form):
    """That a query is settled."""

    words = TextArea("Anything to add?", required=False, max_length=5_000, rows=3)


class AttachForm(Form):
    """The agenda item that a pack is put before."""

    item = ModelChoice("Agenda item", Item.objects.none(), written=lambda item: f"{item.meeting}, {item}")

    def __init__(self, *args: Any, items: QuerySet[Item], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
