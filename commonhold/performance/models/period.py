"""What was computed and may be computed again: workings that no entry stands behind."""

from django.db import models

from commonhold.databases.fields import InstantField
from commonhold.figures import Span


class PeriodRows(models.QuerySet["Period"]):
    def light(self) -> "PeriodRows":
        """Without their extracts, which weigh more than all the rest."""
        return self.defer("extract")


class Period(models.Model):
    """The days of a period read at one instant and one state of knowledge, with its extract."""

    first = models.DateField()
    last = models.DateField()
    as_of = InstantField()
    batch = models.PositiveIntegerField()
    ruled = models.PositiveBigIntegerField(help_text="The last entry by which its rules changed; 0 where none did.")
    program = models.CharField(max_length=40)
    extract = models.BinaryField()
    digest = models.CharField(max_length=64)
    opened = models.PositiveIntegerField()
    names = models.JSONField()
    rule_version = models.CharField(max_length=4_000, null=True, blank=True)  # null: none was agreed

    objects = PeriodRows.as_manager()

    class Meta:
        ordering = ("first", "last")
        constraints = (
            models.UniqueConstraint(
                fields=("first", "last", "as_of", "batch", "ruled", "program"), name="one_computation_of_a_period"
            ),
        )

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    @property
    def span(self) -> Span:
        return Span(self.first, self.last)


class Table(models.Model):
    """The figures of one measure over a period by one grouping, ready to be printed."""

    period = models.ForeignKey(Period, models.CASCADE, related_name="tables", db_index=False)
    by = models.CharField(max_length=100)
    measure = models.CharField(max_length=60)
    figures = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("period", "by", "measure"), name="one_table_of_a_measure_by_a_grouping"),
        )

    def __str__(self) -> str:
        return f"{self.measure} of {self.period} by {self.by or 'nothing'}"


class DisputedReading(models.Model):
    """A period with a dispute in mind: which tickets it touches, their records as disputed, and what comes of it.

    `dispute` is the number of one, or 0 for all together, which are then named by `made_of`. `ids` are the disputed
    tickets by the numbers of what the clock made of them, packed; `tickets` how many of them matter to the period.
    `figures` and `sentences` are what would be otherwise; `touches` says in short which figures it touches, each by its
    measure, partner, whether it is of one, and whether it would be another one as disputed.
    """

    period = models.ForeignKey(Period, models.CASCADE, related_name="disputed", db_index=False)
    dispute = models.PositiveIntegerField()
    made_of = models.JSONField(default=list)
    tickets = models.PositiveIntegerField()
    ids = models.BinaryField()
    patch = models.BinaryField()
    touches = models.JSONField(default=list)
    figures = models.JSONField()
    sentences = models.JSONField()

    class Meta:
        ordering = ("dispute",)
        constraints = (
            models.UniqueConstraint(fields=("period", "dispute"), name="one_reading_of_a_period_with_a_dispute"),
        )

    def __str__(self) -> str:
        return f"{self.period_id} with dispute {self.dispute}"


class DisputedTable(models.Model):
    """The figures of one version of a measure by a grouping that is not kept of itself, with a dispute in mind.

    `figures` are those that the dispute touches, and `touches` in short which these are: what stands for each word of
    the grouping.
    """

    reading = models.ForeignKey(DisputedReading, models.CASCADE, related_name="tables", db_index=False)
    by = models.CharField(max_length=100)
    measure = models.CharField(max_length=60)
    touches = models.JSONField()
    figures = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("reading", "by", "measure"), name="one_table_of_a_measure_by_a_grouping_with_a_dispute"
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} by {self.by} of {self.reading_id}"


class ChartImage(models.Model):
    """A chart as it was drawn, found by the digest of its specification."""

    digest = models.CharField(max_length=64, primary_key=True)
    svg = models.TextField()

    def __str__(self) -> str:
        return self.digest


class Week(models.Model):
    """What the desk's state at the end of what is told said of the days after: workings, for the page of the week."""

    batch = models.PositiveIntegerField(unique=True)
    read_at = InstantField()
    until = InstantField()
    on_hold = models.JSONField()
    due = models.JSONField()

    def __str__(self) -> str:
        return f"The days after {self.read_at}"
