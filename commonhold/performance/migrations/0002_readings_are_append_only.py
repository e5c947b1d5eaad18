from django.db import migrations

from commonhold.databases.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("performance", "0001_periods_and_packs")]

    operations = [AppendOnly("Pack"), AppendOnly("Reading"), AppendOnly("Withdrawal")]
