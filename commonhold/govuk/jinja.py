"""The Jinja environment of every page: where macros are found, the filters, and an undefined value that is falsy and
fails when it is printed or walked through, so a misspelt name breaks a test, not a paper.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import slugify
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Undefined
from markupsafe import Markup

from commonhold.govuk import formats, printing, taking
from commonhold.govuk.shell import Shell

COMPONENTS = "govuk_frontend_jinja"
OURS = frozenset(path.stem for path in (Path(__file__).parent / "jinja2" / "govuk" / "macros").glob("*.html"))


class Missing(Undefined):
    """A name that nothing was given for: falsy, and an error once it is printed or walked through."""

    __slots__ = ()

    def __str__(self) -> NoReturn:
        self._fail_with_undefined_error()

    def __iter__(self) -> Iterator[Any]:
        self._fail_with_undefined_error()


class Macros:
    """Every macro by its name, without imports: `govuk.table(…)` is ours, in `govuk/macros/table.html`; a name that is
    not ours is GOV.UK's component, with the options of its documentation: `govuk.button(text="Save")`.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in OURS:
            return self.component(name)
        macro: Callable[..., Markup] = getattr(self._environment.get_template(f"govuk/macros/{name}.html").module, name)
        return macro

    def component(self, name: str) -> Callable[..., Markup]:
        """GOV.UK's own component of that name, taking its options by keyword."""
        found = self._environment.get_template(f"{COMPONENTS}/components/{name.replace('_', '-')}/macro.html")
        macro = getattr(found.module, "govuk" + "".join(word.capitalize() for word in name.split("_")))

        def render(*, caller: Callable[[], Markup] | None = None, **options: object) -> Markup:
            written: Markup = macro(options, caller=caller) if caller else macro(options)
            return written

        return render


def evidence_address(evidence: str) -> str:
    """Where a figure's evidence is shown: its reference is kept in papers, the address may change."""
    path, _, query = evidence.partition("?")
    return reverse("evidence", args=[path]) + (f"?{query}" if query else "")


def blank_for_none(value: object) -> object:
    return "" if value is None else value


def environment(**options: Any) -> Environment:
    """What Django's Jinja backend asks for: see TEMPLATES in the settings."""
    options |= {"undefined": Missing, "trim_blocks": True, "lstrip_blocks": True, "finalize": blank_for_none}
    options["loader"] = ChoiceLoader([options["loader"], PrefixLoader({COMPONENTS: PackageLoader(COMPONENTS)})])
    made = Environment(**options)  # noqa: S701  # Django passes autoescape
    made.globals |= {"static": static, "url": reverse, "govuk": Macros(made), "plain_shell": Shell()}
    made.globals |= {
        "printed": printing.printed,
        "evidence_address": evidence_address,
        "drawn": printing.bars,
        "taking": taking.links,
    }
    made.filters |= {
        "clock": formats.clock,
        "day": formats.day,
        "weekday": formats.weekday,
        "duration": formats.duration,
        "instant": formats.instant,
        "listed": formats.listed,
        "money": formats.money,
        "month": formats.month,
        "number": formats.number,
        "period": formats.period,
        "plural": formats.plural,
        "points": formats.points,
        "quantity": printing.quantity,
        "anchor": slugify,
        "bytes": formats.size,
    }
    return made
