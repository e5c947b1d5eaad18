from django.db import migrations

from commonhold.databases.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("partnership", "0002_the_agreement_and_telling")]

    operations = [
        AppendOnly("Proposal"),
        AppendOnly("Consent"),
        AppendOnly("Revocation"),
        AppendOnly("RuleVersion"),
        AppendOnly("Confirmation"),
    ]
