"""A whole database into a folder of files and back, consistent while others write.

SQLite gives a copy of its one file; PostgreSQL gives one file a table in its own COPY form, read in one snapshot.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from commonhold.databases.setting_up import has_table
from commonhold.refusals import Refused

SQLITE: Final = "database.sqlite3"
TABLES: Final = "tables"
ABOUT: Final = "about.json"
BELLS: Final = "procrastinate_"
"""Tables whose rows only wake workers: what is to be done stands elsewhere, and is rung for again."""

Check = Callable[[], None]


def copy_out(folder: Path) -> None:
    """Write the whole database into an empty folder."""
    about: dict[str, Any] = {"vendor": connection.vendor, "migrations": _applied()}
    if connection.vendor == "postgresql":
        about["columns"] = _copy_tables_out(folder / TABLES)
    else:
        with connection.cursor() as cursor:
            cursor.execute("vacuum into %s", [str(folder / SQLITE)])
    about["sha256"] = {name: _digest(folder / name) for name in _files(folder)}
    (folder / ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")


def refuse_unfit(folder: Path) -> None:
    """Refuse a copy that is damaged, of another kind of database or another version, or that has no empty one to fill.

    Nothing is changed by asking.
    """
    about = _about(folder)
    if about["sha256"] != {name: _digest(folder / name) for name in _files(folder)}:
        raise Refused("The database in this backup is damaged: its digests are not those that were noted.")
    if about["vendor"] != connection.vendor:
        raise Refused(f"This backup was made on {about['vendor']}; restore it there, not on {connection.vendor}.")
    known = {tuple(one) for one in MigrationLoader(None).disk_migrations}
    made_with = {tuple(one) for one in about["migrations"]}
    if made_with - known or (connection.vendor == "postgresql" and made_with != known):
        raise Refused("This backup was made by another version of Commonhold. Restore it with that version.")
    if _holds_something():
        raise Refused("There is a database here already. Restore into an empty one.")


def copy_in(folder: Path, *, check: Check) -> None:
    """Fill an empty database from what copy_out wrote; where `check` refuses what it finds there, it is empty again."""
    refuse_unfit(folder)
    if connection.vendor == "postgresql":
        call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic():
            _copy_tables_in(folder / TABLES, _about(folder)["columns"])
            check()
        return
    place = str(connection.settings_dict["NAME"])
    beside = f"{place}-restored"
    with closing(sqlite3.connect(folder / SQLITE)) as source, closing(sqlite3.connect(beside)) as destination:
        source.backup(destination)
    try:
        _look_at(beside, check)
        Path(beside).replace(place)
    finally:
        for left in (beside, f"{beside}-wal", f"{beside}-shm"):
            Path(left).unlink(missing_ok=True)


def _look_at(place: str, check: Check) -> None:
    """Check a database beside the one that is used."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = place
    try:
        check()
    finally:
        # The last connection to close takes the log written ahead into the file, so that the file alone is whole.
        connection.close()
        connection.settings_dict["NAME"] = usual


def _holds_something() -> bool:
    """Whether there is a record, or tables of something else; one that is set up and no more counts as empty."""
    if not connection.introspection.table_names():
        return False
    if not has_table("ledger_head"):
        return True
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_head")
        return bool(cursor.fetchone()[0])


def _about(folder: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        return {name: about[name] for name in ("vendor", "migrations", "sha256")} | about
    except (OSError, ValueError, KeyError, TypeError):
        raise Refused("This is not a whole backup of Commonhold: what it says of its database is missing.") from None


def _files(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ABOUT)
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _applied() -> list[list[str]]:
    return sorted(map(list, MigrationRecorder(connection).applied_migrations()))


def _tables() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = current_schema() order by tablename")
        yield from (name for (name,) in cursor.fetchall() if not name.startswith(BELLS))


def _columns(cursor: Any, table: str) -> list[str]:
    return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _copy_tables_out(folder: Path) -> dict[str, list[str]]:
    """Write every table; returns their columns, in the order in which they were written."""
    folder.mkdir()
    columns = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read read only")
        for name in _tables():
            columns[name] = _columns(cursor, name)
            with (folder / name).open("wb") as file, cursor.copy(_copying(name, columns[name], "to stdout")) as rows:
                for row in rows:
                    file.write(row)
    return columns


def _copy_tables_in(folder: Path, columns: dict[str, Sequence[str]]) -> None:
    # Constraints between tables are checked when the transaction ends, so any order will do.
    ours = set(_tables())
    with connection.cursor() as cursor:
        for name, of in columns.items():
            # These names become part of statements, and whoever wrote the backup chose them.
            if name not in ours or not set(of) <= set(_columns(cursor, name)):
                raise Refused(f"This backup holds a table that Commonhold does not have in this form: {name!r}.")
        for name in columns:
            # Rows that only grow in number refuse to be removed, even where there are none.
            cursor.execute(f'select exists (select from "{name}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'delete from "{name}"')
        for name, of in columns.items():
            with (folder / name).open("rb") as file, cursor.copy(_copying(name, of, "from stdin")) as rows:
                while chunk := file.read(2**20):
                    rows.write(chunk)
        for statement in connection.ops.sequence_reset_sql(
            no_style(), list(apps.get_models(include_auto_created=True))
        ):
            cursor.execute(statement)


def _copying(table: str, columns: Sequence[str], where: str) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f'copy "{table}" ({names}) {where}'
