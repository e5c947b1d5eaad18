"""The gallery, as Django's test client and as a browser sees it."""

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings

from tests.govuk import gallery


@pytest.fixture
def site(settings: Settings) -> Settings:
    """The product's settings with the gallery in place of its pages, and nothing that asks the database."""
    settings.ROOT_URLCONF = "tests.govuk.gallery"
    settings.MIDDLEWARE = ["csp.middleware.CSPMiddleware", "django.middleware.csrf.CsrfViewMiddleware"]
    settings.STATIC_ROOT = None
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "APP_DIRS": True,
            "DIRS": [gallery.HERE / "jinja2"],
            "OPTIONS": {
                "environment": "commonhold.govuk.jinja.environment",
                "context_processors": ["django.template.context_processors.csrf", "tests.govuk.gallery.shell"],
            },
        }
    ]
    return settings


class _Quiet(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """A test's output is no place for a server's log."""


@pytest.fixture
def address(site: Settings) -> Iterator[str]:
    """Where the gallery is served to a browser."""
    with make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()
