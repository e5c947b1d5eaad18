from django.db import migrations

from commonhold.databases.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("performance", "0011_figures_published_before")]

    operations = [AppendOnly("Comparator"), AppendOnly("ComparatorBack")]
