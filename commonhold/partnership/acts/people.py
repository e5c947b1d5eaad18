"""Posts, people and appointments."""

from datetime import datetime

from django.db import transaction

from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Post, Role

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
