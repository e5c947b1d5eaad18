"""What is said where no page of the site can be made, and what somebody sent that must not be lost."""

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse

PLAIN: Final = Path(__file__).with_name("plain")
TOO_LARGE: Final = "too_large"
OURS: Final = "csrfmiddlewaretoken"
SECRETS: Final = frozenset({"password", "password1", "password2", "oldpassword", "code", "token"})
"""Fields that are never printed back: a form that holds one is not kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a form held: where it was sent, its fields, and whether there were files, which cannot be kept."""

    address: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool

    @property
    def written(self) -> list[str]:
        """What somebody wrote, to be seen and copied; single words and numbers are in the form itself."""
        return [value for _, value in self.fields if len(value) > 20]


def posted(request: HttpRequest) -> Kept | None:
    """The fields of a form that was posted; None where nothing was, or where it held a password or a code."""
    if request.method != "POST":
        return None
    try:
        lists = request.POST.lists()
        had_files = bool(request.FILES)
    except Exception:  # what cannot be read cannot be kept
        return None
    if SECRETS & set(request.POST):
        return None
    fields = tuple((name, str(value)) for name, values in lists if name != OURS for value in values)
    return Kept(request.get_full_path(), fields, had_files)


def plain(request: HttpRequest, status: int, name: str = "") -> HttpResponse:
    """A page that needs neither database nor template, with the number by which the log is searched."""
    number = escape(str(request.META.get("COMMONHOLD_REQUEST", "")))
    return HttpResponse(_read(name or str(status)).replace("NUMBER", number), status=status)


@cache
def _read(name: str) -> str:
    return (PLAIN / f"{name}.html").read_text(encoding="utf-8")
