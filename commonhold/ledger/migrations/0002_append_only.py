from django.db import migrations

from commonhold.databases.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_the_log")]

    operations = [AppendOnly("Entry"), AppendOnly("Because"), AppendOnly("Node")]
