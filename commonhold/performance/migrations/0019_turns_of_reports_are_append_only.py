from django.db import migrations

from commonhold.databases.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("performance", "0018_remarks_taken_back_and_reports_closed")]

    operations = [AppendOnly("RemarkTakenBack"), AppendOnly("ReportTurn")]
