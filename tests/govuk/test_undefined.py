"""A misspelt name breaks a test, not a paper."""

import pytest
from jinja2 import UndefinedError

from tests.govuk.rendering import rendered


@pytest.mark.parametrize(
    "template",
    [
        "{{ titel }}",
        "{{ 'Title: ' ~ titel }}",
        "{{ form.titel }}",
        "{{ titel.text }}",
        "{{ titel|upper }}",
        "{% for row in rwos %}{{ row }}{% endfor %}",
        "{{ titel|day }}",
    ],
)
def test_what_is_not_there_cannot_be_printed(template: str) -> None:
    with pytest.raises((UndefinedError, AttributeError)):
        rendered(template, form={})


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("{{ 'yes' if titel else 'no' }}", "no"),
        ("{% if titel %}yes{% endif %}", ""),
        ("{{ titel or 'untitled' }}", "untitled"),
        ("{{ titel|default('untitled') }}", "untitled"),
    ],
)
def test_what_is_not_there_is_false(template: str, written: str) -> None:
    assert rendered(template) == written


def test_none_is_blank() -> None:
    assert rendered("[{{ nothing }}]", nothing=None) == "[]"


def test_text_is_escaped() -> None:
    assert rendered("{{ text }}", text="<script>") == "&lt;script&gt;"


def test_a_macro_that_is_nowhere_is_named() -> None:
    with pytest.raises(Exception, match="no-such-thing"):
        rendered("{{ govuk.no_such_thing() }}")
