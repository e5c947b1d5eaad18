"""Posts, people and appointments."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.partnership.models import Partner, Post, Role

OPERATOR = "operator"
THE_SERVICE = "the-service"


@transaction.atomic
def make_first_posts(*, at: datetime) -> None:
    """Make the two posts that a database needs to act at all: the operator, and the service for what is done daily."""
    if Post.objects.filter(slug=OPERATOR).exists():
        return
    by = By(post=OPERATOR, at=at, roles=frozenset({Role.OPERATOR}))
    for slug, title, role in (
        (OPERATOR, "Operator", Role.OPERATOR),
        (THE_SERVICE, "The service", Role.SERVICE),
    ):
        post = Post.objects.create(slug=slug, title=title, role=role)
        record(by=by, kind="post.made", subject=post)


@working
def reserve_partner(*, name: str) -> Partner:
    """Keep a place for a partner that a file names; nothing shows it until the file is taken over."""
    slug, number = slugify(name)[:50] or "partner", 1
    while Partner.everyone.filter(slug=slug if number == 1 else f"{slug}-{number}").exists():
        number += 1
    return Partner.everyone.create(name=name, slug=slug if number == 1 else f"{slug}-{number}", provisional=True)


@working
def name_reserved_partners(*, numbers: Iterable[int]) -> list[str]:
    """Show the partners that a file named first; the entry of its import tells of them."""
    reserved = Partner.everyone.filter(pk__in=list(numbers), provisional=True)
    names = list(reserved.values_list("name", flat=True))
    reserved.update(provisional=False)
    return names
