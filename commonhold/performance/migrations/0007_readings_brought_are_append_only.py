from django.db import migrations

from commonhold.databases.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("performance", "0006_readings_are_brought")]

    operations = [
        AppendOnly("Delivery"),
        AppendOnly("SourceReading"),
        AppendOnly("TakenBack"),
        AppendOnly("OwnMeasure"),
    ]
