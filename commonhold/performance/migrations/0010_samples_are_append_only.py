from django.db import migrations

from commonhold.databases.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("performance", "0009_samples")]

    operations = [AppendOnly("Sample")]
