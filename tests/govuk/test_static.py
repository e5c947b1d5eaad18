"""Static files under names that hold their digest: what one of them imports is found under its new name."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from pytest_django.fixtures import Settings

from commonhold.govuk import vendor

STATIC = vendor.FOLDER.parent
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")


def test_names_hold_digests_and_imports_follow(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "commonhold.govuk.storage.HashedFiles"},
    }

    call_command("collectstatic", verbosity=0, interactive=False)

    start = next(tmp_path.glob("js/start.*.mjs")).read_text(encoding="utf-8")
    script = next(tmp_path.glob("vendor/govuk-frontend/govuk-frontend.min.*.js"))
    assert f'from "../vendor/govuk-frontend/{script.name}"' in start
    css = next(tmp_path.glob("css/commonhold.*.css")).read_text(encoding="utf-8")
    assert re.findall(r'url\("\.\./vendor/source-sans/source-sans-3-latin-400\.\w{12}\.woff2"\)', css)


def test_our_style_sheet_names_only_files_of_ours() -> None:
    css = (STATIC / "css" / "commonhold.css").read_text(encoding="utf-8")

    for address in re.findall(r"url\(\"?([^\")]+)", css):
        assert finders.find(str(Path("css", address).as_posix()).replace("css/../", ""))
    assert "@import" not in css


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", ["ch-deep", "ch-teal", "ch-ink", "ch-quiet", "govuk-link-colour"])
def test_our_colours_are_seen_on_white_and_on_the_pale_ground(name: str) -> None:
    colours = dict(COLOUR.findall((STATIC / "css" / "commonhold.css").read_text(encoding="utf-8")))

    assert contrast(colours[name], "#ffffff") >= 4.5
    assert contrast(colours[name], colours["ch-pale"]) >= 4.5


def test_the_theme_colour_of_the_window_is_ours() -> None:
    base = (STATIC.parent / "jinja2" / "govuk" / "base.html").read_text(encoding="utf-8")

    assert '<meta name="theme-color" content="#0b4a4f">' in base
