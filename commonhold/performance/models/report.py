"""What is said about a period's figures before they are published: words signed off, remarks, queries and answers."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse

from commonhold.figures import Span
from commonhold.govuk.formats import period
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded
from commonhold.partnership.models import Partner
from commonhold.performance.engine.audiences import BOARD
from commonhold.performance.engine.report.standing import State
from commonhold.performance.models.pack import Pack


class ReportRows(models.QuerySet["Report"]):
    def with_state(self) -> ReportRows:
        """Each with whether it is `closed`, and whether a pack of its days for the boards is `published`."""
        judgement = {"closed": _is_closed(), "published": _is_published()}
        return self.annotate(**judgement)

    def going_on(self) -> ReportRows:
        """Those that are not closed."""
        return self.filter(~_is_closed())

    def in_work(self) -> ReportRows:
        """Those of which no pack for the boards stands yet, but for those that are closed."""
        return self.going_on().filter(~_is_published())


def _is_closed() -> models.Exists:
    """Whether a report was closed, and not reopened since."""
    later = ReportTurn.objects.filter(report=models.OuterRef("report"), pk__gt=models.OuterRef("pk"))
    return models.Exists(ReportTurn.objects.filter(~models.Exists(later), report=models.OuterRef("pk"), closes=True))


def _is_published() -> models.Exists:
    days = {name: models.OuterRef(name) for name in ("first", "last")}
    return models.Exists(Pack.objects.current().filter(**days, profile=BOARD))


class OfReport(Recorded):
    """Something that belongs to a report: whoever holds a post reads it, the public what a pack makes of it."""

    read_along: ClassVar[tuple[str, ...]] = ()
    """What its face reads beside its own row."""

    class Meta:
        abstract = True

    @classmethod
    def shown(cls) -> models.QuerySet[Self]:
        return cls._default_manager.select_related(*cls.read_along)

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return {} if seen_by.is_public else dict(self.contents())

    def face(self, seen_by: By) -> Face:
        if seen_by.is_public:
            return Face(str(self._meta.verbose_name).capitalize(), closed=True)
        return Face(str(self), self.get_absolute_url())


class Report(OfReport):
    """The report on a period: its figures lie open to the partners' queries until a day, and officers explain them.

    `until` is empty where no rule says for how many working days; then they lie open until a pack is published.
    """

    sentences: ClassVar = {"report.opened": "The figures of a period were laid open to the partners"}

    first = models.DateField()
    last = models.DateField()
    until = models.DateField(null=True)
    known_at = models.PositiveBigIntegerField()
    meeting = models.ForeignKey("governance.Meeting", models.PROTECT, null=True, related_name="reports")
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    closed: bool
    published: bool
    objects = ReportRows.as_manager()

    class Meta:
        ordering = ("-last", "-first")
        verbose_name = "report on a period"
        constraints = (models.UniqueConstraint(fields=("first", "last"), name="one_report_of_a_period"),)

    def __str__(self) -> str:
        return f"Report on {period(self.span)}"

    @property
    def span(self) -> Span:
        return Span(self.first, self.last)

    @property
    def state(self) -> State:
        """What has become of it; only of rows that were read `with_state`."""
        return State.CLOSED if self.closed else State.PUBLISHED if self.published else State.IN_WORK

    def get_absolute_url(self) -> str:
        return reverse("performance:report", args=[self.span])

    def contents(self) -> dict[str, Any]:
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    def face(self, seen_by: By) -> Face:
        return Face(str(self), None if seen_by.is_public else self.get_absolute_url(), closed=seen_by.is_public)


class Said(OfReport):
    """Something said in a report about a part of it or a figure: `about` as code, `title` as people, name it."""

    report: models.ForeignKey[Report, Report]
    about = models.CharField(max_length=300)
    title = models.CharField(max_length=300)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Wording(models.Model):
    """Words on a part or a figure as they are being written: a draft, which any officer may go on with.

    Once they are signed off or thrown away it is not `open`; its edition goes on, so that nobody overwrites unseen.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="wordings")
    about = models.CharField(max_length=300)
    why = models.TextField(blank=True)
    doing = models.TextField(blank=True)
    by_when = models.DateField(null=True, blank=True)
    open = models.BooleanField(default=True)
    edition = models.PositiveIntegerField(default=1)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("report", "about"), name="one_wording_of_a_subject"),)

    def __str__(self) -> str:
        return f"{self.about} in draft"


class Explanation(Said):
    """Words signed off by a named post: why a figure is as it is, what is done about it, and by when."""

    sentences: ClassVar = {"explanation.signed-off": "An explanation of figures was signed off"}
    read_along: ClassVar = ("report",)

    report = models.ForeignKey(Report, models.PROTECT, related_name="explanations")
    why = models.TextField()
    doing = models.TextField(blank=True)
    by_when = models.DateField(null=True)
    drafted_by = models.CharField(max_length=100)
    instead_of = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"Explanation: {self.title}"

    def get_absolute_url(self) -> str:
        return f"{self.report.get_absolute_url()}#said-{self.pk}"

    def contents(self) -> dict[str, Any]:
        return {
            "about": self.about,
            "why": self.why,
            "doing": self.doing,
            "by_when": self.by_when.isoformat() if self.by_when else None,
        }


class FigureRemark(Said):
    """A partner's remark on what is said in a report."""

    sentences: ClassVar = {"figures.remarked": "A partner remarked on what a report says"}
    read_along: ClassVar = ("report", "partner")

    report = models.ForeignKey(Report, models.PROTECT, related_name="remarks")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="figure_remarks")
    words = models.TextField()

    class Meta:
        ordering = ("pk",)
        verbose_name = "partner's remark on figures"

    def __str__(self) -> str:
        return f"Remark of {self.partner}: {self.title}"

    def get_absolute_url(self) -> str:
        return f"{self.report.get_absolute_url()}#remark-{self.pk}"

    def contents(self) -> dict[str, Any]:
        return {"about": self.about, "words": self.words}


class RemarkTakenBack(OfReport):
    """That whoever made a remark takes it back; what was said stays, marked."""

    sentences: ClassVar = {"remark.taken-back": "A remark on what a report says was taken back"}
    read_along: ClassVar = ("remark__report", "remark__partner")

    remark = models.OneToOneField(FigureRemark, models.PROTECT, related_name="taken_back")
    reason = models.TextField(blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "remark taken back"

    def __str__(self) -> str:
        return f"Taken back: {str(self.remark)[:1].lower()}{str(self.remark)[1:]}"

    def get_absolute_url(self) -> str:
        return self.remark.get_absolute_url()

    def contents(self) -> dict[str, Any]:
        return {"reason": self.reason}


class ReportTurn(OfReport):
    """That a report goes no further, or goes on again after all, and why."""

    sentences: ClassVar = {
        "report.closed": "A report was closed before anything of it was published",
        "report.reopened": "A report that was closed goes on",
    }
    read_along: ClassVar = ("report",)

    report = models.ForeignKey(Report, models.PROTECT, related_name="turns")
    closes = models.BooleanField()
    reason = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        verbose_name = "turn of a report"

    def __str__(self) -> str:
        return f"{self.report} {'closed' if self.closes else 'reopened'}"

    def get_absolute_url(self) -> str:
        return self.report.get_absolute_url()

    def contents(self) -> dict[str, Any]:
        return {"closes": self.closes, "reason": self.reason}


class FigureQuery(Said):
    """A partner's doubt about a figure of a period; it stands until the partner says that it is settled."""

    sentences: ClassVar = {"figures.queried": "A partner queried a figure of a period"}
    read_along: ClassVar = ("report", "partner")

    report = models.ForeignKey(Report, models.PROTECT, related_name="queries")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="figure_queries")
    words = models.TextField()
    late = models.BooleanField()

    class Meta:
        ordering = ("pk",)
        verbose_name = "query of a figure"
        verbose_name_plural = "figure queries"

    def __str__(self) -> str:
        return f"Query of {self.partner}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("performance:query", args=[self.pk])

    def contents(self) -> dict[str, Any]:
        return {"about": self.about, "words": self.words, "late": self.late}


class QueryAnswer(OfReport):
    """What an officer answers to a query: the figure stands, or its source is put right, and why."""

    sentences: ClassVar = {"query.answered": "A query of a figure was answered"}
    read_along: ClassVar = ("query__report", "query__partner")

    class Outcome(models.TextChoices):
        STANDS = "stands", "The figure stands"
        PUT_RIGHT = "put_right", "The source was put right"
        LOOKING = "looking", "It is being looked into"

    query = models.ForeignKey(FigureQuery, models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    words = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        verbose_name = "answer to a query"

    def __str__(self) -> str:
        return f"Answer to the {str(self.query)[:1].lower()}{str(self.query)[1:]}"

    def get_absolute_url(self) -> str:
        return f"{self.query.get_absolute_url()}#answer-{self.pk}"

    def contents(self) -> dict[str, Any]:
        return {"outcome": self.outcome, "words": self.words}


class QuerySettlement(OfReport):
    """That a partner is content: its query is settled, or was a slip of its own."""

    sentences: ClassVar = {"query.settled": "A query of a figure was settled"}
    read_along: ClassVar = ("query__report", "query__partner")

    query = models.OneToOneField(FigureQuery, models.PROTECT, related_name="settlement")
    words = models.TextField(blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "settlement of a query"

    def __str__(self) -> str:
        return f"Settled: {str(self.query)[:1].lower()}{str(self.query)[1:]}"

    def get_absolute_url(self) -> str:
        return self.query.get_absolute_url()

    def contents(self) -> dict[str, Any]:
        return {"words": self.words}
