"""Jobs asked for, and how far the followers of the record have read. Workings: none of this is on the record (L1)."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from commonhold.ledger.engine.by import By

THE_SERVICE = "the-service"
"""The post that does what must be done regularly."""


class State(models.TextChoices):
    ASKED = "asked", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


ENDED = (State.DONE, State.FAILED, State.CANCELLED)


class JobRows(models.QuerySet["Job"]):
    def claimable(self, now: datetime) -> "JobRows":
        """Those that a worker may begin, in the order in which they fell due: never two of one key at once."""
        twin = Job.objects.filter(state=State.RUNNING, key=OuterRef("key")).exclude(key="")
        due = self.filter(state=State.ASKED, due_at__lte=now)
        return due.exclude(Exists(twin)).order_by("due_at", "pk")

    def held(self, job: int, attempt: int) -> "JobRows":
        """The job, while that attempt holds it. An attempt's number is given once, so a lost one finds nothing here."""
        return self.filter(pk=job, state=State.RUNNING, attempts=attempt)

    def stalled(self, now: datetime) -> "JobRows":
        """Those whose worker was not heard of until its lease was over."""
        return self.filter(state=State.RUNNING, lease_until__lt=now)


class Job(models.Model):
    """Work asked for, to be done by a worker: which task, for which post, when, and how far it is."""

    name = models.CharField(max_length=100)
    words_for_it = models.CharField(max_length=200, blank=True)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, blank=True)
    round = models.DateTimeField(null=True, blank=True)

    post = models.CharField(max_length=100)
    partner = models.CharField(max_length=100, null=True, blank=True)
    roles = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    losses = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=100, blank=True)
    to_be_cancelled = models.BooleanField(default=False)

    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    words = models.CharField(max_length=300, blank=True)
    result = models.CharField(max_length=500, blank=True)
    problem = models.TextField(blank=True)

    objects = JobRows.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("due_at", "id"), condition=Q(state="asked"), name="jobs_due"),
            models.Index(fields=("lease_until",), condition=Q(state="running"), name="jobs_held"),
            models.Index(fields=("ended_at",), condition=Q(ended_at__isnull=False), name="jobs_ended"),
            models.Index(fields=("state", "-id"), name="jobs_by_state"),
            models.Index(fields=("post", "-id"), name="jobs_by_post"),
            models.Index(fields=("partner", "-id"), name="jobs_by_partner"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("key",), condition=Q(state="asked") & ~Q(key=""), name="one_waiting_job_of_a_key"
            ),
            models.UniqueConstraint(
                fields=("key",), condition=Q(state="running") & ~Q(key=""), name="one_running_job_of_a_key"
            ),
            models.UniqueConstraint(
                fields=("name", "round"), condition=Q(round__isnull=False), name="one_job_for_a_round"
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False) | (~Q(state="running") & Q(lease_until=None)),
                name="a_running_job_and_no_other_is_held",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at=None)),
                name="an_ended_job_and_no_other_has_an_end",
            ),
            models.CheckConstraint(condition=Q(total=0) | Q(done__lte=F("total")), name="no_more_done_than_there_is"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])

    @classmethod
    def noun(cls) -> str:
        return "job"

    @property
    def title(self) -> str:
        """What a page calls it: the words given with it, else its name, `demand.import_file` as "Import file"."""
        return self.words_for_it or self.name.rsplit(".", 1)[-1].replace("_", " ").capitalize()

    @property
    def asker(self) -> str:
        return self.post.replace("-", " ").capitalize()

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def waits_to_try_again(self) -> bool:
        return self.state == State.ASKED and self.failures > 0

    def by(self, at: datetime) -> By:
        """Who acts when it runs: the post that asked, as it was when it asked."""
        return By(post=self.post, at=at, partner=self.partner, roles=frozenset(self.roles))


class Cursor(models.Model):
    """How far a follower has read: the number of the last entry it has dealt with."""

    task = models.CharField(max_length=100, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.task} at {self.number}"
