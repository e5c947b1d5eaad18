"""Pages as they are read: their words, headings, links and buttons, without tags."""

import html
import re
from dataclasses import dataclass
from typing import Any

from django.test import Client

from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Person
from commonhold.partnership.requests import POST_CHOSEN

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Page:
    """An answer, and what a reader finds in it."""

    answer: Any

    @property
    def status(self) -> int:
        return int(self.answer.status_code)

    @property
    def source(self) -> str:
        return str(self.answer.content.decode())

    @property
    def words(self) -> str:
        text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", self.source, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())

    @property
    def title(self) -> str:
        return html.unescape(re.search(r"<title>(.*?)</title>", self.source, re.DOTALL).group(1))

    @property
    def headings(self) -> list[str]:
        found = re.findall(r"<h1[^>]*>(.*?)</h1>", self.source, re.DOTALL)
        return [" ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split()) for text in found]

    @property
    def links(self) -> list[str]:
        return [html.unescape(href) for href in re.findall(r'<a[^>]*href="([^"]*)"', self.source)]

    @property
    def errors(self) -> str:
        found = re.search(r'<div class="govuk-error-summary".*?</ul>', self.source, re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found.group())).split()) if found else ""

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.source)
        return html.unescape(found.group(1)) if found else ""


class Reader:
    """Somebody before a browser."""

    def __init__(self, by: By | None = None) -> None:
        self.client = Client()
        if by is not None and by.person is not None:
            self.client.force_login(Person.objects.get(pk=by.person), backend=BACKEND)
            session = self.client.session
            session[POST_CHOSEN] = by.post
            session.save()

    def opens(self, path: str) -> Page:
        return Page(self.client.get(path))

    def sends(self, path: str, *, follow: bool = True, **entered: Any) -> Page:
        return Page(self.client.post(path, entered, follow=follow))
