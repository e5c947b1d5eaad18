from django.db import migrations

from commonhold.databases.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("performance", "0013_reconciliations")]

    operations = [AppendOnly("TheirList")]
