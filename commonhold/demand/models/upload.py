"""Files that were uploaded and looked through, and wait for a word whether they are to be imported: workings."""

from django.db import models
from django.urls import reverse

from commonhold.databases.fields import InstantField


class Upload(models.Model):
    """A ticket file brought to the page: reduced before it was kept (D1), with what an import would make of it."""

    mapping = models.CharField(max_length=100)
    mapping_text = models.TextField()
    partners_text = models.TextField(blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    exported_at = InstantField(null=True, blank=True)
    tolerate = models.FloatField()
    original_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    rehearsal = models.JSONField()
    report = models.JSONField(null=True, blank=True)
    problem = models.TextField(blank=True)
    job = models.PositiveBigIntegerField(null=True, blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Upload {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("demand:upload", args=[self.pk])
