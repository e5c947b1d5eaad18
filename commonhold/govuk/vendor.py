"""Brings the files of others that pages need into `static/vendor/`, and writes down their versions and SHA-256.

Run by `python -m commonhold.govuk.vendor` when a version changes; needs the npm client. Commonhold is no service of
GOV.UK, so the GDS Transport typeface, the crown and the royal crest are taken out, and what is left is checked.
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent / "static" / "vendor"
MANIFEST: Final = FOLDER / "manifest.json"

TYPEFACE: Final = "var(--commonhold-typeface,arial),arial,sans-serif"
MARKS: Final = re.compile(r"gds transport|@font-face|crest|crown|url\(/|@import|sourceMappingURL", re.IGNORECASE)
"""What no file may still hold: marks of GOV.UK, and addresses of files that are not kept here."""


def without_marks(css: str) -> str:
    """The style sheet of GOV.UK Frontend without its typeface, its crown and the royal crest."""
    css = re.sub(r"@font-face\{[^{}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", TYPEFACE)
    css = css.replace("font-family:sans-serif", f"font-family:{TYPEFACE}")
    css = re.sub(r"[^{};]*\{[^{}]*govuk-crest[^{}]*\}", "", css)
    css = re.sub(r"[^{}]*\.govuk-footer__crown\{[^{}]*\}", "", css)
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    # What held nothing but the crest holds nothing now.
    css = re.sub(r"@(?:supports|media)[^{}]*\{\s*\}", "", css)
    return css.strip() + "\n"


def without_map(script: str) -> str:
    """A script without the address of a source map that is not kept here."""
    return re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "", script).strip() + "\n"


def refuse_marks(name: str, text: str) -> None:
    if found := MARKS.search(text):
        raise SystemExit(f"{name} still holds {found.group()!r}; see without_marks() in {__file__}")


@dataclass(frozen=True, slots=True)
class Package:
    """A package of npm: which files of it are kept, under which name, and what is done to them."""

    name: str
    version: str
    integrity: str
    licence: str
    folder: str
    files: dict[str, str]
    altered: dict[str, Callable[[str], str]] = field(default_factory=dict)


PACKAGES: Final = (
    Package(
        name="govuk-frontend",
        version="6.6.0",
        integrity="sha512-xctkWrQvLnvQt7fyjQ3MGX9S0wz0x0RQuLxCeoXF+s8EjGICG81/DYQGKN5qgO+0KVT12UAaRwUsGY6fulRcRg==",
        licence="MIT",
        folder="govuk-frontend",
        files={
            "dist/govuk/govuk-frontend.min.css": "govuk-frontend.min.css",
            "dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js",
        },
        altered={"govuk-frontend.min.css": without_marks, "govuk-frontend.min.js": without_map},
    ),
    Package(
        name="htmx.org",
        version="4.0.1",
        integrity="sha512-oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
        licence="0BSD",
        folder="htmx",
        files={"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE.txt"},
        altered={"htmx.min.js": without_map},
    ),
    Package(
        name="@fontsource/source-sans-3",
        version="5.3.1",
        integrity="sha512-O3YxvbotUOgYI2Zx0bBcEMNjnwitRf9P2+9pd54sMoux1NHrdXnMwZusw2P78lFhEzOPN4glOEQmX0ASaS68uA==",
        licence="OFL-1.1",
        folder="source-sans",
        files={
            "files/source-sans-3-latin-400-normal.woff2": "source-sans-3-latin-400.woff2",
            "files/source-sans-3-latin-700-normal.woff2": "source-sans-3-latin-700.woff2",
            "files/source-sans-3-latin-ext-400-normal.woff2": "source-sans-3-latin-ext-400.woff2",
            "files/source-sans-3-latin-ext-700-normal.woff2": "source-sans-3-latin-ext-700.woff2",
            "LICENSE": "LICENSE.txt",
        },
    ),
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def described(package: Package) -> dict[str, object]:
    folder = FOLDER / package.folder
    return {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "files": {path.name: sha256(path) for path in sorted(folder.iterdir())},
    }


def unpack(package: Package, archive: Path) -> None:
    """Keep the package's files, altered and checked; refuse an archive that is not the one we know."""
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package.integrity:
        raise SystemExit(f"{package.name} {package.version} is not the archive we know: {digest}")
    folder = FOLDER / package.folder
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "r:gz") as tar:
        for inside, name in package.files.items():
            member = tar.extractfile(f"package/{inside}")
            if member is None:
                raise SystemExit(f"{package.name} {package.version} has no file {inside}")
            content = member.read()
            if name in package.altered:
                text = package.altered[name](content.decode("utf-8"))
                refuse_marks(name, text)
                content = text.encode("utf-8")
            (folder / name).write_bytes(content)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for package in PACKAGES:
            command = ["npm", "pack", f"{package.name}@{package.version}", "--silent", "--pack-destination", name]
            packed = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # our own words
            unpack(package, Path(name) / packed.stdout.strip().splitlines()[-1])
    listed = json.dumps([described(package) for package in PACKAGES], indent=2) + "\n"
    MANIFEST.write_text(listed, encoding="utf-8")
    sys.stdout.write(listed)


if __name__ == "__main__":
    main()
