"""What was found of the completeness of some days, kept ready for the page: workings, found again at any time."""

from django.db import models

from commonhold.demand.engine.completeness import Complete


class DaysComplete(models.Model):
    """How complete each desk's tickets of some days were when a file's batch was the last one of its kind."""

    batch = models.PositiveIntegerField()
    first = models.DateField()
    last = models.DateField()
    told = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("batch", "first", "last"), name="one_finding_of_days_and_a_batch"),
        )

    def __str__(self) -> str:
        return f"{self.first} to {self.last}, batch {self.batch}"

    @property
    def desks(self) -> list[Complete]:
        return [Complete.from_json(one) for one in self.told]
