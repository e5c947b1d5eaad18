"""What filters offer: the names that tickets have, as far as they are known."""

from django.db.models import CharField, Exists, OuterRef, Value

from commonhold.demand.models import Batch, Category, Desk, Service, Team
from commonhold.partnership.models import Partner

Choices = list[tuple[str, str]]


def choices(known: int) -> dict[str, Choices]:
    """The names that the list of tickets can be narrowed to, by the filter's name; in two queries."""
    models = {"team": Team, "service": Service, "category": Category, "desk": Desk}
    offered: dict[str, Choices] = {what: [] for what in models}
    first, *others = (
        model.objects.known(known).annotate(what=Value(what, CharField())).order_by().values_list("what", "name")
        for what, model in models.items()
    )
    for what, name in sorted(first.union(*others, all=True)):
        offered[what].append((name, name))
    partners = [*Partner.objects.values_list("slug", "name"), ("none", "No partner")]
    return {"partner": partners, **offered}


def desks() -> Choices:
    """The desks whose files are known."""
    known = Desk.objects.filter(Exists(Batch.objects.taken().filter(desk=OuterRef("pk"))))
    return [(name, name) for name in known.order_by("name").values_list("name", flat=True)]
