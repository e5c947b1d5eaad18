"""Which figures each kept reading touches, in short, from the figures that are kept of it."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COMPARED = ("value", "numerator", "denominator", "low", "high")


def touched(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    readings = apps.get_model("performance", "DisputedReading")
    for row in readings.objects.only("figures").iterator(chunk_size=200):
        row.touches = [
            [one["measure"], one["scope"].get("partner"), bool(one["scope"]), _changes(one)] for one in row.figures
        ]
        row.save(update_fields=("touches",))


def _changes(one: dict[str, Any]) -> bool:
    return any(one["stands"][name] != one["disputed"][name] for name in COMPARED)


class Migration(migrations.Migration):

    dependencies = [
        ('performance', '0020_disputes_of_other_groupings'),
    ]

    operations = [
        migrations.RunPython(touched, migrations.RunPython.noop),
    ]
