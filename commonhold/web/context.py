"""What every page of the site knows: the partnership's name, whether it is a demonstration, who reads, where to go."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {}
