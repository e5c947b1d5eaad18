"""What people were told: a list on their page, and an outbox where e-mail is set up. Workings: nothing is recorded."""

from django.db import models
from django.db.models import Q

from commonhold.partnership.models.people import Person


class Told(models.Model):
    """That a person was told of something, why, and whether they have seen it and it was sent by e-mail."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="told")
    subject = models.CharField(max_length=120)
    why = models.CharField(max_length=200)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    to_send = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("person", "-id"), name="told_to_a_person"),
            models.Index(fields=("id",), condition=Q(to_send=True, sent_at=None), name="told_and_to_send"),
        )

    def __str__(self) -> str:
        return f"{self.why} ({self.subject})"
