"""What the site says of itself: its words, its accessibility, its cookies."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from commonhold.govuk.pages import page
from commonhold.web import glossary as words


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return page(request, "web/glossary.html", title="Glossary", sections=words.sections())


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return page(request, "web/accessibility.html", title="Accessibility statement")


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return page(request, "web/cookies.html", title="Cookies")
