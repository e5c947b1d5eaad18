import django.db.models.deletion
from django.db import migrations, models

OF_THEIR_TICKETS = (
    'update "demand_reckoning" set "desk_id" = '
    '(select "desk_id" from "demand_ticket" where "demand_ticket"."id" = "demand_reckoning"."ticket_id")'
)


class Migration(migrations.Migration):

    dependencies = [
        ('demand', '0016_ages_of_files_kept_ready'),
    ]

    operations = [
        migrations.AddField(
            model_name='reckoning',
            name='desk',
            field=models.ForeignKey(db_constraint=False, db_index=False, default=0, on_delete=django.db.models.deletion.PROTECT, related_name='reckonings', to='demand.desk'),
            preserve_default=False,
        ),
        migrations.RunSQL(OF_THEIR_TICKETS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='reckoning',
            index=models.Index(fields=['desk', 'opened_at', 'id'], name='reckonings_of_a_desk'),
        ),
    ]
