"""A request as views see it: with the reader it comes from. Apps above add what they know of a reader."""

from django.http import HttpRequest

from commonhold.ledger.engine.by import By


class Asked(HttpRequest):
    """A request to which the middleware has given its reader."""

    by: By
