from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('demand', '0019_disputes_that_go_on_in_a_later_one'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(fields=['made_in'], name='corrections_of_a_batch'),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(condition=models.Q(('first_in__isnull', False)), fields=['first_in'], name='corrections_again_of_a_batch'),
        ),
    ]
