"""Tables to which rows are only ever added: the database itself refuses a change or a removal, whoever asks (rule L1).

The owner of a database can drop a trigger; that such a change shows is the work of the Merkle log.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model


class AppendOnly(Operation):
    """A migration's operation: from now on the rows of this model are neither changed nor removed."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models stay as they are; only the database learns something."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for statement in _refuse_changes(schema_editor.connection.vendor, model):
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        for statement in _allow_changes(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Let nobody change or remove rows of {self.model_name}"


def _refuse_changes(vendor: str, model: type[Model]) -> list[str]:
    table = model._meta.db_table
    if vendor == "postgresql":
        return [
            f"""create or replace function "{table}_append_only"() returns trigger language plpgsql as
            $$ begin raise exception '{table} is append-only'; end $$""",
            f"""create trigger "{table}_append_only" before update or delete or truncate on "{table}"
            for each statement execute function "{table}_append_only"()""",
        ]
    return [
        f"""create trigger "{table}_no_{event}" before {event} on "{table}"
        begin select raise(abort, '{table} is append-only'); end"""
        for event in ("update", "delete")
    ] + [
        # "insert or replace" removes the row in its way without waking the trigger on delete.
        f"""create trigger "{table}_no_replace" before insert on "{table}"
        when exists (select 1 from "{table}" where {_same_row(model)})
        begin select raise(abort, '{table} is append-only'); end"""
    ]


def _same_row(model: type[Model]) -> str:
    """The condition under which a new row would stand where another does, by any of the table's unique keys."""
    columns = {field.name: field.column for field in model._meta.local_concrete_fields}
    keys = {tuple(field.column for field in model._meta.pk_fields)}
    keys |= {(field.column,) for field in model._meta.local_concrete_fields if field.unique}
    keys |= {tuple(columns[name] for name in unique.fields) for unique in model._meta.total_unique_constraints}
    return " or ".join(
        "(" + " and ".join(f'"{column}" = new."{column}"' for column in key) + ")" for key in sorted(keys)
    )


def _allow_changes(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f'drop trigger "{table}_append_only" on "{table}"', f'drop function "{table}_append_only"()']
    return [f'drop trigger "{table}_no_{event}"' for event in ("update", "delete", "replace")]
