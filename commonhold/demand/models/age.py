"""How old each desk's file is, kept ready for every page that rests on the desk's tickets: workings, found again."""

from django.db import models

from commonhold.databases.fields import InstantField


class DeskAge(models.Model):
    """A desk's newest file: when it came, until when it tells; and, of its feed, from when on a file will be missing.

    `missing_from` is the instant at which a file is first lacking if none comes, so it need not be written when that
    instant passes.
    """

    desk = models.CharField(max_length=200, unique=True)
    feed = models.CharField(max_length=60, blank=True)
    came = models.DateTimeField(null=True)
    told_to = InstantField(null=True)
    missing_from = models.DateTimeField(null=True)

    class Meta:
        ordering = ("desk",)

    def __str__(self) -> str:
        return self.desk
