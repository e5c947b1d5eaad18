"""A template of a test's own, rendered as pages are."""

from typing import Any

from django.template import engines


def rendered(template: str, **context: Any) -> str:
    return str(engines["jinja2"].env.from_string(template).render(context))
