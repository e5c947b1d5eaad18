"""What the site says of itself: its words, its accessibility, its cookies."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from commonhold.demand.queries.flat import COLUMNS as TICKETS
from commonhold.demand.queries.flat import WORDS as OF_TICKETS
from commonhold.governance.queries.flat import COLUMNS as ACTIONS
from commonhold.governance.queries.flat import WORDS as OF_ACTIONS
from commonhold.govuk.pages import page
from commonhold.performance.queries.flat import COLUMNS as FIGURES
from commonhold.performance.queries.flat import WORDS_OF_ADDRESS as OF_FIGURES
from commonhold.web import glossary as words


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return page(request, "web/glossary.html", title="Glossary", sections=words.sections())


@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """The flat tables for Excel, Power BI and scripts: where each is, what narrows it down, what its columns say."""
    found = (
        ("figures", "One row for each figure, by everything that figures are kept ready by", OF_FIGURES, FIGURES),
        ("tickets", "One row for each ticket that you may see", OF_TICKETS, TICKETS),
        ("actions", "One row for each action that a body asked for", OF_ACTIONS, ACTIONS),
    )
    return page(request, "web/tables.html", title="Tables for Excel and Power BI", tables=found, wide=True)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return page(request, "web/accessibility.html", title="Accessibility statement")


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return page(request, "web/cookies.html", title="Cookies")
