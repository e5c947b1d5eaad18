"""allauth's own templates: every page that people meet is ours, and what is left of allauth's is listed here."""

from collections.abc import Iterator
from pathlib import Path

from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

LEFT = {
    "account/email/*": "the text of e-mails, which say what allauth's say",
    "account/messages/*": "the line above a page after signing in or out",
    "mfa/messages/*": "the same for apps and passkeys",
    "mfa/trust.html": "browsers are not trusted for longer: MFA_TRUST_ENABLED is off",
}
"""What is still allauth's, in Django's template language, and why."""


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def templates() -> set[str]:
    """The templates of the pages of allauth that have an address here."""
    found = set()
    for pattern in patterns(get_resolver()):
        view = getattr(pattern.callback, "view_class", None)
        if view is not None and view.__module__.startswith("allauth."):
            found.add(getattr(view, "template_name", None))
    return {name for name in found if name}


def test_every_page_of_sign_in_is_written_in_our_language() -> None:
    theirs = [name for name in sorted(templates() - set(LEFT)) if "jinja2" not in str(get_template(name).origin.name)]

    assert theirs == []


def test_pages_of_ours_that_nothing_shows_are_none() -> None:
    folder = Path(__file__).resolve().parents[2] / "commonhold" / "partnership" / "jinja2"
    ours = {str(path.relative_to(folder)) for name in ("account", "mfa") for path in (folder / name).rglob("[!_]*.*")}

    assert ours - templates() == {"mfa/recovery_codes/download.txt"} - templates()
