"""page(): how every view answers. The whole page, or only the named part of it when htmx asks for a part."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

from commonhold.govuk import taking


def page(
    request: HttpRequest,
    template: str,
    *,
    part: str | None = None,
    status: int = 200,
    sheets: taking.Sheets | None = None,
    **context: Any,
) -> HttpResponse:
    """The page from `template`, with what the apps above offer for its `subject`.

    With `part="rows"` a request that htmx makes for a part is answered with `_rows.html` alone, which lies beside the
    template and which the page includes. Where the address asks to take one of its tables away, the answer is that: as
    `sheets` has it by the table's id, else as it stands in the page.
    """
    asked = taking.wanted(request) if status == 200 else None
    title = str(context.get("title", "Table"))
    if asked and sheets and asked.table in sheets:
        return cast(HttpResponse, taking.answer(request, asked, title, sheets[asked.table](), ""))
    name = part_of(template, part) if part and wants_part(request) else template
    if name == template and "subject" in context:
        context.setdefault("offers", offers_for(request, context["subject"]))
    with taking.shown(request):
        response = render(request, name, context, status=status)
    if asked:
        return cast(HttpResponse, taking.answer(request, asked, title, None, response.content.decode()))
    if part:
        patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
    return response


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks, and for a part: not to go back in the history, nor for a whole page that it picks from."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-Request-Type") == "partial"


def part_of(template: str, part: str) -> str:
    folder, _, _ = template.rpartition("/")
    return f"{folder}/_{part}.html"


def offers_for(request: HttpRequest, subject: object) -> list[Any]:
    """What apps above can do with this subject for this reader: the setting OFFERS names the function that knows."""
    found = getattr(settings, "OFFERS", None)
    return list(import_string(found)(subject, getattr(request, "by", None))) if found else []


def choices_for(word: str, seen_by: Any = None) -> list[tuple[str, str]]:
    """What apps above have to choose from under a word, such as "measure", where it matters for this reader: the
    setting CHOICES names who knows.
    """
    found = getattr(settings, "CHOICES", None)
    return list(import_string(found)(word, seen_by)) if found else []
