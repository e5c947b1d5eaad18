"""GOV.UK's macros and its style sheet go in pairs: what the macros print is what version 6.6.0 expects."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.template import engines

FIXTURES = json.loads((Path(__file__).parent / "fixtures" / "components.json").read_text(encoding="utf-8"))["fixtures"]


def plain(html: str) -> str:
    """HTML without the spaces that mean nothing, and with one way to write a quotation mark."""
    html = re.sub(r"\s+", " ", html).replace("&#39;", "'").replace("&#34;", '"').replace("&quot;", '"')
    return re.sub(r"\s+>", ">", re.sub(r"\s*(</?[^>]+>)\s*", r"\1", html)).strip()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda one: f"{one['component']}: {one['name']}")
def test_a_component_prints_what_its_style_sheet_expects(fixture: dict[str, Any]) -> None:
    govuk = engines["jinja2"].env.globals["govuk"]

    printed = govuk.component(fixture["component"])(**fixture["options"])

    assert plain(printed) == plain(fixture["html"])
