"""A page as those find it who cannot see it: its title, headings, names of things, and what refers to what."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
NOT_FIELDS: Final = frozenset({"hidden", "submit", "button", "image", "reset"})
REFERRING: Final = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")


@dataclass
class Element:
    """A tag with its attributes, what it holds, and what holds it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    inside: "list[Element | str]" = field(default_factory=list)

    def every(self, *tags: str) -> "Iterator[Element]":
        for child in self.inside:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.every(*tags)

    def within(self, *tags: str) -> "Element | None":
        above = self.parent
        while above is not None and above.tag not in tags:
            above = above.parent
        return above

    @property
    def name(self) -> str:
        """What a screen reader says of it: its label, or its words and those of its pictures."""
        if label := self.attributes.get("aria-label", "").strip():
            return label
        return " ".join(" ".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        if self.attributes.get("aria-hidden") == "true":
            return
        if self.tag == "img":
            yield self.attributes.get("alt", "")
        if self.tag == "svg":
            yield self.attributes.get("aria-label", "")
        for child in self.inside:
            if isinstance(child, str):
                yield child
            elif child.tag not in ("script", "style"):
                yield from child._words()

    def __str__(self) -> str:
        return f"<{' '.join([self.tag, *(f'{key}={value!r}' for key, value in self.attributes.items())])}>"


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {key: value or "" for key, value in attrs}, self.here)
        self.here.inside.append(made)
        if tag not in VOID:
            self.here = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.inside.append(Element(tag, {key: value or "" for key, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.here.tag != tag:
            raise ValueError(f"</{tag}> closes {self.here}")
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.inside.append(data)


def read(html: str) -> Element:
    """The page as a tree; a tag that closes another is refused."""
    builder = _Builder()
    builder.feed(html)
    if builder.here is not builder.root:
        raise ValueError(f"{builder.here} is never closed")
    return builder.root


def title_of(page: Element) -> str:
    return next((element.name for element in page.every("title")), "")


def hrefs(page: Element) -> list[str]:
    return [link.attributes["href"] for link in page.every("a") if "href" in link.attributes]


def problems(page: Element) -> Iterator[str]:
    """What is wrong with a page, in words."""
    yield from _frame(page)
    yield from _inline(page)
    yield from _references(page)
    yield from _headings(page)
    yield from _names(page)
    yield from _fields(page)
    yield from _tables(page)
    yield from _links_alone(page)


def _frame(page: Element) -> Iterator[str]:
    html = next(page.every("html"), None)
    if html is None or html.attributes.get("lang") != "en-GB":
        yield "its language is not said"
    for tag in ("title", "h1", "main"):
        drawn = [element for element in page.every(tag) if element.within("svg") is None]
        if len(drawn) != 1:
            yield f"{len(drawn)} <{tag}>"
    if not title_of(page):
        yield "its title is empty"
    if not any(link.attributes.get("href") == "#main-content" for link in page.every("a")):
        yield "no way past the navigation"


def _inline(page: Element) -> Iterator[str]:
    for element in page.every():
        if "style" in element.attributes or element.tag == "style":
            yield f"style within the page: {element}"
        if element.tag == "script" and "src" not in element.attributes:
            yield "script within the page"
        if any(key.startswith("on") for key in element.attributes):
            yield f"script within the page: {element}"
        if element.attributes.get("href", "").startswith("javascript:"):
            yield f"script within the page: {element}"


def _references(page: Element) -> Iterator[str]:
    counted = Counter(element.attributes["id"] for element in page.every() if "id" in element.attributes)
    for name, count in counted.items():
        if count > 1:
            yield f"id {name} is there {count} times"
    for element in page.every():
        for key in REFERRING:
            for name in element.attributes.get(key, "").split():
                if name not in counted:
                    yield f"{element} refers to {name}, which is not there"
        href = element.attributes.get("href", "")
        if element.tag == "a" and href.startswith("#") and href[1:] not in counted:
            yield f"{element} leads to {href}, which is not there"


def _headings(page: Element) -> Iterator[str]:
    level = 0
    main = next(page.every("main"), page)
    for heading in main.every(*HEADINGS):
        now = int(heading.tag[1])
        if now > level + 1 and level:
            yield f"{heading.name!r} is a heading of level {now} after one of level {level}"
        if not heading.name:
            yield f"a heading of level {now} says nothing"
        level = now


def _names(page: Element) -> Iterator[str]:
    for element in page.every("a", "button", "summary", "legend", "caption"):
        if not element.name and "hidden" not in element.attributes:
            yield f"{element} has no words"
    for picture in page.every("img"):
        if "alt" not in picture.attributes:
            yield f"{picture} has no text alternative"
    for drawing in page.every("svg"):
        hidden = drawing.attributes.get("aria-hidden") == "true" or _is_hidden(drawing)
        named = {"aria-label", "aria-labelledby"} & set(drawing.attributes)
        if not hidden and not named:
            yield f"{drawing} has no text alternative"


def _is_hidden(element: Element) -> bool:
    above = element.parent
    while above is not None:
        if above.attributes.get("aria-hidden") == "true" or "aria-label" in above.attributes:
            return True
        above = above.parent
    return False


def _fields(page: Element) -> Iterator[str]:
    labels = {label.attributes["for"]: label for label in page.every("label") if "for" in label.attributes}
    for entry in page.every("input", "select", "textarea"):
        kind = entry.attributes.get("type", "text")
        if kind in NOT_FIELDS:
            continue
        label = labels.get(entry.attributes.get("id", ""))
        named = {"aria-label", "aria-labelledby"} & set(entry.attributes)
        if not named and (label is None or not label.name) and entry.within("label") is None:
            yield f"{entry} has no label"
        if kind == "radio" and (group := entry.within("fieldset")) is not None and not any(group.every("legend")):
            yield f"{entry} is in a group without a legend"
        if kind == "radio" and entry.within("fieldset") is None:
            yield f"{entry} is in no group"
    for form in page.every("form"):
        names = {entry.attributes.get("name") for entry in form.every("input")}
        if form.attributes.get("method", "get").lower() == "post" and "csrfmiddlewaretoken" not in names:
            yield f"{form} is sent without its token"


def _tables(page: Element) -> Iterator[str]:
    for table in page.every("table"):
        if not any(table.every("caption")) and not table.attributes.get("aria-label"):
            yield "a table has no caption"
        for cell in table.every("th"):
            if cell.attributes.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
                yield f"the heading {cell.name!r} of a table does not say what it heads"
            if not cell.name:
                yield "a heading of a table says nothing"


def _links_alone(page: Element) -> Iterator[str]:
    """The same words do not lead to different places; in a cell, what heads it goes with them."""
    seen: dict[str, set[str]] = {}
    for link in page.every("a"):
        if "href" in link.attributes and link.within("td", "dd") is None:
            seen.setdefault(link.name, set()).add(link.attributes["href"])
    for words, places in seen.items():
        if len(places) > 1:
            yield f"{words!r} leads to different places: {', '.join(sorted(places))}"
