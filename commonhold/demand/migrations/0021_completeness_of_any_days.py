from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("demand", "0020_what_a_batch_corrected")]

    operations = [
        migrations.RenameModel("MonthComplete", "DaysComplete"),
        migrations.RemoveConstraint("dayscomplete", "one_finding_of_a_month_and_a_batch"),
        migrations.AddConstraint(
            "dayscomplete",
            models.UniqueConstraint(fields=("batch", "first", "last"), name="one_finding_of_days_and_a_batch"),
        ),
    ]
