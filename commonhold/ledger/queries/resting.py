"""Whether anything rests on the bytes of a kept file: asked before they are removed, of all apps at once."""

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db.models import CharField, Model, QuerySet, TextField
from django.db.models.functions import Cast

from commonhold.ledger.models import Entry

HEX: Final = 64
"""Characters of a column that holds a digest."""
AS_THEY_CAME: Final = "original"
"""What the names of digests begin with that are of bytes as they came, which nobody keeps (D1)."""


def is_named(digest: str) -> bool:
    """Whether a row of any table, or an entry, names a file by its digest. Columns of digests are found by their
    length, so that those of a later table count by themselves; a model that has `naming` answers by that.
    """
    return any(rows.exists() for rows in _rows(digest)) or _is_entered(digest)


def _rows(digest: str) -> Iterator[QuerySet[Model]]:
    for model in apps.get_models():
        if hasattr(model, "naming"):
            yield model.naming(digest)
            continue
        for column in model._meta.concrete_fields:
            is_of_digests = isinstance(column, CharField) and column.max_length == HEX
            if is_of_digests and not column.name.startswith(AS_THEY_CAME):
                yield model._default_manager.filter(**{column.name: digest})


def _is_entered(digest: str) -> bool:
    rows = Entry.objects.annotate(text=Cast("facts", TextField())).filter(text__contains=digest).order_by()
    return any(_says(facts, digest) for facts in rows.values_list("facts", flat=True).iterator())


def _says(said: Any, digest: str) -> bool:
    if isinstance(said, dict):
        return any(_says(value, digest) for name, value in said.items() if not name.startswith(AS_THEY_CAME))
    return any(_says(value, digest) for value in said) if isinstance(said, list) else bool(said == digest)
