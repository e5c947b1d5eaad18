"""A whole database into a folder of files and back, consistent while others write.

SQLite gives a copy of its one file; PostgreSQL gives one file a table in its own COPY form, read in one snapshot.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from commonhold.refusals import Refused

SQLITE = "database.sqlite3"
TABLES = "tables"
ABOUT = "about.json"


def copy_out(folder: Path) -> None:
    """Write the whole database into an empty folder."""
    about = {"vendor": connection.vendor, "migrations": sorted(map(list, _migrations()))}
    (folder / ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")
    if connection.vendor == "postgresql":
        _copy_tables_out(folder / TABLES)
    else:
        with connection.cursor() as cursor:
            cursor.execute("vacuum into %s", [str(folder / SQLITE)])


def copy_in(folder: Path) -> None:
    """Fill an empty database from what copy_out wrote. Refuses another database's copy or another version's."""
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    if about["vendor"] != connection.vendor:
        raise Refused(f"This backup was made on {about['vendor']}; restore it there, not on {connection.vendor}.")
    if connection.introspection.table_names():
        raise Refused("There is a database here already. Restore into an empty one: nothing was changed.")
    if connection.vendor == "postgresql":
        call_command("migrate", verbosity=0, interactive=False)
        if sorted(map(list, _migrations())) != about["migrations"]:
            raise Refused("This backup was made by another version of Commonhold. Restore it with that version.")
        _copy_tables_in(folder / TABLES)
        return
    target = str(connection.settings_dict["NAME"])
    connection.close()
    source = sqlite3.connect(folder / SQLITE)
    destination = sqlite3.connect(target)
    with source, destination:
        source.backup(destination)
    source.close()
    destination.close()


def _migrations() -> Iterator[tuple[str, str]]:
    yield from MigrationRecorder(connection).applied_migrations()


def _names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = current_schema() order by tablename")
        return [name for (name,) in cursor.fetchall()]


def _copy_tables_out(folder: Path) -> None:
    folder.mkdir()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read read only")
        for name in _names():
            with (folder / name).open("wb") as file, cursor.copy(f'copy "{name}" to stdout') as rows:
                for row in rows:
                    file.write(row)


def _copy_tables_in(folder: Path) -> None:
    # Constraints between tables are checked when the transaction ends, so any order will do.
    with transaction.atomic(), connection.cursor() as cursor:
        names = [path.name for path in sorted(folder.iterdir())]
        for name in names:
            cursor.execute(f'delete from "{name}"')
        for name in names:
            with (folder / name).open("rb") as file, cursor.copy(f'copy "{name}" from stdin') as rows:
                while chunk := file.read(2**20):
                    rows.write(chunk)
        _continue_numbering(cursor)


def _continue_numbering(cursor: object) -> None:
    from django.apps import apps

    for statement in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models(include_auto_created=True))):
        cursor.execute(statement)  # type: ignore[attr-defined]
