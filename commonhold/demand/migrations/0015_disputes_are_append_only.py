from django.db import migrations

from commonhold.databases.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("demand", "0014_disputes")]

    operations = [AppendOnly("Dispute"), AppendOnly("DisputeStep")]
