"""A form as a browser would send it back untouched: what each control of the page's main form holds."""

from html.parser import HTMLParser
from typing import Any

from tests.reading import body_of

Sent = dict[str, str | list[str]]


class _Controls(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: Sent = {}
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name = told.get("name", "")
        match tag:
            case "select":
                self._select = name
                self.sent.setdefault(name, "")
            case "option" if self._select and "selected" in told:
                self.sent[self._select] = told.get("value", "")
            case "textarea":
                self._area = name
                self.sent[name] = ""
            case "input" if told.get("type") in ("checkbox", "radio"):
                if "checked" in told and told["type"] == "radio":
                    self.sent[name] = told.get("value", "")
                elif "checked" in told:
                    several = self.sent.setdefault(name, [])
                    assert isinstance(several, list)
                    several.append(told.get("value", ""))
            case "input" if name and told.get("type") not in ("file", "submit", "search"):
                self.sent[name] = told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.sent[self._area] = f"{self.sent[self._area]}{data}".lstrip("\n")


def filled(page: Any) -> Sent:
    """The controls of the page's content with what they hold."""
    controls = _Controls()
    body = body_of(page)
    controls.feed(body[body.index("<main") : body.index("</main>")])
    return controls.sent
