from django.db import migrations

from commonhold.databases.append_only import AppendOnly

KEPT = ("KeyFlag", "IncidentTicket", "Telling", "WriteUp", "Remark", "Strike", "ResidentServiceText")


class Migration(migrations.Migration):
    dependencies = [("demand", "0002_grave_incidents")]

    operations = [AppendOnly(name) for name in KEPT]
