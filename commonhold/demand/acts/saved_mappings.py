"""Mappings saved under a name, version by version, and retired: what files are read by is on the record."""

from dataclasses import replace

from django.db import transaction

from commonhold.demand.engine.mapping import BUILT_IN, DESK_LIMIT, Mapping
from commonhold.demand.models import RetiredMapping, SavedMapping
from commonhold.demand.models.mapping import LONGEST_WHY
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries.mappings import NAME
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.refusals import Refused, require


@transaction.atomic
def save_mapping(*, by: By, name: str, mapping: Mapping, why: str) -> SavedMapping:
    """Save a mapping as the next version of its name; nothing that was saved before is changed."""
    require(brings_files(by), "save mappings")
    if not NAME.fullmatch(name) or len(name) > DESK_LIMIT:
        raise Refused("A name is small letters and digits, with hyphens between, such as north-desk.")
    if name in BUILT_IN:
        raise Refused(f"'{name}' is the name of a mapping that is built in. Choose another.")
    before = SavedMapping.objects.select_for_update().filter(name=name).order_by("-version").first()
    next_one = replace(mapping, name=name, version=before.version + 1 if before else 1)
    if before is not None and _says_the_same(before.mapping(), next_one) and not _is_retired(before):
        raise Refused(f"This says the same as {before}, so there is nothing to save.")
    made = SavedMapping.objects.create(
        name=name,
        version=next_one.version,
        text=next_one.canonical,
        digest=next_one.digest,
        why=_given(why),
        post=by.post,
        at=by.at,
    )
    record(
        by=by,
        kind="mapping.saved",
        subject=made,
        because=before.entry if before else None,
        facts={"version": made.version, "digest": made.digest},
    )
    return made


@transaction.atomic
def retire_mapping(*, by: By, mapping: SavedMapping, why: str) -> RetiredMapping:
    """Offer a mapping no more. It stays to be read, and what was read by it stays as it is."""
    require(brings_files(by), "retire mappings")
    newest = SavedMapping.objects.select_for_update().filter(name=mapping.name).order_by("-version").first()
    if newest is None or newest.pk != mapping.pk:
        raise Refused(f"{mapping} is not the newest version of this mapping. Look at the newest, and retire that.")
    if _is_retired(newest):
        raise Refused(f"{mapping} is retired already.")
    made = RetiredMapping.objects.create(mapping=newest, why=_given(why), post=by.post, at=by.at)
    record(
        by=by,
        kind="mapping.retired",
        subject=made,
        because=newest.entry,
        facts={"version": newest.version, "digest": newest.digest},
    )
    return made


def _says_the_same(one: Mapping, other: Mapping) -> bool:
    return replace(one, version=1).digest == replace(other, version=1).digest


def _is_retired(mapping: SavedMapping) -> bool:
    return RetiredMapping.objects.filter(mapping=mapping).exists()


def _given(why: str) -> str:
    if not why.strip():
        raise Refused("Say why: all partners read it beside the mapping.")
    if len(why.strip()) > LONGEST_WHY:
        raise Refused(f"Why has at most {LONGEST_WHY:,} characters.")
    return why.strip()
