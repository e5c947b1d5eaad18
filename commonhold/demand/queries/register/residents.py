"""The residents' services as they are called now, and every text that each had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import Http404

from commonhold.demand.models import ResidentServiceText

LARGEST: Final = 2**62


@dataclass(frozen=True, slots=True)
class Listed:
    """A residents' service: its last text, and those before it, newest first."""

    now: ResidentServiceText
    before: tuple[ResidentServiceText, ...]


def residents_services() -> list[Listed]:
    """Every residents' service that was ever listed, those still listed first, by name."""
    texts: dict[int, list[ResidentServiceText]] = {}
    for text in ResidentServiceText.objects.order_by("service", "-number"):
        texts.setdefault(text.service_id, []).append(text)
    found = [Listed(of[0], tuple(of[1:])) for of in texts.values()]
    return sorted(found, key=lambda one: (not one.now.is_listed, one.now.name.casefold()))


def last_texts() -> list[ResidentServiceText]:
    """What each residents' service is called now, those that are listed no longer included, by name."""
    return last_of(ResidentServiceText.objects.all())


def last_of(texts: Iterable[ResidentServiceText]) -> list[ResidentServiceText]:
    """The last of each service's texts, by name."""
    last = {text.service_id: text for text in sorted(texts, key=lambda text: text.number)}
    return sorted(last.values(), key=lambda text: text.name.casefold())


def named(services: tuple[int, ...]) -> list[str]:
    """The names of these residents' services, as they are called now."""
    names = {text.service_id: text.name for text in last_texts()}
    return sorted(names[number] for number in services if number in names)


def last_text(service: int) -> ResidentServiceText:
    """What a residents' service is called now. Not found where there is none of that number."""
    rows = ResidentServiceText.objects.filter(service=min(service, LARGEST))
    found = rows.order_by("-number").first()
    if found is None:
        raise Http404("There is no such residents' service.")
    return found
