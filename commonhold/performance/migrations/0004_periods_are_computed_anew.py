"""What is kept of periods is of whole minutes, through the last second: what was kept before is computed anew."""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model("performance", "Table").objects.all().delete()
    apps.get_model("performance", "Period").objects.all().delete()
    apps.get_model("jobs", "Cursor").objects.filter(task="performance.keep_months").update(number=0)


class Migration(migrations.Migration):
    dependencies = [("performance", "0003_replacements"), ("jobs", "0001_jobs_and_cursors")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
