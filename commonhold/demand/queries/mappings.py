"""Mappings by name: those built in, those saved in versions, which files were read by which."""

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404
from django.urls import reverse

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import BUILT_IN, Mapping
from commonhold.demand.engine.rows import shown
from commonhold.demand.models import Batch, RetiredMapping, SavedMapping
from commonhold.demand.models.batch import BatchRows
from commonhold.ledger.engine.by import By
from commonhold.refusals import Refused

PAGE: Final = 25
NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
VERSION: Final = re.compile(r"(.*)@([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Listed:
    """A saved mapping by its newest version, whether it is retired, and how many files that count were read by any."""

    newest: SavedMapping
    is_retired: bool
    files: int


@dataclass(frozen=True, slots=True)
class Told:
    """Files that still count as an older version or another mapping reads them: their batches, newest first."""

    mapping: str
    digest: str
    version: int | None
    files: int
    newest: int


def called(name: str) -> Mapping:
    """The mapping of this name: built in, or the newest saved version, or with @ a version of it. Refused otherwise."""
    if name in BUILT_IN:
        return mappings.built_in(name)
    row = saved(name)
    if row is None:
        names = ", ".join([*BUILT_IN, *names_in_use()])
        raise Refused(f"There is no mapping '{shown(name)}'. There are {names}; or give a TOML file.")
    return row.mapping()


def saved(name: str) -> SavedMapping | None:
    """The saved mapping that a name, or a name with @ and a version, stands for. Refused where it is retired."""
    version = VERSION.fullmatch(name)
    rows = SavedMapping.objects.filter(name=version[1] if version else name)
    row = rows.filter(version=int(version[2])).first() if version else rows.order_by("-version").first()
    if row is not None and not version and is_retired(row):
        raise Refused(
            f"The mapping '{shown(name)}' was retired. Name the version that is meant, such as {row.called}, "
            "or save a new one."
        )
    return row


def is_retired(row: SavedMapping) -> bool:
    return RetiredMapping.objects.filter(mapping=row).exists()


def names_in_use() -> list[str]:
    """The names of saved mappings that are not retired, in order."""
    return list(newest().filter(retired=None).values_list("name", flat=True))


def newest() -> QuerySet[SavedMapping]:
    """The newest version of each name."""
    later = SavedMapping.objects.filter(name=OuterRef("name"), version__gt=OuterRef("version"))
    return SavedMapping.objects.filter(~Exists(later)).order_by("name")


def all_saved() -> list[Listed]:
    """The saved mappings by name."""
    saved = SavedMapping.objects.values("name")
    counted = counting().filter(mapping__in=saved).order_by().values_list("mapping")
    files = dict(counted.annotate(Count("pk")))
    retired = set(RetiredMapping.objects.values_list("mapping_id", flat=True))
    return [Listed(row, row.pk in retired, files.get(row.name, 0)) for row in newest().defer("text")]


def counting() -> BatchRows:
    """Files that count now."""
    return Batch.objects.telling(Batch.objects.known()).exclude(mapping_digest="")


def versions(name: str, *, seen_by: By) -> list[SavedMapping]:
    """The versions of a name, newest first. Not found for the public, and where there is none."""
    found = list(_seen_by(seen_by).filter(name=name).order_by("-version"))
    if not found:
        raise Http404("There is no such mapping.")
    return found


def version(name: str, number: int, *, seen_by: By) -> SavedMapping:
    found = _seen_by(seen_by).filter(name=name, version=number).first() if number < 2**31 else None
    if found is None:
        raise Http404("There is no such version of a mapping.")
    return found


def built_in(name: str, *, seen_by: By) -> Mapping | None:
    return mappings.built_in(name) if name in BUILT_IN and not seen_by.is_public else None


def read_by(name: str, digest: str, before: int | None = None) -> tuple[list[Batch], int | None]:
    """A page of the files that were read by this text, those read anew since among them, and where older ones begin."""
    rows = (
        Batch.objects.taken()
        .filter(mapping=name, mapping_digest=digest)
        .select_related("desk")
        .defer("left_out", "report")
    )
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows.order_by("-number")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None


def told_otherwise(row: SavedMapping) -> list[Told]:
    """Files that count and were read by another version of the same name."""
    others = dict(SavedMapping.objects.filter(name=row.name).exclude(pk=row.pk).values_list("digest", "version"))
    found: dict[str, list[int]] = {}
    files = counting().filter(mapping=row.name, mapping_digest__in=list(others)).order_by("-number")
    for digest, number in files.values_list("mapping_digest", "number"):
        found.setdefault(digest, []).append(number)
    told = [Told(row.name, digest, others[digest], len(n), n[0]) for digest, n in found.items()]
    return sorted(told, key=lambda one: -(one.version or 0))


def to_read_by(digest: str) -> list[SavedMapping]:
    """The newest versions of saved mappings by which files could be read that were read by the text of this digest."""
    return list(newest().filter(retired=None).exclude(digest=digest))


def retirement(row: SavedMapping) -> RetiredMapping | None:
    return RetiredMapping.objects.filter(mapping=row).first()


def behind(name: str, digest: str) -> SavedMapping | None:
    """The saved version of this name whose text has this digest."""
    return SavedMapping.objects.filter(name=name, digest=digest).first() if digest else None


def address_of(batch: Batch, *, seen_by: By) -> str:
    """The page of the mapping that a batch was read by, where this reader may see one."""
    if seen_by.is_public or not batch.mapping_digest:
        return ""
    row = behind(batch.mapping, batch.mapping_digest)
    if row is not None:
        return row.get_absolute_url()
    same = batch.mapping in BUILT_IN and mappings.built_in(batch.mapping).digest == batch.mapping_digest
    return reverse("demand:mapping", args=[batch.mapping]) if same else ""


def _seen_by(seen_by: By) -> QuerySet[SavedMapping]:
    return SavedMapping.objects.none() if seen_by.is_public else SavedMapping.objects.all()
