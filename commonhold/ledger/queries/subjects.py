"""Entries as a reader sees them: in words, with the face of their subject and the title of the post (L2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from commonhold.databases.together import together
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry, Face, Recorded, recorded_models, sentence

GONE = Face("No longer kept", closed=True)
NOBODY = Face("In no post")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words, for one reader."""

    number: int
    at: datetime
    kind: str
    sentence: str
    subject: str
    face: Face | None
    post: Face
    because: tuple[int, ...]
    through: str


def lines(entries: Iterable[Entry], seen_by: By, posts: Mapping[str, Face] | None = None) -> list[Line]:
    """These entries in words: one query for their subjects and one for the posts, however many they are.

    `posts` are the faces of their posts, where somebody has read them already.
    """
    rows = list(entries)
    faces = _faces({row.subject for row in rows if row.subject}, seen_by)
    if posts is None:
        posts = titles_of_posts({row.post for row in rows if row.post}, seen_by)
    return [
        Line(
            number=row.number,
            at=row.at,
            kind=row.kind,
            sentence=sentence(row.kind),
            subject=row.subject,
            face=faces.get(row.subject, GONE) if row.subject else None,
            post=posts.get(row.post, NOBODY),
            because=tuple(row.because),
            through=row.through,
        )
        for row in rows
    ]


def behind(refs: Iterable[str]) -> dict[str, Recorded]:
    """The things that these references name and that are still kept, by reference, in one query."""
    nouns = defaultdict(set)
    for ref in refs:
        nouns[ref.partition("/")[0]].add(ref)
    models = recorded_models()
    found = together({noun: models[noun].behind(nouns[noun]) for noun in sorted(nouns.keys() & models.keys())})
    return {row.ref: row for rows in found.values() for row in rows}


def titles_of_posts(slugs: Iterable[str], seen_by: By) -> dict[str, Face]:
    """The posts with these slugs. Entries name posts by slug, and whichever model bears the noun "post" knows them."""
    wanted = set(slugs)
    titles = {slug: Face(slug.replace("-", " ").capitalize()) for slug in wanted}
    model = recorded_models().get("post")
    if model is not None and wanted:
        rows: list[Any] = list(model.shown().filter(Q(("slug__in", wanted))))
        titles |= {row.slug: row.face(seen_by) for row in rows}
    return titles


def _faces(refs: Iterable[str], seen_by: By) -> dict[str, Face]:
    return {ref: row.face(seen_by) for ref, row in behind(refs).items()}
