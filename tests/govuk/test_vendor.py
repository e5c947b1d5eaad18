"""What is kept of others: as the manifest says, with its licence, and without the marks of GOV.UK."""

import json
from pathlib import Path

import pytest

from commonhold.govuk import vendor

LISTED = json.loads(vendor.MANIFEST.read_text(encoding="utf-8"))
FILES = sorted(path for path in vendor.FOLDER.rglob("*") if path.is_file() and path != vendor.MANIFEST)


@pytest.mark.parametrize("package", vendor.PACKAGES, ids=lambda one: one.name)
def test_every_file_is_the_one_in_the_manifest(package: vendor.Package) -> None:
    listed = next(one for one in LISTED if one["name"] == package.name)

    assert listed == vendor.described(package)
    assert set(package.files.values()) | {"LICENSE.txt"} == set(listed["files"])


def test_nothing_else_is_kept() -> None:
    folders = {package.folder for package in vendor.PACKAGES}

    assert {path.relative_to(vendor.FOLDER).parts[0] for path in FILES} == folders


@pytest.mark.parametrize("package", vendor.PACKAGES, ids=lambda one: one.name)
def test_a_licence_lies_beside_it(package: vendor.Package) -> None:
    assert (vendor.FOLDER / package.folder / "LICENSE.txt").stat().st_size > 500


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix in (".css", ".js")], ids=lambda path: str(path.name)
)
def test_no_typeface_crown_or_crest_is_left(path: Path) -> None:
    vendor.refuse_marks(path.name, path.read_text(encoding="utf-8"))


def test_marks_are_taken_out_and_everything_else_stays() -> None:
    css = (
        '@charset "UTF-8";:root{--a:1}/* the typeface is licensed */'
        "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
        ".govuk-body{font-family:GDS Transport,arial,sans-serif;color:red}"
        ".govuk-footer__crown{margin:1px}.govuk-footer__logo:before{background:url(/assets/images/govuk-crest.svg)}"
        "@supports (mask:none){.x{mask-image:url(/assets/images/govuk-crest.svg)}}"
        "@media print{.y{font-family:sans-serif}}\n/*# sourceMappingURL=x.css.map */"
    )

    assert vendor.without_marks(css) == (
        '@charset "UTF-8";:root{--a:1}'
        f".govuk-body{{font-family:{vendor.TYPEFACE};color:red}}"
        f"@media print{{.y{{font-family:{vendor.TYPEFACE}}}}}\n"
    )


def test_taking_marks_out_twice_changes_nothing_more() -> None:
    css = (vendor.FOLDER / "govuk-frontend" / "govuk-frontend.min.css").read_text(encoding="utf-8")

    assert vendor.without_marks(css) == css


@pytest.mark.parametrize("mark", ["GDS Transport", "@font-face{", "govuk-crest.svg", "crown", "url(/assets/x.png)"])
def test_a_mark_that_is_left_is_refused(mark: str) -> None:
    with pytest.raises(SystemExit, match="still holds"):
        vendor.refuse_marks("x.css", f"a{{b:{mark}}}")


def test_an_archive_that_is_not_the_one_we_know_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "package.tgz"
    archive.write_bytes(b"something else")

    with pytest.raises(SystemExit, match="is not the archive we know"):
        vendor.unpack(vendor.PACKAGES[0], archive)
