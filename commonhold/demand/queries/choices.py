"""What filters offer: the names that tickets have."""

from commonhold.demand.models import Category, Service, Team
from commonhold.partnership.models import Partner

Choices = list[tuple[str, str]]

MOST = 500
"""A longer list would be no help; its names are still understood in the address."""


def partners() -> Choices:
    return [*Partner.objects.values_list("slug", "name"), ("none", "No partner")]


def teams() -> Choices:
    return [(name, name) for name in Team.objects.values_list("name", flat=True)[:MOST]]


def services() -> Choices:
    return [(name, name) for name in Service.objects.values_list("name", flat=True)[:MOST]]


def categories() -> Choices:
    return [(name, name) for name in Category.objects.values_list("name", flat=True)[:MOST]]
