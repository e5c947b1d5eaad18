"""What was signed off before it was kept on the incident itself."""

from django.db import migrations


def signed(apps, schema_editor):
    incidents = apps.get_model("demand", "WriteUp").objects.values("incident")
    apps.get_model("demand", "Incident").objects.filter(pk__in=incidents).update(signed_once=True)


class Migration(migrations.Migration):
    dependencies = [("demand", "0011_incidents_once_signed_off")]

    operations = [migrations.RunPython(signed, migrations.RunPython.noop)]
