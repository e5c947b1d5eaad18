"""Mappings that are being built from a file and are not saved yet: workings."""

from django.db import models
from django.urls import reverse


class Sketch(models.Model):
    """A mapping that is being built: what was said of it so far, and what the file says under the columns chosen.

    `content` has the form of a mapping's canonical text. Of the file only headings are kept until columns are chosen;
    then the file reduced to them (D1), by its digest.
    """

    headings = models.JSONField(default=list)
    base = models.CharField(max_length=120, blank=True)
    content = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    samples = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    original_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "sketches"

    def __str__(self) -> str:
        return f"Sketch {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("demand:sketch_columns", args=[self.pk])
