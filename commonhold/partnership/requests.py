"""A request as views see it: with the reader it comes from."""

from django.http import HttpRequest

from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Person


class Asked(HttpRequest):
    """A request to which the middleware has given its reader."""

    by: By
    user: Person
