"""Charts drawn: a Vega-Lite specification to SVG, the same bytes on every machine, and the digest to keep it by.

Drawing takes half a second the first time in a process: it is for workers and commands. Pages are given what was kept.
"""

import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import Final
from xml.etree import ElementTree

from commonhold.documents.engine.charts import Spec
from commonhold.documents.glyphs import FOLDER

Draw = Callable[[Spec], bytes | None]
"""Gives the drawing of a specification, or None where it has not been drawn yet."""

VEGA_LITE: Final = "6.4"
TIDIED: Final = 1
"""Raised when `_tidy` changes, so that drawings kept from before are not taken for today's."""

SVG: Final = "{http://www.w3.org/2000/svg}"
ELEMENTS: Final = {"svg", "g", "path", "line", "rect", "circle", "text", "tspan", "defs", "clipPath"}
ATTRIBUTES: Final = {
    *(
        "viewBox",
        "width",
        "height",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "r",
        "cx",
        "cy",
        "d",
        "dx",
        "dy",
        "transform",
        "id",
    ),
    *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap"),
    *("stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "opacity", "clip-path"),
    *("font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline"),
}
"""What a drawing may hold: no style, no class, no script, no link, nothing fetched."""


def digest(spec: Spec) -> str:
    """What a drawing is kept by: SHA-256 of the specification, the renderer and the typeface."""
    return hashlib.sha256(f"{_renderer()}\n{_canonical(spec)}".encode()).hexdigest()


def render(spec: Spec) -> bytes:
    """The drawing as SVG, without scripts, styles, links or classes; its ids belong to it alone."""
    import vl_convert

    _register_fonts()
    svg: str = vl_convert.vegalite_to_svg(_canonical(spec), vl_version=VEGA_LITE, allowed_base_urls=[])
    return _tidy(svg, prefix=f"c{digest(spec)[:12]}-")


def _canonical(spec: Spec) -> str:
    return json.dumps(spec, sort_keys=True, separators=(",", ":"), allow_nan=False)


@cache
def _renderer() -> str:
    faces = (hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(FOLDER.glob("*.ttf")))
    return " ".join(["vl-convert-python", version("vl-convert-python"), VEGA_LITE, str(TIDIED), *faces])


@cache
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(FOLDER))


def _tidy(svg: str, prefix: str) -> bytes:
    root = ElementTree.fromstring(svg)  # noqa: S314 - what our own renderer has just written
    _keep_allowed(root, prefix)
    root.set("xmlns", SVG[1:-1])
    tidied: bytes = ElementTree.tostring(root, encoding="utf-8")
    return tidied


def _keep_allowed(element: ElementTree.Element, prefix: str) -> None:
    hidden = element.get("display") == "none"
    element.tag = element.tag.removeprefix(SVG)
    kept = {name: _rounded(value) for name, value in sorted(element.attrib.items()) if name in ATTRIBUTES}
    if "id" in kept:
        kept["id"] = prefix + kept["id"]
    if "clip-path" in kept:
        kept["clip-path"] = kept["clip-path"].replace("url(#", f"url(#{prefix}")
    element.attrib.clear()
    element.attrib.update(kept)
    for inside in list(element):
        empty = inside.get("d") == "" or (inside.tag == f"{SVG}g" and not len(inside))
        if inside.tag.removeprefix(SVG) not in ELEMENTS or hidden or empty:
            element.remove(inside)
        else:
            _keep_allowed(inside, prefix)


def _rounded(value: str) -> str:
    return re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found.group()):.2f}".rstrip("0").rstrip("."), value)
