"""Which period a page is about; packs; readings as they are typed, brought, corrected and looked for; measures."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from commonhold.demand.queries.exceptions import kinds
from commonhold.demand.queries.register.choices import partners
from commonhold.figures import Span
from commonhold.governance.models import Item, Meeting
from commonhold.govuk.fields import Checkbox, Date, Edition, File, Integer, ModelChoice, Radios, Select, Text, TextArea
from commonhold.govuk.filters import Filters
from commonhold.govuk.form import Form
from commonhold.performance.engine.before import Basis
from commonhold.performance.engine.brought.definition import Adding, Grade, SourceMeasure
from commonhold.performance.engine.parity import MEASURES as COMPARED
from commonhold.performance.engine.sampling import MOST
from commonhold.performance.models import QueryAnswer
from commonhold.performance.models.sample import LONGEST_SEED
from commonhold.performance.queries.funnels import OF, PARTNER
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


class FunnelForm(PeriodForm):
    """What is held within control limits, by which verdict, of which days."""

    of = Select("What", tuple((word, title) for word, (title, _) in OF.items() if word != PARTNER), blank="Partners")
    measure = Select(
        "By", tuple((name, basis.capitalize()) for name, (basis, _) in COMPARED.items()), blank="What fits"
    )


class ExceptionFilters(PeriodForm):
    """Which exceptions are listed, of which days."""

    places = frozenset({"after"})

    partner = Select("Partner", (), blank="Any")
    team = Text("Team", max_length=200)
    kind = Select("Kind", kinds(), blank="Any")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(partner=partners())


class SampleForm(Form):
    """How many tickets, and by which seed."""

    size = Integer("How many tickets?", min_value=1, max_value=MOST, width=3)
    seed = Text(
        "Seed", max_length=LONGEST_SEED, width=20, hint="Letters and digits, such as 2026-IT-04 of 21 July 2026"
    )


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


class TakeBackRemarkForm(Form):
    """Why a remark is taken back."""

    reason = TextArea("Why?", hint="It stands beside the remark", required=False, max_length=5_000, rows=3)


class TurnForm(Form):
    """Why a report is closed, or goes on."""

    reason = TextArea("Why?", hint="Every partner reads it", max_length=5_000, rows=3)


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


GRADES = [(grade.value, grade.value.capitalize()) for grade in Grade]
KEPT_HINT = (
    "Kept as evidence by its digest. What is of the whole service can be opened by every partner; what is of one "
    "partner, by its people and those who run the service"
)
WHY_HINT = "All partners see it beside every figure that it touches"


class ReadingFilters(Filters):
    """The filters of the list of readings."""

    places = frozenset({"before"})

    measure = Select("Measure", (), blank="Any")
    partner = Select("Partner", (), blank="Any")
    service = Text("Service holds", max_length=200)
    site = Text("Site holds", max_length=100)
    first = Date("Tells of, from")
    last = Date("Tells of, to")
    grade = Select("Who counted", GRADES, blank="Any")
    state = Select("State", [("all", "Corrected and taken back as well")], blank="Those that count")

    def __init__(self, asked: QueryDict, *, measures: Any, partners: Any, **options: Any) -> None:
        super().__init__(asked, **options)
        self.offer(measure=measures, partner=partners)


class FileForm(Form):
    """A file of readings."""

    page_only = frozenset({"file", "look"})

    file = File("File of readings", hint="CSV, with the columns that are named below", largest=10_000_000)
    reason = TextArea(
        "Why, where it corrects readings of the same days", hint=WHY_HINT, required=False, max_length=1_000, rows=3
    )
    look = Checkbox("Only look it through; change nothing", required=False)


class NumbersForm(Form):
    """What a reading says of its days."""

    numerator = Text("Numerator", hint="Of a share or a mean: what is counted", required=False, width=10)
    denominator = Text("Denominator", hint="Of a share or a mean: what it is divided by", required=False, width=10)
    value = Text("Value", hint="A count such as 1,824, or a mean without its sum", required=False, width=10)
    unit = Select("Counted in", ())
    source = Text("Where the number comes from", hint="Such as the name of the report", max_length=200)
    grade = Radios("Who counted?", GRADES)
    note = TextArea("Note", required=False, max_length=1_000, rows=2)

    def __init__(self, *args: Any, units: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(unit=((unit, unit) for unit in units))


class CorrectReadingForm(NumbersForm):
    """A reading as it should be, and why."""

    page_only = frozenset({"file"})

    reason = TextArea("Why?", hint=WHY_HINT, max_length=1_000, rows=3)
    file = File("What shows it", hint=KEPT_HINT, required=False, largest=20 * 2**20)


def _of_a_partner(form: Form) -> None:
    """Take the whole service out of what is offered to somebody who speaks for a partner alone."""
    field = form.fields["partner"]
    assert isinstance(field, Select)
    field.blank, field.required = "Choose one", True


class EnterForm(NumbersForm):
    """A reading: what it is of, its days, its numbers, and what it was taken from."""

    page_only = frozenset({"file"})
    field_order = ("measure", "partner", "service", "site", "threshold", "first", "last")

    measure = Select("Measure", ())
    partner = Select("Partner", (), blank="The whole service", required=False)
    service = Text("Service", hint="Leave it empty for all services", required=False, max_length=200)
    site = Text("Site", hint="Leave it empty for all sites", required=False, max_length=100)
    threshold = Text(
        "Threshold",
        hint="Where the measure has one: seconds before a call counts as abandoned, the top of a scale of scores, days",
        required=False,
        width=5,
    )
    first = Date("First day")
    last = Date("Last day, included")
    file = File("What it was taken from", hint=KEPT_HINT, largest=20 * 2**20)

    def __init__(
        self, *args: Any, measures: list[SourceMeasure], partners: Any, whole: bool = True, **options: Any
    ) -> None:
        units = dict.fromkeys(unit for one in measures for unit in one.takes)
        super().__init__(*args, units=list(units), **options)
        self.offer(measure=((one.name, one.title) for one in measures), partner=partners)
        if not whole:
            _of_a_partner(self)


class TakeBackForm(Form):
    """Why a reading is taken back."""

    reason = TextArea("Why?", hint=WHY_HINT, max_length=1_000, rows=3)


KINDS = {
    Adding.SUM: ("A count that adds up", "Such as calls: the readings of a period are added"),
    Adding.SHARE: ("A share", "Such as calls answered of calls offered: both counts are added, apart"),
    Adding.MEAN: ("A mean", "Such as a score: its sum and the number of cases are added"),
    Adding.STOCK: ("A count at one day", "Such as actions open: the last reading of a period counts"),
    Adding.STOCK_SHARE: ("A share at one day", "Such as posts vacant: the last reading of a period counts"),
}


class DeclareForm(Form):
    """A measure of one's own."""

    name = Text("Name", hint="As files write it: small letters, digits and underlines; own_ is put before it", width=20)
    title = Text("Title", hint="As pages and packs call it", max_length=100)
    adding = Radios(
        "What kind of number is it?",
        [(kind.value, words) for kind, (words, _) in KINDS.items()],
        hints={kind.value: hint for kind, (_, hint) in KINDS.items()},
    )
    unit = Text("Unit of the figure", hint="Such as days, or share", max_length=40, width=20)
    counted_in = Text("Unit in which readings are counted", hint="Such as days", max_length=40, width=20)
    better = Radios("Which is better?", [("higher", "More"), ("lower", "Less"), ("", "Neither")], required=False)
    numerator = Text("Of a share or a mean: what the numerator counts", required=False, max_length=200)
    denominator = Text("Of a share or a mean: what the denominator counts", required=False, max_length=200)
    threshold = Text(
        "A threshold that every reading states",
        hint="In words with {n} for the number, such as: after more than {n} seconds. Empty where there is none",
        required=False,
        max_length=100,
    )
    formula = TextArea("Formula", hint="What is counted and how, so that all would count the same", max_length=2_000)
    leaves_out = TextArea("What it leaves out", max_length=2_000)
    effective_from = Date("In force from", hint="Readings whose first day is that day or later are counted by it")
    reason = TextArea("Why the definition changes", required=False, max_length=1_000, rows=3)

    def __init__(self, *args: Any, again: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if again:
            del self.fields["name"]
        else:
            del self.fields["reason"]


class ComparatorForm(Form):
    """A figure that was published before, and what shows it."""

    page_only = frozenset({"file"})

    measure = Select("Measure", ())
    first = Date("First day that it is about")
    last = Date("Last day, included")
    partner = Select("Partner", (), blank="The whole service", required=False)
    priority = Select("Priority", [(f"P{n}", f"P{n}") for n in range(1, 6)], blank="All", required=False)
    service = Text("Service", hint="Leave it empty for all services", required=False, max_length=200)
    threshold = Text("Threshold", hint="Where the measure has one, such as 30 seconds", required=False, width=5)
    value = Text("The number as it stood", hint="Such as 45,407, 4.7, or 66% of a share", required=False, width=10)
    numerator = Text("Or the counts of a share: how many", required=False, width=10)
    denominator = Text("of how many", required=False, width=10)
    basis = Radios("How was it counted?", [(one.value, one.value.capitalize()) for one in Basis])
    basis_words = TextArea("How otherwise, if so", required=False, max_length=1_000, rows=2)
    published_in = Text("Where it was published", hint="The report, its date and page", max_length=300)
    file = File("What shows it", hint=KEPT_HINT, largest=20 * 2**20)
    reason = TextArea("Why is it put right?", hint=WHY_HINT, max_length=1_000, rows=3)

    def __init__(
        self, *args: Any, measures: Any, partners: Any, whole: bool = True, again: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.offer(measure=measures, partner=partners)
        if not whole:
            _of_a_partner(self)
        if again:
            self.fields["file"].required = False
        else:
            del self.fields["reason"]


MOST_TICKETS = 1_000_000_000


class NumberForm(Form):
    """Another figure of which only the number is known."""

    written = Text(
        "What does it say?", hint="As it is written, such as 94.1% or 1824: its decimals say how far it was rounded",
        max_length=40, width=10,
    )  # fmt: skip
    numerator = Integer(
        "Of a share: how many were counted, if you know", required=False, min_value=0, max_value=MOST_TICKETS, width=10
    )
    denominator = Integer("and of how many", required=False, min_value=0, max_value=MOST_TICKETS, width=10)


class TheirFileForm(Form):
    """A file of somebody's tickets, and what it is."""

    page_only = frozenset({"file"})

    file = File("File of their tickets", hint="CSV or JSON as a desk exports it; it may be packed with gzip")
    kind = Radios(
        "What is it?",
        (
            ("list", "The list of the tickets that they counted"),
            ("export", "An export of tickets, to be counted by us"),
        ),
        hints={
            "list": "Every ticket in it counts in their figure; its column of verdicts says whether the target was met",
            "export": "It is read as an import would be, and counted by our measure; nothing is imported",
        },
    )
    mapping = Select("How is it read?", ())
    partners = File(
        "Map of partners", hint="CSV of two columns, value and partner, where the file does not name them",
        required=False, largest=100_000,
    )  # fmt: skip
    time_zone = Text(
        "Time zone of its dates", hint="Such as Europe/London or UTC; empty for the mapping's own", required=False,
        max_length=60, width=20,
    )  # fmt: skip
    written = Text(
        "What does their figure say?", hint="As it is written, such as 94.1%. Leave it empty if you do not know",
        required=False, max_length=40, width=10,
    )  # fmt: skip

    def __init__(self, *args: Any, mappings: list[tuple[str, str]], largest: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].largest = largest  # type: ignore[attr-defined]
        self.offer(mapping=mappings)


class EarlierForm(Form):
    """Ours at another time: as a pack has it, or as it was known at an entry, or by another version of the measure."""

    published = Select("As it was published", (), blank="Not as published", required=False)
    known = Select("As it was known before this became known", (), blank="Not so", required=False)
    known_at = Integer(
        "As it was known at another entry of the record", hint="The number of the entry", required=False, min_value=1,
        width=10,
    )  # fmt: skip
    version = Select("By which version of the measure?", (), blank="The same", required=False)

    def __init__(self, *args: Any, published: Any, known: Any, versions: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(published=published, known=known, version=versions)
        for name, choices in (("published", published), ("known", known), ("version", versions)):
            if not choices:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        times = [name for name in ("published", "known", "known_at") if cleaned.get(name)]
        if len(times) > 1:
            self.add_error(times[1], "Choose one time only: as published, as known before, or at an entry")
        if not times and not cleaned.get("version"):
            self.add_error("known_at", "Say which: a published one, one known before, an entry or a version")
        return {"published": "", "known": "", "version": "", **cleaned}
