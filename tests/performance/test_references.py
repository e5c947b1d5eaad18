"""References of figures fit where they are kept, whatever the names in them."""

from datetime import UTC, date, datetime

from commonhold.figures import Span
from commonhold.partnership.models import Partner
from commonhold.performance.engine.references import Reference, parse
from commonhold.performance.models import Reading


def test_the_longest_names_fit_in_a_published_reference() -> None:
    """In an address each letter beyond ASCII takes two signs of three letters at least."""
    name = "é" * (Partner._meta.get_field("name").max_length or 0)
    span = Span(date(2026, 4, 1), date(2026, 6, 30))
    scope = {"partner": name, "responsible": f"authority: {name}"}
    reference = Reference("resolution_hours_median.v1", span, scope, datetime(2026, 6, 30, 22, 59, tzinfo=UTC), 10**9)

    assert parse(str(reference)) == reference
    assert 1_000 < len(str(reference)) <= (Reading._meta.get_field("reference").max_length or 0)
