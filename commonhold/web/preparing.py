"""Before a command first uses the database: an empty one is set up; an older or newer one is named, not touched."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from commonhold.databases.alone import alone
from commonhold.databases.setting_up import has_table
from commonhold.ledger import acts as ledger
from commonhold.partnership.acts import people
from commonhold.refusals import Refused
from commonhold.web.demo import BEGINS


def prepare(*, demonstration: bool) -> None:
    """Set up an empty database; refuse one that this version cannot use yet, or one of the other kind."""
    if _is_ready():
        if demonstration:
            ledger.begin(demonstration=True, at=timezone.now())
        return
    with alone("setting-up"):
        empty = not has_table("django_migrations")
        if not empty and _has_begun():
            raise Refused("This database was made by an earlier version. Make a backup, then run: commonhold migrate")
        call_command("migrate", verbosity=0, interactive=False)
        at = BEGINS if demonstration else timezone.now()
        ledger.begin(demonstration=demonstration, at=at)
        people.make_first_posts(at=at)


def _is_ready() -> bool:
    if not has_table("ledger_head"):
        return False
    executor = MigrationExecutor(connection)
    if unknown := set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations or {}):
        app, name = min(unknown)
        raise Refused(
            f"This database was made by a later version ({app} {name}). Install that version, or restore a backup."
        )
    return not executor.migration_plan(executor.loader.graph.leaf_nodes()) and _has_begun()


def _has_begun() -> bool:
    from commonhold.ledger.models import Head

    return has_table("ledger_head") and Head.objects.exists()
